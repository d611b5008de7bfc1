"""Simulated days to learn a forecast from: rooms open with their session and are paused after it, as staff do it.

In a plain run every room is open all day, for nobody asks it for anything before its session, and opening and pausing cost time.
A forecast that is shown to families needs to know which rooms are at work.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np

from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.model import DayModel, Levers
from beacon_sim.day.run import run_day
from beacon_sim.day.site import doctor_id, room_id
from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core import site as s
from queue_server.learned import Examples, examples

LEFT_AFTER = timedelta(minutes=11)
"""A room that has not asked for anybody for so long after its session is paused."""


class OpeningRooms:
    """Carries out the commands of a simulated day, and opens and pauses its rooms."""

    def __init__(self, drawn: Drawn) -> None:
        self.site: s.Site | None = None
        self._sessions = _sessions(drawn)
        self._ends = {each.point: each.end for each in self._sessions}
        self._asked: dict[str, datetime] = {}

    def __call__(self, h: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
        """What happened, openings included."""
        happened: list[e.Event] = []

        def do(what: c.Command) -> None:
            happened.extend(carry_out(h, what, now, undoable=False).events)

        match command:
            case c.OpenDay():
                h.site = self.site = replace(h.site, sessions=self._sessions)
                do(command)
                for session in self._sessions:
                    do(c.PausePoint(session.point, "staff"))
            case c.CallNext(point=point) if point in self._ends:
                self._asked[point] = now
                if not h.is_open(point):
                    do(c.OpenPoint(point, "staff"))
                    do(c.SeatDoctors(point, (h.site.points[point].doctor or "",), "staff"))
                do(command)
            case c.Tick():
                do(command)
                for point in self._over(h, now):
                    do(c.PausePoint(point, "staff"))
            case _:
                do(command)
        return happened

    def _over(self, h: Hospital, now: datetime) -> list[str]:
        local = h.site.local(now).time()
        return [
            point
            for point, asked in self._asked.items()
            if local > self._ends[point]
            and h.is_open(point)
            and h.current(point) is None
            and now - asked > LEFT_AFTER
        ]


def _sessions(drawn: Drawn) -> tuple[s.Session, ...]:
    halves = drawn.model.sessions
    return tuple(
        s.Session(
            doctor_id(index),
            room_id(index),
            _clock(halves[int(half)].start),
            _clock(halves[int(half)].end),
        )
        for index, half in enumerate(drawn.rooms.session)
    )


def _clock(minutes: float) -> time:
    return time(int(minutes) // 60, int(minutes) % 60)


def simulated(load: float, seed: int, levers: Levers, model: DayModel | None = None) -> Examples:
    """The examples of one simulated day; its ordinal is the seed."""
    drawn = draw(replace(model or DayModel(), load=load), seed)
    opening = OpeningRooms(drawn)
    run = run_day(drawn, levers, do=opening, keep_events=True)
    found = examples(run.hospital.site, run.events)
    return replace(found, days=np.full(len(found), seed, np.int64))


class _Stop(Exception):
    pass


def busy_moment(load: float, seed: int, levers: Levers, at: time = time(10, 30)) -> Hospital:
    """The state in the middle of a simulated morning."""
    drawn = draw(replace(DayModel(), load=load), seed)
    opening = OpeningRooms(drawn)
    found: list[Hospital] = []

    def do(h: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
        if h.site.local(now).time() >= at:
            found.append(h)
            raise _Stop
        return opening(h, command, now)

    with suppress(_Stop):
        run_day(drawn, levers, do=do)
    return found[0]
