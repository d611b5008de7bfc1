"""From one board to the next: which calls are new and are to be read out, and which are over. Pure."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from protocol import BoardView, Text, VoiceRules
from speech.announcements import Announcement, Announcer, Kind
from speech.wording import call_sentence, door_sentence

JUST_NOW: Final = timedelta(seconds=15)
"""Calls that are older than this when a loudspeaker is switched on have been heard."""


class CallListener:
    """Follows the boards of one area and keeps the announcer up to date."""

    def __init__(self, announcer: Announcer) -> None:
        self.announcer = announcer
        self.rules = VoiceRules()
        self._known: set[str] = set()
        self._began = False

    def take(self, board: BoardView, now: datetime) -> None:
        """A board as it is now.

        Args:
            board: of the area.
            now: local time of the site, aware.
        """
        self.rules = board.voice or self.rules
        wanted = {each.key: each for each in to_read_out(board, self.rules, now)}
        for key in self._known - wanted.keys():
            self.announcer.cancel(key)
        for key, each in wanted.items():
            heard = key in self._known or (not self._began and _was_heard(each, now))
            if not heard and not is_quiet(self.rules, now.time()):
                self.announcer.add(each)
        self._known = set(wanted)
        self._began = True


def _was_heard(each: Announcement, now: datetime) -> bool:
    """Whether it is to be taken as heard when it is on the first board of all."""
    return each.kind not in (Kind.URGENT, Kind.CALL) or now - each.at > JUST_NOW


def to_read_out(board: BoardView, rules: VoiceRules, now: datetime) -> Iterator[Announcement]:
    """All that stands on a board and may be read out, by the rules of its area."""
    for point in board.points:
        one = point.called
        if one and one.at:
            key = f"{point.point}#{one.ticket}#{one.times}#{one.at.timestamp():.0f}"
            text = _in(rules, call_sentence(one.ticket, point.name, point.kind))
            kind = Kind.URGENT if one.urgent else Kind.CALL
            yield Announcement(key, kind, text, one.at, rules.times)
        for near in point.next if rules.doors else ():
            if near.at_door:
                text = _in(rules, door_sentence(near.ticket, point.name))
                yield Announcement(f"door {point.point}#{near.ticket}", Kind.DOOR, text, now)
    for said in board.notices if rules.notices else ():
        yield Announcement(f"notice {said.zh}", Kind.NOTICE, _in(rules, said), now)


def is_quiet(rules: VoiceRules, local: time) -> bool:
    """Whether nothing is read out at this time of the day; a span may go past midnight."""
    return any(
        begin <= local < end if begin <= end else local >= begin or local < end
        for begin, end in rules.quiet
    )


def _in(rules: VoiceRules, text: Text) -> Text:
    return Text(
        zh=text.zh if "zh" in rules.languages else "", en=text.en if "en" in rules.languages else ""
    )
