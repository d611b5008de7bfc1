"""The demo: the day simulator's families in the small hospital, and people who join in."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from beacon_sim import ServerClient
from beacon_sim.day import NotADay, places_in
from beacon_sim.live import Cameras
from daozhen import demo
from daozhen.cli import main
from daozhen.demo_day import DemoDays, drawn_for
from daozhen.demo_hospitals import HOSPITALS, SAMPLE, SMALL
from daozhen.demo_report import report_of, told
from nav_maps.sample import sample_map
from queue_server import read_site_file
from queue_server.core import StepKind
from queue_server.core import site as s

MONDAY = date(2026, 3, 2)


class Played:
    """A running demo, and a person who has signed in at a console."""

    def __init__(self, hospital: demo.DemoHospital, days: DemoDays) -> None:
        self.hospital = hospital
        self.days = days
        self.person = ServerClient(hospital.url)
        self.person.sign_in("demo", hospital.password)

    def point(self, point: str) -> dict[str, Any]:
        _, shown = self.person.get("points", point)
        assert isinstance(shown, dict)
        return shown

    def until(self, true: Callable[[], bool], within_s: float = 8.0) -> None:
        """Wait for something; fails when it does not come."""
        ends_s = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < ends_s, "it did not come"
            assert not self.days.problem
            time.sleep(0.02)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    settings = demo.DemoSettings(speed=200.0, folder=tmp_path_factory.mktemp("demo"))
    with demo.open_hospital(settings) as hospital:
        cameras = Cameras(hospital.cameras, SMALL.agents)
        days = DemoDays(
            hospital.site,
            hospital.choice,
            hospital.programs,
            hospital.clock,
            cameras,
            settings.speed,
            7,
            demo.midnight(hospital.clock.now()),
            quick_until=465.0,
        )
        stop = threading.Event()
        player = threading.Thread(target=days.run, args=(stop,), daemon=True)
        player.start()
        assert days.at_work.wait(30)
        playing = Played(hospital, days)
        yield playing
        playing.person.close()
        stop.set()
        player.join(30)
        assert not player.is_alive()
        cameras.close()


def test_families_come_are_called_and_served(played: Played) -> None:
    tally = played.days.tally
    played.until(lambda: tally.checked_in > 0 and tally.came > 20 and tally.called > 10)
    assert played.hospital.clock.now().astimezone(demo.ZONE).hour >= 7


def test_a_person_may_call_and_finish_and_the_robots_go_on_afterwards(played: Played) -> None:
    acts = played.days.tally.by_people

    def called() -> bool:
        """Between two families of the robot there is a moment."""
        for point in ("resp-1", "resp-2", "resp-3", "ent-1", "ent-2"):
            status, _ = played.person.post("points", point, "call-next")
            if status == 200:
                mine.append(point)
                return True
        return False

    mine: list[str] = []
    played.until(called, 20)
    point = mine[0]
    step = played.point(point)["current"]["step"]
    time.sleep(0.5)
    assert played.point(point)["current"]["step"] == step, "a robot took the family away"
    status, _ = played.person.post("points", point, "start", body={"step": step})
    assert status == 200
    status, stand = played.person.post(
        "points", point, "finish", body={"step": step, "tests": ["lab"], "unpaid": True}
    )
    assert status == 200, stand
    played.until(lambda: played.days.tally.by_people >= acts + 3)
    played.until(lambda: (played.point(point)["current"] or {"step": step})["step"] != step, 20)


def test_a_robot_takes_over_where_a_person_has_called_and_gone_away(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beacon_sim.live.living.PATIENCE_S", 0.5)
    mine: list[tuple[str, str]] = []

    def called() -> bool:
        for point in ("resp-1", "resp-2", "resp-3", "ent-1", "ent-2"):
            status, call = played.person.post("points", point, "call-next")
            if status == 200 and isinstance(call, dict):
                mine.append((point, played.point(point)["current"]["step"]))
                return True
        return False

    played.until(called, 20)
    point, step = mine[0]
    played.until(lambda: (played.point(point)["current"] or {"step": ""})["step"] != step, 20)
    state = played.days.state
    assert state is not None
    after = state.steps[step]
    played.until(lambda: after.finished_at is not None or after.misses > 0)


def test_a_visitor_is_served_like_everybody_else(played: Played) -> None:
    day = played.hospital.clock.now().astimezone(demo.ZONE).date()
    card, _ = played.hospital.cards.card(day)
    systems = ServerClient(played.hospital.url, played.hospital.token)
    registration = {
        "visit": "V-0001", "patient": "p-V", "name": "王一诺", "group": "resp",
        "day": day.isoformat(), "card": card,
    }  # fmt: skip
    assert systems.post("registrations", body=registration)[0] == 201
    assert systems.post("visits", "V-0001", "check-in")[0] == 200
    systems.close()
    state = played.days.state
    assert state is not None
    played.until(lambda: "V-0001" in state.visits and state.visits["V-0001"].ticket is not None)
    played.until(lambda: played.days.tally.check_ins["V-0001"] == 1)


def test_the_report_says_how_it_went(played: Played) -> None:
    report = report_of(played.days, 1.0, 200.0, "mosquitto")
    found = json.loads(report.as_json())
    assert found["called"] >= found["served"] > 0
    assert found["families_shown"] >= found["checked_in"] > 0
    assert found["checked_in_twice"] == found["numbers_given_twice"] == []
    assert found["refused"] == 0, played.days.programs.tally.failed
    assert "families came" in told(report, played.days)


def test_the_small_hospital_has_a_place_for_every_errand() -> None:
    site = read_site_file(SMALL.site).site
    places = places_in(site, SMALL.model, MONDAY)
    drawn = drawn_for(places, SMALL.model, 1)
    assert places.clinics == ("resp", "ent")
    assert len(places.rooms) == len(places.doctors) == len(drawn.rooms.department) == 10
    for room, department in zip(places.rooms, drawn.rooms.department, strict=True):
        assert site.points[room].group == places.clinics[department]
    for service in (*places.blood, *places.drop, *places.cash, *places.drugs):
        assert service in site.serving
    assert drawn_for(places, SMALL.model, 1).arrival.tolist() == drawn.arrival.tolist()


def test_a_hospital_without_a_laboratory_is_refused_in_a_sentence() -> None:
    site = read_site_file(SMALL.site).site
    groups = {id: group for id, group in site.groups.items() if group.kind is not StepKind.LAB}
    without = s.Site(site.id, site.name, site.timezone, site.areas, groups, site.points)
    with pytest.raises(NotADay, match="has no lab"):
        places_in(without, SMALL.model, MONDAY)


@pytest.mark.parametrize("name", HOSPITALS)
def test_kiosks_doors_and_the_board_of_a_hospital_are_there(name: str) -> None:
    choice = HOSPITALS[name]
    site = read_site_file(choice.site).site
    assert {choice.board, *(kiosk.area for kiosk in choice.kiosks)} <= set(site.areas)
    if choice.on_sample_map:
        devices = {device.id: device.kind for device in sample_map().navigation.devices}
        assert {devices[agent] for agent in choice.agents} == {"kiosk"}
        assert {devices[door] for door in choice.doors} == {"door"}


def test_the_sample_hospital_has_families_for_a_doctor_or_more_in_each_clinic() -> None:
    site = read_site_file(SAMPLE.site).site
    places = places_in(site, SAMPLE.model, MONDAY, most_rooms=SAMPLE.rooms_of)
    half = places.rooms[: len(places.rooms) // 2]
    assert len(places.clinics) == 26
    assert len(half) == 32
    assert places.doctors[half.index("resp-1")] == "resp-dr1"
    assert places.doctors[len(half) + half.index("resp-1")] == "resp-dr6"
    assert drawn_for(places, SAMPLE.model, 1).count > 1_000


def test_a_speed_that_makes_no_sense_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--speed", "0"]) == 2
    assert "--speed" in capsys.readouterr().err
