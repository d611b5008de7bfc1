"""The site file of the sample hospital, written from its map and the lines of `sample_lines`: map and site can't drift apart.

python -m daozhen.sample_site           write daozhen/sites/hospital.toml anew
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from daozhen.sample_lines import CLASSES, HELPS, LINES, POINTS_OF, Line, sittings
from nav_maps import IndoorMap, Landmark, Place, Unit
from nav_maps.sample import sample_map

FILE: Final = Path(__file__).parent / "sites" / "hospital.toml"
_HEAD: Final = """\
# The sample hospital of five floors and twenty-five departments, whose map is that of nav-maps sample: every area and point
# below is a place on it. Written by python -m daozhen.sample_site, which knows the map; change it there.
# Everything and everybody in it is invented. All keys: docs/site-file.md.

[site]
id = "chenxing"
"""
_RULES: Final = """\
timezone = "Asia/Shanghai"

[rules]
own_doctor_minutes = 15
"""
_PREVISIT: Final = (
    ("cough-and-fever", ("resp",), ("blood", "crp"), ("fever", "cough", "发热", "咳嗽")),
    ("stomach", ("gi",), ("blood", "stool"), ("diarrhoea", "vomiting", "腹泻", "呕吐")),
    ("kidney", ("neph",), ("urine",), ("kidney", "oedema", "肾病", "浮肿")),
    ("rash", ("allergy",), ("blood", "allergen"), ("allergy", "rash", "过敏", "皮疹")),
    (
        "joints",
        ("rheum",),
        ("blood", "crp", "urine"),
        ("joint pain", "follow-up", "关节痛", "复查"),
    ),
    ("blood-count", ("hema",), ("blood",), ("pale", "follow-up", "面色苍白", "复查")),
)
_FLOORS: Final = {
    -1: ("负一层", "Basement"), 0: ("一层", "Ground floor"), 1: ("二层", "Second floor"), 2: ("三层", "Third floor"),
    3: ("四层", "Fourth floor"),
}  # fmt: skip


def site_text(indoor_map: IndoorMap | None = None) -> str:
    """The text of the site file.

    Args:
        indoor_map: of the sample hospital; drawn when left out.
    """
    return "\n".join(_lines(indoor_map or sample_map())) + "\n"


def _lines(of: IndoorMap) -> Iterator[str]:
    yield f"{_HEAD}name = {_name(of.names['zh'], of.names['en'])}\n{_RULES}"
    places = of.navigation.places
    yield "# ---- areas: what one board shows, and where families wait; in words that the map's floors and murals give"
    for place in places:
        if place.kind == "area":
            unit = of.units[place.unit]
            yield f"\n[areas.{place.id}]"
            yield f"name = {_name(unit.names['zh'], unit.names['en'])}"
            yield f"place = {_name(*whereabouts(of, unit))}"
    yield "\n# ---- lines"
    for line in LINES:
        yield from _group(line)
    yield "\n# ---- rooms and windows"
    for place in places:
        if place.kind == "point":
            yield from _point(of, place)
    yield "\n# ---- doctors, and who sits where, when; emergency and fever clinic: whoever is on duty"
    yield from _doctors()
    yield "\n# ---- tests before the consult: the first rule that fits is taken"
    for id, groups, tests, reasons in _PREVISIT:
        yield f'\n[[previsit]]\nid = "{id}"\ngroups = {_texts(groups)}'
        yield f"tests = {_texts(tests)}\nreasons = {_texts(reasons)}"


def _group(line: Line) -> Iterator[str]:
    yield f"\n[groups.{line.key}]"
    yield f"name = {_name(line.zh, line.en)}"
    yield f'kind = "{line.kind}"\narea = "{line.area}"\nprefix = "{line.prefix}"'
    if line.serves:
        yield f"serves = {_texts(line.serves)}"
    if line.rules:
        yield f"\n[groups.{line.key}.rules]"
        yield from line.rules


def line_of(point: str) -> Line:
    """The line of a point: that of its id without the number, or as `POINTS_OF` says."""
    stem = point.rpartition("-")[0]
    key = POINTS_OF.get(point) or POINTS_OF.get(stem)
    lines = {line.key: line for line in LINES}
    for candidate in (key, point, stem):
        if candidate in lines:
            return lines[candidate]
    raise KeyError(f"no line of the sample hospital has the point {point!r}")


def _point(of: IndoorMap, place: Place) -> Iterator[str]:
    line, number = line_of(place.id), place.id.rpartition("-")[2]
    unit = of.units[place.unit]
    zh, en = line.window
    yield f"\n[points.{place.id}]"
    if zh and place.point is not None:
        yield f"name = {_name(zh.format(number), en.format(number))}"
    else:
        yield f"name = {_name(unit.names['zh'], unit.names['en'])}"
    yield f'group = "{line.key}"'
    if place.id in CLASSES:
        yield f"classes = {_texts(CLASSES[place.id])}"
    if place.id in HELPS:
        yield f"helps = {_texts(HELPS[place.id])}"


def _doctors() -> Iterator[str]:
    for each in sittings():
        yield f"\n[doctors.{each.doctor}]"
        yield f"name = {_name(each.zh, each.en)}"
    for each in sittings():
        for days, hours in each.times:
            yield f'\n[[sessions]]\ndoctor = "{each.doctor}"\npoint = "{each.room}"'
            yield f'days = [{days}]\ntime = "{hours}"'


# ---- where it is, in words ------------------------------------------------------------------------


def whereabouts(of: IndoorMap, unit: Unit) -> tuple[str, str]:
    """Floor, side of the hall, and the landmark of the corridor before it, in Chinese and English."""
    marks = [each for each in of.navigation.landmarks if each.level == unit.level]
    hall = next(each for each in marks if each.category == "sculpture")
    mural = min(_murals(marks), key=lambda each: each.point.distance(unit.area))
    zh, en = _FLOORS[of.levels[unit.level].ordinal]
    west = unit.area.centroid.x < hall.point.x
    side_zh, side_en = ("西侧", "west") if west else ("东侧", "east")
    landmark_zh, landmark_en = mural.names["zh"], mural.names["en"]
    return f"{zh}{side_zh}，{landmark_zh}旁", f"{en}, {side_en} side, by {landmark_en}"


def _murals(marks: Iterable[Landmark]) -> list[Landmark]:
    return [each for each in marks if each.category == "mural"]


def _name(zh: str, en: str) -> str:
    return f"{{ zh = {_text(zh)}, en = {_text(en)} }}"


def _texts(each: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, each))}]"


def _text(text: str) -> str:
    """A JSON string is a TOML string."""
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    FILE.write_text(site_text(), encoding="utf-8")
