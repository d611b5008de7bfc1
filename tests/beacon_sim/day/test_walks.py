"""Families walk as long as a map says: every place of the site is on it, and whoever pushes a stroller goes by lift."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beacon_sim.day import ALL_LEVERS, DayModel, Drawn, Places, draw
from beacon_sim.day.bound import mean_bound
from beacon_sim.day.measure import measured
from beacon_sim.day.on_map import NotOnTheMap, read_walks, walk_table
from beacon_sim.day.places import NotADay, doctors_in, places_in, under, visits_for
from beacon_sim.day.run import DAY, run_day
from beacon_sim.day.walks import Walks, WalkTable, drawn_walks, map_walks
from nav_maps.sample import sample_map
from queue_server import read_site_file
from queue_server.core import StepKind

SITES = Path(__file__).parents[3] / "daozhen" / "sites"
MODEL = DayModel(strollers=0.5)


@pytest.fixture(scope="module")
def places() -> Places:
    return places_in(read_site_file(SITES / "hospital.toml").site, MODEL, DAY)


@pytest.fixture(scope="module")
def drawn(places: Places) -> Drawn:
    doctors = doctors_in(places, MODEL)
    return draw(replace(MODEL, departments=len(doctors), visits=500), 5, doctors)


@pytest.fixture(scope="module")
def table(places: Places) -> WalkTable:
    return walk_table(sample_map(), places)


@pytest.fixture(scope="module")
def walks(drawn: Drawn, places: Places, table: WalkTable) -> Walks:
    return map_walks(drawn, places, table)


def test_every_way_takes_some_time_and_none_a_quarter_of_an_hour(walks: Walks) -> None:
    for ways in (walks.to_wait, walks.before, walks.bring, walks.to_drugs):
        assert ways.min() > 0
        assert ways.max() < 15
    assert np.mean(walks.to_tests > 0) > 0.9  # some tests are made where one waits already


def test_only_who_pays_at_a_window_walks_there_to_pay(walks: Walks, drawn: Drawn) -> None:
    assert (walks.to_pay[drawn.at_cashier] > 0).all()
    assert not walks.to_pay[~drawn.at_cashier].any()


def test_the_emergency_has_its_own_door(table: WalkTable) -> None:
    assert table.door_of["er"] == "door-er"
    assert table.door_of["fever"] == "door-fever"
    assert table.door_of["resp"] == "door-main"
    assert table.afoot["door-er"]["er"] < table.afoot["door-main"]["er"]


def test_families_of_one_clinic_differ_by_pace_and_stroller_only(
    walks: Walks, drawn: Drawn
) -> None:
    one = (drawn.department == drawn.department[0]) & drawn.stroller
    pace = drawn.walks[one, 0] / drawn.model.walk
    assert np.ptp(walks.to_wait[one] / pace) < 1e-9


def test_a_day_is_lived_on_the_map_and_stays_above_its_bound(
    walks: Walks, drawn: Drawn, places: Places
) -> None:
    here = under(places, ALL_LEVERS)
    run = run_day(drawn, ALL_LEVERS, places=here, walks=walks, keep_events=True)
    found = measured(run)
    assert found.unfinished == 0
    assert found.unexplained == 0
    assert mean_bound(drawn, True, walks) < found.mean
    called = {step.point for v in run.hospital.visits.values() for step in v.steps.values()}
    assert {"blood-1", "pharmacy-1", "cashier-1", "resp-1"} <= called
    doctors = {step.doctor for v in run.hospital.visits.values() for step in v.steps.values()}
    assert {"resp-dr1", "resp-dr6"} <= doctors  # morning and afternoon in one room


def test_a_child_with_an_abnormal_form_is_seen_in_the_fever_clinic(places: Places) -> None:
    model = replace(MODEL, abnormal_forms=1.0)
    doctors = doctors_in(places, model)
    drawn = draw(replace(model, departments=len(doctors), visits=60), 2, doctors)
    run = run_day(drawn, ALL_LEVERS, places=under(places, ALL_LEVERS))
    assert measured(run).unfinished == 0
    for visit in run.hospital.visits.values():
        clinics = {s.plan.group for s in visit.steps.values() if s.plan.kind is StepKind.CLINIC}
        if visit.checked_in_at and visit.screening:
            assert "fever" in clinics


def test_nobody_waits_for_walks_that_were_drawn(drawn: Drawn) -> None:
    walks = drawn_walks(drawn)
    assert not walks.to_wait.any()
    assert (walks.to_tests == drawn.walks[:, 0]).all()


def test_more_doctors_see_more_families() -> None:
    few, many = (visits_for(DayModel(), (rooms,) * 10) for rooms in (1, 3))
    assert many == pytest.approx(3 * few, abs=3)


def test_a_site_that_is_not_on_the_map_is_refused_with_the_line_that_is_missing() -> None:
    site = read_site_file(SITES / "large.toml").site
    with pytest.raises(NotOnTheMap, match="no place for the line"):
        walk_table(sample_map(), places_in(site, MODEL, DAY))


def test_what_is_no_map_is_refused(tmp_path: Path, places: Places) -> None:
    with pytest.raises(NotOnTheMap, match="can't be read as a map"):
        read_walks(tmp_path / "nothing.zip", places)


def test_a_site_without_a_laboratory_has_no_day() -> None:
    site = read_site_file(SITES / "small.toml").site
    groups = {id: g for id, g in site.groups.items() if g.kind is not StepKind.LAB}
    with pytest.raises(NotADay, match="has no lab"):
        places_in(replace(site, groups=groups), MODEL, DAY)
