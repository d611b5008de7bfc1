"""The names of lines, rooms, doctors and classes, as a site file has them; read leniently, for old files too."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from queue_server.core.site import Site
from queue_server.core.vocabulary import Name
from queue_server.reports.rows import Row

Toml = Mapping[str, Any]  # what a TOML file may hold


@dataclass(frozen=True, slots=True)
class Places:
    """Names by id; what is not known is called by its id."""

    groups: Mapping[str, Name] = field(default_factory=dict)
    points: Mapping[str, Name] = field(default_factory=dict)
    doctors: Mapping[str, Name] = field(default_factory=dict)
    classes: Mapping[str, Name] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Of the groups."""
    areas: Mapping[str, str] = field(default_factory=dict)
    """Of the groups."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """Of the points."""
    timezone: str = "UTC"
    zones: Mapping[str, Name] = field(default_factory=dict)
    """Names of the areas."""
    site: Name = field(default_factory=lambda: Name("", ""))
    """The hospital campus's."""

    @classmethod
    def of_site(cls, site: Site) -> Self:
        """Those of a site in memory."""
        doctors = {id: doctor.name for id, doctor in site.doctors.items()}
        staff = {p.doctor: p.staff for p in site.points.values() if p.doctor and p.staff}
        return cls(
            {id: group.name for id, group in site.groups.items()},
            {id: point.name for id, point in site.points.items()},
            {**staff, **doctors},
            {id: each.name for id, each in site.classes.items()},
            {id: group.kind.value for id, group in site.groups.items()},
            {id: group.area for id, group in site.groups.items()},
            {id: point.group for id, point in site.points.items()},
            str(site.timezone),
            {id: area.name for id, area in site.areas.items()},
            site.name,
        )

    def group(self, id: str) -> Name:
        """A line's name."""
        return self.groups.get(id) or Name(id, id)

    def point(self, id: str) -> Name:
        """A room's or window's name."""
        return self.points.get(id) or Name(id, id)

    def doctor(self, id: str) -> Name:
        """A doctor's name."""
        return self.doctors.get(id) or Name(id, id)

    def area(self, id: str) -> Name:
        """An area's name."""
        return self.zones.get(id) or Name(id, id)

    def priority(self, id: str) -> Name:
        """A priority class's name."""
        return self.classes.get(id) or Name(id, id)

    def group_rows(self) -> Iterator[Row]:
        """For `report_groups`."""
        for id, name in self.groups.items():
            yield (id, name.zh, name.en, self.kinds.get(id, ""), self.areas.get(id, ""))

    def point_rows(self) -> Iterator[Row]:
        """For `report_points`."""
        for id, name in self.points.items():
            yield (id, name.zh, name.en, self.lines.get(id, ""))


NOWHERE: Final = Places()
"""When nothing is known."""


def places_of(text: str) -> Places | None:
    """The names in the text of a site file; None when it is no TOML."""
    try:
        site: Toml = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    groups, points = _tables(site, "groups"), _tables(site, "points")
    staff = {
        str(point["doctor"]): _name(point["staff"], str(point["doctor"]))
        for point in points.values()
        if "doctor" in point and "staff" in point
    }
    return Places(
        {id: _name(group.get("name"), id) for id, group in groups.items()},
        {id: _name(point.get("name"), id) for id, point in points.items()},
        {**staff, **_names(site, "doctors")},
        _names(site, "classes"),
        {id: str(group.get("kind", "")) for id, group in groups.items()},
        {id: str(group.get("area", "")) for id, group in groups.items()},
        {id: str(point.get("group", "")) for id, point in points.items()},
        str(_table(site.get("site")).get("timezone", "UTC")),
        _names(site, "areas"),
        _name(_table(site.get("site")).get("name"), ""),
    )


def _names(site: Toml, key: str) -> dict[str, Name]:
    return {id: _name(each.get("name"), id) for id, each in _tables(site, key).items()}


def _tables(site: Toml, key: str) -> dict[str, Toml]:
    return {str(id): _table(each) for id, each in _table(site.get(key)).items()}


def _table(value: object) -> Toml:
    return value if isinstance(value, dict) else {}


def _name(value: object, id: str) -> Name:
    if isinstance(value, dict):
        return Name(str(value.get("zh", id)), str(value.get("en", id)))
    return Name(str(value), str(value)) if isinstance(value, str) else Name(id, id)
