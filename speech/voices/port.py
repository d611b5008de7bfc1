"""What a voice must do."""

from typing import Protocol

from speech.sound import Sound
from speech.wording import Language


class Voice(Protocol):
    """Reads sentences aloud. Calls may take a second; they are made away from anything that must not wait."""

    @property
    def name(self) -> str:
        """For logs and health: `espeak-ng`, `piper zh_CN-huayan`, `clips`."""
        ...

    def speaks(self, language: Language) -> bool:
        """Whether it has this language."""
        ...

    def say(self, text: str, language: Language) -> Sound:
        """Read `text` (as `wording.spoken` gives it).

        Raises:
            NoVoice: it could not.
        """
        ...
