"""What is wrong with a file that somebody wrote: collected, then told all at once."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import ErrorDetails

from queue_server.errors import SiteFileError

TOLD: Final = 10
"""More at once help nobody."""
LISTED: Final = 12
"""So many names are listed where one of them must be written."""
ENTRY: Final = 2
"""So many parts has the key of a whole entry of a list."""
SHOWN: Final = 60
"""So many characters of what was written are shown."""


class Problems:
    """Sentences with file and line; `raise_if_any` tells them."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def add(self, file: str, line: int, sentence: str) -> None:
        """Note one."""
        stop = "" if sentence.endswith("?") else "."
        self._found[f"{file}, line {line}: {sentence}{stop}"] = None

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Tell them.

        Raises:
            SiteFileError: there are some.
        """
        if self._found:
            told = list(self._found)[:TOLD]
            more = len(self._found) - len(told)
            raise SiteFileError("\n".join([*told, f"… and {more} more."] if more else told))


def remedy(given: object, known: Iterable[str]) -> str:
    """What to write instead of a name that is not there: the nearest, or else all of them."""
    names = sorted(set(known))
    near = nearest(given, names)
    if near:
        return f"did you mean {near!r}?"
    if not names:
        return "there is none yet"
    more = ["…"] if len(names) > LISTED else []
    return f"use one of {', '.join([*names[:LISTED], *more])}"


def nearest(given: object, names: Iterable[str]) -> str | None:
    """The name that was probably meant; None when none is like it."""
    by_small_letters = {name.casefold(): name for name in names}
    near = get_close_matches(str(given).casefold(), by_small_letters, 1)
    return by_small_letters[near[0]] if near else None


def sentence_of(error: ErrorDetails, known: Iterable[str] = ()) -> str:
    """A validation error as a sentence: what is wrong, and what to write.

    Args:
        error: as pydantic gives it.
        known: names that may stand in the place of an unknown one.
    """
    where = ".".join(str(part) for part in error["loc"] if part != "[key]") or "it"
    match error["type"]:
        case "missing":
            return f"{where} is missing; add it"
        case "extra_forbidden":
            near = nearest(error["loc"][-1], known)
            hint = f"did you mean {near!r}?" if near else "remove it, or correct its spelling"
            return f"{where} is not known here; {hint}"
        case "string_pattern_mismatch":
            return f"{where}{_is(error)}; {_shape(error.get('ctx', {}))}"
        case "enum" | "literal_error":
            return f"{where}{_is(error)}: {_choice(error)}"
        case _:
            return f"{where}{_is(error)}: {_lower(error['msg'])}"


def _is(error: ErrorDetails) -> str:
    """` is 'what was written'`; nothing where it may be the name of a child, for errors are logged."""
    loc = error["loc"]
    is_name = loc[-1:] == ("name",) or (loc[:1] == ("appointments",) and len(loc) <= ENTRY)
    return "" if is_name else f" is {shown(error['input'])}"


def shown(given: object) -> str:
    """What was written, cut short when it is long."""
    text = repr(given)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _choice(error: ErrorDetails) -> str:
    expected = str(error.get("ctx", {}).get("expected", ""))
    names = [each.strip(" '") for each in expected.replace(" or ", ", ").split(",")]
    near = nearest(error["input"], names)
    return f"did you mean {near!r}?" if near else _lower(error["msg"])


_SHAPES: Final = {
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "use 1–40 of a–z, 0–9, '-' and '_'",
    r"^[A-Z]{1,3}$": "use one to three capitals, as in A or XR",
    r"^[A-Z]{0,2}$": "use one or two capitals, as in L",
    r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$": "use 1–64 of letters, digits and . _ : -",
    r"^([0-9a-f]{20}|[a-z]+:[0-9a-z]{1,64})$": "use 20 hex digits, or scheme:value as in his:4711",
}


def _shape(context: Mapping[str, Any]) -> str:  # what pydantic hands over is untyped
    pattern = str(context.get("pattern"))
    return _SHAPES.get(pattern, f"it must match {pattern}")


def _lower(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
