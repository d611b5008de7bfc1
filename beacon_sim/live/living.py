"""A day amid people: whoever sits at a console or holds a card up may join in, and the families and robots get along with it.

The behaviour of the families is that of `beacon_sim.day`; here is only what is needed because others act as well. Every
act names whom it is about, so one that comes too late is refused by the server and hurts nobody.
"""

import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

import numpy as np

from beacon_sim.day.draw import Drawn
from beacon_sim.day.model import Levers
from beacon_sim.day.places import Places
from beacon_sim.day.run import TICK, Day
from beacon_sim.day.walks import Walks
from beacon_sim.live.cameras import Cameras
from beacon_sim.live.programs import Programs
from queue_server.core import Hospital, Step, StepKind, StepState
from queue_server.core import commands as c
from queue_server.core import events as e

PATIENCE_S: Final = 60.0
"""Of ours: a robot takes over a room in which a person has done nothing for so long."""
LOOKS_AFTER_S: Final = 5.0
"""Of ours: who held a card up and stands in no line by then holds it up again."""
TRIES: Final = 3
AUTOMATIC: Final = "auto"
"""By whom the rules themselves call."""
EARLY_AGAIN: Final = 10.0
"""Minutes after which a family that came too early tries again."""
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = (
    *("子涵", "梓萱", "浩然", "雨桐", "一诺", "沐阳", "嘉禾", "思远", "星辰", "可欣"),
    *("安宁", "乐童", "知夏", "予安", "清和", "明轩", "书瑶", "若溪", "景行", "小满"),
)


@dataclass(slots=True)
class LivingTally:
    """What became of the families, of all days."""

    came: int = 0
    shown: int = 0
    """Held a card up to a camera."""
    checked_in: int = 0
    """Of those, by the camera."""
    not_checked_in: list[str] = field(default_factory=list)
    """Held it up three times in vain, and were checked in otherwise."""
    check_in_s: list[float] = field(default_factory=list)
    """From the first frame until the family stood in its line, in our seconds."""
    check_ins: Counter[str] = field(default_factory=Counter)
    """By visit."""
    called: int = 0
    served: int = 0
    missed: int = 0
    by_people: int = 0
    """Acts at rooms and windows that were not ours."""


@dataclass(slots=True)
class _AtCamera:
    camera: str
    card: str
    tries: int = 0


class LivingDay(Day):
    """One day of a hospital in which people may join in.

    Args:
        drawn: the families.
        levers: what the hospital does.
        programs: by which they act.
        places: the hospital.
        midnight: at which the day begins, aware.
        prefix: of the ids of its visits.
        tally: is kept up.
        speed: of the clock; how long things of ours take in the hospital's time.
        cameras: where some families hold up their cards.
        state: of the hospital, when it has been open before.
        walks: how long the families walk; as drawn when left out.
    """

    def __init__(
        self,
        drawn: Drawn,
        levers: Levers,
        programs: Programs,
        places: Places,
        midnight: datetime,
        prefix: str,
        tally: LivingTally,
        speed: float,
        cameras: Cameras,
        state: Hospital | None = None,
        walks: Walks | None = None,
    ) -> None:
        super().__init__(
            drawn,
            levers,
            programs,
            keep_events=False,
            places=places,
            midnight=midnight,
            walks=walks,
        )
        if state:
            self.h = state
        self.tally = tally
        self.at_camera: dict[int, _AtCamera] = {}
        """Families that hold a card up, by index."""
        self.use_cameras = True
        self._programs = programs
        self._cameras = cameras
        self._speed = speed
        self._prefix = prefix
        self._own_names = frozenset(programs.names)
        self._absent = [int(index) for index in np.flatnonzero(~drawn.shows_up)]
        self._touched_s: dict[str, float] = {}
        """When a person last did something at a point, by our steady clock."""

    # ---- who they are -----------------------------------------------------------------------------

    def visit(self, index: int) -> str:
        """Id of a family's visit."""
        return f"{self._prefix}{index:03}"

    def index(self, visit: str) -> int:
        """The family of a visit; a visitor is lent the figures of one that stays away."""
        if self.is_own(visit):
            return int(visit.removeprefix(self._prefix))
        return self._absent[zlib.crc32(visit.encode()) % len(self._absent)]

    def is_own(self, visit: str) -> bool:
        """Whether a visit is one of this day's families."""
        return visit.startswith(self._prefix)

    def person(self, letter: str, index: int) -> str:
        """Id of a child or of who comes along; new every day."""
        return f"{letter}-{self.visit(index)}"

    def name(self, index: int) -> str:
        """Of a child; made up."""
        number = zlib.crc32(self.visit(index).encode())
        return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // 97 % len(_GIVEN)]

    def reasons(self, index: int) -> tuple[str, ...]:
        """None that this hospital has a rule for."""
        del index
        return ()

    # ---- check-in ---------------------------------------------------------------------------------

    def _check_in(self, index: int) -> None:
        self.tally.came += 1
        kiosk = self.drawn.slot[index] >= 0 and not self.drawn.phone[index]
        camera = self._cameras.free() if kiosk and self.use_cameras else None
        if camera:
            self.tally.shown += 1
            _, card = self._programs.card_of(self.visit(index))
            self.at_camera[index] = _AtCamera(camera, card)
            self._hold_up(index)
        else:
            self._scan(index)

    def _scan(self, index: int) -> None:
        self.do(c.CheckInAtDesk(self.visit(index), "kiosk"))
        if self._waits_to_be_in(index):  # too early
            self.after(EARLY_AGAIN, partial(self._scan_again, index))

    def _scan_again(self, index: int) -> None:
        if self._waits_to_be_in(index):
            self._scan(index)

    def _waits_to_be_in(self, index: int) -> bool:
        visit = self.h.visits.get(self.visit(index))
        return visit is not None and visit.checked_in_at is None and not visit.cancelled

    def _hold_up(self, index: int) -> None:
        holding = self.at_camera[index]
        holding.tries += 1
        hand = zlib.crc32(holding.card.encode()) + holding.tries
        self._cameras.hold_up(holding.camera, holding.card, hand)
        self.after(LOOKS_AFTER_S * self._speed / 60, partial(self._look_again, index))

    def _look_again(self, index: int) -> None:
        holding = self.at_camera.get(index)
        if holding is None:
            return
        if self._cameras.shows(holding.camera):  # a slow machine: it is not over yet
            self.after(LOOKS_AFTER_S * self._speed / 60, partial(self._look_again, index))
            return
        if holding.tries < TRIES:
            self._hold_up(index)
            return
        del self.at_camera[index]
        self.tally.not_checked_in.append(self.visit(index))
        self._scan(index)

    def _is_checked_in(self, visit: str) -> None:
        self.tally.check_ins[visit] += 1
        if not self.is_own(visit):
            return
        index = self.index(visit)
        holding = self.at_camera.pop(index, None)
        if holding:
            self.tally.checked_in += 1
            self.tally.check_in_s.append(self._cameras.seen_for_s(holding.card))
        self._is_in(index)

    # ---- rooms with people in them ----------------------------------------------------------------

    def _call(self, point: str) -> Step | None:
        there = self.h.current(point)
        if there is not None:
            return self._left_behind(point, there)
        if not self.h.is_open(point):
            return None
        step = super()._call(point)
        return step if self._programs.accepted else None

    def _left_behind(self, point: str, there: Step) -> Step | None:
        """A person has called this family; a robot goes on with it only when the person has gone."""
        touched_s = self._touched_s.setdefault(point, time.monotonic())
        return there if time.monotonic() - touched_s > PATIENCE_S else None

    def _ticks(self) -> Iterable[object]:  # type: ignore[override]  # what SimPy yields is untyped
        while True:
            yield self.env.timeout(TICK)
            self.do(c.Tick())
            for point in self.h.site.points:
                if self.h.current(point) is not None:
                    self._wake_point(point)

    def _wake_point(self, point: str) -> None:
        for group in self.h.site.points[point].groups:
            woken = self.idle[group].get(point)
            if woken is not None and not woken.triggered:
                woken.succeed()

    # ---- what others did --------------------------------------------------------------------------

    def _heed(self, event: e.Event) -> None:
        super()._heed(event)
        match event:
            case e.CheckedIn(visit=visit):
                self._is_checked_in(visit)
            case e.Called():
                self.tally.called += 1
            case e.Finished():
                self.tally.served += 1
            case e.Missed():
                self.tally.missed += 1
            case _:
                pass
        point, by = getattr(event, "point", None), getattr(event, "by", None)
        if point in self.h.site.points and by not in (None, AUTOMATIC, *self._own_names):
            self._a_person_did(event, point)

    def _a_person_did(self, event: e.Event, point: str) -> None:
        self.tally.by_people += 1
        self._touched_s[point] = time.monotonic()
        match event:
            case e.Finished(visit=visit, step=step):
                self._goes_on(visit, self.h.steps[step])
            case e.Missed(visit=visit, step=step):
                back = self.comes_back.get(self.index(visit)) if self.is_own(visit) else None
                self.env.process(self._signs_in(self.h.steps[step], back))
            case _:
                pass
        if self.h.current(point) is None:
            self._wake_point(point)

    def _goes_on(self, visit: str, step: Step) -> None:
        """A person has finished here: what was ordered is paid, what was collected is reported, as ever."""
        index = self.index(visit)
        match step.plan.kind:
            case StepKind.CLINIC:
                tests = any(
                    each.plan.kind in (StepKind.LAB, StepKind.EXAM)
                    for each in self.h.visits[visit].steps.values()
                )
                self._orders_given(visit, index, self._walk_to_pay(index, tests))
            case StepKind.LAB | StepKind.EXAM:
                order = step.plan.order or ""
                turn = self._turn_around(step, index)
                self.after(turn, lambda: self.do(c.ReportResult(order, "lis")))
            case _:
                pass
        self._maybe_leaves(visit, index)

    # ---- how it stands ----------------------------------------------------------------------------

    def is_over(self) -> bool:
        """Whether nobody waits or is served any more."""
        here = (StepState.WAITING, StepState.CALLED, StepState.SERVING, StepState.HELD)
        return not any(step.state in here for step in self.h.steps.values())


def midnight_of(moment: datetime) -> datetime:
    """The midnight before a moment, in its own zone."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def numbers_given_twice(hospital: Hospital, visits: Iterable[str]) -> Sequence[str]:
    """Tickets that two of these visits have."""
    tickets = Counter(hospital.visits[visit].ticket for visit in visits if visit in hospital.visits)
    return sorted(ticket for ticket, times in tickets.items() if ticket and times > 1)
