"""Piper: a neural voice on this machine, for each language a model file of its own."""

import shutil
from pathlib import Path
from typing import get_args

from speech.errors import NoVoice
from speech.sound import Sound
from speech.voices.programs import sound_of
from speech.wording import Language


class Piper:
    """Reads through Piper with the models of a folder: `zh*.onnx`, `en*.onnx`, each with its `.onnx.json`."""

    def __init__(self, program: str, models: dict[Language, Path]) -> None:
        self._program = program
        self._models = models

    @classmethod
    def find(cls, folder: Path | None) -> "Piper | None":
        """The program on PATH with the models in `folder`; None where either is missing."""
        program = shutil.which("piper")
        if not program or folder is None or not folder.is_dir():
            return None
        models: dict[Language, Path] = {}
        for language in get_args(Language):
            found = sorted(folder.glob(f"{language}*.onnx"))
            if found:
                models[language] = found[0]
        return cls(program, models) if models else None

    @property
    def name(self) -> str:
        """With the names of its models."""
        return " ".join(["piper", *(path.stem for path in self._models.values())])

    def speaks(self, language: Language) -> bool:
        """Whether there is a model of it."""
        return language in self._models

    def say(self, text: str, language: Language) -> Sound:
        """Read it; raises `NoVoice`."""
        model = self._models.get(language)
        if model is None:
            raise NoVoice(f"There is no model {language}*.onnx.")
        return sound_of(self._program, ["--model", str(model), "--output_file", "-"], text)
