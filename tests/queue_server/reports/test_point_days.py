"""What a room did all day."""

from datetime import timedelta

from queue_server.core.vocabulary import StepState as S
from queue_server.reports.point_days import Opening, PointDay, StayAt, point_days
from tests.queue_server.core.makers import NINE, minutes

NOBODY: dict[str, frozenset[str]] = {}


def stay(state: S, since: float, until: float | None, **more: str) -> StayAt:
    end = None if until is None else NINE + minutes(until)
    return StayAt(state, more.get("doctor"), more.get("point"), NINE + minutes(since), end)


def only(
    *stays: StayAt, openings: tuple[Opening, ...] = (), doctors: dict[str, frozenset[str]] = NOBODY
) -> PointDay:
    (found,) = point_days(stays, openings, doctors, NINE + minutes(100))
    return found


def test_a_room_serves_waits_for_whom_it_called_and_idles() -> None:
    found = only(
        stay(S.CALLED, 0, 2, point="a1"),
        stay(S.SERVING, 2, 10, point="a1"),
        stay(S.WAITING, 5, 15),
        stay(S.CALLED, 15, 16, point="a1"),
        stay(S.SERVING, 16, 20, point="a1"),
        stay(S.SERVING, 30, 40, point="a1"),
    )
    assert (found.busy, found.calling) == (minutes(22), minutes(3))
    assert found.idle_waiting == minutes(5)  # 10 to 15
    assert found.idle_empty == minutes(10)  # 20 to 30
    assert found.last_at - found.first_at == minutes(40)


def test_who_waits_for_another_doctor_lets_no_room_idle() -> None:
    busy = stay(S.SERVING, 0, 5, point="a1"), stay(S.SERVING, 15, 20, point="a1")
    for_chen = stay(S.WAITING, 0, 20, doctor="chen")
    wang = {"a1": frozenset({"wang"})}
    assert only(*busy, for_chen, doctors=wang).idle_waiting == timedelta()
    both = {"a1": frozenset({"wang", "chen"})}
    assert only(*busy, for_chen, doctors=both).idle_waiting == minutes(10)


def test_a_pause_is_neither_idle_nor_busy() -> None:
    found = only(
        stay(S.SERVING, 0, 10, point="a1"),
        stay(S.WAITING, 0, 60),
        openings=(
            Opening("a1", NINE + minutes(5), False),
            Opening("a1", NINE + minutes(30), True),
            Opening("a1", NINE + minutes(40), False),
        ),
    )
    assert (found.busy, found.paused) == (minutes(10), minutes(20))
    assert (found.idle_waiting, found.idle_empty) == (minutes(10), timedelta())


def test_what_lasts_is_counted_up_to_now() -> None:
    assert only(stay(S.SERVING, 90, None, point="a1")).busy == minutes(10)


def test_the_parts_make_up_the_whole_day() -> None:
    found = only(
        stay(S.CALLED, 0, 3, point="a1"),
        stay(S.SERVING, 2, 10, point="a1"),
        stay(S.AT_DOOR, 8, 12, point="a1"),
        stay(S.SERVING, 50, None, point="a1"),
        openings=(
            Opening("a1", NINE + minutes(20), False),
            Opening("a1", NINE + minutes(21), True),
        ),
    )
    parts = (found.busy, found.calling, found.idle_waiting, found.idle_empty, found.paused)
    assert sum(parts, timedelta()) == found.last_at - found.first_at
    assert found.idle_waiting == minutes(2)
