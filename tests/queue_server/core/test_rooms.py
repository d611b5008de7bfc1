"""Rooms: pool and doctor, sessions, two doctors, interns, doors, automatic calls, families in two places."""

from dataclasses import replace
from datetime import time

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import Order
from queue_server.core.site import Point, Session
from queue_server.core.vocabulary import StepState as S
from queue_server.core.vocabulary import Why
from tests.queue_server.core.makers import Day, clock, minutes, name, small_site
from tests.queue_server.core.rule_table import shows


@shows(
    "Rooms, doctors and doors",
    "the same doctor for a return; after a while any doctor of the group, where the rules allow it",
)
def test_a_return_waits_for_its_own_doctor_for_a_while() -> None:
    day = Day(small_site(own_doctor_for=minutes(15)), clock(8))
    day.arrive("1")
    day.serve("a2", tests=("lab",))
    day.serve("l1")
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    day.now += minutes(15)
    assert day.call("a1") == "A001"


@shows(
    "Rooms, doctors and doors",
    "who sits where, when: a session's families are called only while it lasts",
)
def test_sessions_say_who_sits_where() -> None:
    site = small_site()
    sessions = (
        Session("wang", "a1", time(8), time(10)),
        Session("chen", "a1", time(10), time(12)),
    )
    day = Day(replace(site, sessions=sessions), clock(9))
    day.arrive("1", doctor="chen")
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    day.now = clock(10)
    assert day.call("a1") == "A001"


@shows("Rooms, doctors and doors", "a session of one day goes before those by weekday")
def test_a_dated_session_goes_before_the_weekly_one() -> None:
    site = small_site()
    weekly = Session("wang", "a1", time(8), time(12))
    today = Session("chen", "a1", time(8), time(12), day=clock(9).date())
    day = Day(replace(site, sessions=(weekly, today)), clock(9))
    point = day.hospital.site.points["a1"]
    assert day.hospital.doctors_at(point, day.now) == ("chen",)


@shows("Rooms, doctors and doors", "an intern shares a doctor's line")
def test_an_intern_shares_a_doctors_line() -> None:
    site = small_site()
    intern = Point("a3", name("3 诊室"), "resp", shares=("wang",))
    day = Day(replace(site, points={**site.points, "a3": intern}))
    day.arrive("1", doctor="wang"), day.arrive("2", doctor="wang"), day.arrive("3", doctor="chen")
    assert [day.call("a3"), day.call("a1"), day.call("a2")] == ["A001", "A002", "A003"]


@shows("Rooms, doctors and doors", "two doctors in a room; somebody stands in; as planned again")
def test_two_doctors_in_a_room() -> None:
    day = Day()
    day.arrive("1", doctor="chen"), day.arrive("2", doctor="wang")
    day.do(c.SeatDoctors("a1", ("wang", "chen"), "nurse"))
    assert [day.serve("a1"), day.serve("a1")] == ["A001", "A002"]
    day.do(c.SeatDoctors("a1", None, "nurse"))
    day.arrive("3", doctor="chen")
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    wrong = day.do(c.SeatDoctors("a1", ("nobody",), "nurse"))
    assert isinstance(wrong, c.Refused)
    assert wrong.reason is c.Reason.UNKNOWN_DOCTOR


@shows("Rooms, doctors and doors", "children of one guardian are never called to two rooms at once")
def test_siblings_are_never_called_to_two_rooms() -> None:
    day = Day(small_site(order=Order.CHECK_IN))
    for child in "12":
        day.arrive(child, guardian="mum")
    day.arrive("3")
    assert [day.call("a1"), day.call("a2")] == ["A001", "A003"]
    passed = [ev for ev in day.events if isinstance(ev, e.Called)][-1].choice.passed_by
    day.do(c.Start("a1", "wang")), day.do(c.Finish("a1", "wang"))
    assert day.call("a1") == "A002"
    assert [each.ticket for each in passed] in ([], ["A002"])


@shows(
    "Rooms, doctors and doors",
    "one child with two tests side by side is called to one of them at a time",
)
def test_a_child_is_never_called_to_two_windows() -> None:
    day = Day()
    day.arrive("1")
    day.serve("a1", tests=("lab", "xray"))
    assert day.call("l1") == "A001"
    assert day.call("x1") == c.Reason.NOBODY_WAITING
    day.do(c.Start("l1", "lab")), day.do(c.Finish("l1", "lab"))
    assert day.call("x1") == "A001"


@shows(
    "Rooms, doctors and doors", "two-stage waiting: so many at each door, the emptiest door first"
)
def test_two_stage_waiting() -> None:
    day = Day(small_site(two_stage=2, order=Order.CHECK_IN))
    for child in "123456":
        day.arrive(child)
        day.now += minutes(1)
    doors = {
        id: [day.hospital.steps[s].visit for s in p.door] for id, p in day.hospital.points.items()
    }
    assert doors == {"a1": ["v-1", "v-3"], "a2": ["v-2", "v-4"]}
    assert day.call("a2") == "A002"
    assert [day.hospital.steps[s].visit for s in day.hospital.points["a2"].door] == ["v-4", "v-5"]
    last = [ev for ev in day.events if isinstance(ev, e.Called)][-1]
    assert last.choice.why is Why.DOOR


@shows(
    "Rooms, doctors and doors",
    "a room that closes sends its door back to the hall, to the old places",
)
def test_a_closing_room_sends_its_door_back() -> None:
    day = Day(small_site(two_stage=1, order=Order.CHECK_IN))
    for child in "123":
        day.arrive(child)
        day.now += minutes(1)
    day.do(c.PausePoint("a1", "wang", "抢救"))
    assert day.states("v-1") == [S.WAITING]
    assert day.serve("a2") == "A002"
    assert day.serve("a2") == "A001"


@shows("Rooms, doctors and doors", "an emergency in the hall goes before those at the door")
def test_an_emergency_goes_before_the_door() -> None:
    day = Day(small_site(two_stage=1))
    day.arrive("1"), day.arrive("2")
    day.arrive("urgent", priority="level-1")
    assert day.call("a1") == day.ticket("v-urgent")


@shows(
    "Rooms, doctors and doors",
    "a flexible window calls for another line when nobody of its own waits",
)
def test_a_flexible_window_helps_another_line() -> None:
    site = small_site()
    flexible = replace(site.points["x1"], helps=("lab",))
    day = Day(replace(site, points={**site.points, "x1": flexible}))
    day.arrive("1", group="lab"), day.arrive("2", group="xray")
    assert day.serve("x1") == day.ticket("v-2")
    assert day.serve("x1") == day.ticket("v-1")
    assert day.call("x1") == c.Reason.NOBODY_WAITING
    assert day.call("p1") == c.Reason.NOBODY_WAITING


@shows("Rooms, doctors and doors", "automatic calls: a free room calls the next by itself")
def test_automatic_calls() -> None:
    day = Day(small_site(auto_call=True))
    day.do(c.PausePoint("a2", "chen"))
    day.arrive("1"), day.arrive("2")
    assert day.hospital.current("a1") is day.hospital.visits["v-1"].first_step()
    day.do(c.Start("a1", "wang")), day.do(c.Finish("a1", "wang"))
    assert day.hospital.current("a1") is day.hospital.visits["v-2"].first_step()
    day.do(c.OpenPoint("a2", "chen"))
    day.arrive("3")
    assert day.hospital.current("a2") is day.hospital.visits["v-3"].first_step()


@shows("Rooms, doctors and doors", "a paused room calls nobody, and says why")
def test_a_paused_room_says_why() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.PausePoint("a1", "wang", "专家会诊"))
    assert day.call("a1") == c.Reason.POINT_PAUSED
    assert day.hospital.points["a1"].reason == "专家会诊"
