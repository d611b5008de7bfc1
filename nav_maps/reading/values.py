"""Values of a feature's properties, whatever type the map gave them."""

from collections.abc import Mapping
from math import isfinite
from typing import Final, TypeAlias

Properties: TypeAlias = Mapping[str, object]
_YES: Final = frozenset({"1", "true", "yes", "y", "是"})
_NO: Final = frozenset({"0", "false", "no", "n", "否", ""})


def text(value: object) -> str:
    """A text or a number as text, stripped; empty for everything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""


def word(value: object) -> str:
    """A category or other code word: lower case."""
    return text(value).lower()


def optional(value: object) -> str | None:
    """A text, or None when there is none."""
    return text(value) or None


def number(value: object) -> float | None:
    """A finite number, from a number or a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    if isinstance(value, int | float):
        try:
            found = float(value)
        except OverflowError:
            return None
        return found if isfinite(found) else None
    return None


def flag(value: object) -> bool | None:
    """Yes or no in the ways people write it; None when it is neither."""
    if isinstance(value, bool):
        return value
    written = word(value)
    if value is None or (written == "" and not isinstance(value, str)):
        return None
    return True if written in _YES else False if written in _NO else None


def texts(value: object) -> tuple[str, ...]:
    """Texts of a list, or of one text; of objects their `id`."""
    if isinstance(value, list | tuple):
        return tuple(found for each in value if (found := reference(each)))
    found = reference(value)
    return (found,) if found else ()


def words(value: object) -> tuple[str, ...]:
    """Code words of a list, or of one text with commas."""
    given = value.split(",") if isinstance(value, str) else value
    return tuple(each.lower() for each in texts(given))


def reference(value: object) -> str:
    """An id, given as such or as `{"id": …}`."""
    return text(value.get("id")) if isinstance(value, Mapping) else text(value)
