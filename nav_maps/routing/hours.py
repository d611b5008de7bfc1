"""Opening hours: whether something is open at a time, for the plain part of OpenStreetMap's `opening_hours`.

Understood: `24/7`, `off`/`closed`, days (`Mo-Fr`, `Sa,Su`), spans (`07:30-12:00,13:00-17:30`, over midnight too), rules parted by
`;`, the later of which overrides. A text with anything else (holidays, months, weeks, sunset) counts as open: a map must not
shut a door because its text is not understood.
"""

import re
from datetime import datetime
from typing import Final

_DAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DAY_LIST: Final = re.compile(r"(mo|tu|we|th|fr|sa|su)(-(mo|tu|we|th|fr|sa|su))?(,|$)")
_SHUT: Final = frozenset({"off", "closed"})
DAY_MIN: Final = 24 * 60


def is_open(hours: str, now: datetime) -> bool:
    """Whether something with these hours is open at a local time."""
    rules = [_rule(text) for text in hours.lower().split(";") if text.strip()]
    if not rules or None in rules:
        return True
    today, yesterday = now.weekday(), (now.weekday() - 1) % 7
    minute = now.hour * 60 + now.minute
    found = [_in_force(rules, day) for day in (today, yesterday)]
    on_today = any(start <= minute < end for start, end in found[0])
    return on_today or any(start <= minute + DAY_MIN < end for start, end in found[1])


Spans = list[tuple[int, int]]


def _in_force(rules: list[tuple[frozenset[int], Spans] | None], day: int) -> Spans:
    spans: Spans = []
    for rule in rules:
        if rule is not None and day in rule[0]:
            spans = rule[1]
    return spans


def _rule(text: str) -> tuple[frozenset[int], Spans] | None:
    words = re.sub(r"\s*([,-])\s*", r"\1", text.strip()).split()
    if words == ["24/7"]:
        return frozenset(range(7)), [(0, DAY_MIN)]
    days = _days(words[0])
    times = words if days is None else words[1:]
    spans = _spans(times)
    return None if spans is None else (frozenset(range(7)) if days is None else days, spans)


def _days(word: str) -> frozenset[int] | None:
    found: set[int] = set()
    place = 0
    while place < len(word):
        match = _DAY_LIST.match(word, place)
        if match is None:
            return None
        first = _DAYS.index(match[1])
        last = _DAYS.index(match[3]) if match[3] else first
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        place = match.end()
    return frozenset(found)


def _spans(words: list[str]) -> Spans | None:
    if not words:
        return [(0, DAY_MIN)]
    if len(words) != 1:
        return None
    if words[0] in _SHUT:
        return []
    spans: Spans = []
    for part in words[0].split(","):
        match = _SPAN.fullmatch(part)
        if match is None:
            return None
        start, end = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
        spans.append((start, end if end > start else end + DAY_MIN))
    return spans
