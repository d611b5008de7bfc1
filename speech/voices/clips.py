"""Recorded clips of a person's voice, joined: the hospital's own, and nothing needed beside them.

A folder `zh/` or `en/` holds WAV files whose names are what is said: `请.wav`, `A.wav`, `零.wav`, `号到.wav`, `三诊室.wav`. A
sentence is cut into the longest clips there are; if any piece has none, the sentence is left to another voice whole, for half
a recording and half a machine sounds like an accident.
"""

import re
from pathlib import Path
from typing import get_args

from speech.errors import BadSound, NoVoice
from speech.sound import Sound, from_wav, joined
from speech.wording import Language

_BETWEEN = re.compile(r"[\s,，。、;；:：!！?？.\-]+")
_PAUSE_S = 0.04


class Clips:
    """Joins recordings."""

    name = "clips"

    def __init__(self, clips: dict[Language, dict[str, Path]]) -> None:
        self._clips = clips

    @classmethod
    def find(cls, folder: Path | None) -> "Clips | None":
        """Those of a folder; None where there are none."""
        if folder is None:
            return None
        found: dict[Language, dict[str, Path]] = {}
        for language in get_args(Language):
            files = {path.stem.lower(): path for path in (folder / language).glob("*.wav")}
            if files:
                found[language] = files
        return cls(found) if found else None

    def speaks(self, language: Language) -> bool:
        """Whether there are clips of it."""
        return language in self._clips

    def say(self, text: str, language: Language) -> Sound:
        """Join the clips of a sentence.

        Raises:
            NoVoice: a piece of it was not recorded, or is no WAV sound.
        """
        clips = self._clips.get(language, {})
        paths = [path for part in _BETWEEN.split(text) if part for path in _cut(part, clips)]
        try:
            return joined((from_wav(path.read_bytes()) for path in paths), _PAUSE_S)
        except (OSError, BadSound) as error:
            raise NoVoice(f"A recorded clip can't be used: {error}") from error


def _cut(part: str, clips: dict[str, Path]) -> list[Path]:
    found, rest = [], part.lower()
    while rest:
        length = next((n for n in range(len(rest), 0, -1) if rest[:n] in clips), 0)
        if not length:
            raise NoVoice(f"No clip was recorded for {rest!r}.")
        found.append(clips[rest[:length]])
        rest = rest[length:]
    return found
