"""Two runs of one day are compared call by call."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from beacon_sim.day import ALL_LEVERS, draw
from beacon_sim.day.run import Day, Do, Run
from beacon_sim.live.compare import Compared, calls_of, compared
from beacon_sim.live.play import small_model
from beacon_sim.live.reference import AsServed
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e

DRAWN = draw(small_model(120), 5)


def run(do: Do) -> Run:
    return Day(DRAWN, ALL_LEVERS, do, keep_events=True).run()


def against(one: Run, other: Run, *, in_step: bool = True) -> Compared:
    calls, others = calls_of(one.events), calls_of(other.events)
    return compared(calls, others, (one.hospital, other.hospital), in_step=in_step)


class Forgetful(AsServed):
    """Takes no offer of tests before the consult."""

    def __call__(self, hospital: Hospital, command: c.Command, now: datetime) -> Sequence[e.Event]:
        if isinstance(command, c.AnswerOffer):
            return ()
        return super().__call__(hospital, command, now)


def test_the_same_seed_gives_the_same_calls() -> None:
    found = against(run(AsServed()), run(AsServed()))
    assert found.same
    assert found.equal == found.pure == found.live > 200
    assert (found.rank_correlation, found.same_rank, found.same_place) == (1.0, 1.0, 1.0)
    assert found.minutes_apart == 0.0


def test_the_first_call_that_differs_is_named_and_explained() -> None:
    found = against(run(AsServed()), run(Forgetful()))
    assert not found.same
    assert found.first is not None
    assert found.first.number == found.equal + 1
    assert found.first.pure != found.first.live or found.first.why_pure != found.first.why_live
    assert "was called to" in found.first.why_pure[0]
    assert "was called to" in found.first.why_live[0]
    assert 0.5 < found.rank_correlation < 1


def test_a_call_that_never_came_is_a_difference() -> None:
    whole, calls = run(AsServed()), calls_of(run(AsServed()).events)
    states = (whole.hospital, whole.hospital)
    found = compared(calls, calls[:-1], states, in_step=True)
    assert found.first is not None
    assert (found.equal, found.first.live, found.first.why_live) == (len(calls) - 1, "no call", ())


def test_with_a_running_clock_only_who_and_where_must_be_the_same() -> None:
    whole = run(AsServed())
    calls = calls_of(whole.events)
    later = [replace(call, at=call.at.replace(microsecond=1)) for call in calls]
    states = (whole.hospital, whole.hospital)
    assert compared(calls, later, states, in_step=False).same
    assert not compared(calls, later, states, in_step=True).same


def test_an_order_that_is_turned_round_is_seen_as_such() -> None:
    whole = run(AsServed())
    calls = calls_of(whole.events)
    found = compared(calls, calls[::-1], (whole.hospital, whole.hospital), in_step=False)
    assert found.rank_correlation < -0.9
    assert found.same_place > 0.99
