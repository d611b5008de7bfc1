"""The days of the demo's hospital, one after the other: the families of the day simulator, in the small hospital's site.

From the doors' opening until half past eight time is made short, so that a visitor finds a hospital at work; then the clock
runs at the speed that was asked for. When the last family has gone the next morning follows.
"""

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from beacon_sim.day import (
    ALL_LEVERS,
    DayModel,
    Drawn,
    Levers,
    Places,
    WalkTable,
    doctors_in,
    draw,
    map_walks,
    places_in,
)
from beacon_sim.live import (
    AWAY,
    Cameras,
    LivingDay,
    LivingTally,
    Pacer,
    Programs,
    SharedClock,
)
from daozhen.demo_hospitals import DemoChoice
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import site as s

LEVERS: Final[Levers] = replace(ALL_LEVERS, previsit=False)
"""What the families do; the order of calling stands in the site file."""
DOORS_OPEN: Final = 430.0
AT_WORK: Final = 510.0
"""Half past eight."""
LAST: Final = 1_140.0
"""Seven in the evening; the day is over earlier when everybody has gone."""
CLINICS_CLOSE: Final = 1_050.0
CATCHES_UP: Final = 1_500.0
"""So many times as fast as real does the time pass until half past eight."""
ENDS_WITHIN_S: Final = 12.0
"""Of ours: whoever holds a card up at the end is waited for."""


def drawn_for(places: Places, model: DayModel, seed: int) -> Drawn:
    """A day's families for the doctors of a hospital."""
    doctors = doctors_in(places, model)
    return draw(replace(model, departments=len(doctors)), seed, doctors)


@dataclass(slots=True)
class DemoDays:
    """Plays days until it is stopped; `run` belongs to a thread of its own.

    Attributes:
        site: the hospital.
        choice: what else is known about it.
        programs: by which the families act.
        clock: of the hospital.
        cameras: of the kiosks.
        speed: of the clock while visitors watch.
        seed: of the first day; each further day has the next.
        first_midnight: at which the first day begins, aware.
        quick_until: the minute of a day until which time is made short.
        tally: what became of the families.
        problem: why it ended before it was stopped.
        at_work: is set when that minute has come for the first time.
        today: ids of the visits of the day.
        state: of the hospital, as it has been heard of.
        walks: of its map; without one families walk as drawn.
    """

    site: s.Site
    choice: DemoChoice
    programs: Programs
    clock: SharedClock
    cameras: Cameras
    speed: float
    seed: int
    first_midnight: datetime
    quick_until: float = AT_WORK
    tally: LivingTally = field(default_factory=LivingTally)
    problem: str = ""
    at_work: threading.Event = field(default_factory=threading.Event)
    today: tuple[str, ...] = ()
    state: Hospital | None = None
    walks: WalkTable | None = None

    def run(self, stop: threading.Event) -> None:
        """Day after day, until `stop` is set."""
        try:
            self._days(stop)
        except AWAY as error:
            self.problem = f"The queue server can't be reached any more: {error!r}."
        except Exception as error:
            self.problem = f"The families stumbled: {error!r}."
            raise
        finally:
            self.at_work.set()

    def _days(self, stop: threading.Event) -> None:
        number = 0
        while not stop.is_set():
            self._day(number, stop)
            number += 1

    def _day(self, number: int, stop: threading.Event) -> None:
        midnight = self.first_midnight + timedelta(days=number)
        model = self.choice.model
        places = places_in(self.site, model, midnight.date(), most_rooms=self.choice.rooms_of)
        drawn = drawn_for(places, model, self.seed + number)
        walks = map_walks(drawn, places, self.walks) if self.walks else None
        prefix = f"D{midnight:%d}-"
        self.clock.stand(midnight + timedelta(minutes=DOORS_OPEN))
        day = LivingDay(
            drawn, LEVERS, self.programs, places, midnight, prefix, self.tally, self.speed, self.cameras, self.state, walks
        )  # fmt: skip
        self.state = day.h
        self.today = tuple(day.visit(index) for index in range(drawn.count))
        day.begin()
        if number == 0:
            _close_empty_rooms(day, places)
        day.use_cameras = False
        self._pacer(day, max(self.speed, CATCHES_UP)).play(self.quick_until, stop)
        day.use_cameras = True
        self.at_work.set()
        self.clock.stand(self.clock.now())
        self._pacer(day, self.speed).play(LAST, stop, partial(_has_closed, day))
        self._wait_for_cards(day)

    def _pacer(self, day: LivingDay, speed: float) -> Pacer:
        return Pacer(day, self.clock, speed, lambda: self.programs.news(day.h))

    def _wait_for_cards(self, day: LivingDay) -> None:
        """Whoever still holds a card up is checked in before the day is left."""
        until_s = time.monotonic() + ENDS_WITHIN_S
        pacer, never = self._pacer(day, self.speed), threading.Event()
        day.use_cameras = False
        while day.at_camera and time.monotonic() < until_s:
            pacer.play(pacer.minute + self.speed / 60, never)


def _close_empty_rooms(day: LivingDay, places: Places) -> None:
    """Rooms of clinics in which nobody works stand on the boards as such, until a person opens one."""
    for clinic in places.clinics:
        for room in places.site.points_of[clinic]:
            if room.id not in places.rooms and not room.classes:
                day.do(c.PausePoint(room.id, room.id))


def _has_closed(day: LivingDay) -> bool:
    return day.env.now > CLINICS_CLOSE and day.is_over()
