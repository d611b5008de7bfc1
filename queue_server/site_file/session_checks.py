"""Sessions (坐诊): one doctor in a room at a time, and no doctor in two rooms."""

from datetime import date, time
from itertools import combinations

from queue_server.site_file.checks import Check
from queue_server.site_file.tables import SessionTable
from queue_server.site_file.values import WEEKDAYS
from queue_server.toml_lines import Key

EVERY_DAY = frozenset(range(7))


def check_sessions(check: Check) -> None:
    """All of this module."""
    for number, session in enumerate(check.file.sessions):
        _check_one(check, ("sessions", number), session)
    _check_seats(check)
    for (one, first), (other, second) in combinations(enumerate(check.file.sessions), 2):
        when = _together(first, second)
        line = check.line_of(("sessions", one))
        if when and first.point == second.point:
            check.wrong(
                ("sessions", other),
                f"{second.doctor} and {first.doctor} (line {line}) sit at {first.point} at the same time, {when}; "
                "change one of the times, or make a point for each of them",
            )
        elif when and first.doctor == second.doctor:
            check.wrong(
                ("sessions", other),
                f"{first.doctor} sits at {second.point} and at {first.point} (line {line}) at the same time, {when}; "
                "change one of the times",
            )


def _check_one(check: Check, key: Key, session: SessionTable) -> None:
    check.known((*key, "point"), session.point, check.file.points)
    check.known((*key, "doctor"), session.doctor, check.doctors)
    if session.days is not None and session.day is not None:
        check.wrong(
            (*key, "day"),
            "a session has either days (every week) or a day (once); remove one of them",
        )


def _check_seats(check: Check) -> None:
    """Points that name their doctor: no sessions of others there, and the doctor is nowhere else."""
    planned: dict[str, set[str]] = {}
    for session in check.file.sessions:
        planned.setdefault(session.point, set()).add(session.doctor)
    always: dict[str, str] = {}
    for id, point in check.file.points.items():
        if point.doctor is None:
            continue
        if id in planned:
            _check_named(check, id, point.doctor, planned[id])
            continue
        first = always.setdefault(point.doctor, id)
        if first != id:
            check.wrong(
                ("points", id, "doctor"),
                f"points.{id}.doctor {point.doctor!r} sits at {first} as well; "
                "write [[sessions]] that say when where, or share the line: shares",
            )
    _check_weeks(check, always)


def _check_named(check: Check, point: str, doctor: str, planned: set[str]) -> None:
    if doctor not in planned:
        check.wrong(
            ("points", point, "doctor"),
            f"points.{point}.doctor is {doctor!r}, but the sessions at {point} are of "
            f"{', '.join(sorted(planned))}; leave doctor out, or add a session",
        )


def _check_weeks(check: Check, always: dict[str, str]) -> None:
    """Weekly sessions of doctors who are said to sit elsewhere always."""
    for number, session in enumerate(check.file.sessions):
        seat = always.get(session.doctor)
        if seat and session.day is None:
            check.wrong(
                ("sessions", number),
                f"{session.doctor} has a session at {session.point}, but always sits at {seat}; "
                f"write sessions for {seat} as well, instead of points.{seat}.doctor",
            )


def _together(one: SessionTable, other: SessionTable) -> str:
    """When two sessions are both on, in words; empty: never. One for a day replaces those of the week there."""
    begin, end = max(one.time[0], other.time[0]), min(one.time[1], other.time[1])
    if begin >= end:
        return ""
    if one.day and other.day:
        return _words(one.day, begin, end) if one.day == other.day else ""
    if one.day or other.day:
        return ""
    shared = _days(one) & _days(other)
    return _words(min(shared), begin, end) if shared else ""


def _days(session: SessionTable) -> frozenset[int]:
    return session.days or EVERY_DAY


def _words(day: date | int, begin: time, end: time) -> str:
    when = WEEKDAYS[day] if isinstance(day, int) else day.isoformat()
    return f"{when} {begin:%H:%M}-{end:%H:%M}"
