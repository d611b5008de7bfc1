"""The agent's voice: sentences for whoever stands before it, and, where it hangs in a hall, the calls of its area."""

from zoneinfo import ZoneInfo

from edge_agent.announcements import Wall
from edge_agent.settings import AgentSettings
from protocol import BoardView, PartHealth, Speak, VoiceRules
from speech import Announcer, CallListener, Loudspeaker, find_player, find_voice, voice_note


class AgentVoice:
    """One loudspeaker, so that nothing is ever said at the same time; silent where there is no voice or no player."""

    def __init__(self, settings: AgentSettings, wall: Wall) -> None:
        wanted = settings.voice == "auto"
        self._wall = wall
        self._zone = ZoneInfo(settings.timezone)
        self._reads_calls = settings.read_calls
        self._voice = find_voice(settings.voices) if wanted else None
        player = find_player() if wanted else None
        self._unheard = self._voice is not None and player is None
        self._loudspeaker = Loudspeaker(self._voice, player, wall)
        self._calls: CallListener | None = None

    @property
    def available(self) -> bool:
        """Whether anything will be heard."""
        return self._loudspeaker.available

    def speak(self, command: Speak) -> None:
        """Say it, after what is being said already; returns at once. An empty language is left out."""
        self._loudspeaker.say(command.text, command.times)

    def hush(self) -> None:
        """Leave off what is said to whoever stood here; calls go on."""
        self._loudspeaker.hush()

    def take_board(self, board: BoardView) -> None:
        """Read out what is new on it, if this agent does so."""
        if not self._reads_calls:
            return

        def follow(announcer: Announcer) -> VoiceRules:
            self._calls = self._calls or CallListener(announcer)
            self._calls.take(board, self._wall().astimezone(self._zone))
            return self._calls.rules

        self._loudspeaker.change(follow)

    def stop(self) -> None:
        """End, in the middle of a sentence if need be."""
        self._loudspeaker.stop()

    def parts(self) -> list[PartHealth]:
        """How it fares; only of interest where calls are to be read out."""
        if not self._reads_calls:
            return []
        if self.available:
            problem = self._loudspeaker.problem
            return [PartHealth(part="voice", ok=not problem, sentence=problem[:300])]
        sentence = (
            "No program to play sound: install alsa-utils or pipewire."
            if self._unheard
            else voice_note(self._voice)
        )
        return [PartHealth(part="voice", ok=False, sentence=sentence)]
