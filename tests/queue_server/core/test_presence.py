"""Presence while waiting: it skips and shows, and never punishes."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.explain import explained
from queue_server.core.picking import pick
from queue_server.core.presence import is_away
from queue_server.core.rules import Order, Presence, Rules
from queue_server.core.vocabulary import Name, StepState
from tests.queue_server.core.makers import ZONE, Day, minutes, small_site
from tests.queue_server.core.rule_table import shows

HEARD = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["east", "west"]),
        st.integers(0, 400).map(lambda seconds: timedelta(seconds=seconds)),
    ),
    max_size=30,
)
"""Whose phone is heard where, and how long after the one before."""


def waiting(presence: Presence, children: str = "abcd", **rules: object) -> Day:
    """Children who wait for any doctor of the clinic in the area east, a minute apart."""
    day = Day(small_site(presence=presence, order=Order.CHECK_IN, **rules))
    for child in children:
        day.now += minutes(1)
        day.arrive(child)
    return day


def hear(day: Day, child: str, area: str, after: timedelta = timedelta()) -> None:
    day.do(c.SeePhone(f"v-{child}", area, f"door-{area}", day.now + after), after)


def order_of_calls(day: Day) -> list[str]:
    called = []
    while day.hospital.lines.length("resp"):
        called.append(day.call("a1"))
        day.do(c.Start("a1", "doctor"))
        day.do(c.Finish("a1", "doctor"))
    return called


@shows(
    "Presence",
    "a family heard in another area is passed by without a call and without penalty, until it is heard near again",
)
def test_a_family_heard_in_another_area_keeps_its_place_and_is_not_called() -> None:
    day = waiting(Presence.SKIP)
    first = day.hospital.visits["v-a"].first_step()
    rank = first.rank
    hear(day, "a", "west", minutes(1))
    assert day.call("a1") == day.ticket("v-b")
    assert (first.state, first.rank, first.misses) == (StepState.WAITING, rank, 0)
    hear(day, "a", "east", minutes(1))
    assert day.call("a2") == day.ticket("v-a")


@shows("Presence", "who was passed by is named with the reason in the explanation of the call")
def test_a_call_explains_who_was_heard_elsewhere() -> None:
    day = waiting(Presence.SKIP)
    hear(day, "a", "west", minutes(1))
    day.call("a1")
    called = next(each for each in day.events if isinstance(each, e.Called))
    words = explained(called, day.ticket("v-b"), Name("1 诊室", "Room 1"), ZONE)
    assert f"先到但不能叫：{day.ticket('v-a')}（手机在别的区域），号位保留。" in words.zh
    assert any("its phone is heard in another area" in line for line in words.en)


@shows(
    "Presence",
    "`show` tells staff where a phone is heard and calls as if nothing was; `off` notes nothing",
)
def test_the_setting_decides_what_is_made_of_it() -> None:
    for presence in (Presence.OFF, Presence.SHOW):
        day = waiting(presence)
        hear(day, "a", "west", minutes(1))
        seen = day.hospital.visits["v-a"].seen
        assert (seen is not None) == (presence is Presence.SHOW)
        assert day.call("a1") == day.ticket("v-a")


@shows("Presence", "passing by ends a while after the last sighting, and after a limit altogether")
def test_passing_by_ends_by_itself() -> None:
    day = waiting(Presence.SKIP, presence_fresh=minutes(5), presence_limit=minutes(15))
    hear(day, "a", "west")
    day.now += minutes(6)  # not heard since: as if it had never been
    assert day.call("a1") == day.ticket("v-a")

    day = waiting(Presence.SKIP, presence_fresh=minutes(5), presence_limit=minutes(15))
    for _ in range(6):
        hear(day, "a", "west", minutes(3))
    assert day.call("a1") == day.ticket("v-a")  # still at the other place, but for too long


@shows(
    "Presence", "a family is called wherever it is heard when nobody else can be: no room is idle"
)
def test_nobody_else_can_be_called() -> None:
    day = waiting(Presence.SKIP, "a")
    hear(day, "a", "west")
    assert day.call("a1") == day.ticket("v-a")


@shows("Presence", "an emergency is called wherever its phone is heard")
def test_an_emergency_is_not_passed_by() -> None:
    day = waiting(Presence.SKIP)
    day.do(c.SetPriority("v-c", "level-1", "nurse", "抽搐"))
    hear(day, "c", "west")
    assert day.call("a1") == day.ticket("v-c")


@shows("Presence", "only families that wait are noted, and only what is news")
def test_the_journal_is_not_filled_with_sightings() -> None:
    day = waiting(Presence.SKIP, "ab")
    day.register("later")
    hear(day, "later", "west")
    for _ in range(60):
        hear(day, "a", "east", timedelta(seconds=10))
        hear(day, "b", "west", timedelta(seconds=10))
    seen = [each.visit for each in day.events if isinstance(each, e.PhoneSeen)]
    assert set(seen) == {"v-a", "v-b"}
    assert seen.count("v-a") == 2  # twenty minutes where it waits: once in ten
    assert seen.count("v-b") <= 8  # twenty minutes elsewhere: every two and a half


def test_a_sighting_does_not_keep_staff_from_taking_back_their_act() -> None:
    day = waiting(Presence.SHOW)
    day.do(c.Move("v-d", c.MoveTo.FRONT, "nurse", "发烧"))
    hear(day, "d", "west", timedelta(seconds=5))
    assert isinstance(day.do(c.Undo("nurse")), c.Stood)


# ---- whatever is heard --------------------------------------------------------------------------


@given(heard=HEARD)
@settings(max_examples=60, deadline=None)
def test_whatever_is_heard_nobody_is_passed_by_for_longer_than_the_limit(
    heard: list[tuple[str, str, timedelta]],
) -> None:
    rules = Rules(presence_fresh=minutes(2), presence_limit=minutes(5))
    day = waiting(Presence.SKIP, presence_fresh=minutes(2), presence_limit=minutes(5))
    away = {child: timedelta() for child in "abcd"}
    for child, area, after in heard:
        for _ in range(int(after.total_seconds()) // 10):
            day.now += timedelta(seconds=10)
            for each in away:
                if is_away(day.hospital.visits[f"v-{each}"].first_step(), rules, day.now):
                    away[each] += timedelta(seconds=10)
        hear(day, child, area)
    assert max(away.values()) <= minutes(5) + timedelta(seconds=10)


@given(heard=HEARD)
@settings(max_examples=60, deadline=None)
def test_whatever_is_heard_a_room_finds_somebody_whenever_it_would_have(
    heard: list[tuple[str, str, timedelta]],
) -> None:
    day = waiting(Presence.SKIP)
    for child, area, after in heard:
        hear(day, child, area, after)
        found = pick(day.hospital, day.hospital.site.points["a1"], day.now)
        assert found is not None


@given(heard=HEARD)
@settings(max_examples=60, deadline=None)
def test_whatever_is_heard_nobody_loses_a_place_for_good(
    heard: list[tuple[str, str, timedelta]],
) -> None:
    """Once all are where they wait, the order is that of a day on which nothing was heard."""
    day, quiet = waiting(Presence.SKIP), waiting(Presence.OFF)
    for child, area, after in heard:
        hear(day, child, area, after)
        quiet.now += after
    for child in "abcd":
        hear(day, child, "east", timedelta(seconds=1))
    assert order_of_calls(day) == order_of_calls(quiet)


@given(heard=HEARD)
@settings(max_examples=60, deadline=None)
def test_who_is_never_heard_is_never_later_for_it(
    heard: list[tuple[str, str, timedelta]],
) -> None:
    """Others are passed by or not: a family without a phone has as many before it as without Bluetooth, or fewer."""
    day, quiet = waiting(Presence.SKIP, "abcde"), waiting(Presence.OFF, "abcde")
    for child, area, after in heard:
        hear(day, child, area, after)
    mine, before = order_of_calls(day), order_of_calls(quiet)
    assert mine.index(day.ticket("v-e")) <= before.index(quiet.ticket("v-e"))
