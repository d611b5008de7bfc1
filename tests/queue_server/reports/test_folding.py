"""What the events of a visit come to, held against the state that the rules keep."""

from collections import defaultdict
from datetime import timedelta

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.vocabulary import HoldReason, StepState
from queue_server.reports.facts import Ended, VisitFacts
from queue_server.reports.folding import Kept, folded
from tests.queue_server.core.makers import TODAY, Day, minutes
from tests.queue_server.reports.days import BusyDay


def by_visit(day: Day) -> dict[str, list[Kept]]:
    found: defaultdict[str, list[Kept]] = defaultdict(list)
    for position, event in enumerate(day.events, 1):
        visit = getattr(event, "visit", None)
        if visit:
            found[visit].append((position, event))
    return found


def facts_of(day: Day, visit: str, **more: object) -> VisitFacts:
    facts = folded(by_visit(day)[visit], **more)  # type: ignore[arg-type]  # by name
    assert facts is not None
    return facts


@pytest.mark.parametrize("seed", range(6))
def test_every_step_of_a_busy_day_is_where_the_rules_have_it(seed: int) -> None:
    day = BusyDay(120, seed=seed, thorough=True).live()
    kept = by_visit(day)
    assert any(isinstance(event, e.Undone) for event in day.events)
    for visit in day.hospital.visits.values():
        facts = folded(kept[visit.id])
        assert facts is not None
        assert (facts.ticket, facts.checked_in_at) == (visit.ticket, visit.checked_in_at)
        assert list(facts.steps) == list(visit.steps)
        for id, step in visit.steps.items():
            mine = facts.steps[id]
            assert (mine.state, mine.group, mine.doctor) == (
                step.state,
                step.plan.group,
                step.doctor,
            )
            assert (mine.calls, mine.misses) == (step.calls, step.misses)
            assert (mine.queued_at, mine.started_at) == (step.queued_at, step.started_at)
            stays = mine.stays
            assert all(one.until for one in stays[:-1])
            assert (stays[-1].until is None) == (mine.ended is None) if stays else True


def test_a_kept_place_is_told_apart_from_waiting() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.Hold("v-1", "nurse", HoldReason.NAP), minutes(10))
    day.do(c.Release("v-1", "nurse"), minutes(25))
    day.now += minutes(5)
    day.call()
    day.do(c.Start("a1", "doctor"), minutes(1))
    day.do(c.Finish("a1", "doctor"), minutes(8))
    step = next(iter(facts_of(day, "v-1").steps.values()))
    waited = step.seconds(StepState.WAITING)
    assert waited == 15 * 60
    assert step.seconds(StepState.HELD) == 25 * 60
    assert step.seconds(StepState.CALLED) == 60
    assert step.seconds(StepState.SERVING) == 8 * 60
    assert [stay.reason for stay in step.stays if stay.state is StepState.HELD] == ["nap"]


def test_a_missed_call_is_no_waiting_and_both_turns_add_up() -> None:
    day = Day()
    day.arrive("1")
    day.now += minutes(10)
    day.call()
    day.do(c.Miss("a1", "nurse"), minutes(2))
    day.do(c.PutBack("v-1", "nurse"), minutes(20))
    day.now += minutes(5)
    day.call()
    facts = facts_of(day, "v-1")
    step = next(iter(facts.steps.values()))
    assert step.seconds(StepState.WAITING) == 15 * 60
    assert step.seconds(StepState.MISSED) == 20 * 60
    assert [(call.outcome, call.by) for call in facts.calls] == [
        ("missed", "nurse"),
        (None, "nurse"),
    ]


def test_what_was_taken_back_does_not_count() -> None:
    day = Day()
    day.arrive("1")
    day.now += minutes(10)
    day.call()
    day.do(c.Miss("a1", "nurse"), minutes(1))
    day.do(c.Undo("nurse"), minutes(1))
    day.do(c.Start("a1", "doctor"), minutes(1))
    day.do(c.Finish("a1", "doctor"), minutes(5))
    day.do(c.Undo("doctor"), minutes(1))
    facts = facts_of(day, "v-1")
    step = next(iter(facts.steps.values()))
    assert (step.misses, step.state, step.ended) == (0, StepState.SERVING, None)
    assert [call.outcome for call in facts.calls] == ["started"]
    assert facts.calls[0].over_at == day.hospital.steps[step.plan.step].started_at


def test_an_undone_call_leaves_no_call_behind() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Undo("nurse"), minutes(1))
    facts = facts_of(day, "v-1")
    assert facts.calls == []
    assert next(iter(facts.steps.values())).state is StepState.WAITING
    day.call()
    assert len(facts_of(day, "v-1").calls) == 1


def test_an_undone_act_at_the_very_moment_of_another_takes_only_itself_back() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.Hold("v-1", "nurse"))
    day.do(c.Release("v-1", "nurse"))
    day.do(c.Undo("nurse"))
    step = next(iter(facts_of(day, "v-1").steps.values()))
    assert (step.state, step.holds) == (StepState.HELD, 1)


def test_a_call_by_name_keeps_its_reason_and_whom_it_overtook() -> None:
    day = Day()
    for child in "123":
        day.arrive(child)
        day.now += minutes(1)
    day.do(c.CallOne("a1", "v-3", "nurse", "高热"))
    facts = facts_of(day, "v-3")
    call = facts.calls[0]
    assert (call.why, call.reason, call.overtook) == ("by_name", "高热", 2)


@pytest.mark.parametrize(
    ("came", "ended"), [(False, Ended.NO_SHOW), (True, Ended.LEFT)], ids=["never came", "waits"]
)
def test_a_new_day_closes_what_is_open(came: bool, ended: Ended) -> None:
    day = Day()
    day.register("1")
    if came:
        day.scan("1")
    assert facts_of(day, "v-1", open_day=TODAY).ended is None
    after = TODAY + timedelta(days=2 if came else 1)
    assert facts_of(day, "v-1", open_day=after).ended is ended


def test_who_is_still_there_at_midnight_has_one_more_day() -> None:
    day = Day()
    day.arrive("1")
    assert facts_of(day, "v-1", open_day=TODAY + timedelta(days=1)).ended is None


def test_an_earlier_scan_that_comes_in_late_lengthens_the_wait() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.Scan("k2", day.now - minutes(5), True, "card-1"), minutes(1))
    day.now += minutes(9)
    day.call()
    step = next(iter(facts_of(day, "v-1").steps.values()))
    waited = step.seconds(StepState.WAITING)
    began = day.hospital.visits["v-1"].checked_in_at
    assert began is not None
    assert waited == (day.now - began).total_seconds() > 10 * 60


def test_events_without_a_registration_come_to_nothing() -> None:
    day = Day()
    refused = e.ScanRefused(day.now, "k1", "unknown_card", None, "v-9")
    assert folded([(1, refused)]) is None
