"""What has been taken of each agent."""

from hypothesis import given
from hypothesis import strategies as st

from queue_server.journal import Batch, Mark, MemoryJournal
from queue_server.seen import BEYOND_KEPT, Seen
from tests.queue_server.core.makers import NINE

K1 = ("k1", "00112233445566aa")


def taken(*seqs: int) -> Seen:
    seen = Seen()
    for seq in seqs:
        seen.take(*K1, seq)
    return seen


def test_in_order_everything_is_acknowledged() -> None:
    assert taken(1, 2, 3).contiguous(*K1) == 3


def test_a_hole_holds_the_acknowledgement_back_until_it_is_filled() -> None:
    seen = taken(1, 3, 4)
    assert seen.contiguous(*K1) == 1
    seen.take(*K1, 2)
    assert seen.contiguous(*K1) == 4


def test_nothing_is_new_twice() -> None:
    seen = taken(1, 3)
    assert [seq for seq in range(1, 6) if seen.is_new(*K1, seq)] == [2, 4, 5]


def test_installs_are_counted_apart() -> None:
    seen = taken(1, 2)
    assert seen.is_new("k1", "ffffffffffffffff", 1)
    assert seen.is_new("k2", K1[1], 1)


def test_what_will_never_come_is_given_up_on_the_agents_word() -> None:
    seen = taken(1, 5)
    assert seen.missing_below(*K1, 5) == (2, 4)
    seen.skip_to(*K1, 4)
    assert seen.contiguous(*K1) == 5
    assert seen.missing_below(*K1, 6) is None


def test_a_broken_agent_can_not_fill_the_memory() -> None:
    seen = taken(*range(2, BEYOND_KEPT + 2))
    assert not seen.has_room(*K1, 10**9)
    assert seen.has_room(*K1, 1)


def test_the_acknowledgement_of_an_agent_is_that_of_its_latest_install() -> None:
    seen = Seen([Mark("k1", "old", 9), Mark("k1", "new", 2)])
    assert seen.acknowledgements() == [("k1", "new", 2)]


@given(st.lists(st.lists(st.integers(1, 25), max_size=8), max_size=12))
def test_marks_survive_a_restart_after_any_batch(batches: list[list[int]]) -> None:
    journal, seen, expected = MemoryJournal(), Seen(), set()
    for batch in batches:
        for seq in batch:
            assert seen.is_new(*K1, seq) == (seq not in expected)
            if seq not in expected:
                seen.take(*K1, seq)
            expected.add(seq)
        journal.append(Batch(NINE, marks=seen.settle()))
        seen = Seen(journal.marks())
        contiguous = next(n for n in range(30) if n + 1 not in expected)
        assert seen.contiguous(*K1) == contiguous
