"""The best voice of this machine, sentence by sentence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from speech.errors import NoVoice
from speech.sound import Sound
from speech.voices.clips import Clips
from speech.voices.espeak import Espeak
from speech.voices.piper import Piper
from speech.voices.port import Voice
from speech.wording import Language

_log = structlog.get_logger(__name__)
NO_VOICE: Final = "This machine has no voice: install espeak-ng, or put Piper models or recorded clips into the folder of voices."


class Ladder:
    """Tries the better voices first; a sentence that one can't say is said by the next."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = tuple(voices)

    @property
    def name(self) -> str:
        """All of them, the best first."""
        return ", ".join(voice.name for voice in self._voices)

    def speaks(self, language: Language) -> bool:
        """Whether any has it."""
        return any(voice.speaks(language) for voice in self._voices)

    def say(self, text: str, language: Language) -> Sound:
        """Read it by the first that can.

        Raises:
            NoVoice: none could.
        """
        why = NO_VOICE
        for voice in self._voices:
            if not voice.speaks(language):
                continue
            try:
                return voice.say(text, language)
            except NoVoice as error:
                why = str(error)
                _log.info("voice_passed_on", voice=voice.name, why=why)
        raise NoVoice(why)


def find_voice(folder: Path | None = None) -> Voice | None:
    """Recorded clips and Piper models of `folder`, then espeak-ng; None where there is nothing."""
    found = (Clips.find(folder), Piper.find(folder), Espeak.find())
    voices = [voice for voice in found if voice]
    return Ladder(voices) if voices else None


def voice_note(voice: Voice | None) -> str:
    """One sentence for whoever looks after the machine."""
    if voice is None:
        return NO_VOICE
    missing = [language for language in ("zh", "en") if not voice.speaks(language)]
    return f"Voice: {voice.name}." + (f" Missing: {', '.join(missing)}." if missing else "")
