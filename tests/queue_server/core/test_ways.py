"""Closing lifts and corridors: who did it and why is kept; the queue goes on as it was."""

from datetime import timedelta

from queue_server.core import commands as c
from tests.queue_server.core.makers import Day


def test_a_lift_is_closed_with_its_reason_and_opened_again() -> None:
    day = Day()
    day.do(c.CloseWay("lift-2", "检修", "maintenance", "guard"))
    closed = day.hospital.ways_closed["lift-2"]
    assert (closed.zh, closed.en, closed.by) == ("检修", "maintenance", "guard")
    day.do(c.OpenWay("lift-2", "guard"))
    assert not day.hospital.ways_closed


def test_closing_and_opening_twice_is_once() -> None:
    day = Day()
    for _ in range(2):
        day.do(c.CloseWay("lift-2", "", "", "guard"))
    assert len([event for event in day.events if type(event).__name__ == "WayClosed"]) == 1
    for _ in range(2):
        day.do(c.OpenWay("lift-2", "guard"))
    assert len([event for event in day.events if type(event).__name__ == "WayOpened"]) == 1


def test_what_is_closed_for_a_time_opens_by_itself() -> None:
    day = Day()
    day.do(c.CloseWay("door-9", "", "", "guard", timedelta(minutes=30)))
    day.now += timedelta(minutes=29)
    day.do(c.Tick())
    assert "door-9" in day.hospital.ways_closed
    day.now += timedelta(minutes=2)
    day.do(c.Tick())
    assert not day.hospital.ways_closed


def test_a_closure_outlives_the_night() -> None:
    day = Day()
    day.do(c.CloseWay("lift-2", "", "", "guard"))
    day.now += timedelta(days=1)
    day.do(c.OpenDay())
    assert "lift-2" in day.hospital.ways_closed


def test_a_reason_is_short() -> None:
    answer = Day().do(c.CloseWay("lift-2", "因" * 61, "", "guard"))
    assert isinstance(answer, c.Refused)
    assert answer.reason is c.Reason.BAD_TEXT
