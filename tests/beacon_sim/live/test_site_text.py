"""The hospital of a simulated day as a site file."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from beacon_sim.day import DayModel, draw
from beacon_sim.day.compare import SCENARIOS
from beacon_sim.day.site import site_of
from beacon_sim.live.errors import LiveError
from beacon_sim.live.play import small_model
from beacon_sim.live.site_text import site_text
from queue_server import read_site_file
from queue_server.core import rules as r

WRITABLE = sorted(name for name, levers in SCENARIOS.items() if levers.hold)


@pytest.mark.parametrize("scenario", WRITABLE)
def test_a_site_that_is_written_is_read_as_it_was(scenario: str, tmp_path: Path) -> None:
    made = site_of(draw(small_model(120), 1), SCENARIOS[scenario])
    file = tmp_path / "site.toml"
    file.write_text(site_text(made), "utf-8")
    read = read_site_file(file).site
    assert replace(read, version="", text="", doctors={}) == replace(
        made, version="", text="", doctors={}
    )


def test_the_large_hospital_can_be_written_as_well(tmp_path: Path) -> None:
    made = site_of(draw(DayModel(), 1), SCENARIOS["all"])
    file = tmp_path / "site.toml"
    file.write_text(site_text(made), "utf-8")
    assert read_site_file(file).site.points == made.points


def test_a_rule_that_a_file_cannot_say_is_refused_in_a_sentence() -> None:
    made = site_of(draw(small_model(120), 1), SCENARIOS["all"])
    group = replace(made.groups["clinic00"], rules=r.Rules(hold_limit=timedelta(seconds=1)))
    with pytest.raises(LiveError, match="hold_limit_minutes = 0:00:01 can't stand in a site file"):
        site_text(replace(made, groups={**made.groups, "clinic00": group}))
