"""The sample hospitals that come with the project can be used as they are."""

from datetime import UTC, date, datetime
from pathlib import Path

from protocol import Topics
from queue_server.core import Hospital, apply, decide
from queue_server.core import commands as c
from queue_server.core.vocabulary import StepKind
from queue_server.site_file import read_site_file

SMALL = Path(__file__).parents[2] / "daozhen" / "sites" / "small.toml"


def test_the_sample_hospital_can_be_used_as_it_is() -> None:
    plan = read_site_file(SMALL)
    hospital, now = Hospital(plan.site), datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    commands: list[c.Command] = [c.OpenDay(), *plan.registrations(date(2026, 3, 2))]
    for command in commands:
        decision = decide(hospital, command, now)
        assert decision.answer == c.Accepted(), decision
        for event in decision.events:
            apply(hospital, event)
    kinds = {group.kind for group in plan.site.groups.values()}
    assert {StepKind.CLINIC, StepKind.LAB, StepKind.PHARMACY} <= kinds
    for name in (*plan.site.areas, *plan.site.groups):
        Topics(plan.site.id).board(name)
