"""Ways on one map: found, told, drawn, sealed into tokens; anew whenever something is closed or opened."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final

import structlog

from nav_maps import (
    Convenience,
    IndoorMap,
    Labels,
    Listed,
    NoWay,
    Places,
    Profile,
    Ride,
    Route,
    Spot,
    Walk,
)
from nav_maps.words import Guide, rerouted, tell
from protocol import Text, Way
from queue_server.ways.closures import Closed, closable, feature_names
from queue_server.ways.copying import MapCopy
from queue_server.ways.ports import Painter, Planner
from queue_server.ways.telling import level_name, no_way, travelling
from queue_server.ways.tokens import Goal, Sealer

_log = structlog.get_logger(__name__)
KEPT: Final = 4_096
"""Ways that are kept told: 9 kiosks to 300 places are 2,700."""
FAMILY: Final = Profile.CHILD
"""How a family walks when nothing is known: at a child's pace."""
STEP_FREE: Final = Profile.WHEELCHAIR
"""For prams and wheelchairs: lifts and ramps only."""
BEAT_S: Final = 2.0
NEAREST: Final = "nearest:"
"""Before a kind of convenience, in what is asked for."""


class NotFound(Exception):
    """The map knows no such place; the message names it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phone or a kiosk has: the goal it asked for, and the way there as it is now."""

    goal: Goal
    way: Way
    route: Route | None


class Ways:
    """All about ways on one map. Safe to be asked from any thread; `changes` belongs to one event loop."""

    def __init__(
        self,
        indoor_map: IndoorMap,
        planner: Planner,
        painter: Painter,
        sealer: Sealer,
        now: Callable[[], datetime],
        public_url: str = "",
        zone: tzinfo = UTC,
        copy: MapCopy | None = None,
    ) -> None:
        """Take a map. `public_url`: under which phones reach this server; `zone`: of the hospital, for opening hours;
        `copy`: of the map, for kiosks to keep."""
        self.copy = copy
        self.map = indoor_map
        self.places = Places(indoor_map)
        self.revision = 0
        """Rises with every closure that is set or lifted."""
        self._planner, self._painter, self._sealer, self._now = planner, painter, sealer, now
        self._public_url, self._zone = public_url.rstrip("/"), zone
        self._guide = Guide(indoor_map)
        self._closed: Mapping[str, Closed] = {}
        self._lock = threading.Lock()
        self._told = lru_cache(KEPT)(self._tell)
        self._closing = self._pages_gone = False
        self._moved: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # ---- asked by kiosks ---------------------------------------------------------------------------

    def from_kiosk(self, agent: str, wanted: Iterable[tuple[str, str]], wait: bool) -> Way | None:
        """The way from a kiosk to the first of (kind, id of the site file) that the map knows; None without either."""
        return self._from(self.places.start(agent), wanted, wait)

    def from_place(
        self, begun: Iterable[tuple[str, str]], wanted: Iterable[tuple[str, str]], wait: bool
    ) -> Way | None:
        """The same from the first of `begun` that the map knows, for somebody who comes from there."""
        return self._from(self.places.of_site(begun), wanted, wait)

    def _from(
        self, start: Spot | None, wanted: Iterable[tuple[str, str]], wait: bool
    ) -> Way | None:
        end = self.places.of_site(wanted)
        if start is None or end is None:
            return None
        try:
            return self._way(Goal(start.feature, end.feature, FAMILY, wait))
        except Exception:  # a family is checked in whatever is wrong with a map
            _log.exception("way_not_told", start=start.feature, end=end.feature)
            return None

    def prepare(self) -> None:
        """Tell the ways from all kiosks to all waiting areas, so that few are told while a family waits (6 ms each)."""
        revision = self.revision
        for start in self.places.kiosks():
            for end, kind in self.places.site_places():
                if kind == "point":
                    continue
                if self.revision != revision or self._closing:
                    return  # overtaken: whoever changed it begins anew
                try:
                    self._told(Goal(start, end, FAMILY, True), revision)
                except Exception:
                    _log.exception("way_not_told", start=start, end=end)

    def between(self, start: str, end: str, profile: Profile = FAMILY) -> Way:
        """A way between places of the map or the site file; `nearest:toilet` is the nearest of a kind.

        Raises:
            NotFound: there is no such place.
        """
        if end.startswith(NEAREST):
            end = self._nearest(start, end.removeprefix(NEAREST), profile)
        return self._way(Goal(start, end, profile))

    def seconds(self, start: str, end: str, profile: Profile = FAMILY) -> float | None:
        """How long one walks between two places, seconds; None when there is no way.

        Raises:
            NotFound: there is no such place.
        """
        route, _ = self._told(Goal(start, end, profile), self.revision)
        return route.seconds if route else None

    def kinds(self) -> list[Convenience]:
        """Conveniences that there are."""
        return self.places.kinds()

    def rooms(self) -> list[Listed]:
        """Rooms that can be looked for."""
        return list(self.places.rooms())

    def floor_name(self, level: str) -> Text:
        """What a floor is called."""
        return level_name(self.map, level)

    def close_down(self) -> None:
        """Prepare nothing any more: the server stops."""
        self._closing = True

    # ---- asked by phones ---------------------------------------------------------------------------

    def of_token(self, token: str) -> Asked | None:
        """The way a token is for, as it is now; None when the token is not good, or the map has changed under it."""
        goal = self._sealer.open(token, self._now())
        if goal is None:
            return None
        try:
            route, way = self._told(goal, self.revision)
        except NotFound:
            return None
        return Asked(goal, self._with_token(way, token), route)

    def on_wheels(self, asked: Asked) -> str:
        """A token for the same way without a step, or, where it is that one already, for the usual way."""
        other = FAMILY if asked.goal.profile is STEP_FREE else STEP_FREE
        return self._sealer.seal(replace(asked.goal, profile=other), self._now())

    def picture(
        self, asked: Asked, level: str, language: str, large: bool = False, width_px: float = 720.0
    ) -> str | None:
        """A floor of a way as SVG, for a screen on which it will be `width_px` wide; None when the way does not lead there."""
        if asked.route is None or level not in asked.route.levels:
            return None
        return self._painter.level(level, asked.route, language, large, width_px)

    def ticket(self, asked: Asked, language: str) -> bytes:
        """The way's picture for a ticket, PNG; empty when there is none."""
        return self._painter.ticket(asked.route, language, asked.way.url) if asked.route else b""

    # ---- what is closed ----------------------------------------------------------------------------

    @property
    def closed(self) -> Mapping[str, Closed]:
        """What is closed now."""
        return self._closed

    def closable(self) -> list[tuple[str, Text]]:
        """What can be closed: ids and names."""
        return closable(self.map)

    def name_of(self, feature: str) -> Text | None:
        """What a feature is called; None when the map has none of that id."""
        return feature_names(self.map, feature)

    def close(self, closed: Mapping[str, Closed]) -> bool:
        """Take note of all that is closed; whether that is anything new. In force when it returns."""
        with self._lock:
            if closed == self._closed:
                return False
            if closed.keys() != self._closed.keys():
                self._planner.close(frozenset(closed))
            self._closed = dict(closed)
            self.revision += 1
        _log.info("ways_closed", features=sorted(closed), revision=self.revision)
        self._tell_pages()
        return True

    def tell_time(self) -> bool:
        """Look at the clock, for opening hours; whether any way may be another one now."""
        with self._lock:
            if not self._planner.tell_time(self._now().astimezone(self._zone)):
                return False
            self.revision += 1
        self._tell_pages()
        return True

    def _tell_pages(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    async def changes(self) -> AsyncIterator[bool]:
        """Yield True at once and whenever ways may have changed, False for each beat without that."""
        self._loop = asyncio.get_running_loop()
        seen = -1
        while not self._pages_gone:
            if seen != self.revision:
                seen = self.revision
                yield True
            elif not await self._wait():
                yield False

    async def _wait(self) -> bool:
        self._moved = self._moved or asyncio.Event()
        try:
            async with asyncio.timeout(BEAT_S):
                await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def let_pages_go(self) -> None:
        """End all `changes`: the server stops. On the event loop's thread."""
        self._pages_gone = True
        self._wake()

    def _wake(self) -> None:
        if self._moved:
            self._moved.set()
            self._moved = None

    # ---- finding and telling -----------------------------------------------------------------------

    def _way(self, goal: Goal) -> Way:
        _, way = self._told(goal, self.revision)
        return self._with_token(way, self._sealer.seal(goal, self._now())) if way.steps else way

    def _with_token(self, way: Way, token: str) -> Way:
        url = f"{self._public_url}/way/{token}" if self._public_url else ""
        return way.model_copy(update={"token": token, "url": url})

    def _tell(self, goal: Goal, revision: int) -> tuple[Route | None, Way]:
        """Find and tell a way; kept by goal and revision."""
        del revision
        start, end = self._spot(goal.start), self._spot(goal.end)
        found = self._planner.route(start, end, goal.profile)
        if isinstance(found, NoWay):
            return None, no_way(found, end.names)
        notes = self._notes(start, end, goal.profile)
        told = tell(self._guide, found, wait=goal.wait, notes=notes)
        return found, travelling(self.map, found, told, goal.end)

    def _spot(self, id: str) -> Spot:
        spot = self.places.on_map(id)
        if spot is None:
            raise NotFound(f"The map has no place {id!r}.")
        return spot

    def _notes(self, start: Spot, end: Spot, profile: Profile) -> list[Labels]:
        """What is closed of the way that one would usually go."""
        if not self._closed:
            return []
        usual = self._planner.usual(start, end, profile)
        if isinstance(usual, NoWay):
            return []
        missed = [self._closed[each] for each in _features(usual) if each in self._closed]
        return [
            rerouted(self._guide, _labels(self.name_of(each.feature)), each.why) for each in missed
        ]

    def _nearest(self, start: str, kind: str, profile: Profile) -> str:
        best: tuple[float, str] | None = None
        begin = self._spot(start)
        for spot in self.places.of_kind(kind):
            found = self._planner.route(begin, spot, profile)
            if isinstance(found, Route) and (best is None or found.seconds < best[0]):
                best = (found.seconds, spot.feature)
        if best is None:
            raise NotFound(f"The map has no {kind!r} that can be reached.")
        return best[1]


def _features(route: Route) -> Iterable[str]:
    """All features that a way uses, each once."""
    found: dict[str, None] = {}
    for piece in route.pieces:
        if isinstance(piece, Walk):
            used = [*piece.units, *(each.opening for each in piece.passed if each.opening)]
        else:
            used = _of_ride(piece)
        found.update(dict.fromkeys(used))
    return found


def _of_ride(ride: Ride) -> list[str]:
    return [ride.connection, ride.from_unit, ride.to_unit]


def _labels(text: Text | None) -> Labels:
    return {"zh": text.zh, "en": text.en} if text else {}
