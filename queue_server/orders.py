"""Orders (医嘱) for tests: the port to a laboratory system, a laboratory inside this process, and what keeps them in step.

What is ordered stands in the state, so nothing else has to be remembered: after a restart every open order is placed
again under the id it had, and a laboratory system takes the same id once.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

import structlog

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.state import OVER
from queue_server.core.steps import Step
from queue_server.core.vocabulary import TESTS, Need, StepState

T = TypeVar("T")
log = structlog.get_logger(__name__)

LABORATORY: Final = "lis"
"""Stands in the journal for whoever reported a result."""
TURN_AROUND: Final[Mapping[str, timedelta]] = {
    "blood": timedelta(minutes=20),
    "urine": timedelta(minutes=25),
    "stool": timedelta(minutes=30),
}
OTHER_TURN_AROUND: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class LabOrder:
    """One order, as a laboratory system needs it. No name: the patient's id is enough for both sides."""

    id: str
    patient: str
    ticket: str
    group: str
    services: tuple[str, ...]
    collected_at: datetime | None = None
    """When the specimen was taken, or the examination done; None before."""


class OrderSystem(Protocol):
    """A laboratory (and radiology) system. Every call may be repeated with the same ids."""

    async def place(self, orders: Sequence[LabOrder]) -> None:
        """Take these orders; those it knows already it takes as they are now."""
        ...

    async def cancel(self, ids: Collection[str]) -> None:
        """Forget these orders; unknown ones are no error."""
        ...

    async def results(self) -> Sequence[str]:
        """Ids of orders whose result is ready. They may be named again and again."""
        ...


class InProcessLaboratory:
    """A laboratory that needs no other system: it knows when specimens were taken, and how long each test takes."""

    def __init__(
        self,
        now: Callable[[], datetime],
        turn_around: Mapping[str, timedelta] = TURN_AROUND,
        other: timedelta = OTHER_TURN_AROUND,
        speed: float = 1.0,
    ) -> None:
        """`turn_around` by service; an order of several takes as long as its slowest, divided by `speed`."""
        self._now = now
        self._turn_around = turn_around
        self._other = other
        self._speed = speed
        self._orders: dict[str, LabOrder] = {}

    async def place(self, orders: Sequence[LabOrder]) -> None:
        """Keep them."""
        self._orders.update((order.id, order) for order in orders)

    async def cancel(self, ids: Collection[str]) -> None:
        """Forget them."""
        for id in ids:
            self._orders.pop(id, None)

    async def results(self) -> Sequence[str]:
        """Those collected long enough ago."""
        now = self._now()
        return [order.id for order in self._orders.values() if self._is_ready(order, now)]

    def _is_ready(self, order: LabOrder, now: datetime) -> bool:
        if order.collected_at is None:
            return False
        takes = max(
            (self._turn_around.get(service, self._other) for service in order.services),
            default=self._other,
        )
        return order.collected_at + takes / self._speed <= now


def open_orders(h: Hospital) -> tuple[LabOrder, ...]:
    """All orders that a laboratory system must know: paid, not given up, their result not there yet."""
    return tuple(_open(h))


def _open(h: Hospital) -> Iterator[LabOrder]:
    for id, step_id in h.orders.items():
        step = h.steps[step_id]
        if step.plan.kind in TESTS and _is_open(h, step):
            visit = h.visits[step.visit]
            yield LabOrder(
                id,
                visit.patient,
                visit.ticket or "",
                step.plan.group,
                step.plan.services or (step.plan.group,),
                step.finished_at,
            )


def _is_open(h: Hospital, step: Step) -> bool:
    if not h.rules(step.plan.group).results_reported or Need.PAID in step.lacks:
        return False
    return step.result_due if step.state is StepState.DONE else step.state not in OVER


class Asked(Protocol):
    """What orders need of the one door to the state."""

    async def ask(self, question: Callable[[Hospital], T]) -> T:
        """Read."""
        ...

    async def submit(self, command: c.Command) -> c.Answer:
        """Command."""
        ...


class OrderDesk:
    """Keeps a laboratory system in step with the state: places, cancels, and reports results as commands."""

    def __init__(self, desk: Asked, system: OrderSystem) -> None:
        """`look` must be called now and then, never twice at once."""
        self._desk = desk
        self._system = system
        self._told: dict[str, LabOrder] = {}

    async def look(self) -> int:
        """Tell what is new, hear what is ready.

        Returns:
            How many results were reported.
        """
        known = {order.id: order for order in await self._desk.ask(open_orders)}
        fresh = [order for id, order in known.items() if self._told.get(id) != order]
        gone = self._told.keys() - known.keys()
        if fresh:
            await self._system.place(fresh)
        if gone:
            await self._system.cancel(gone)
        self._told = known
        reported = 0
        for id in await self._system.results():
            answer = await self._desk.submit(c.ReportResult(id, LABORATORY))
            if isinstance(answer, c.Refused):
                log.warning("result_refused", order=id, reason=answer.reason.value)
                await self._system.cancel([id])
            else:
                reported += 1
        return reported
