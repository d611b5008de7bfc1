"""A radio at work: scans, feeds the presence core, tells what is due, and recovers by the watchdog's word."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, Protocol

import structlog

from edge_agent.core.presence import Heard, Presence
from edge_agent.core.recovery import RadioHealth, Remedy, Watchdog
from edge_agent.radio.port import Radio, RadioProblem
from protocol import PhoneNear, PresenceReported, ProofProblem

_log = structlog.get_logger()
LOOK_S: Final = 0.25
BETWEEN_S: Final = 0.5
"""A pause between ending one scan and beginning the next: BlueZ wants a moment."""


class Told(Protocol):
    """What a listening radio tells the agent; called on the radio's thread."""

    def near(self, told: PhoneNear) -> None:
        """A phone has come near."""

    def reported(self, told: PresenceReported) -> None:
        """All phones in hearing."""

    def fares(self, health: RadioHealth) -> None:
        """The radio's health has changed."""


class Listening:
    """Runs one radio in a thread of its own.

    Args:
        radio: what to listen to.
        presence: what it feeds.
        told: whom it tells.
        silent_s: without any advert for so long the radio is taken to be deaf.
        record: told of every advert that carries tokens.
    """

    def __init__(
        self,
        radio: Radio,
        presence: Presence,
        told: Told,
        silent_s: float,
        record: Callable[[Heard], None] | None = None,
    ) -> None:
        self.radio = radio
        self.recoveries = 0
        self._presence = presence
        self._told = told
        self._silent_s = silent_s
        self._record = record
        self._loop: asyncio.AbstractEventLoop | None = None
        self._health: RadioHealth | None = None

    def run(self, stop: threading.Event) -> None:
        """Listen until `stop` is set."""
        asyncio.run(self.listen(stop))

    def ask(self, token: str, question: bytes) -> "Future[bytes | ProofProblem]":
        """Ask the phone that advertises `token`; from any thread."""
        if self._loop is None:
            answer: Future[bytes | ProofProblem] = Future()
            answer.set_result(ProofProblem.NO_BLUETOOTH)
            return answer
        return asyncio.run_coroutine_threadsafe(self._ask(token, question), self._loop)

    async def listen(self, stop: threading.Event) -> None:
        """The same as `run`, on the loop that is running."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_noted)
        dog = Watchdog(self.radio.name, self._silent_s, self._loop.time())
        telling = asyncio.create_task(self._tell())
        try:
            while not stop.is_set():
                remedy = await self._scan(dog, stop)
                await self._heal(dog, remedy, stop)
        finally:
            telling.cancel()
            self._loop = None

    # ---- scanning ----

    async def _scan(self, dog: Watchdog, stop: threading.Event) -> Remedy:
        now = asyncio.get_running_loop().time
        try:
            await self.radio.start(self._take)
            self._fares(dog)
            return await self._until_trouble(dog, stop)
        except RadioProblem as problem:
            _log.warning("radio_not_started", radio=self.radio.name, why=str(problem))
            return dog.troubled(problem.trouble, now())
        finally:
            await self.radio.stop()

    async def _until_trouble(self, dog: Watchdog, stop: threading.Event) -> Remedy:
        now = asyncio.get_running_loop().time
        watching = asyncio.ensure_future(self.radio.trouble())
        adverts = self.radio.adverts
        try:
            while not stop.is_set():
                await asyncio.wait({watching}, timeout=LOOK_S)
                if watching.done():
                    return dog.troubled(watching.result(), now())
                if self.radio.adverts != adverts:
                    adverts = self.radio.adverts
                    dog.heard(now())
                    self._fares(dog)
                elif remedy := dog.silent(now()):
                    return remedy
        finally:
            watching.cancel()
        return Remedy.WAIT

    async def _heal(self, dog: Watchdog, remedy: Remedy, stop: threading.Event) -> None:
        if stop.is_set():
            return
        self._fares(dog)
        if remedy is Remedy.CYCLE:
            try:
                await self.radio.cycle()
            except RadioProblem as problem:
                _log.warning("adapter_not_cycled", radio=self.radio.name, why=str(problem))
        pause_s = BETWEEN_S
        if remedy is Remedy.WAIT or dog.gave_up:
            pause_s = max(BETWEEN_S, dog.wakeup_s() - asyncio.get_running_loop().time())
        await _unless(stop, pause_s)

    def _fares(self, dog: Watchdog) -> None:
        self.recoveries = dog.recoveries
        if dog.health != self._health:
            self._health = dog.health
            self._told.fares(dog.health)

    # ---- telling ----

    def _take(self, heard: Heard) -> None:
        self._presence.hear(heard)
        if self._record is not None:
            try:
                self._record(heard)
            except OSError as error:  # a full disk must not end the hearing
                self._record = None
                _log.error("recording_ended", why=str(error), remedy="Is the disk full?")

    async def _tell(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                near, report = self._presence.due(now())
                for each in near:
                    self._told.near(each)
                if report is not None:
                    self._told.reported(report)
            except Exception:  # one odd phone must not end the hearing of all others
                _log.exception("presence_stumbled")

    async def _ask(self, token: str, question: bytes) -> bytes | ProofProblem:
        address = self._presence.address_of(token)
        if address is None:
            return ProofProblem.NOT_HEARD
        return await self.radio.ask(address, question)


def _noted(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A bus that is gone leaves answers behind that nobody waits for: a line is enough."""
    error = context.get("exception")
    if isinstance(error, OSError | EOFError):
        _log.info("answer_lost", why=str(error) or type(error).__name__)
    else:
        loop.default_exception_handler(context)


async def _unless(stop: threading.Event, seconds: float) -> None:
    for _ in range(max(1, round(seconds / LOOK_S))):
        if stop.is_set():
            return
        await asyncio.sleep(LOOK_S)
