"""Who finds ways and who draws them: ports, so that this package can be tested without either."""

from datetime import datetime
from typing import Protocol

from nav_maps import NoWay, Profile, Route, Spot


class Planner(Protocol):
    """Finds ways. Asked from several threads."""

    def route(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The way of least time with what is closed now."""
        ...

    def usual(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The same when nothing is closed."""
        ...

    def close(self, features: frozenset[str]) -> None:
        """From now on exactly these features of the map can't be used."""
        ...

    def tell_time(self, local_time: datetime) -> bool:
        """Go by this time, for opening hours; whether anything has opened or closed by it."""
        ...


class Painter(Protocol):
    """Draws ways. Asked from several threads."""

    def level(self, level: str, route: Route, language: str, large: bool, width_px: float) -> str:
        """A floor and what of the route is on it, as SVG for a screen on which it will be so wide."""
        ...

    def ticket(self, route: Route, language: str, url: str) -> bytes:
        """The way for an 80 mm ticket: PNG, 576 dots wide, black and white; `url` as a code below it, when there is one."""
        ...
