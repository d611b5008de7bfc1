"""The map that a kiosk keeps: places, ways and pictures from it while the server does not answer.

It is the server's, fetched while there was one, with what was closed then; opening hours go by the kiosk's clock.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from kiosk_app.views import Finding, Floor, Place
from nav_maps import (
    IndoorMap,
    NotAMap,
    NoWay,
    Places,
    Profile,
    Route,
    Router,
    Spot,
    build_graph,
    floor_name,
    read_map,
    said,
)
from nav_maps.draw import level_svg, ticket_png
from nav_maps.words import Guide as Words
from nav_maps.words import plain, tell
from protocol import Text, Way

_log = structlog.get_logger()
MAP: Final = "map.zip"
CLOSED: Final = "map-closed.json"
NEAREST: Final = "nearest:"


@dataclass(frozen=True)
class _Open:
    """A map that was read, ready to find ways on."""

    map: IndoorMap
    places: Places
    router: Router
    words: Words


class OwnMap:
    """The kept map of one kiosk. Every call may block and belongs on a worker thread; safe for several threads."""

    def __init__(self, folder: Path, agent: str, local_now: Callable[[], datetime]) -> None:
        """`folder`: where the map is kept; `agent`: the kiosk's name on it."""
        self._folder, self._agent, self._local_now = folder, agent, local_now
        self._opened: _Open | None = None
        self._lock = threading.Lock()

    @property
    def there(self) -> bool:
        """Whether there is a map to show ways on."""
        return self._opened is not None

    @property
    def digest(self) -> str:
        """Of the kept map, as the server counts it; empty without one."""
        try:
            return sha256((self._folder / MAP).read_bytes()).hexdigest()[:16]
        except OSError:
            return ""

    def open(self) -> None:
        """Read the kept map; without one, or with a broken one, there is none."""
        file = self._folder / MAP
        try:
            indoor_map, _ = read_map(file)
            router = Router(build_graph(indoor_map), now=self._local_now())
        except (NotAMap, OSError):
            return
        except Exception:  # a kiosk goes on whatever is wrong with a map
            _log.exception("own_map_not_read")
            return
        with self._lock:
            self._opened = _Open(indoor_map, Places(indoor_map), router, Words(indoor_map))
        self._go_by(self._closed())
        _log.info("own_map_read", units=len(indoor_map.units))

    def keep(self, data: bytes) -> None:
        """Take a newer map."""
        self._write(MAP, data)
        self.open()

    def keep_closed(self, closed: list[Mapping[str, object]]) -> None:
        """Take note of what is closed: `id`, and `until` (RFC 3339, or None)."""
        known = {str(each["id"]): each.get("until") for each in closed if "id" in each}
        if known != self._closed():
            self._write(CLOSED, json.dumps(known).encode())
        self._go_by(known)

    def look_at_the_clock(self) -> None:
        """Open what was closed till now; go by opening hours."""
        self._go_by(self._closed())

    def _closed(self) -> Mapping[str, object]:
        try:
            found = json.loads((self._folder / CLOSED).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _go_by(self, closed: Mapping[str, object]) -> None:
        """From now on exactly what is closed now can't be used, besides what is closed by the hour."""
        opened = self._opened
        if opened is None:
            return
        now = self._local_now()
        wanted = {id for id, until in closed.items() if not _over(until, now)}
        opened.router.close_only(wanted)
        opened.router.tell_time(now)

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._folder / f"{name}.new"
        half.write_bytes(data)
        half.replace(self._folder / name)

    # ---- questions ---------------------------------------------------------------------------------

    def finding(self) -> Finding | None:
        """What can be looked for."""
        opened = self._opened
        if opened is None:
            return None
        kinds = tuple(
            Place(NEAREST + each.id, Text(zh=each.zh, en=each.en)) for each in opened.places.kinds()
        )
        floors: dict[str, list[Place]] = {}
        for room in opened.places.rooms():
            place = Place(room.id, _text(room.names), room.number)
            floors.setdefault(room.level, []).append(place)
        return Finding(
            kinds,
            tuple(
                Floor(_text(floor_name(opened.map, level)), tuple(rooms))
                for level, rooms in floors.items()
            ),
        )

    def way(self, place: str, profile: Profile) -> Way | None:
        """The way from this kiosk; None when the map does not know it, or the place. Without a way it says why."""
        opened = self._opened
        found = self._found(opened, place, profile) if opened else None
        if opened is None or found is None:
            return None
        end, route = found
        if isinstance(route, NoWay):
            nothing = Text(zh="", en="")
            return Way(
                place=_text(end.names), summary=_text(route.reason), seconds=0, metres=0, steps=(),
                ticket=nothing,
            )  # fmt: skip
        told = plain(opened.map, route, tell(opened.words, route))
        return Way.model_validate({**told, "end": end.feature})

    def picture(
        self, place: str, profile: Profile, level: str, lang: str, large: bool
    ) -> bytes | None:
        """A floor of a way as SVG."""
        opened = self._opened
        found = self._found(opened, place, profile) if opened else None
        if opened is None or found is None or not isinstance(found[1], Route):
            return None
        if level not in found[1].levels:
            return None
        return level_svg(opened.map, level, route=found[1], language=lang, large=large).encode()

    def ticket(self, place: str, profile: Profile, lang: str) -> bytes:
        """A way's picture for paper; empty when there is none."""
        opened = self._opened
        found = self._found(opened, place, profile) if opened else None
        if opened is None or found is None or not isinstance(found[1], Route):
            return b""
        return ticket_png(opened.map, found[1], lang)

    def _found(
        self, opened: _Open, place: str, profile: Profile
    ) -> tuple[Spot, Route | NoWay] | None:
        start = opened.places.start(self._agent)
        if start is None:
            return None
        if place.startswith(NEAREST):
            ends = opened.places.of_kind(place.removeprefix(NEAREST))
        else:
            one = opened.places.on_map(place)
            ends = [one] if one else []
        ways = [(end, opened.router.between(start, end, profile)) for end in ends]
        return min(
            ways,
            key=lambda pair: pair[1].seconds if isinstance(pair[1], Route) else float("inf"),
            default=None,
        )


def _over(until: object, now: datetime) -> bool:
    """Whether a closure's time has run out; what can't be read has not."""
    try:
        return isinstance(until, str) and datetime.fromisoformat(until) <= now
    except (ValueError, TypeError):
        return False


def _text(labels: Mapping[str, str]) -> Text:
    return Text(zh=said(labels, "zh"), en=said(labels, "en"))
