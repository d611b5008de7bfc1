"""The tables of a checked file → the site."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from queue_server.core.rules import Rules
from queue_server.core.site import (
    Area,
    AreaVoice,
    Doctor,
    Group,
    Hours,
    Point,
    PrevisitRule,
    PriorityClass,
    Series,
    Session,
    Site,
    usual_classes,
)
from queue_server.site_file.tables import (
    AreaTable,
    GroupTable,
    HoursTable,
    PointTable,
    PrevisitTable,
    SessionTable,
    SiteFile,
    VoiceTable,
)


def site_of(file: SiteFile, version: str, text: str) -> Site:
    """The site; `file` has passed all checks.

    Args:
        file: the tables.
        version: digest of `text`.
        text: the file without its appointments, as the journal keeps it.
    """
    return Site(
        id=file.site.id,
        name=file.site.name.name(),
        timezone=ZoneInfo(file.site.timezone),
        areas={id: _area(file, id, each) for id, each in file.areas.items()},
        groups={id: _group(file, id, each) for id, each in file.groups.items()},
        points={id: _point(file, id, each) for id, each in file.points.items()},
        campuses={id: each.name() for id, each in file.campuses.items()},
        version=version,
        classes=_classes(file),
        doctors=_doctors(file),
        sessions=tuple(map(_session, file.sessions)),
        hours=_hours(file.hours),
        previsit=tuple(map(_previsit, file.previsit)),
        text=text,
    )


def rules_of(file: SiteFile, group: str) -> Rules:
    """The rules in force for a group: the hospital's, over them its area's, over them its own."""
    table = file.groups[group]
    area = file.areas.get(table.area)
    over_them = area.rules.given() if area else {}
    return replace(Rules(), **{**file.rules.given(), **over_them, **table.rules.given()})


def series_of(file: SiteFile, group: str) -> Series:
    """The number series of a group: the one it names, or a plain one of its own."""
    table = file.groups[group]
    named = file.series.get(table.series or "")
    if table.series and named:
        return Series(table.series, named.prefix, named.per, named.first, named.last, named.width)
    return Series(group, table.prefix or "")


def _area(file: SiteFile, id: str, table: AreaTable) -> Area:
    given = {name: getattr(table.voice, name) for name in VoiceTable.model_fields}
    voice = AreaVoice(**given, readings=tuple(sorted(file.readings.items())))
    return Area(id, table.name.name(), table.place.name(), voice)


def _group(file: SiteFile, id: str, table: GroupTable) -> Group:
    series = series_of(file, id)
    return Group(
        id=id,
        name=table.name.name(),
        kind=table.kind,
        area=table.area,
        prefix=series.prefix,
        rules=rules_of(file, id),
        series=series if table.series else None,
        serves=table.serves,
    )


def _point(file: SiteFile, id: str, table: PointTable) -> Point:
    listed = file.doctors.get(table.doctor or "")
    staff = table.staff or (listed.name if listed else None)
    return Point(
        id=id,
        name=table.name.name(),
        group=table.group,
        staff=staff.name() if staff else None,
        doctor=table.doctor,
        shares=table.shares,
        classes=table.classes,
        helps=table.helps,
    )


def _classes(file: SiteFile) -> dict[str, PriorityClass]:
    if not file.classes:
        return usual_classes()
    return {
        id: PriorityClass(id, each.name.name(), each.badge, each.tier, each.urgent, each.badge_en)
        for id, each in file.classes.items()
    }


def _doctors(file: SiteFile) -> dict[str, Doctor]:
    """Those listed; and of those who only sit at a point, whose name stands there."""
    seated = {
        point.doctor: Doctor(point.doctor, point.staff.name())
        for point in file.points.values()
        if point.doctor and point.staff
    }
    listed = {id: Doctor(id, each.name.name(), each.prefix) for id, each in file.doctors.items()}
    return {**seated, **listed}


def _session(table: SessionTable) -> Session:
    begin, end = table.time
    session = Session(table.doctor, table.point, begin, end, day=table.day)
    return session if table.days is None else replace(session, weekdays=table.days)


def _hours(table: HoursTable) -> Hours:
    return Hours(table.morning, table.afternoon, table.period, table.closed)


def _previsit(table: PrevisitTable) -> PrevisitRule:
    return PrevisitRule(**{name: getattr(table, name) for name in type(table).model_fields})
