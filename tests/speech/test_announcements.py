"""Whose turn it is to be read out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import Text
from speech import Announcement, Announcer, Kind
from speech.announcements import MOST_WAITING

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def call(key: str, after_s: float = 0, kind: Kind = Kind.CALL) -> Announcement:
    return Announcement(key, kind, Text(zh=key, en=key), NINE + timedelta(seconds=after_s))


def read_out(announcer: Announcer, now: datetime = NINE) -> list[str]:
    said = []
    while one := announcer.next(now):
        said.append(one.key)
    return said


def test_calls_are_read_in_their_order_and_emergencies_first() -> None:
    announcer = Announcer()
    for each in (
        call("b", -1),
        call("a", -2),
        call("door", -9, Kind.DOOR),
        call("急", 0, Kind.URGENT),
    ):
        announcer.add(each)
    assert read_out(announcer) == ["急", "a", "b", "door"]


def test_a_family_that_has_come_is_not_called_any_more() -> None:
    announcer = Announcer()
    announcer.add(call("a"))
    announcer.cancel("a")
    announcer.cancel("never there")
    assert read_out(announcer) == []


def test_what_is_asked_for_twice_is_read_once() -> None:
    announcer = Announcer()
    announcer.add(call("a"))
    announcer.add(call("a", 1))
    assert read_out(announcer) == ["a"]


def test_a_call_that_waited_too_long_is_dropped_and_counted() -> None:
    announcer = Announcer()
    announcer.add(call("old", -91))
    announcer.add(call("new", -5))
    assert read_out(announcer) == ["new"]
    assert announcer.dropped == 1


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(-60, 0)), max_size=80))
def test_the_queue_is_bounded_and_the_least_urgent_goes_first(
    wanted: list[tuple[Kind, int]],
) -> None:
    announcer = Announcer()
    for number, (kind, after_s) in enumerate(wanted):
        announcer.add(call(str(number), after_s, kind))
    kept = len(announcer)
    assert kept == min(len(wanted), MOST_WAITING)
    said = [wanted[int(key)] for key in read_out(announcer)]
    assert said == sorted(said)
    dropped = sorted(wanted)[kept:]
    assert not dropped or said[-1][0] <= dropped[0][0]
