"""Bugs planted into the server and the kiosks, each as somebody might write it; the checks must find every one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import pytest

from beacon_sim.faults.kiosks import Kiosk
from beacon_sim.faults.server import RealServer
from edge_agent.core import vocabulary as v
from queue_server import seen, turn, writer
from queue_server.core import Hospital, check_in
from queue_server.core import events as e
from queue_server.core.numbering import Number
from queue_server.core.rules import Order
from queue_server.journal import Batch, Mark, MemoryJournal

Plant = Callable[[pytest.MonkeyPatch], None]


class LosesTheLast(MemoryJournal):
    """What was committed last is not there after a restart: `synchronous=OFF` and a power cut."""

    def __init__(self) -> None:
        super().__init__()
        self._before: tuple[int, dict[tuple[str, str], Mark]] = (0, {})

    def append(self, batch: Batch) -> int:
        self._before = (len(self.events), dict(self._marks))
        return super().append(batch)

    def replay(self) -> Iterator[e.Event]:
        kept, self._marks = self._before
        self.events = self.events[:kept]
        return super().replay()


class ForgetsWhatItHasTaken(MemoryJournal):
    """Events are durable, the numbers of the messages they came from are not."""

    def marks(self) -> Iterator[Mark]:
        return iter(())


def no_dedupe(patch: pytest.MonkeyPatch) -> None:
    """Every message counts as new."""
    patch.setattr(seen.Seen, "is_new", lambda *_: True)


def second_scan_never_counts(patch: pytest.MonkeyPatch) -> None:
    """An earlier scan that comes in later does not move anybody to the place it earned."""
    patch.setattr(check_in, "_scanned_earlier", lambda *_: ())


def place_by_arrival(patch: pytest.MonkeyPatch) -> None:
    """The moment that counts is when the message came in."""
    patch.setattr(check_in, "trusted_moment", lambda _at, _synced, now: now)


def every_clock_believed(patch: pytest.MonkeyPatch) -> None:
    """Whatever the kiosk's clock says, as long as it is not in the future."""
    patch.setattr(check_in, "trusted_moment", lambda at, _synced, now: min(at, now))


def told_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """Acknowledged first, made durable then."""
    settle = writer.Writer._settle

    def too_soon(self: writer.Writer, taking: turn.Turn) -> turn.Taken:
        self._outlet.tell(taking.telling)
        return settle(self, taking)

    patch.setattr(writer.Writer, "_settle", too_soon)


def numbers_counted_in_memory(patch: pytest.MonkeyPatch) -> None:
    """A counter of the process, which begins again with it."""
    counters: WeakKeyDictionary[Hospital, Iterator[int]] = WeakKeyDictionary()

    def next_number(h: Hospital, visit: Any, step: Any, at: Any) -> Number:
        number = next(counters.setdefault(h, count(1)))
        prefix = h.site.groups[step.plan.group].numbers.prefix
        return Number("", number, f"{prefix}{number:03}")

    patch.setattr(check_in, "next_number", next_number)


def outbox_in_memory(patch: pytest.MonkeyPatch) -> None:
    """What a kiosk has not sent dies with it."""
    start = Kiosk.start

    def empty_handed(self: Kiosk) -> None:
        self.outbox.clear()
        start(self)

    patch.setattr(Kiosk, "start", empty_handed)


def forgotten_when_published(patch: pytest.MonkeyPatch) -> None:
    """A kiosk takes "published" for "the server has it"."""
    handle = Kiosk.handle

    def too_trusting(self: Kiosk, given: v.Input) -> None:
        handle(self, given)
        if self.connected:
            self.outbox.clear()

    patch.setattr(Kiosk, "handle", too_trusting)


def restarts_with_other_rules(patch: pytest.MonkeyPatch) -> None:
    """After a restart the lines are called in another order."""
    start = RealServer._start

    def other(self: RealServer) -> None:
        if self.batches:
            groups = {
                id: replace(group, rules=replace(group.rules, order=Order.RETURNS_FIRST))
                for id, group in self._site.groups.items()
            }
            self._site = replace(self._site, groups=groups)
        start(self)

    patch.setattr(RealServer, "_start", other)
