"""espeak-ng: small, in every distribution, always there to fall back on."""

import shutil
from typing import Final

from speech.sound import Sound
from speech.voices.programs import sound_of
from speech.wording import Language

_VOICES: Final[dict[Language, tuple[str, str]]] = {
    # "cmn" takes the pinyin of its own dictionary for English words ("king three" for 请); this one reads it as pinyin
    "zh": ("cmn-latn-pinyin", "150"),
    "en": ("en", "155"),
}


class Espeak:
    """Reads Chinese and English through espeak-ng."""

    name = "espeak-ng"

    def __init__(self, program: str) -> None:
        self._program = program

    @classmethod
    def find(cls) -> "Espeak | None":
        """The one on PATH."""
        program = shutil.which("espeak-ng")
        return cls(program) if program else None

    def speaks(self, language: Language) -> bool:
        """It has both."""
        return language in _VOICES

    def say(self, text: str, language: Language) -> Sound:
        """Read it; raises `NoVoice`."""
        voice, words_a_minute = _VOICES[language]
        options = ["-v", voice, "-s", words_a_minute, "-b", "1", "--stdin", "--stdout"]
        return sound_of(self._program, options, text)
