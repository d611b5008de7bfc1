"""The ports of this package, carried out by `nav_maps`: ways on its graph, pictures by its drawing."""

from dataclasses import replace
from datetime import datetime

from nav_maps import IndoorMap, NoWay, Profile, Route, Spot
from nav_maps.draw import level_svg, ticket_png
from nav_maps.graph import build_graph
from nav_maps.routing import Router


class MapPlanner:
    """Finds ways with a router, and what would be the way if nothing were closed by hand with another."""

    def __init__(self, indoor_map: IndoorMap, local_time: datetime) -> None:
        """Make the map's graph: about a tenth of a second a floor."""
        graph = build_graph(indoor_map)
        self._places = graph.terminals.keys()
        self._router, self._usual = Router(graph, now=local_time), Router(graph, now=local_time)
        self._closed: frozenset[str] = frozenset()

    def route(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The way of least time with what is closed now."""
        return self._ask(self._router, start, end, profile)

    def usual(self, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        """The same with nothing closed by hand."""
        return self._ask(self._usual, start, end, profile)

    def close(self, features: frozenset[str]) -> None:
        """From now on exactly these features can't be used, besides those that are closed by the hour."""
        gone, new = self._closed - features, features - self._closed
        self._closed = features
        if gone:
            self._router.reopen(*gone)
        if new:
            self._router.close(*new)

    def tell_time(self, local_time: datetime) -> bool:
        """Go by this time; whether anything has opened or closed by it."""
        before = self._router.epoch
        self._usual.tell_time(local_time)
        return self._router.tell_time(local_time) != before

    def _ask(self, router: Router, start: Spot, end: Spot, profile: Profile) -> Route | NoWay:
        found = router.route(self._place(start), self._place(end), profile)
        if isinstance(found, NoWay):
            return found
        return replace(
            found,
            start=replace(found.start, names=start.names),
            end=replace(found.end, names=end.names),
        )

    def _place(self, spot: Spot) -> str:
        """The graph's name for a spot: places of the site file stand there under their bare ids."""
        bare = spot.feature.rpartition(":")[2]
        return next((id for id in (spot.feature, bare) if id in self._places), spot.unit)


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

    def ticket(self, route: Route, language: str) -> bytes:
        """The way for an 80 mm ticket."""
        return ticket_png(self._map, route, language)
