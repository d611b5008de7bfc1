"""Each act of the people of a day has its request."""

import re
from pathlib import Path

import pytest

from beacon_sim.day import ALL_LEVERS, draw
from beacon_sim.day import run as day_run
from beacon_sim.day.site import site_of
from beacon_sim.live.errors import LiveError
from beacon_sim.live.play import small_model
from beacon_sim.live.requests import Request, Who, request_of
from queue_server.core import HoldReason, Need
from queue_server.core import commands as c

SITE = site_of(draw(small_model(120), 1), ALL_LEVERS)


def test_at_a_room_a_doctor_asks_and_at_a_window_who_works_there() -> None:
    assert request_of(c.CallNext("room000", "x"), SITE) == Request(
        Who.DOCTOR, ("points", "room000", "call-next")
    )
    assert request_of(c.CallNext("blood0-1", "x"), SITE).who is Who.LAB
    assert request_of(c.CallNext("cash0-1", "x"), SITE).who is Who.CASHIER
    assert request_of(c.CallNext("drugs0-1", "x"), SITE).who is Who.PHARMACIST


def test_staff_say_whom_they_saw() -> None:
    finished = request_of(c.Finish("room000", "x", ("blood",), (), "v1/1", unpaid=True), SITE)
    assert finished.body == {"tests": ("blood",), "then": (), "step": "v1/1", "unpaid": True}
    assert request_of(c.Miss("room000", "x", "v1/1"), SITE).body == {"step": "v1/1"}


def test_a_pharmacist_reviews_and_prepares_and_a_family_brings_its_specimen() -> None:
    assert request_of(c.MeetNeed("v1", Need.REVIEWED, "x"), SITE).who is Who.PHARMACIST
    assert request_of(c.MeetNeed("v1", Need.PREPARED, "x"), SITE).who is Who.PHARMACIST
    assert request_of(c.MeetNeed("v1", Need.SPECIMEN, "x"), SITE).who is Who.SYSTEMS
    held = request_of(c.Hold("v1", "x", HoldReason.AWAY), SITE)
    assert (held.path, held.body) == (("visits", "v1", "hold"), {"reason": "away"})


def test_what_has_no_request_is_refused_in_a_sentence() -> None:
    with pytest.raises(LiveError, match="no request by which a Undo reaches a server"):
        request_of(c.Undo("nurse"), SITE)


def test_every_command_that_the_people_of_a_day_give_is_in_the_table() -> None:
    source = Path(day_run.__file__).read_text("utf-8")
    given = set(re.findall(r"\bc\.([A-Z]\w+)\(", source)) - {"OpenDay", "Tick"}
    table = (Path(__file__).parents[3] / "beacon_sim/live/requests.py").read_text("utf-8")
    missing = {name for name in given if f"c.{name}(" not in table}
    assert not missing
