"""The voice of boards: what may be read out now, and its sound; a board's own browser plays it."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from protocol import BoardView, VoiceRules
from speech import JUST_NOW, Announcement, Kind, Reader, Voice, is_quiet, to_read_out

SOUNDS_KEPT: Final = 128


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing to be read out, for a page."""

    key: str
    order: int
    """The smaller is read first."""
    heard: bool
    """It is too old to be read out by a board that is opened now."""


def spoken_on(board: BoardView, local: datetime) -> tuple[Spoken, ...]:
    """All that a board with a loudspeaker reads out; nothing in quiet hours.

    Args:
        board: as it is now.
        local: local time of the site, aware.
    """
    rules = board.voice or VoiceRules()
    if is_quiet(rules, local.time()):
        return ()
    return tuple(
        Spoken(each.key, each.kind, each.kind > Kind.CALL or local - each.at > JUST_NOW)
        for each in to_read_out(board, rules, local)
    )


class BoardVoice:
    """Makes the sounds, one after the other: reading a sentence may take a second of a core."""

    def __init__(self, voice: Voice) -> None:
        self._reader = Reader(voice)
        self._kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def wav(self, board: BoardView, key: str, local: datetime) -> bytes | None:
        """The sound of what has this key; None when it is not on the board any more, or not to be heard now.

        Raises:
            NoVoice: no voice could read it.
        """
        rules = board.voice or VoiceRules()
        if is_quiet(rules, local.time()):
            return None
        wanted = next((each for each in to_read_out(board, rules, local) if each.key == key), None)
        return await self._made(wanted, rules) if wanted else None

    async def _made(self, wanted: Announcement, rules: VoiceRules) -> bytes:
        sounds_like = (wanted.text, wanted.times, rules.volume, *sorted(rules.readings.items()))
        async with self._one_at_a_time:
            kept = self._kept.get(sounds_like)
            if kept is None:
                sound = await asyncio.to_thread(self._reader.sound, wanted, rules)
                kept = self._kept[sounds_like] = sound.wav()
                if len(self._kept) > SOUNDS_KEPT:
                    self._kept.popitem(last=False)
            return kept
