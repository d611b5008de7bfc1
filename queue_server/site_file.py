"""One TOML file → a site, and the registrations known beforehand.

Every error names the file, the line, what is wrong and what to write instead.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from protocol import Name as WireName
from queue_server.appointments import Appointment, Placed, read_appointments, registrations
from queue_server.core import commands as c
from queue_server.core.rules import Rules
from queue_server.core.site import Area, Group, Point, Site
from queue_server.core.vocabulary import Name, StepKind
from queue_server.errors import SiteFileError
from queue_server.file_problems import Problems, sentence_of
from queue_server.toml_lines import Key, TomlLines

Words = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
DoctorId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site file as read."""

    site: Site
    appointments: tuple[Placed, ...]

    def registrations(self, today: date) -> Iterator[c.Register]:
        """Commands that enter everything from `today` on; those without a day are for today."""
        return registrations(self.site, self.appointments, today)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Name(_Table):
    zh: Words
    en: Words

    def name(self) -> Name:
        return Name(self.zh, self.en)


class _Site(_Table):
    id: WireName
    name: _Name
    timezone: str
    appointments_file: str | None = None


class _Area(_Table):
    name: _Name
    place: _Name


class _Group(_Table):
    name: _Name
    kind: StepKind
    area: str
    prefix: Prefix
    early_minutes: Minutes | None = None


class _Point(_Table):
    name: _Name
    group: str
    staff: _Name | None = None
    doctor: DoctorId | None = None


class _File(_Table):
    site: _Site
    areas: dict[WireName, _Area]
    groups: dict[WireName, _Group]
    points: dict[WireName, _Point]
    campuses: dict[WireName, _Name] = {}
    appointments: tuple[Appointment, ...] = ()


def read_site_file(path: Path) -> SitePlan:
    """Read a site file and the list of appointments it names.

    Raises:
        SiteFileError: it can't be used; one line a problem.
    """
    raw = _bytes(path)
    text, content = _toml(path, raw)
    problems, lines = Problems(), TomlLines(text)
    try:
        file = _File.model_validate(content)
    except ValidationError as error:
        for detail in error.errors():
            problems.add(str(path), lines.line_of(_key(detail["loc"])), sentence_of(detail))
        problems.raise_if_any()
        raise AssertionError("a validation error has details") from error
    checker = _Checker(file, str(path), lines, problems)
    checker.check_tables()
    problems.raise_if_any()
    placed = checker.placed(path.parent)
    checker.check_appointments(placed)
    problems.raise_if_any()
    return SitePlan(_site(file, hashlib.sha256(raw).hexdigest()[:12]), tuple(placed))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SiteFileError(
            f"The site file {path} can't be read: {error.strerror}. Name one with --site; a sample is in daozhen/sites."
        ) from error


def _toml(path: Path, raw: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = raw.decode()
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SiteFileError(f"{path}, line {line}: it is not UTF-8. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SiteFileError(f"{path}: it is not TOML: {error}.") from error


def _key(loc: Iterable[int | str]) -> Key:
    # pydantic marks a wrong key of a table as `[key]`
    return tuple(part for part in loc if part != "[key]")


def _site(file: _File, version: str) -> Site:
    return Site(
        id=file.site.id,
        name=file.site.name.name(),
        timezone=ZoneInfo(file.site.timezone),
        areas={
            id: Area(id, area.name.name(), area.place.name()) for id, area in file.areas.items()
        },
        groups={id: _group(id, group) for id, group in file.groups.items()},
        points={id: _point(id, point) for id, point in file.points.items()},
        campuses={id: campus.name() for id, campus in file.campuses.items()},
        version=version,
    )


def _group(id: str, group: _Group) -> Group:
    early = group.early_minutes
    return Group(
        id=id,
        name=group.name.name(),
        kind=group.kind,
        area=group.area,
        prefix=group.prefix,
        rules=Rules(early=None if early is None else timedelta(minutes=early)),
    )


def _point(id: str, point: _Point) -> Point:
    staff = point.staff.name() if point.staff else None
    return Point(id, point.name.name(), point.group, staff, point.doctor)


class _Checker:
    """What no single table can know: that the things they name are there."""

    def __init__(self, file: _File, path: str, lines: TomlLines, problems: Problems) -> None:
        self._file = file
        self._path = path
        self._lines = lines
        self._problems = problems

    def _wrong(self, key: Key, sentence: str) -> None:
        self._problems.add(self._path, self._lines.line_of(key), sentence)

    def check_tables(self) -> None:
        """Zone, areas, groups, prefixes, points."""
        self._check_zone()
        self._check_groups()
        for id, point in self._file.points.items():
            if point.group not in self._file.groups:
                self._unknown(("points", id, "group"), point.group, self._file.groups)

    def _check_zone(self) -> None:
        try:
            ZoneInfo(self._file.site.timezone)
        except (ValueError, OSError, KeyError):  # a folder's name is an OSError
            zone = self._file.site.timezone
            self._wrong(
                ("site", "timezone"),
                f"site.timezone {zone!r} is not known; write it as in Asia/Shanghai",
            )

    def _check_groups(self) -> None:
        owners: dict[str, str] = {}
        served = {point.group for point in self._file.points.values()}
        for id, group in self._file.groups.items():
            if group.area not in self._file.areas:
                self._unknown(("groups", id, "area"), group.area, self._file.areas)
            owner = owners.setdefault(group.prefix, id)
            if owner != id:
                self._wrong(
                    ("groups", id, "prefix"),
                    f"groups.{id}.prefix {group.prefix!r} is taken by {owner}; give each group its own",
                )
            if id not in served:
                self._wrong(
                    ("groups", id), f"groups.{id} has no point; add a room or window for it"
                )

    def _unknown(self, key: Key, given: str, known: Iterable[str]) -> None:
        name = ".".join(map(str, key))
        self._wrong(key, f"{name} is {given!r}, which is not there; use one of {', '.join(known)}")

    def placed(self, folder: Path) -> list[Placed]:
        """All appointments: of the file itself, and of the list it names."""
        placed = [
            Placed(appointment, self._path, self._lines.line_of(("appointments", number)))
            for number, appointment in enumerate(self._file.appointments)
        ]
        named = self._file.site.appointments_file
        return placed + read_appointments(folder / named, self._problems) if named else placed

    def check_appointments(self, placed: Iterable[Placed]) -> None:
        """That each names what is there, and a visit of its own."""
        seen: dict[str, Placed] = {}
        doctors = {(point.group, point.doctor) for point in self._file.points.values()}
        for each in placed:
            for sentence in self._wrong_with(each.appointment, doctors):
                self._problems.add(each.file, each.line, sentence)
            first = seen.setdefault(each.appointment.visit, each)
            if first is not each:
                self._problems.add(
                    each.file,
                    each.line,
                    f"visit {each.appointment.visit} stands on line {first.line} already",
                )

    def _wrong_with(
        self, appointment: Appointment, doctors: set[tuple[str, str | None]]
    ) -> Iterator[str]:
        who, group = f"visit {appointment.visit}", appointment.group
        if group not in self._file.groups:
            yield f"{who} is for the group {group!r}, which is not there"
        elif appointment.doctor and (group, appointment.doctor) not in doctors:
            yield f"{who} names the doctor {appointment.doctor!r}, who sits at no point of {group}"
        if appointment.campus and appointment.campus not in self._file.campuses:
            yield f"{who} is for the campus {appointment.campus!r}, which is not there"
