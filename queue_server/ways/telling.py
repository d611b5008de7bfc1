"""A way as it travels: in both languages, with nothing of the map but the names of its floors."""

from nav_maps import IndoorMap, Labels, NoWay, Route, floor_name, said
from nav_maps.words import Way as ToldWay
from nav_maps.words import plain
from protocol import Text, Way


def text(labels: Labels) -> Text:
    """Labels in the two languages that everybody gets."""
    return Text(zh=said(labels, "zh"), en=said(labels, "en"))


def travelling(indoor_map: IndoorMap, route: Route, told: ToldWay, end: str) -> Way:
    """A way for a screen, a voice, and a ticket. `end`: the place as it was asked for."""
    return Way.model_validate({**plain(indoor_map, route, told), "end": end})


def level_name(indoor_map: IndoorMap, level: str) -> Text:
    """What stands on a floor's sign (`3F`); its id where the map says nothing."""
    return text(floor_name(indoor_map, level))


def no_way(found: NoWay, names: Labels) -> Way:
    """That there is none, and why, as a way of no steps."""
    nothing = Text(zh="", en="")
    return Way(
        place=text(names), summary=text(found.reason), seconds=0, metres=0, steps=(), ticket=nothing
    )
