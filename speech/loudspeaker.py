"""One loudspeaker: a queue, a voice, a player, and a thread that lets one thing be heard after the other."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache

import structlog

from protocol import Text, VoiceRules
from speech.announcements import Announcement, Announcer, Kind
from speech.errors import NoVoice
from speech.player import Player
from speech.sound import Sound, chime, joined
from speech.voices import Voice
from speech.wording import LANGUAGES, spoken

_log = structlog.get_logger(__name__)
SENTENCES_KEPT = 256


class Reader:
    """Makes the sound of an announcement: chime, then each language, as often as wanted."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._say = lru_cache(maxsize=SENTENCES_KEPT)(voice.say)

    def sound(self, announcement: Announcement, rules: VoiceRules) -> Sound:
        """As loud as the rules say.

        Raises:
            NoVoice: not a word of it could be read.
        """
        once = list(self._sentences(announcement.text, rules))
        begin = [chime()] if announcement.chime else []
        return joined([*begin, *once * announcement.times]).at_volume(rules.volume)

    def _sentences(self, text: Text, rules: VoiceRules) -> Iterator[Sound]:
        said, why = 0, "There was nothing to say."
        for language in LANGUAGES:
            words = getattr(text, language)
            if not words:
                continue
            try:
                yield self._say(spoken(words, language, rules.readings), language)
                said += 1
            except NoVoice as error:
                why = str(error)
        if not said:
            raise NoVoice(why)


class Loudspeaker:
    """Reads announcements out, one after the other; safe to use from any thread.

    Args:
        voice: reads them; None: nothing is heard.
        player: lets them be heard; None likewise.
        wall: the present moment, aware.
    """

    def __init__(
        self, voice: Voice | None, player: Player | None, wall: Callable[[], datetime]
    ) -> None:
        self._reader = Reader(voice) if voice else None
        self._player = player
        self._wall = wall
        self._announcer = Announcer()
        self._rules = VoiceRules()
        self._changed = threading.Condition()
        self._now: Announcement | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.problem = ""
        """What went wrong last, as a sentence; empty when all is well."""

    @property
    def available(self) -> bool:
        """Whether anything will be heard."""
        return self._reader is not None and self._player is not None

    def change(self, act: Callable[[Announcer], VoiceRules | None]) -> None:
        """Add or cancel announcements in one go; what `act` returns are the rules from now on (None: as before)."""
        if not self.available:
            return
        with self._changed:
            self._rules = act(self._announcer) or self._rules
            self._begin()
            self._changed.notify()

    def say(self, text: Text, times: int = 1) -> None:
        """Read a sentence to whoever stands before this machine, after what is being read."""
        now = self._wall()
        one = Announcement(f"kiosk {now.isoformat()}", Kind.KIOSK, text, now, times, chime=False)

        def add(announcer: Announcer) -> None:
            announcer.add(one)

        self.change(add)

    def hush(self) -> None:
        """Whoever stood before this machine has gone: leave off what was read to them."""
        with self._changed:
            self._announcer.clear(Kind.KIOSK)
            if self._player and self._now and self._now.kind is Kind.KIOSK:
                self._player.stop()

    def stop(self) -> None:
        """End; what is being read is left off."""
        with self._changed:
            self._stopping = True
            self._announcer.clear()
            self._changed.notify()
        if self._player:
            self._player.stop()
        if self._thread:
            self._thread.join(5)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="loudspeaker", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while not self._stopping:
            with self._changed:
                self._now = self._announcer.next(self._wall())
                rules = self._rules
                if self._now is None and not self._stopping:
                    self._changed.wait()
            if self._now:
                self._read(self._now, rules)

    def _read(self, announcement: Announcement, rules: VoiceRules) -> None:
        if self._reader is None or self._player is None:
            return
        try:
            sound = self._reader.sound(announcement, rules)
        except NoVoice as error:
            self._note(str(error))
            return
        heard = self._stopping or self._player.play(sound)
        self._note(
            ""
            if heard or announcement.kind is Kind.KIOSK
            else f"{self._player.name} could not play a call."
        )

    def _note(self, problem: str) -> None:
        if problem and problem != self.problem:
            _log.warning("voice_failed", why=problem)
        self.problem = problem
