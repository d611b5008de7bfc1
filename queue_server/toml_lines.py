"""On which line of a TOML file a key stands: so that an error can point at it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

Key = tuple[str | int, ...]

LOOKED_AT: Final = 300
"""Keys stand within so many characters of a line."""
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT: Final = re.compile(r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_PART: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")


class TomlLines:
    """Where keys stand. Good for files as people write them; an odd one gets the line of the table it is in."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Key, int] = {(): 1}
        for number, key in _keys(text.splitlines()):
            self._lines.setdefault(key, number)

    def line_of(self, key: Key) -> int:
        """The line of a key, or else of the nearest key around it."""
        while key not in self._lines:
            key = key[:-1]
        return self._lines[key]


def _keys(lines: Sequence[str]) -> Iterator[tuple[int, Key]]:
    table: Key = ()
    entries: defaultdict[Key, int] = defaultdict(int)
    for number, whole in enumerate(lines, 1):
        line = whole[:LOOKED_AT]
        header = _HEADER.match(line)
        if header:
            table = _parts(header[2])
            if header[1] == "[[":
                entries[table] += 1
                table = (*table, entries[table] - 1)
            yield number, table
        elif assignment := _ASSIGNMENT.match(line):
            yield number, (*table, *_parts(assignment[1]))


def _parts(dotted: str) -> Key:
    return tuple(next(filter(None, match.groups()), "") for match in _PART.finditer(dotted))
