"""The screen at work: fed by the agent's thread, kept to the clock, watched by pages."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from edge_agent import BoardShown, CardLists, Connection, ScreenEvent
from edge_agent.readers import Grey
from kiosk_app.guide import Guide
from kiosk_app.own_map import OwnMap
from kiosk_app.screen import Screen
from kiosk_app.server import Server
from kiosk_app.settings import KioskSettings
from kiosk_app.views import Finding, Guiding, Provisional, Standing
from protocol import BoardView, Print, Speak, Stand, Text

_log = structlog.get_logger()
BEAT_S: Final = 1.0
"""A page hears something at least so often; one that doesn't says that it reconnects."""
REFRESH_S: Final = 60.0
"""So often the map and what is closed are asked for again."""
HELP_AGAIN_S: Final = 20.0
"""Pressing the button again does not make help come faster."""


class Agent(Protocol):
    """As much of a running agent as the screen needs."""

    @property
    def online(self) -> bool: ...  # noqa: D102  # as RunningAgent says
    @property
    def lists(self) -> CardLists: ...  # noqa: D102
    @property
    def board(self) -> BoardView | None: ...  # noqa: D102
    @property
    def prints(self) -> bool: ...  # noqa: D102
    def subscribe(self, listener: Callable[[ScreenEvent], None]) -> Callable[[], None]: ...  # noqa: D102
    def read_picture(self, data: bytes) -> bool: ...  # noqa: D102
    def latest_frame(self) -> Grey | None: ...  # noqa: D102
    def press_help(self) -> None: ...  # noqa: D102
    def choose_child(self, scan: UUID, visit: str) -> None: ...  # noqa: D102
    def answer_offer(self, scan: UUID, visit: str, accepted: bool) -> None: ...  # noqa: D102
    def print_ticket(self, command: Print) -> "Future[bool]": ...  # noqa: D102
    def print_provisional(self, ticket: str) -> "Future[bool]": ...  # noqa: D102
    def say(self, command: Speak) -> bool: ...  # noqa: D102
    def hush(self) -> None: ...  # noqa: D102


class Kiosk:
    """The screen, and who looks at it. Belongs to the event loop's thread."""

    def __init__(self, agent: Agent, settings: KioskSettings) -> None:
        self.agent = agent
        self.settings = settings
        self.screen = Screen(settings.shown_s)
        self.guide = _guide(settings)
        self.reading = asyncio.Lock()
        """Held while a picture is read: one at a time."""
        self._changed = asyncio.Event()
        self._closing = False
        self._helped_s = -HELP_AGAIN_S
        self._printed: Standing | Provisional | None = None

    async def run(self) -> None:
        """Listen to the agent and keep the time, until cancelled."""
        loop = asyncio.get_running_loop()
        keeping = asyncio.create_task(self._keep_the_map(), name="map")
        unsubscribe = self.agent.subscribe(
            lambda event: _tell(loop, lambda: self._take(event))  # on the agent's thread
        )
        try:
            self._take(Connection(self.agent.online))
            self._take(self.agent.lists)
            if self.agent.board:
                self._take(BoardShown(self.agent.board))
            while True:
                self.change(lambda: self.screen.can_print(self.agent.prints))
                await asyncio.sleep(0.25)
                self.change(lambda: self.screen.tick(time.monotonic()))
        finally:
            keeping.cancel()
            unsubscribe()
            self.close()

    async def _keep_the_map(self) -> None:
        """Have the map at hand for when the server is away."""
        await asyncio.to_thread(self.guide.open)
        while True:
            self._note_map()
            try:
                await asyncio.to_thread(self.guide.refresh)
            except Exception:  # the next time, perhaps
                _log.exception("map_not_kept")
            self._note_map()
            await asyncio.sleep(REFRESH_S)

    def _note_map(self) -> None:
        self.change(lambda: self.screen.can_guide(self.guide.there))

    def close(self) -> None:
        """Let all pages go."""
        self._closing = True
        self._wake()

    def change(self, change: Callable[[], None]) -> None:
        """Change the screen, and tell those who look."""
        before = self.screen.revision
        change()
        if self.screen.revision != before:
            self._wake()

    async def changes(self) -> AsyncIterator[bool]:
        """Yield True at once and after each change, False for each beat without one."""
        seen = -1
        while not self._closing:
            if self.screen.revision == seen and not await self._moved():
                yield False
                continue
            seen = self.screen.revision
            yield True

    def left_s(self) -> int:
        """Seconds until the screen goes back to the start; 0 when it won't."""
        until_s = self.screen.until_s
        return max(0, round(until_s - time.monotonic())) if until_s is not None else 0

    def touch(self) -> None:
        """Somebody is still reading."""
        self.change(lambda: self.screen.touch(time.monotonic()))

    def call_a_person(self) -> bool:
        """Send for a member of staff; False when nobody can be told just now."""
        now_s = time.monotonic()
        if now_s - self._helped_s >= HELP_AGAIN_S:
            self._helped_s = now_s
            self.agent.press_help()
        self.touch()
        return self.screen.online

    def choose(self, visit: str) -> None:
        """The family said which child; what is not asked about changes nothing."""
        scans: list[UUID | None] = []
        self.change(lambda: scans.append(self.screen.chosen(visit, time.monotonic())))
        if scans[0]:
            self.agent.choose_child(scans[0], visit)

    def answer_offer(self, visit: str, accepted: bool) -> None:
        """The family takes the tests that are offered, or does not; only what is offered can be answered."""
        scans: list[UUID | None] = []
        self.change(lambda: scans.append(self.screen.answered_offer(visit)))
        if scans[0]:
            self.agent.answer_offer(scans[0], visit, accepted)
            self.touch()

    async def print_tickets(self) -> bool:
        """Print what is shown, once however often it is asked for; False when the family does not hold it.

        The picture of the way is fetched for it, but not waited for long.
        """
        shown = self.screen.view
        view = shown.back if isinstance(shown, Guiding) else shown
        if not isinstance(view, Standing | Provisional):
            return False
        if self._printed is view:
            return True
        self.touch()
        self._printed = view
        slips: list[Future[bool]] = (
            [self.agent.print_provisional(view.ticket)]
            if isinstance(view, Provisional)
            else [self.agent.print_ticket(await self._print(stand)) for stand in view.stands]
        )
        done = all(await asyncio.gather(*map(asyncio.wrap_future, slips)))
        if not done and self._printed is view:
            self._printed = None
        return done

    async def _print(self, stand: Stand) -> Print:
        shown = self.screen.view
        step_free = isinstance(shown, Guiding) and shown.step_free
        way = shown.way if isinstance(shown, Guiding) and step_free else stand.way
        if way is None or not self.guide.there:
            return Print(stand=stand)
        picture = await asyncio.to_thread(self.guide.ticket, way, step_free, "zh")
        return Print(stand=stand.model_copy(update={"way": way}), picture=picture)

    # ---- the way ----------------------------------------------------------------------------------

    def show_way(self, visit: str) -> None:
        """A family that stands here wants to see its way."""
        self.change(lambda: self.screen.show_way(visit, time.monotonic()))

    async def find(self) -> None:
        """Somebody looks for a place."""
        places = await asyncio.to_thread(self.guide.places)
        self.change(lambda: self.screen.find(places, time.monotonic()))

    async def go(self, place: str) -> None:
        """To this place, please; one that is not on the list is not asked for."""
        view = self.screen.view
        if not isinstance(view, Finding) or place not in _ids(view):
            return
        way = await asyncio.to_thread(self.guide.way, place, view.step_free)
        self.change(lambda: self.screen.guide(way, time.monotonic()))

    async def step_free(self) -> bool:
        """Without a step, please, or with steps again; False when there is no such way."""
        view = self.screen.view
        if isinstance(view, Finding):
            self.change(lambda: self.screen.step_free(time.monotonic()))
        if not isinstance(view, Guiding) or not view.way.end:
            return True
        self.hush()
        way = await asyncio.to_thread(self.guide.way, view.way.end, not view.step_free)
        found: list[bool] = []
        self.change(lambda: found.append(self.screen.other_way(view, way, time.monotonic())))
        return found[0]

    def back(self) -> None:
        """Back to what was shown before the way."""
        self.hush()
        self.change(lambda: self.screen.back(time.monotonic()))

    async def picture(self, level: str, lang: str, large: bool) -> bytes | None:
        """A floor of the way that is shown."""
        view = self.screen.view
        if not isinstance(view, Guiding) or level not in {each.id for each in view.way.levels}:
            return None
        return await asyncio.to_thread(
            self.guide.picture, view.way, view.step_free, level, lang, large
        )

    def speak(self, lang: str) -> bool:
        """Say the way that is shown; False when there is no voice."""
        view = self.screen.view
        if not isinstance(view, Guiding):
            return False
        self.touch()
        self.agent.hush()
        said = [_in(step.said, lang) for step in view.way.steps]
        return all(self.agent.say(Speak(text=each)) for each in said)

    def hush(self) -> None:
        """Nobody listens any more."""
        self.agent.hush()

    def wipe(self) -> None:
        """The family has gone."""
        self.hush()
        self.change(self.screen.wipe)

    def _take(self, event: ScreenEvent) -> None:
        self.change(lambda: self.screen.take(event, time.monotonic()))

    async def _moved(self) -> bool:
        try:
            async with asyncio.timeout(BEAT_S):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _guide(settings: KioskSettings) -> Guide:
    zone = ZoneInfo(settings.timezone)
    own = OwnMap(settings.data, settings.agent, lambda: datetime.now(zone))
    return Guide(Server(settings.server, settings.agent), own)


def _ids(finding: Finding) -> set[str]:
    return {
        each.id for each in (*finding.kinds, *(p for floor in finding.floors for p in floor.places))
    }


def _in(text: Text, lang: str) -> Text:
    """In one language only."""
    return Text(zh=text.zh, en="") if lang == "zh" else Text(zh="", en=text.en)


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)
