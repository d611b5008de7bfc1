"""What is built, as SVG: units, doors, furniture, what is closed."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from nav_maps.categories import Use, use_of
from nav_maps.draw.paths import line_of, path_of
from nav_maps.draw.themes import Theme
from nav_maps.model import IndoorMap, Unit


def floor(built: IndoorMap, units: Sequence[Unit], theme: Theme) -> Iterator[str]:
    """All units, the large ones first."""
    colours = _colours_of_areas(built, theme)
    yield '<g id="units">'
    for unit in sorted(units, key=lambda each: -each.area.area):
        fill = colours.get(unit.id) or _fill(unit, theme)
        yield f'<path id="u-{escape(unit.id)}" class="u" d="{path_of(unit.area)}" fill="{fill}" fill-rule="evenodd"/>'
    yield "</g>"


def _fill(unit: Unit, theme: Theme) -> str:
    if unit.restriction == "employeesonly" or unit.category in ("nonpublic", "storage"):
        return theme.staff
    if unit.category.startswith("restroom") or unit.category == "mothersroom":
        return theme.toilet
    match use_of(unit.category):
        case Use.PASSAGE:
            return theme.outdoors if unit.category == "unenclosedarea" else theme.passage
        case Use.STAIRS | Use.ELEVATOR | Use.ESCALATOR | Use.RAMP:
            return theme.vertical
        case Use.SOLID:
            return theme.solid
        case Use.OUTSIDE:
            return theme.outdoors
        case _:
            return theme.room


def _colours_of_areas(built: IndoorMap, theme: Theme) -> Mapping[str, str]:
    """Rooms of one waiting area share a colour: those whose places begin with the area's name."""
    areas = [place.id for place in built.navigation.places if place.kind == "area"]
    colour = {id: theme.waiting[n % len(theme.waiting)] for n, id in enumerate(areas)}
    found: dict[str, str] = {}
    for place in built.navigation.places:
        area = place.id if place.kind == "area" else place.id.rpartition("-")[0]
        if area in colour:
            found[place.unit] = colour[area]
    return found


def doors(built: IndoorMap, level: str, theme: Theme) -> Iterator[str]:
    """Gaps in the walls."""
    lines = [opening.line for opening in built.openings.values() if opening.level == level]
    if lines:
        yield f'<path class="d" stroke="{theme.passage}" d="{"".join(path_of(line) for line in lines)}"/>'


def fixtures(built: IndoorMap, level: str) -> Iterator[str]:
    """Furniture."""
    found = "".join(path_of(each.area) for each in built.fixtures.values() if each.level == level)
    if found:
        yield f'<path class="x" d="{found}"/>'


def closed_features(built: IndoorMap, level: str, closed: frozenset[str]) -> Iterator[str]:
    """Crosses on what can't be used now."""
    ids = closed | {id for way in built.navigation.pathways if way.id in closed for id in way.units}
    for id in sorted(ids):
        shape = (
            built.units[id].area
            if id in built.units
            else built.openings[id].line
            if id in built.openings
            else None
        )
        on = (
            built.units[id].level
            if id in built.units
            else built.openings[id].level
            if id in built.openings
            else None
        )
        if shape is not None and on == level:
            west, south, east, north = shape.bounds
            cross = line_of([(west, south), (east, north)]) + line_of(
                [(west, north), (east, south)]
            )
            yield f'<path class="c" d="{path_of(shape)}{cross}"/>'
