"""The ports of this package, carried out by `nav_maps`: ways on its graph, pictures by its drawing."""

from datetime import datetime

from nav_maps import IndoorMap, NoWay, Profile, Route, Spot
from nav_maps.draw import level_svg, ticket_png
from nav_maps.graph import build_graph
from nav_maps.routing import Router
from protocol.card import qr


class MapPlanner:
    """Finds ways with a router, and what would be the way if nothing were closed by hand with another."""

    def __init__(self, indoor_map: IndoorMap, local_time: datetime) -> None:
        """Make the map's graph: about a tenth of a second a floor."""
        graph = build_graph(indoor_map)
        self._router, self._usual = Router(graph, now=local_time), Router(graph, now=local_time)

    def route(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The way of least time with what is closed now."""
        return self._router.between(start, end, profile)

    def usual(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The same with nothing closed by hand."""
        return self._usual.between(start, end, profile)

    def close(self, features: frozenset[str]) -> None:
        """From now on exactly these features can't be used, besides those that are closed by the hour."""
        self._router.close_only(features)

    def tell_time(self, local_time: datetime) -> bool:
        """Go by this time; whether anything has opened or closed by it."""
        before = self._router.epoch
        self._usual.tell_time(local_time)
        return self._router.tell_time(local_time) != before


class MapPainter:
    """Draws ways on a map."""

    def __init__(self, indoor_map: IndoorMap) -> None:
        """Take the map."""
        self._map = indoor_map

    def level(self, level: str, route: Route, language: str, large: bool, width_px: float) -> str:
        """A floor and what of the route is on it, as SVG for a screen on which it will be so wide."""
        return level_svg(
            self._map, level, route=route, language=language, large=large, width_px=width_px
        )

    def ticket(self, route: Route, language: str, url: str) -> bytes:
        """The way for an 80 mm ticket, and the code that takes it along."""
        return ticket_png(self._map, route, language, qr.matrix(url) if url else None)
