"""A call is found again by its id."""

from pathlib import Path

from queue_server.core.vocabulary import Why
from queue_server.journal import Batch, SqliteJournal, reports
from queue_server.journal.calls import call_kept
from tests.queue_server.core.makers import NINE, Day, small_site


def test_a_call_is_found_among_those_of_its_visit(tmp_path: Path) -> None:
    day = Day()
    day.arrive("an")
    day.call("a1")
    journal = SqliteJournal(tmp_path / "journal.db", "test")
    journal.append(Batch(NINE, tuple(day.events)))
    journal.close()
    with reports.opened(tmp_path / "journal.db") as db:
        found = call_kept(db, "v-an/1#1")
        assert found is not None
        assert (found.called.visit, found.called.point) == ("v-an", "a1")
        assert found.called.choice.policy == "accumulating"
        assert found.asked is None
        for unknown in ("v-an/1#2", "v-bo/1#1", "", "#", "v-an"):
            assert call_kept(db, unknown) is None


def test_a_call_from_the_door_brings_the_choice_by_which_the_family_came_there(
    tmp_path: Path,
) -> None:
    day = Day(small_site(two_stage=1))
    day.arrive("an")
    day.call("a1")
    journal = SqliteJournal(tmp_path / "journal.db", "test")
    journal.append(Batch(NINE, tuple(day.events)))
    journal.close()
    with reports.opened(tmp_path / "journal.db") as db:
        found = call_kept(db, "v-an/1#1")
    assert found is not None
    assert found.asked is not None
    assert (found.called.choice.why, found.asked.choice.why) == (Why.DOOR, Why.FIRST)
