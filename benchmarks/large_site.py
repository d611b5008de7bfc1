"""A large hospital for the benchmarks: 25 clinics with four rooms each, a laboratory and a pharmacy."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from queue_server.core import commands as c
from queue_server.core.site import Area, Group, Point, Site
from queue_server.core.vocabulary import Name, StepKind

CLINICS: Final = 25
ROOMS: Final = 4
ZONE: Final = ZoneInfo("Asia/Shanghai")
_HEAD: Final = """\
[site]
id = "bench"
name = { zh = "大医院", en = "Large hospital" }
timezone = "Asia/Shanghai"
"""


def large_site() -> Site:
    """The site as the rules see it."""
    areas = {id: Area(id, _name(id), _name(id)) for id in _areas()}
    groups = {group.id: group for group in _groups()}
    points = {
        f"{id}-{n}": Point(f"{id}-{n}", _name(f"{id}-{n}"), id)
        for id in groups
        for n in range(1, (ROOMS if id.startswith("clinic") else 10) + 1)
    }
    return Site("bench", _name("bench"), ZONE, areas, groups, points, {}, "1")


def large_site_file() -> str:
    """The same as a site file."""
    site = large_site()
    return "\n".join(
        [
            _HEAD,
            *(_area_table(area) for area in site.areas.values()),
            *(_group_table(group) for group in site.groups.values()),
            *(_point_table(point) for point in site.points.values()),
        ]
    )


def _area_table(area: Area) -> str:
    return f"[areas.{area.id}]\nname = {_words(area.name)}\nplace = {_words(area.place)}"


def _group_table(group: Group) -> str:
    return (
        f'[groups.{group.id}]\nname = {_words(group.name)}\nkind = "{group.kind}"\n'
        f'area = "{group.area}"\nprefix = "{group.prefix}"'
    )


def _point_table(point: Point) -> str:
    return f'[points.{point.id}]\nname = {_words(point.name)}\ngroup = "{point.group}"'


def registration(number: int, day: date) -> c.Register:
    """The `number`-th registration of a day, spread over the clinics."""
    patient = f"p{number:06}"
    return c.Register(
        visit=f"v{day:%m%d}-{number:06}",
        patient=patient,
        name=f"张小{number}",
        group=f"clinic{number % CLINICS:02}",
        day=day,
        card=card_id(number).hex(),
    )


def card_id(number: int) -> bytes:
    """The card of a patient."""
    return number.to_bytes(10, "big")


def eight(day: date) -> datetime:
    """Eight in the morning."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)


def _areas() -> list[str]:
    return [f"floor{n}" for n in range(1, 6)] + ["lab", "pharmacy"]


def _groups() -> list[Group]:
    clinics = [
        Group(
            f"clinic{n:02}",
            _name(f"clinic{n:02}"),
            StepKind.CLINIC,
            f"floor{n // 5 + 1}",
            _prefix(n),
        )
        for n in range(CLINICS)
    ]
    lab = Group("lab", _name("lab"), StepKind.LAB, "lab", "L")
    pharmacy = Group("pharmacy", _name("pharmacy"), StepKind.PHARMACY, "pharmacy", "P")
    return [*clinics, lab, pharmacy]


def _prefix(n: int) -> str:
    return f"A{chr(ord('A') + n)}"


def _name(word: str) -> Name:
    return Name(f"诊区{word}", word)


def _words(name: Name) -> str:
    return f'{{ zh = "{name.zh}", en = "{name.en}" }}'
