"""Keys for phones, and where they are, over HTTP."""

from datetime import timedelta

import numpy as np
import pytest
from fastapi.testclient import TestClient

from queue_server.phones import PhoneDesk
from queue_server.visit_keys import VisitKeys
from queue_server.web import Role, create_app
from queue_server.whereabouts import Following, Offsets, Reading, Receiver, Tracker, grid
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import Clinic

KEYS = VisitKeys(b"a secret of thirty-two bytes ...")
RECEIVERS = [Receiver("door-1", 0, 0, zone="东门"), Receiver("door-2", 12, 0, zone="西门")]
V1 = "/api/v1/visits"


class Heard:
    rssi_mean_dbm = -55.0
    count = 3


def app_of(clinic: Clinic, phones: PhoneDesk | None) -> TestClient:
    app = create_app(
        clinic.desk, clinic.accounts, clinic.agents, now=lambda: clinic.day.now, phones=phones
    )
    return TestClient(app, base_url=HERE)


@pytest.fixture
def phones() -> PhoneDesk:
    return PhoneDesk(KEYS, following=Following(Tracker.of(grid(RECEIVERS), RECEIVERS)))


def test_the_hospitals_app_gets_the_key_of_a_visit_and_the_same_every_time(
    clinic: Clinic, phones: PhoneDesk
) -> None:
    clinic.day.arrive("1")
    headers = clinic.bearer(Role.ROBOT)
    with app_of(clinic, phones) as web:
        first = web.post(f"{V1}/v-1/phone-key", headers=headers)
        again = web.post(f"{V1}/v-1/phone-key", headers=headers)
        unknown = web.post(f"{V1}/v-77/phone-key", headers=headers)
    assert first.json() == {"visit": "v-1", "key": KEYS.key("v-1").hex()} == again.json()
    assert unknown.status_code == 404


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.LAB, Role.PHARMACIST])
def test_a_key_is_not_for_everybody(clinic: Clinic, phones: PhoneDesk, role: Role) -> None:
    clinic.day.arrive("1")
    with app_of(clinic, phones) as web:
        assert web.post(f"{V1}/v-1/phone-key").status_code == 401
        refused = web.post(f"{V1}/v-1/phone-key", headers=clinic.bearer(role))
    assert refused.status_code == 403


def test_where_phones_do_not_check_in_the_card_is_named_as_the_way_out(clinic: Clinic) -> None:
    clinic.day.arrive("1")
    with app_of(clinic, None) as web:
        answer = web.post(f"{V1}/v-1/phone-key", headers=clinic.bearer(Role.ROBOT))
    assert answer.status_code == 503
    assert "就诊码" in answer.json()["sentence"]["zh"]


def test_staff_see_where_a_phone_is_and_when_it_was_heard(
    clinic: Clinic, phones: PhoneDesk
) -> None:
    clinic.day.arrive("1")
    now = clinic.day.now.timestamp()
    assert phones.following is not None
    for second in range(5):
        phones.following.hear("v-1", "door-2", now + second, Heard())
        phones.following.look(now + second + 1.1)
    clinic.day.now += timedelta(seconds=6)
    with app_of(clinic, phones) as web:
        found = web.get(f"{V1}/v-1/whereabouts", headers=clinic.bearer(Role.NURSE)).json()
        nobody = web.get(f"{V1}/v-1/whereabouts", headers=clinic.bearer(Role.PHARMACIST))
        clinic.day.now += timedelta(hours=1)
        later = web.get(f"{V1}/v-1/whereabouts", headers=clinic.bearer(Role.NURSE)).json()
    assert found["zone"] == "西门"
    assert found["x_m"] > 6
    assert found["heard_at"] is not None
    assert nobody.status_code == 403
    assert later["zone"] is None
    assert later["heard_at"] is None


def test_readings_stay_out_of_the_filter_until_they_are_looked_at_together() -> None:
    following = Following(Tracker.of(grid(RECEIVERS), RECEIVERS))
    following.hear("v", "door-1", 0.0, Heard())
    following.look(0.5)
    assert following.known("v", 0.5) is None
    following.look(1.0)
    known = following.known("v", 1.0)
    assert known is not None
    assert known.where.at_s == 0.0
    assert following.traffic().paths["v"][0].readings == (Reading("door-1", -55.0, 3),)


def test_what_was_learned_of_an_agents_loudness_is_taken_off() -> None:
    following = Following(Tracker.of(grid(RECEIVERS), RECEIVERS))
    assert following.offset_db("door-1") == 0
    following.offsets = Offsets(np.array([4.0, -2.0]), np.ones(2))
    assert [following.offset_db(each) for each in ("door-1", "door-2", "cart")] == [4, -2, 0]
