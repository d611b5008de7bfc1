"""Whose token it is."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.checkin_token import Resolved, ResolveTable, Unresolved, token_at, window_of

NOON = 1772424000
WINDOW = window_of(NOON)
KEYS = {"anna": bytes(16), "bao": bytes(range(16)), "chen": b"\x07" * 16}


def heard(visit: str, unix_s: float) -> bytes:
    return token_at(KEYS[visit], unix_s).value


@pytest.mark.parametrize("windows_off", [-1, 0, 1])
def test_a_token_of_this_window_or_a_neighbour_is_found(windows_off: int) -> None:
    table = ResolveTable(KEYS, NOON)
    token = heard("bao", NOON + 900 * windows_off)
    assert table.resolve(token) == Resolved("bao", WINDOW + windows_off)


@pytest.mark.parametrize("windows_off", [-2, 2])
def test_an_older_or_later_token_is_nobodys(windows_off: int) -> None:
    assert ResolveTable(KEYS, NOON).resolve(heard("bao", NOON + 900 * windows_off)) is (
        Unresolved.UNKNOWN
    )


def test_a_key_held_by_two_visits_is_refused_for_both() -> None:
    table = ResolveTable({**KEYS, "twin": KEYS["anna"]}, NOON)
    assert table.resolve(heard("anna", NOON)) is Unresolved.SHARED
    assert table.resolve(heard("bao", NOON)) == Resolved("bao", WINDOW)
    table.remove("twin")
    assert table.resolve(heard("anna", NOON)) == Resolved("anna", WINDOW)


def test_three_holders_leave_one_by_one() -> None:
    table = ResolveTable(KEYS, NOON)
    table.add("second", KEYS["anna"])
    table.add("third", KEYS["anna"])
    for leaving in ("anna", "third"):
        assert table.resolve(heard("anna", NOON)) is Unresolved.SHARED
        table.remove(leaving)
    assert table.resolve(heard("anna", NOON)) == Resolved("second", WINDOW)


def test_a_token_shared_across_windows_is_refused() -> None:
    table = ResolveTable(KEYS, NOON)
    token = heard("anna", NOON)
    # no two keys are known that do so; the table is told
    table._live[WINDOW - 1][token] = "bao"
    assert table.resolve(token) is Unresolved.SHARED


def test_the_table_follows_the_clock_forwards_and_back() -> None:
    table = ResolveTable(KEYS, NOON)
    assert not table.advance(NOON + 1)
    assert table.advance(NOON + 5 * 900)
    assert table.resolve(heard("chen", NOON + 6 * 900)) == Resolved("chen", WINDOW + 6)
    assert table.resolve(heard("chen", NOON)) is Unresolved.UNKNOWN
    assert table.advance(NOON)
    assert table.resolve(heard("chen", NOON)) == Resolved("chen", WINDOW)


def test_what_an_agent_heard_while_cut_off_is_found_by_when_it_was_heard() -> None:
    table = ResolveTable(KEYS, NOON)
    token = heard("bao", NOON - 7200)
    assert table.resolve(token) is Unresolved.UNKNOWN
    assert table.resolve_at(token, NOON - 7200) == Resolved("bao", WINDOW - 8)
    assert table.resolve_at(token, NOON - 3600) is Unresolved.UNKNOWN
    assert table.resolve_at(heard("bao", NOON + 900), NOON + 900) == Resolved("bao", WINDOW + 1)


def test_what_was_heard_before_yesterday_or_in_the_future_is_nobodys() -> None:
    table = ResolveTable(KEYS, NOON)
    for off in (-2 * 86400, 86400):
        assert table.resolve_at(heard("bao", NOON + off), NOON + off) is Unresolved.UNKNOWN


def test_past_windows_do_not_pile_up() -> None:
    table = ResolveTable(KEYS, NOON)
    for back in range(90):
        table.resolve_at(bytes(9), NOON - back * 900)
    assert len(table._late) <= 8


def test_a_changed_key_ends_the_old_tokens() -> None:
    table = ResolveTable(KEYS, NOON)
    table.resolve_at(bytes(9), NOON - 7200)
    table.add("anna", b"\x09" * 16)
    assert table.resolve(heard("anna", NOON)) is Unresolved.UNKNOWN
    assert table.resolve_at(heard("anna", NOON - 7200), NOON - 7200) is Unresolved.UNKNOWN
    assert table.resolve(token_at(b"\x09" * 16, NOON).value) == Resolved("anna", WINDOW)
    assert len(table) == 3


def test_a_key_of_another_length_is_refused_with_its_visit() -> None:
    with pytest.raises(ValueError, match="'anna' has 3 bytes"):
        ResolveTable({"anna": b"abc"}, NOON)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "remove", "advance"]),
            st.integers(0, 4),
            st.integers(0, 3),
        ),
        max_size=20,
    )
)
def test_a_table_that_grew_is_the_one_built_at_once(steps: list[tuple[str, int, int]]) -> None:
    table, held, now = ResolveTable({}, NOON), dict[str, bytes](), NOON
    for what, visit, number in steps:
        match what:
            case "add":
                held[f"v{visit}"] = bytes([number]) * 16
                table.add(f"v{visit}", held[f"v{visit}"])
            case "remove":
                held.pop(f"v{visit}", None)
                table.remove(f"v{visit}")
            case _:
                now += (number - 1) * 900
                table.advance(now)
    fresh = ResolveTable(held, now)
    assert table._live == fresh._live


def test_ten_thousand_visits_are_resolved_at_once() -> None:
    draw = random.Random(1)
    keys = {f"v{i}": draw.randbytes(16) for i in range(10_000)}
    begun = time.process_time()
    table = ResolveTable(keys, NOON)
    # 0.09 s on the slow machine this was written on; ten times that would be a mistake
    assert time.process_time() - begun < 1
    assert all(
        table.resolve(token_at(keys[visit], NOON).value) == Resolved(visit, WINDOW)
        for visit in list(keys)[:500]
    )
