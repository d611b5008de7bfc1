"""Ways for kiosks and phones, whoever finds them."""

import time
from datetime import timedelta

import pytest

from nav_maps import Profile
from queue_server.ways import Closed, Goal, NotFound, Sealer
from queue_server.ways.tokens import GOOD_FOR, key_in
from tests.queue_server.ways.maps import KIOSK, NINE, some_ways

EAST = (("area", "east"), ("group", "resp"))
LIFT = {"lift": Closed("lift", {"zh": "检修", "en": "maintenance"}, None, "guard")}


def test_a_kiosk_tells_the_way_from_where_it_stands() -> None:
    way = some_ways().from_kiosk(KIOSK, EAST, wait=True)
    assert way is not None
    assert way.steps[0].text.zh.startswith("面对自助机")
    assert "到2楼" in "".join(step.text.zh for step in way.steps)
    assert [level.name.zh for level in way.levels] == ["1F", "2F"]
    assert way.steps[-1].text.zh == "请在这里等候叫号。"
    assert way.steps[-1].icon == "wait"


def test_the_first_place_that_the_map_knows_is_taken() -> None:
    way = some_ways().from_kiosk(KIOSK, (("point", "moon"), ("area", "east")), wait=False)
    assert way is not None
    assert way.steps[-1].icon == "arrive"


@pytest.mark.parametrize(("agent", "place"), [("k99", "east"), (KIOSK, "moon")])
def test_without_the_kiosk_or_the_place_on_the_map_there_is_no_way(agent: str, place: str) -> None:
    assert some_ways().from_kiosk(agent, (("area", place),), wait=False) is None


def test_the_ticket_is_narrow_enough_for_its_paper() -> None:
    way = some_ways().from_kiosk(KIOSK, EAST, wait=False)
    assert way is not None
    for line in way.ticket.zh.split("\n"):
        assert sum(2 if ord(c) > 0x2E7F else 1 for c in line) <= 48


def test_a_way_is_found_once_and_told_often() -> None:
    ways = some_ways()
    for _ in range(50):
        ways.from_kiosk(KIOSK, EAST, wait=False)
    assert ways._planner.asked == 1  # type: ignore[attr-defined]


def test_what_closes_is_gone_round_at_once_and_says_why() -> None:
    ways = some_ways()
    before = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert before is not None
    began = time.perf_counter()
    ways.close(LIFT)
    after = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert time.perf_counter() - began < 1.0
    assert after is not None
    assert "电梯" in before.steps[0].text.zh
    assert "楼梯" in "".join(step.text.zh for step in after.steps)
    assert [note.zh for note in after.notes] == ["2号电梯停用（检修），已为您换了一条路。"]
    assert [note.en for note in after.notes] == [
        "Lift 2 is closed (maintenance), so here is another way."
    ]
    ways.close({})
    assert ways.from_kiosk(KIOSK, EAST, wait=False).notes == ()  # type: ignore[union-attr]


def test_a_closure_elsewhere_is_no_news() -> None:
    ways = some_ways()
    ways.close({"stairs": Closed("stairs", {}, None, "guard")})
    way = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert way is not None
    assert way.notes == ()


def test_where_there_is_no_way_the_reason_is_told() -> None:
    ways = some_ways()
    ways.close({each: Closed(each, {}, None, "guard") for each in ("lift", "stairs")})
    way = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert way is not None
    assert way.steps == ()
    assert way.summary.zh == "电梯和楼梯都停用了。"
    assert way.token == ""


def test_the_nearest_of_a_kind_is_found_and_called_by_its_kind() -> None:
    way = some_ways().between(KIOSK, "nearest:water")
    assert "饮水" in way.steps[-1].text.zh
    with pytest.raises(NotFound):
        some_ways().between(KIOSK, "nearest:dragon")


def test_places_can_be_looked_for_floor_by_floor() -> None:
    ways = some_ways()
    floors = list(dict.fromkeys(room.level for room in ways.rooms()))
    assert floors == ["L0", "L1"]
    assert [kind.id for kind in ways.kinds()] == ["water"]


def test_walking_seconds_are_there_for_rules_that_want_them() -> None:
    ways = some_ways()
    seconds = ways.seconds(KIOSK, "area:east")
    assert seconds is not None
    assert 10 < seconds < 300


def test_opening_hours_change_ways_as_closures_do() -> None:
    moments = [NINE]
    ways = some_ways()
    ways._now = lambda: moments[-1]
    assert not ways.tell_time()
    before = ways.revision
    moments.append(NINE + timedelta(hours=21))
    assert ways.tell_time()
    assert ways.revision == before + 1


def test_a_pram_gets_a_way_of_its_own_and_back_again() -> None:
    ways = some_ways()
    way = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert way
    asked = ways.of_token(way.token)
    assert asked
    without_steps = ways.of_token(ways.on_wheels(asked))
    assert without_steps
    assert without_steps.goal.profile is Profile.WHEELCHAIR
    usual = ways.of_token(ways.on_wheels(without_steps))
    assert usual
    assert usual.goal == asked.goal


# ---- what a phone is handed -----------------------------------------------------------------------


def test_a_token_opens_the_way_it_was_made_for_and_nothing_of_it_can_be_read() -> None:
    ways = some_ways(url="https://q.example")
    way = ways.from_kiosk(KIOSK, EAST, wait=False)
    again = ways.from_kiosk(KIOSK, EAST, wait=False)
    assert way is not None
    assert again is not None
    assert way.token != again.token
    assert way.url == f"https://q.example/way/{way.token}"
    assert len(way.url) < 130
    assert KIOSK not in way.token
    assert "east" not in way.token
    asked = ways.of_token(way.token)
    assert asked is not None
    assert [step.text for step in asked.way.steps] == [step.text for step in way.steps]


def test_a_token_ends() -> None:
    sealer = Sealer(b"k" * 32)
    token = sealer.seal(Goal("a", "b", Profile.ADULT), NINE)
    assert sealer.open(token, NINE + GOOD_FOR - timedelta(minutes=2)) == Goal(
        "a", "b", Profile.ADULT
    )
    assert sealer.open(token, NINE + GOOD_FOR + timedelta(minutes=2)) is None


@pytest.mark.parametrize(
    "wrong", ["", "x", "a" * 60, "a" * 5000, "好", "../../etc", "AAAA====", "%00"]
)
def test_what_is_no_token_opens_nothing(wrong: str) -> None:
    assert Sealer(b"k" * 32).open(wrong, NINE) is None


def test_a_token_of_another_server_or_a_changed_one_opens_nothing() -> None:
    token = Sealer(b"k" * 32).seal(Goal("a", "b", Profile.ADULT), NINE)
    assert Sealer(b"j" * 32).open(token, NINE) is None
    changed = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")
    assert Sealer(b"k" * 32).open(changed, NINE) is None


def test_the_key_stays_the_same_and_is_for_its_owner_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    key = key_in(tmp_path / "data")
    assert len(key) == 32
    assert key_in(tmp_path / "data") == key
    assert (tmp_path / "data" / "way.key").stat().st_mode & 0o077 == 0
