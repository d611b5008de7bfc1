"""Ticket numbers: prefixes that tell lines apart, series with enough numbers."""

from collections.abc import Iterable
from typing import Final

from queue_server.core.site import Per
from queue_server.site_file.building import series_of
from queue_server.site_file.checks import Check
from queue_server.toml_lines import Key

FEWEST_NUMBERS: Final = 50
"""A series with fewer would begin anew while its first families still wait."""


def check_numbers(check: Check) -> None:
    """All of this module."""
    for id in check.file.series:
        _check_series(check, id)
    sound = [id for id in check.file.groups if _has_numbers(check, id)]
    _check_prefixes(check, sound)


def _check_series(check: Check, id: str) -> None:
    series = check.file.series[id]
    if series.last - series.first + 1 < FEWEST_NUMBERS:
        check.wrong(
            ("series", id, "last"),
            f"series.{id} runs from {series.first} to {series.last}; "
            f"give it {FEWEST_NUMBERS} numbers at least, so that none comes again while somebody waits with it",
        )
    if len(str(series.last)) > series.width:
        check.wrong(
            ("series", id, "width"),
            f"series.{id}.width {series.width} is too small for {series.last}; "
            f"write width = {len(str(series.last))}",
        )


def _has_numbers(check: Check, id: str) -> bool:
    """Whether a group has a prefix or a series; says so if not."""
    group = check.file.groups[id]
    if group.prefix is None and group.series is None:
        check.wrong(
            ("groups", id),
            f'groups.{id}.prefix is missing; add it as in prefix = "A", or name a series',
        )
        return False
    if group.prefix is not None and group.series is not None:
        check.wrong(
            ("groups", id, "prefix"),
            f"groups.{id} has a series, which has a prefix; remove prefix here",
        )
        return False
    return check.known(("groups", id, "series"), group.series, check.file.series)


def _check_prefixes(check: Check, groups: Iterable[str]) -> None:
    """No two series print the same number; groups that share a series share its numbers."""
    owners: dict[str, tuple[str, str]] = {}
    for id in groups:
        for prefix, owner, key in _prefixes(check, id):
            series = series_of(check.file, id).id
            taken_by, taken_in = owners.setdefault(prefix, (owner, series))
            if (taken_by, taken_in) != (owner, series):
                where = ".".join(map(str, key))
                check.wrong(key, f"{where} {prefix!r} is taken by {taken_by}; give each its own")


def _prefixes(check: Check, id: str) -> list[tuple[str, str, Key]]:
    """The prefixes on tickets of a group, whose each is, and where it stands."""
    series, named = series_of(check.file, id), check.file.groups[id].series
    key: Key = ("series", named, "prefix") if named else ("groups", id, "prefix")
    found: list[tuple[str, str, Key]] = [(series.prefix, named or id, key)]
    if series.per is Per.DOCTOR:
        found += [
            (series.prefix + _prefix_of(check, doctor), doctor, ("doctors", doctor, "prefix"))
            for doctor in _doctors_of(check, id)
            if _has_prefix(check, series.id, doctor)
        ]
    return found


def _has_prefix(check: Check, series: str, doctor: str) -> bool:
    """Whether a doctor whose patients are counted by themselves has a prefix; says so if not."""
    if _prefix_of(check, doctor):
        return True
    check.wrong(
        ("doctors", doctor) if doctor in check.file.doctors else ("series", series, "per"),
        f"the series {series} counts by doctor; "
        f"give {doctor} a prefix of its own in [doctors.{doctor}], as in prefix = {doctor[0].upper()!r}",
    )
    return False


def _prefix_of(check: Check, doctor: str) -> str:
    listed = check.file.doctors.get(doctor)
    return listed.prefix if listed else ""


def _doctors_of(check: Check, group: str) -> dict[str, None]:
    points = {id: point for id, point in check.file.points.items() if point.group == group}
    seated = [point.doctor for point in points.values() if point.doctor]
    planned = [session.doctor for session in check.file.sessions if session.point in points]
    return dict.fromkeys([*seated, *planned])
