"""People of a day live in the hospital they are given."""

from dataclasses import replace

from beacon_sim.day import ALL_LEVERS, DayModel, draw
from beacon_sim.day.places import own_places
from beacon_sim.day.run import Day, _plainly


def test_a_day_in_a_hospital_that_is_given_is_that_of_the_one_that_is_made() -> None:
    drawn = draw(replace(DayModel(), visits=300, departments=4), 3)
    made = Day(drawn, ALL_LEVERS, _plainly, keep_events=False).run()
    site = own_places(drawn, ALL_LEVERS).site
    given = Day(
        drawn, ALL_LEVERS, _plainly, keep_events=False, places=own_places(drawn, ALL_LEVERS, site)
    ).run()
    assert made.record.order == given.record.order
    assert made.hospital.site is not site


def test_without_other_tests_in_the_house_none_are_ordered() -> None:
    drawn = draw(replace(DayModel(), visits=200, departments=4, other_test=0.5), 3)
    places = replace(own_places(drawn, ALL_LEVERS), exam=())
    run = Day(drawn, ALL_LEVERS, _plainly, keep_events=False, places=places).run()
    assert run.hospital.visits
    assert not any(
        step.plan.group == "exam0"
        for visit in run.hospital.visits.values()
        for step in visit.steps.values()
    )
