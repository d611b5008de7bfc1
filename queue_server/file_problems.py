"""What is wrong with a file that somebody wrote: collected, then told all at once."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from queue_server.errors import SiteFileError

TOLD: Final = 10
"""More at once help nobody."""


class Problems:
    """Sentences with file and line; `raise_if_any` tells them."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, file: str, line: int, sentence: str) -> None:
        """Note one."""
        self._found.append(f"{file}, line {line}: {sentence}.")

    def raise_if_any(self) -> None:
        """Tell them.

        Raises:
            SiteFileError: there are some.
        """
        if self._found:
            told = self._found[:TOLD]
            more = len(self._found) - len(told)
            raise SiteFileError("\n".join([*told, f"… and {more} more."] if more else told))


def sentence_of(error: ErrorDetails) -> str:
    """A validation error as a sentence: what is wrong, and what to write."""
    where = ".".join(str(part) for part in error["loc"]) or "it"
    match error["type"]:
        case "missing":
            return f"{where} is missing; add it"
        case "extra_forbidden":
            return f"{where} is not known here; remove it, or correct its spelling"
        case "string_pattern_mismatch":
            return f"{where} is {error['input']!r}; {_shape(error.get('ctx', {}))}"
        case _:
            return f"{where} is {error['input']!r}: {_lower(error['msg'])}"


_SHAPES: Final = {
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "use 1–40 of a–z, 0–9, '-' and '_'",
    r"^[A-Z]{1,3}$": "use one to three capitals, as in A or XR",
    r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$": "use 1–64 of letters, digits and . _ : -",
    r"^([0-9a-f]{20}|[a-z]+:[0-9a-z]{1,64})$": "use 20 hex digits, or scheme:value as in his:4711",
}


def _shape(context: Mapping[str, Any]) -> str:  # what pydantic hands over is untyped
    pattern = str(context.get("pattern"))
    return _SHAPES.get(pattern, f"it must match {pattern}")


def _lower(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
