"""Number series: prefixes, per department, doctor, period and half day; daily reset; wrap."""

from dataclasses import replace
from datetime import timedelta

from queue_server.core import commands as c
from queue_server.core.site import Doctor, Per, Series, Site
from tests.queue_server.core.makers import Day, clock, minutes, name, slot, small_site
from tests.queue_server.core.rule_table import shows


def site_of(per: Per, **more: int) -> Site:
    site = small_site()
    series = Series("resp", "A", per, **more)
    doctors = {"wang": Doctor("wang", name("王"), "W"), "chen": Doctor("chen", name("陈"), "C")}
    groups = {**site.groups, "resp": replace(site.groups["resp"], series=series)}
    return replace(site, groups=groups, doctors=doctors)


@shows("Numbers", "one series for a department; every day begins anew")
def test_a_series_for_a_department_begins_anew_every_day() -> None:
    day = Day()
    assert [day.arrive("1"), day.arrive("2")] == ["A001", "A002"]
    day.serve(), day.serve()
    day.now += timedelta(days=1)
    day.do(c.OpenDay())
    tomorrow = day.hospital.site.day(day.now)
    day.do(c.Register("v-3", "3", "张小3", "resp", tomorrow, "card-3"))
    day.scan("3")
    assert day.ticket("v-3") == "A001"


@shows("Numbers", "a series for each doctor; the pool has its own")
def test_a_series_for_each_doctor() -> None:
    day = Day(site_of(Per.DOCTOR))
    tickets = [
        day.arrive("1", doctor="wang"),
        day.arrive("2", doctor="chen"),
        day.arrive("3", doctor="wang"),
        day.arrive("4"),
    ]
    assert tickets == ["AW001", "AC001", "AW002", "A001"]


@shows("Numbers", "a series for each precise period: A09-01")
def test_a_series_for_each_period() -> None:
    day = Day(site_of(Per.PERIOD, width=2), clock(8, 50))
    tickets = [
        day.arrive("1", slot=slot(9)),
        day.arrive("2", slot=slot(10)),
        day.arrive("3", slot=slot(9)),
        day.arrive("4"),
    ]
    assert tickets == ["A09-01", "A10-01", "A09-02", "A08-01"]


@shows("Numbers", "a series for each half day")
def test_a_series_for_each_half_day() -> None:
    day = Day(site_of(Per.HALF_DAY), clock(11))
    assert [day.arrive("1"), day.arrive("2")] == ["A001", "A002"]
    day.serve()
    day.now = clock(14)
    assert [day.arrive("3"), day.arrive("4")] == ["A001", "A003"]  # A002 is still in a hand


@shows(
    "Numbers",
    "after the last number comes the first again; a number that is still carried is passed over",
)
def test_a_series_wraps_and_passes_over_numbers_in_use() -> None:
    day = Day(site_of(Per.GROUP, first=1, last=3, width=1))
    assert [day.arrive(child) for child in "ab"] == ["A1", "A2"]
    day.serve()
    assert [day.arrive(child) for child in "12"] == ["A3", "A1"]
    assert day.arrive("4") == "A4"  # all are carried: it goes on above the last


@shows("Numbers", "two lines may share a series")
def test_two_lines_share_a_series() -> None:
    site = small_site()
    shared = Series("both", "T")
    groups = {
        **site.groups,
        "resp": replace(site.groups["resp"], series=shared),
        "xray": replace(site.groups["xray"], series=shared),
    }
    day = Day(replace(site, groups=groups))
    assert [day.arrive("1"), day.arrive("2", group="xray"), day.arrive("3")] == [
        "T001",
        "T002",
        "T003",
    ]


@shows("Numbers", "a family that is sent to another line keeps its number")
def test_a_transfer_keeps_the_number() -> None:
    day = Day()
    ticket = day.arrive("1")
    day.do(c.Transfer("v-1", "xray", "nurse", "先拍片"), minutes(1))
    assert day.call("x1") == ticket
