"""The sample hospitals that come with the project can be used as they are."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from protocol import Topics
from queue_server.core import Hospital, apply, decide
from queue_server.core import commands as c
from queue_server.core.rules import Order
from queue_server.core.vocabulary import StepKind
from queue_server.site_file import read_site_file
from queue_server.site_file.summary import summary, written_rules

SITES = sorted((Path(__file__).parents[2] / "daozhen" / "sites").glob("*.toml"))


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_a_sample_hospital_can_be_used_as_it_is(path: Path) -> None:
    plan = read_site_file(path)
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


def test_the_large_sample_shows_most_of_what_can_be_written() -> None:
    site = read_site_file(next(path for path in SITES if path.stem == "large")).site
    assert len([each for each in site.groups.values() if each.kind is StepKind.CLINIC]) >= 8
    orders = {group.rules.order for group in site.groups.values()}
    assert orders >= {
        Order.ACCUMULATING,
        Order.NUMBER,
        Order.SLOT,
        Order.INTERLEAVE,
        Order.CHECK_IN,
    }
    used = {key for group in site.groups.values() for key in written_rules(group.rules)}
    assert len(used) >= 18, used
    assert site.sessions
    assert site.previsit
    assert site.hours.closed
    assert "\nnote:" not in "\n".join(summary(site, date(2026, 3, 2)))
