"""Examples to learn from: a journal's days replayed, the figures at each moment a forecast was due, and how long it was.

A forecast is due when a family joins a clinic's line: at check-in, when it says yes to tests, when its place begins to be
kept for them and when it comes back, and when it returns with results. And again while it waits, for its page shows one all
the time: so at every few calls of a line one who still waits in it is looked at, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from queue_server.core import Hospital, Step, apply
from queue_server.core import events as e
from queue_server.core.reacting import AUTOMATIC
from queue_server.core.routing import expected_wait
from queue_server.core.site import Site
from queue_server.core.vocabulary import HoldReason, StepKind
from queue_server.learned.features import NAMES, features

LOOKED_AT_EVERY: Final = 3
"""At every so many calls of a line, one who still waits in it is looked at."""
STRIDE: Final = 7_919
"""A prime, by which those are chosen: without chance, so that the same journal gives the same examples."""
MOST_MINUTES: Final = 480.0
"""Longer waits are of families that went away."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows to learn from."""

    figures: Floats
    """Shape (rows, figures), in the order of `features.NAMES`."""
    waits: Floats
    """Minutes until the call."""
    joined: Bools
    """Whether the family has just joined the line, or its place begins or ends to be kept for tests."""
    days: Ints
    """Ordinal of the day."""
    last_waited: Floats
    """How long the one waited that was called last in the line; NaN before the first call."""
    by_length: Floats
    """What the length of the line alone tells; infinite where no room is open."""

    def __len__(self) -> int:
        return len(self.waits)

    def where(self, chosen: Bools) -> "Examples":
        """Some of the rows."""
        return Examples(
            self.figures[chosen],
            self.waits[chosen],
            self.joined[chosen],
            self.days[chosen],
            self.last_waited[chosen],
            self.by_length[chosen],
        )


def together(parts: Sequence[Examples]) -> Examples:
    """All rows of several."""
    return Examples(
        np.concatenate([each.figures for each in parts]),
        np.concatenate([each.waits for each in parts]),
        np.concatenate([each.joined for each in parts]),
        np.concatenate([each.days for each in parts]),
        np.concatenate([each.last_waited for each in parts]),
        np.concatenate([each.by_length for each in parts]),
    )


def examples(site: Site, events: Iterable[e.Event]) -> Examples:
    """Replay a journal and note down.

    Args:
        site: the site file in force; a line that it no longer has is left out.
        events: all of the journal, oldest first.
    """
    reader = _Reader(Hospital(site))
    for event in events:
        reader.read(event)
    return reader.examples()


def _is_called_at_once(event: e.Event, due: Mapping[str, bool]) -> bool:
    """Called by somebody in the moment of joining: what was told before that counts, too."""
    return isinstance(event, e.Called) and event.step in due and event.by != AUTOMATIC


@dataclass(slots=True)
class _Open:
    """A forecast that was due, and waits for the call."""

    at: datetime
    figures: tuple[float, ...]
    joined: bool
    last_waited: float
    by_length: float


class _Reader:
    """Follows the events. What is due at a moment is looked at before the first event of a later one is applied."""

    def __init__(self, hospital: Hospital) -> None:
        self._h = hospital
        self._due: dict[str, bool] = {}
        """Steps to look at, and whether they have just joined."""
        self._waiting: dict[str, list[_Open]] = {}
        self._last_waited: dict[str, float] = {}
        self._rows: list[tuple[_Open, float]] = []

    def read(self, event: e.Event) -> None:
        if self._due and (event.at > self._h.moment or _is_called_at_once(event, self._due)):
            self._look()
        if isinstance(event, e.Called):
            self._called(event)
        apply(self._h, event)
        self._h.moment = max(self._h.moment, event.at)
        self._heed(event)

    def _heed(self, event: e.Event) -> None:
        match event:
            case e.DayOpened():
                self._due.clear()
                self._waiting.clear()
                self._last_waited.clear()
            case e.CheckedIn(step=step) | e.StepQueued(step=step) | e.Released(step=step):
                self._due[step] = True
            case e.Requeued(step=step) | e.Held(step=step, reason=HoldReason.AT_LAB):
                self._due[step] = True
            case e.LabAnswered(visit=visit, accepted=True):
                self._due[self._h.visits[visit].first_step().plan.step] = True
            case e.Called(step=step):
                self._one_who_waits(self._h.steps[step])
            case e.Undone(visit=visit) | e.VisitCancelled(visit=visit):
                for id in self._h.visits[visit].steps:
                    self._waiting.pop(id, None)
            case e.Transferred(step=step) | e.StepExpired(step=step):
                self._waiting.pop(step, None)
            case _:
                pass

    def _one_who_waits(self, called: Step) -> None:
        """At every few calls: one of those who wait, another one each time."""
        group, lines = called.plan.group, self._h.lines
        calls, length = lines.calls(group, None), lines.length(group)
        if called.plan.kind is not StepKind.CLINIC or calls % LOOKED_AT_EVERY or not length:
            return
        chosen = calls * STRIDE % length
        for lane in lines.lanes(group).values():
            if chosen < len(lane):
                self._due.setdefault(lane[chosen].step, False)
                return
            chosen -= len(lane)

    def _look(self) -> None:
        h = self._h
        for id, joined in self._due.items():
            step = h.steps.get(id)
            if step is None or step.plan.group not in h.site.groups:
                continue
            figures = features(h, step, h.moment)
            if figures is None:
                continue
            group = step.plan.group
            told = _Open(
                h.moment,
                figures,
                joined,
                self._last_waited.get(group, nan),
                expected_wait(h, group, h.moment),
            )
            before = self._waiting.setdefault(id, [])
            if joined and before and before[-1].joined and before[-1].at == told.at:
                before.pop()
            before.append(told)
        self._due.clear()

    def _called(self, event: e.Called) -> None:
        step = self._h.steps.get(event.step)
        if step and step.rank and step.plan.kind is StepKind.CLINIC:
            waited = (event.at - step.rank.since).total_seconds() / 60
            self._last_waited[step.plan.group] = waited
        for told in self._waiting.pop(event.step, ()):
            wait = (event.at - told.at).total_seconds() / 60
            if 0 <= wait <= MOST_MINUTES:
                self._rows.append((told, wait))

    def examples(self) -> Examples:
        """What was noted down so far."""
        rows = self._rows
        zone = self._h.site.day
        return Examples(
            np.array([told.figures for told, _ in rows], float).reshape(len(rows), len(NAMES)),
            np.array([wait for _, wait in rows], float),
            np.array([told.joined for told, _ in rows], bool),
            np.array([zone(told.at).toordinal() for told, _ in rows], np.int64),
            np.array([told.last_waited for told, _ in rows], float),
            np.array([told.by_length for told, _ in rows], float),
        )
