"""What an agent says of itself."""

from datetime import UTC, datetime, timedelta

from edge_agent.announcements import parts_of
from edge_agent.core.vocabulary import CardLists
from edge_agent.sources import SourceHealth

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def sentences(lists: CardLists, *, stored: bool = True) -> dict[str, str]:
    sources = {"camera 0": SourceHealth(False, "It was unplugged.")}
    parts = parts_of(sources, lists, stored=stored, moment=NOON)
    assert all(part.ok == (not part.sentence) for part in parts)
    return {part.part: part.sentence for part in parts}


def test_each_part_that_is_not_well_says_so() -> None:
    said = sentences(CardLists(None, None), stored=False)
    assert said["camera 0"] == "It was unplugged."
    assert "disk full" in said["outbox"]
    assert "left to the server" in said["card lists"]


def test_an_old_revocation_list_is_said_with_its_age_and_check_in_goes_on() -> None:
    assert sentences(CardLists(NOON, NOON))["card lists"] == ""
    old = sentences(CardLists(NOON, NOON - timedelta(days=9)))["card lists"]
    assert "9 days old" in old
    assert "check-in goes on" in old
