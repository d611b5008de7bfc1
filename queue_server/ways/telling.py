"""A way as it travels: in both languages, with nothing of the map but the names of its floors."""

from collections.abc import Mapping

from nav_maps import Labels, Level, NoWay, Route, said
from nav_maps.words import Way as ToldWay
from protocol import Text, Way, WayLevel, WayStep


def text(labels: Labels) -> Text:
    """Labels in the two languages that everybody gets."""
    return Text(zh=said(labels, "zh"), en=said(labels, "en"))


def travelling(
    route: Route, told: ToldWay, levels: Mapping[str, Level], token: str, url: str
) -> Way:
    """A way for a screen, a voice, and a ticket."""
    steps = tuple(
        WayStep(icon=each.icon, level=each.level, text=text(each.reading), said=text(each.speech))
        for each in told.instructions
    )
    if told.wait and steps:
        steps = (
            *steps,
            WayStep(icon="wait", level=route.end.level, text=text(told.wait), said=text(told.wait)),
        )
    return Way(
        place=text(route.end.names),
        summary=text(told.summary),
        seconds=route.seconds,
        metres=route.metres,
        steps=steps,
        levels=tuple(WayLevel(id=id, name=level_name(levels, id)) for id in route.levels),
        notes=tuple(text(note) for note in told.notes),
        ticket=Text(zh="\n".join(told.ticket_lines("zh")), en="\n".join(told.ticket_lines("en"))),
        token=token,
        url=url,
    )


def level_name(levels: Mapping[str, Level], id: str) -> Text:
    """What stands on a floor's sign (`3F`); its id where the map says nothing."""
    level = levels.get(id)
    names = (level.short or level.names) if level else {}
    return Text(zh=said(names, "zh") or id, en=said(names, "en") or id)


def no_way(found: NoWay, names: Labels) -> Way:
    """That there is none, and why, as a way of no steps."""
    nothing = Text(zh="", en="")
    return Way(
        place=text(names), summary=text(found.reason), seconds=0, metres=0, steps=(), ticket=nothing
    )
