"""Days with faults: the same for the same seed, right with the real server, and wrong with every planted bug."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_sim.faults import Kind, Plan, Schedule, draw_faults, draw_plan, judge, shrink
from beacon_sim.faults.check import Verdict
from beacon_sim.faults.command import quiet
from beacon_sim.faults.schedule import (
    BrokerAway,
    ClockWrong,
    Delayed,
    Doubled,
    KioskAway,
    KioskDies,
    ServerKilled,
)
from beacon_sim.faults.shrink import smallest
from beacon_sim.faults.words import explanations, story_lines
from beacon_sim.faults.world import SMALL, Story, disturbed, undisturbed
from queue_server.journal import Journal, SqliteJournal
from tests.beacon_sim.faults import planted

ROUGH: Schedule = (
    Doubled(450.0, 80.0, 21.0),
    ServerKilled(500.0, False, 10.0),
    KioskAway(505.0, 18.0, "k2"),
    ClockWrong(530.0, 40.0, "k1", -90.0),
    ServerKilled(545.0, True, 25.0, at_message=True),
    BrokerAway(560.0, 25.0),
    KioskDies(570.0, 40.0, "k3"),
    Delayed(820.0, 60.0, 8.0),
    ServerKilled(840.0, False, 5.0),
    ServerKilled(850.0, False, 5.0, at_message=True),
)
"""Something of everything."""
TINY = replace(SMALL, visits=80, departments=2)
KILLS: Schedule = tuple(
    ServerKilled(480.0 + 25.0 * n, n % 2 == 0, 5.0, at_message=n % 4 > 1) for n in range(10)
)


@pytest.fixture(autouse=True)
def silence() -> None:
    quiet()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return draw_plan(4, TINY)


@pytest.fixture(scope="module")
def calm(plan: Plan) -> Story:
    return undisturbed(plan)


def summary(verdict: Verdict) -> str:
    return "; ".join(f"{p.kind}: {p.sentence}" for p in verdict.problems[:4])


def test_without_faults_the_whole_machinery_does_what_the_bare_rules_do(
    plan: Plan, calm: Story
) -> None:
    plain, through_kiosks = calm, disturbed(plan, ())
    assert through_kiosks.events == plain.events
    assert len(plain.events) > 1_000


@pytest.mark.parametrize("faults", [ROUGH, KILLS], ids=["something of everything", "kills"])
def test_nothing_is_lost_or_doubled_and_every_difference_has_its_cause(
    plan: Plan, calm: Story, faults: Schedule
) -> None:
    verdict = judge(plan, faults, calm=calm)
    assert verdict.good, summary(verdict)
    assert verdict.checked_in == TINY.visits
    assert verdict.restarts


def test_a_day_of_the_command() -> None:
    verdict = judge(draw_plan(2), draw_faults(2))
    assert verdict.good, summary(verdict)


def test_kills_and_doubled_messages_alone_change_no_call(plan: Plan, calm: Story) -> None:
    """A killed server comes back with all it knew; only what arrives late may change anything."""
    staff_only = tuple(ServerKilled(480.0 + 25.0 * n, n % 2 == 0, 0.05) for n in range(8))
    verdict = judge(plan, (Doubled(450.0, 600.0, 7.0), *staff_only), calm=calm)
    assert verdict.good, summary(verdict)
    assert verdict.calls.equal == verdict.calls.total
    assert verdict.restarts == 8


def test_the_same_seed_has_the_same_outcome() -> None:
    one, two = (disturbed(draw_plan(6, TINY), draw_faults(6)) for _ in range(2))
    assert one.events == two.events
    assert one.told == two.told
    assert draw_faults(6) != draw_faults(7)


def test_a_journal_on_disk_comes_back_the_same(plan: Plan, tmp_path: Path) -> None:
    on_disk = disturbed(plan, ROUGH, SqliteJournal(tmp_path / "journal.db", "day"))
    assert on_disk.events == disturbed(plan, ROUGH).events


def test_a_difference_is_told_with_its_scan_its_fault_and_who_went_before(
    plan: Plan, calm: Story
) -> None:
    told = explanations(calm, judge(plan, (BrokerAway(540.0, 45.0),), calm=calm))
    own = [each for each in told if "min later (09:00–09:45 no kiosk reaches the broker)" in each]
    assert own
    assert any("called before it came in" in each for each in own)


# ---- the checks can fail ---------------------------------------------------------------------------

FOUND_BY: dict[planted.Plant, Kind] = {
    planted.no_dedupe: Kind.RETOLD,
    planted.second_scan_never_counts: Kind.WRONG_PLACE,
    planted.place_by_arrival: Kind.WRONG_PLACE,
    planted.every_clock_believed: Kind.WRONG_PLACE,
    planted.told_before_the_commit: Kind.SCAN_LOST,
    planted.numbers_counted_in_memory: Kind.NUMBER_TWICE,
    planted.outbox_in_memory: Kind.SCAN_LOST,
    planted.forgotten_when_published: Kind.SCAN_LOST,
    planted.restarts_with_other_rules: Kind.UNEXPLAINED,
}


@pytest.mark.parametrize("plant", FOUND_BY, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(
    plan: Plan, calm: Story, plant: planted.Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    verdict = judge(plan, ROUGH, calm=calm)
    assert verdict.count(FOUND_BY[plant]), summary(verdict)


@pytest.mark.parametrize(
    ("journal", "faults"),
    [
        (planted.LosesTheLast, ROUGH),
        (planted.ForgetsWhatItHasTaken, (ServerKilled(1_000.0, False, 5.0, at_message=True),)),
    ],
)
def test_a_journal_that_forgets_is_found(
    plan: Plan, calm: Story, journal: Callable[[], Journal], faults: Schedule
) -> None:
    assert not judge(plan, faults, journal, calm).good


# ---- shrinking --------------------------------------------------------------------------------------


def test_the_smallest_part_that_fails_is_found() -> None:
    tried: list[int] = []

    def fails(some: object) -> bool:
        tried.append(1)
        return {3, 17, 18} <= set(some)  # type: ignore[call-overload, no-any-return]  # a list

    assert smallest(list(range(100)), fails) == [3, 17, 18]
    assert len(tried) < 120


def test_a_failing_day_is_shrunk_to_its_shortest_story(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planted.outbox_in_memory(monkeypatch)
    plan = draw_plan(4, replace(SMALL, visits=40, departments=2))
    verdict = judge(plan, ROUGH)
    found = shrink(plan, verdict)
    assert len(found.verdict.faults) == 2, "the broker is away, the kiosk dies meanwhile"
    assert {type(fault) for fault in found.verdict.faults} == {BrokerAway, KioskDies}
    assert found.plan.drawn.shows_up.sum() == 1
    told = "\n".join(story_lines(found.verdict))
    assert "no kiosk reaches the broker" in told
    assert "never came in" in told
    assert "✗ check-in lost" in told
