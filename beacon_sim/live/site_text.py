"""The hospital of a simulated day as a site file, so that a real server can be started with it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from beacon_sim.live.errors import LiveError
from queue_server.core import Name
from queue_server.core import rules as r
from queue_server.core import site as s

_PLACES: Final = {
    r.BackAt.LINE: "line",
    r.BackAt.PERIOD_END: "period_end",
    r.BackAt.HALF_DAY_END: "half_day_end",
    r.BackAt.VOID: "void",
}
_USUAL: Final = r.Rules()
_MINUTES: Final = {
    "walk_in_wait": "walk_in_wait_minutes",
    "late_after": "late_after_minutes",
    "first_overdue": "first_overdue_minutes",
    "return_overdue": "return_overdue_minutes",
    "own_doctor_for": "own_doctor_minutes",
    "hold_limit": "hold_limit_minutes",
    "presence_fresh": "presence_fresh_minutes",
    "presence_limit": "presence_limit_minutes",
}
_PLAIN: Final = (
    *("overtake_cap", "return_weight", "interleave", "interleave_even"),
    *("results_reported", "brings_specimen", "prepare_first", "service_minutes"),
    *("phone_proof", "presence"),
)


def site_text(site: s.Site) -> str:
    """The text of a site file that means this site.

    Raises:
        LiveError: it has a rule that a site file can't say.
    """
    return "\n".join(_lines(site)) + "\n"


def _lines(site: s.Site) -> Iterator[str]:
    yield "[site]"
    yield f"id = {_text(site.id)}"
    yield f"name = {_name(site.name)}"
    yield f"timezone = {_text(str(site.timezone))}"
    for area in site.areas.values():
        yield f"\n[areas.{area.id}]"
        yield f"name = {_name(area.name)}"
        yield f"place = {_name(area.place)}"
    for group in site.groups.values():
        yield from _group(group)
    for point in site.points.values():
        yield f"\n[points.{point.id}]"
        yield f"name = {_name(point.name)}"
        yield f"group = {_text(point.group)}"
        if point.doctor:
            yield f"doctor = {_text(point.doctor)}"
        if point.helps:
            yield f"helps = {_texts(point.helps)}"
    for rule in site.previsit:
        yield "\n[[previsit]]"
        yield f"id = {_text(rule.id)}"
        yield f"groups = {_texts(rule.groups)}"
        yield f"tests = {_texts(rule.tests)}"
        yield f"reasons = {_texts(rule.reasons)}"


def _group(group: s.Group) -> Iterator[str]:
    yield f"\n[groups.{group.id}]"
    yield f"name = {_name(group.name)}"
    yield f"kind = {_text(group.kind.value)}"
    yield f"area = {_text(group.area)}"
    yield f"prefix = {_text(group.prefix)}"
    if group.serves:
        yield f"serves = {_texts(group.serves)}"
    yield f"\n[groups.{group.id}.rules]"
    yield from _rules(group.rules)


def _rules(rules: r.Rules) -> Iterator[str]:
    """What differs from the usual."""
    yield f"order = {_text(rules.order.value)}"
    if rules.missed != _USUAL.missed:
        yield f"missed = [{', '.join(map(_back, rules.missed))}]"
    for field in _PLAIN:
        value = getattr(rules, field)
        if value != getattr(_USUAL, field):
            yield f"{field} = {json.dumps(value)}"
    for field, key in _MINUTES.items():
        value = getattr(rules, field)
        if value != getattr(_USUAL, field):
            yield f"{key} = {_whole_minutes(value, key)}"


def _whole_minutes(span: timedelta, key: str) -> int:
    minutes, rest = divmod(span, timedelta(minutes=1))
    if rest:
        raise LiveError(
            f"The rule {key} = {span} can't stand in a site file: it takes whole minutes."
        )
    return minutes


def _back(back: r.Back) -> str:
    return str(back.places) if back.at is r.BackAt.PLACES else _text(_PLACES[back.at])


def _name(name: Name) -> str:
    return f"{{ zh = {_text(name.zh)}, en = {_text(name.en)} }}"


def _texts(each: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, each))}]"


def _text(text: str) -> str:
    """A JSON string is a TOML string."""
    return json.dumps(text, ensure_ascii=False)
