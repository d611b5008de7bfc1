"""A site file in short, for the person who has written it: what is there, and where rules differ from the usual ones."""

from collections.abc import Iterator, Sized
from dataclasses import fields
from datetime import date, timedelta
from enum import Enum
from textwrap import wrap
from typing import Final

from queue_server.core.rules import USUAL_RULES, Back, BackAt, Late, Order, Rules
from queue_server.core.site import Group, Per, Point, Session, Site
from queue_server.core.vocabulary import Name
from queue_server.site_file.tables import RulesTable
from queue_server.site_file.values import WEEKDAYS

_NO_TIME: Final = {"early": "any", "own_doctor_for": "forever"}
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_IN: Final = " " * 6
_JOIN: Final = "\0"
WIDTH: Final = 110
"""Of a line of rules, in characters."""


def summary(site: Site, today: date) -> Iterator[str]:
    """The lines of a summary: areas, lines of families, points, rules that differ from the usual ones, sessions, notes."""
    yield f"{_both(site.name)} ({site.id}, {site.timezone}), version {site.version}"
    counts: dict[str, Sized] = {
        "areas": site.areas,
        "lines": site.groups,
        "points": site.points,
        "doctors": site.doctors,
        "sessions": site.sessions,
    }
    yield ", ".join(f"{len(each)} {what}" for what, each in counts.items())
    for area in site.areas.values():
        yield ""
        yield f"{area.id}  {_both(area.name)}"
        for group in site.groups.values():
            if group.area == area.id:
                yield from _group(site, group)
    yield ""
    yield from _previsit(site)
    yield from _sessions(site, today)
    yield from _notes(site)


def written_rules(rules: Rules) -> dict[str, str]:
    """The rules that differ from the usual ones, by key and value as a site file has them."""
    return {
        _key(each.name): written(each.name, getattr(rules, each.name))
        for each in fields(Rules)
        if getattr(rules, each.name) != getattr(USUAL_RULES, each.name)
    }


def written(field: str, value: object) -> str:
    """The value of a field of `Rules` as a site file has it."""
    match value:
        case None:
            return f'"{_NO_TIME.get(field, "")}"'
        case bool():
            return "true" if value else "false"
        case timedelta() if field == "early" and not value:
            return '"none"'
        case timedelta():
            unit = _HOUR if _key(field).endswith("_hours") else _MINUTE
            return f"{value / unit:g}"
        case Back(at=BackAt.PLACES):
            return str(value.places)
        case Back():
            return f'"{value.at}"'
        case tuple():
            return f"[{', '.join(written(field, each) for each in value)}]"
        case Enum() | str():
            return f'"{value}"'
        case float():
            return f"{value:g}"
        case _:
            return f"{value}"


def _key(field: str) -> str:
    return RulesTable.model_fields[field].alias or field


def _both(name: Name) -> str:
    return f"{name.zh} {name.en}"


def _group(site: Site, group: Group) -> Iterator[str]:
    points = ", ".join(map(_point, site.points_of[group.id]))
    yield f"  {group.id}  {_both(group.name)}: {group.kind}, numbers {_numbers(group)}, points {points}"
    if group.serves:
        yield f"{_IN}serves {', '.join(group.serves)}"
    rules = [f"{key} = {value}" for key, value in written_rules(group.rules).items()]
    # a rule stays on one line
    joined = "; ".join(rule.replace(" ", _JOIN) for rule in rules)
    for line in wrap(joined, WIDTH, initial_indent=_IN, subsequent_indent=_IN):
        yield line.replace(_JOIN, " ")


def _numbers(group: Group) -> str:
    series = group.numbers
    per = "" if series.per is Per.GROUP else f" for each {series.per.replace('_', ' ')}"
    first, last = (f"{series.prefix}{n:0{series.width}d}" for n in (series.first, series.last))
    return f"{first}…{last}{per}"


def _point(point: Point) -> str:
    who = "+".join([*([point.doctor] if point.doctor else []), *point.shares])
    only = f" only {'/'.join(point.classes)}" if point.classes else ""
    return f"{point.id}{f' ({who})' if who else ''}{only}"


def _previsit(site: Site) -> Iterator[str]:
    for rule in site.previsit:
        how = "offered" if rule.offer else "ordered"
        yield f"before the consult ({rule.id}): {', '.join(rule.tests)} {how} for {', '.join(rule.groups)}"


def _sessions(site: Site, today: date) -> Iterator[str]:
    """Who sits where on a day; sessions of the day itself replace those of the week at their points."""
    if today in site.hours.closed:
        yield f"{today}: no clinics on this day"
        return
    on = [(point, each) for point in site.points for each in _on(site, point, today)]
    yield f"sessions on {today} ({WEEKDAYS[today.weekday()]}):"
    for point, each in on:
        doctor = site.doctors.get(each.doctor)
        who = f"{each.doctor} {_both(doctor.name)}" if doctor else each.doctor
        yield f"  {each.start:%H:%M}-{each.end:%H:%M}  {point}  {who}"
    if not on:
        yield "  none; doctors are where points name them"


def _on(site: Site, point: str, today: date) -> list[Session]:
    on = [each for each in site.sessions_at.get(point, ()) if each.on(today)]
    return sorted([each for each in on if each.day] or on, key=lambda each: each.start)


# ---- what may not be meant ----------------------------------------------------------------------


def _notes(site: Site) -> Iterator[str]:
    for group in site.groups.values():
        for key, needs in _without_effect(group.rules):
            yield f"note: {group.id}: {key} has no effect without {needs}"
        if all(point.classes for point in site.points_of[group.id]):
            yield f"note: {group.id}: every point is for priority classes; others are never called here"
    for id in site.doctors:
        if not any(id in site.doctors_of(group) for group in site.groups) and not any(
            id in point.shares for point in site.points.values()
        ):
            yield f"note: the doctor {id} sits nowhere: no session, no point"


def _without_effect(rules: Rules) -> Iterator[tuple[str, str]]:
    given = written_rules(rules)
    needed = {
        "late_every": (rules.late is Late.EVERY_NTH, 'late = "every_nth"'),
        "return_weight": (rules.order is Order.ACCUMULATING, 'order = "accumulating"'),
        "first_overdue_minutes": (rules.order is Order.ACCUMULATING, 'order = "accumulating"'),
        "interleave": (rules.order is Order.INTERLEAVE, 'order = "interleave"'),
        "interleave_even": (rules.order is Order.INTERLEAVE, 'order = "interleave"'),
        "screening_valid_hours": (rules.screening, "screening = true"),
    }
    for key, (is_used, needs) in needed.items():
        if key in given and not is_used:
            yield key, needs
