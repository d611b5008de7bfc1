"""A told way as plain data in both languages, for whoever sends it or shows it: numbers, texts, lists."""

from nav_maps.labels import said
from nav_maps.model import IndoorMap, Labels
from nav_maps.places import floor_name
from nav_maps.route import Route
from nav_maps.words.telling import LANGUAGES
from nav_maps.words.way import Way


def plain(indoor_map: IndoorMap, route: Route, told: Way) -> dict[str, object]:
    """`place`, `summary`, `seconds`, `metres`, `steps`, `levels`, `notes`, `ticket`; texts as `{"zh": …, "en": …}`."""
    steps: list[dict[str, object]] = [
        {
            "icon": each.icon,
            "level": each.level,
            "text": _both(each.reading),
            "said": _both(each.speech),
        }
        for each in told.instructions
    ]
    if told.wait and steps:
        wait = _both(told.wait)
        steps.append({"icon": "wait", "level": route.end.level, "text": wait, "said": wait})
    return {
        "place": _both(route.end.names),
        "summary": _both(told.summary),
        "seconds": route.seconds,
        "metres": route.metres,
        "steps": steps,
        "levels": [{"id": each, "name": floor_name(indoor_map, each)} for each in route.levels],
        "notes": [_both(note) for note in told.notes],
        "ticket": {lang: "\n".join(told.ticket_lines(lang)) for lang in LANGUAGES},
    }


def _both(labels: Labels) -> Labels:
    return {lang: said(labels, lang) for lang in LANGUAGES}
