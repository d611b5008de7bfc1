"""What is closed at a time: by planned closures and by opening hours."""

from collections.abc import Iterator
from datetime import datetime

from nav_maps.model import Closure, IndoorMap
from nav_maps.routing.hours import is_open


def closed_at(built: IndoorMap, now: datetime | None) -> frozenset[str]:
    """Features closed at a time (its own zone, or the computer's, for closures; its clock for hours). None: planned closures
    without a beginning or end only, for nothing is known of the hour."""
    closed = {
        feature
        for closure in built.navigation.closures
        if _is_on(closure, now)
        for feature in closure.features
    }
    if now is not None:
        closed |= {feature for feature, hours in _hours(built) if not is_open(hours, now)}
    return frozenset(closed)


def _is_on(closure: Closure, now: datetime | None) -> bool:
    start, end = _time(closure.start), _time(closure.end)
    if now is None:
        return start is None and end is None
    moment = now.astimezone()
    return (start is None or start <= moment) and (end is None or moment < end)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        return None


def _hours(built: IndoorMap) -> Iterator[tuple[str, str]]:
    for pathway in built.navigation.pathways:
        if pathway.hours:
            yield pathway.id, pathway.hours
    for rule in built.navigation.doors:
        if rule.hours:
            yield rule.opening, rule.hours
    for each in built.relationships.values():
        if each.hours:
            yield each.id, each.hours
