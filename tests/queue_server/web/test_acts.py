"""Every act of staff over HTTP: it works, it is refused with a sentence, and wild input changes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from queue_server.core import commands as c
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import PrevisitRule, Site
from queue_server.core.vocabulary import HoldReason, StepState
from queue_server.web import Role
from tests.queue_server.core.makers import Day, small_site
from tests.queue_server.web.desks import Clinic

V1 = "/api/v1"
LONG = "长" * 201


def site() -> Site:
    """The small clinic; results are reported, drugs are prepared first, blood is offered before the consult."""
    plain = small_site()
    rules = {
        "lab": replace(USUAL_RULES, results_reported=True),
        "drugs": replace(USUAL_RULES, prepare_first=True),
    }
    groups = {
        id: replace(
            group, rules=rules.get(id, group.rules), serves=("blood",) if id == "lab" else ()
        )
        for id, group in plain.groups.items()
    }
    offer = PrevisitRule("cough", ("resp",), ("blood",), reasons=("cough",))
    return replace(plain, groups=groups, previsit=(offer,))


@pytest.fixture
def day(clinic: Clinic) -> Day:
    clinic.desk.day = Day(site())
    return clinic.desk.day


@pytest.fixture
def nurse(clinic: Clinic, day: Day, web: TestClient) -> TestClient:
    del day
    web.headers.update(clinic.bearer(Role.NURSE))
    return web


def told(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body["sentence"]["zh"] != body["sentence"]["en"]
    return answer.status_code, body["code"]


def state(day: Day, visit: str) -> str:
    return day.states(visit)[-1].value


# ---- at a point ----------------------------------------------------------------------------------


def test_one_family_is_called_by_name_and_the_reason_is_kept(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    day.arrive("bo")
    body = {"visit": "v-bo", "reason": "喘得厉害"}
    answer = nurse.post(f"{V1}/points/a1/call", json=body)
    assert answer.json()["stand"]["ticket"] == "A002"
    (called,) = [each for each in day.events if type(each).__name__ == "Called"]
    assert (called.choice.reason, called.by) == ("喘得厉害", "program-nurse")  # type: ignore[attr-defined]  # of this kind
    assert told(nurse.post(f"{V1}/points/a1/call", json=body)) == (409, "point_busy")


def test_nobody_is_called_by_name_who_is_held_elsewhere_or_unknown(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    day.do(c.Hold("v-an", "nurse", HoldReason.NAP))
    for visit, status, code in (("v-an", 409, "held"), ("v-?", 404, "unknown_visit")):
        body = {"visit": visit, "reason": "急"}
        assert told(nurse.post(f"{V1}/points/a1/call", json=body)) == (status, code)
    day.do(c.Release("v-an", "nurse"))
    body = {"visit": "v-an", "reason": "急"}
    assert told(nurse.post(f"{V1}/points/l1/call", json=body)) == (409, "wrong_line")


def test_an_arrival_is_confirmed_once_and_a_family_is_parked_for_a_while(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    assert told(nurse.post(f"{V1}/points/a1/confirm")) == (409, "nobody_called")
    day.call("a1")
    for _ in range(2):
        current = nurse.post(f"{V1}/points/a1/confirm", json={"step": "v-an/1"}).json()["current"]
        assert current["confirmed_at"] is not None
    view = nurse.post(f"{V1}/points/a1/park", json={"minutes": 10}).json()
    assert view["current"] is None
    assert [(one["ticket"], one["hold"]) for one in view["held"]] == [("A001", "delayed")]
    assert told(nurse.post(f"{V1}/points/a1/park")) == (409, "nobody_called")


def test_a_pause_has_its_reason_and_doctors_are_seated_and_unseated(
    day: Day, nurse: TestClient
) -> None:
    view = nurse.post(f"{V1}/points/a1/pause", json={"reason": "会诊"}).json()
    assert (view["open"], view["reason"]) == (False, "会诊")
    view = nurse.post(f"{V1}/points/a1/doctors", json={"doctors": ["wang", "chen"]}).json()
    assert view["doctors"] == ["wang", "chen"]
    assert nurse.post(f"{V1}/points/a1/doctors", json={"doctors": None}).status_code == 200
    assert nurse.get(f"{V1}/points/a1").json()["doctors"] == ["wang"]
    wrong = nurse.post(f"{V1}/points/a1/doctors", json={"doctors": ["nobody"]})
    assert told(wrong) == (409, "unknown_doctor")


def test_what_is_ordered_unpaid_waits_for_the_payment(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    day.call("a1")
    day.do(c.Start("a1", "doctor"))
    nurse.post(f"{V1}/points/a1/finish", json={"tests": ["blood"], "unpaid": True})
    assert day.states("v-an")[1] is StepState.PLANNED
    assert nurse.post(f"{V1}/visits/v-an/pay").status_code == 200
    assert day.states("v-an")[1] is StepState.WAITING


# ---- the place in the line -----------------------------------------------------------------------


def test_a_nap_keeps_the_place_for_half_an_hour_and_no_longer(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    answer = nurse.post(f"{V1}/visits/v-an/hold", json={"reason": "nap", "minutes": 30})
    assert answer.json()["state"] == "held"
    assert told(nurse.post(f"{V1}/visits/v-an/hold")) == (409, "not_waiting")
    day.do(c.Tick(), timedelta(minutes=31))
    assert state(day, "v-an") == "waiting"
    assert told(nurse.post(f"{V1}/visits/v-an/release")) == (409, "not_held")


def test_a_missed_family_is_put_back_after_a_delay(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    day.call("a1")
    day.do(c.Miss("a1", "nurse"))
    answer = nurse.post(f"{V1}/visits/v-an/put-back", json={"minutes": 5})
    assert answer.json()["state"] == "held"
    assert told(nurse.post(f"{V1}/visits/v-an/put-back")) == (409, "not_missed")


def test_a_family_is_moved_to_the_front_and_back_into_the_order(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    day.do(c.Tick(), timedelta(minutes=1))
    day.arrive("bo")

    def order() -> list[str]:
        return [one["ticket"] for one in nurse.get(f"{V1}/points/a1").json()["line"]]

    for to, expected in (("front", ["A002", "A001"]), ("order", ["A001", "A002"])):
        body = {"to": to, "reason": "孩子不舒服"}
        assert nurse.post(f"{V1}/visits/v-bo/move", json=body).status_code == 200
        assert order() == expected
    body = {"to": "end", "reason": "等爸爸"}
    assert nurse.post(f"{V1}/visits/v-an/move", json=body).status_code == 200
    assert order() == ["A002", "A001"]


def test_a_doctor_is_assigned_and_a_priority_given_with_its_badge(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    day.do(c.Tick(), timedelta(minutes=1))
    day.arrive("bo")
    assert nurse.post(f"{V1}/visits/v-bo/doctor", json={"doctor": "chen"}).status_code == 200
    assert [o["ticket"] for o in nurse.get(f"{V1}/points/a1").json()["line"]] == ["A001"]
    assert nurse.post(f"{V1}/visits/v-bo/doctor", json={"doctor": None}).status_code == 200
    body = {"priority": "level-2", "reason": "高热惊厥"}
    assert nurse.post(f"{V1}/visits/v-bo/priority", json=body).status_code == 200
    line = nurse.get(f"{V1}/points/a1").json()["line"]
    assert [(one["ticket"], one["badge"]) for one in line] == [("A002", "急"), ("A001", None)]
    wrong = nurse.post(f"{V1}/visits/v-bo/doctor", json={"doctor": "nobody"})
    assert told(wrong) == (409, "unknown_doctor")
    wrong = nurse.post(f"{V1}/visits/v-bo/priority", json={"priority": "king", "reason": "x"})
    assert told(wrong) == (409, "unknown_class")


def test_a_family_is_transferred_and_another_one_dropped(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    day.arrive("bo")
    body = {"group": "xray", "reason": "先拍片"}
    assert nurse.post(f"{V1}/visits/v-an/transfer", json=body).json()["state"] == "waiting"
    assert day.states("v-an") == [StepState.TRANSFERRED, StepState.WAITING]
    assert told(nurse.post(f"{V1}/visits/v-an/transfer", json=body)) == (409, "same_line")
    wrong = nurse.post(f"{V1}/visits/v-an/transfer", json={"group": "nowhere", "reason": "x"})
    assert told(wrong) == (409, "unknown_group")
    for _ in range(2):
        answer = nurse.post(f"{V1}/visits/v-bo/drop", json={"reason": "离院"})
        assert answer.status_code == 200
    assert day.hospital.visits["v-bo"].cancelled


def test_one_takes_back_ones_own_last_act_and_nobody_elses(
    clinic: Clinic, day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    assert nurse.get(f"{V1}/undo").json() is None
    assert told(nurse.post(f"{V1}/undo")) == (409, "nothing_to_undo")
    nurse.post(f"{V1}/points/a1/call-next")
    last = nurse.get(f"{V1}/undo").json()
    assert (last["what"], last["ticket"], last["name"]) == ("CallNext", "A001", "张小an")
    robot = clinic.bearer(Role.ROBOT)
    day.do(c.Undo("program-nurse"))
    nurse.post(f"{V1}/points/a1/call-next", headers=robot)
    assert nurse.get(f"{V1}/undo", headers=robot).json()["name"] == "张**n"
    assert "张小an" not in nurse.get("/last-act", headers=robot).text
    nurse.post(f"{V1}/undo", headers=robot)
    nurse.post(f"{V1}/points/a1/call-next")
    doctor = clinic.bearer(Role.DOCTOR)
    assert told(nurse.post(f"{V1}/undo", headers=doctor)) == (409, "nothing_to_undo")
    assert nurse.post(f"{V1}/undo").json()["state"] == "waiting"
    assert nurse.get(f"{V1}/points/a1").json()["current"] is None
    nurse.post(f"{V1}/points/a1/call-next")
    day.do(c.Start("a1", "doctor"))
    assert nurse.get(f"{V1}/undo").json() is None
    assert told(nurse.post(f"{V1}/undo")) == (409, "moved_on")
    nurse.post(f"{V1}/points/a1/finish")
    day.do(c.Tick(), timedelta(minutes=11))
    assert nurse.get(f"{V1}/undo").json() is None
    assert told(nurse.post(f"{V1}/undo")) == (409, "undo_too_late")


# ---- what is still to be done --------------------------------------------------------------------


def test_a_prescription_is_reviewed_and_prepared_before_the_family_stands_in_line(
    clinic: Clinic, day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    day.serve("a1", then=("drugs",))
    pharmacist = clinic.bearer(Role.PHARMACIST)

    def work() -> list[list[str]]:
        view = nurse.get(f"{V1}/points/p1", headers=pharmacist).json()
        return [one["lacks"] for one in view["work"]]

    def says(need: str, role: Role = Role.PHARMACIST) -> Any:
        return nurse.post(
            f"{V1}/visits/v-an/needs", json={"need": need}, headers=clinic.bearer(role)
        )

    assert work() == [["reviewed", "prepared"]]
    assert told(says("prepared")) == (409, "need_not_yet")
    assert told(says("reviewed", Role.NURSE)) == (403, "role_may_not")
    assert says("reviewed").status_code == 200
    assert work() == [["prepared"]]
    assert says("prepared").json()["state"] == "waiting"
    assert says("prepared").status_code == 200
    assert work() == []
    assert told(says("fasting", Role.LAB)) == (409, "not_ordered")


def test_the_last_result_brings_the_family_back_and_twice_is_once(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an")
    day.serve("a1", tests=("blood",))
    order = day.hospital.visits["v-an"].steps["v-an/2"].plan.order
    assert told(nurse.post(f"{V1}/results", json={"order": order})) == (409, "not_ready")
    day.serve("l1")
    (waits,) = nurse.get(f"{V1}/points/l1").json()["results_due"]
    assert (waits["ticket"], waits["order"]) == ("A001", order)
    for _ in range(2):
        assert nurse.post(f"{V1}/results", json={"order": order}).json()["state"] == "waiting"
    assert told(nurse.post(f"{V1}/results", json={"order": "x"})) == (409, "unknown_order")
    assert nurse.get(f"{V1}/points/l1").json()["results_due"] == []
    (back,) = nurse.get(f"{V1}/points/a1").json()["line"]
    assert back["is_return"]
    assert [each["service"] for each in back["results"]] == [{"zh": "血常规", "en": "Blood count"}]


def test_orders_are_added_and_drugs_come_by_express(day: Day, nurse: TestClient) -> None:
    day.register("an")
    body = {"services": ["blood"], "fasting": True, "comes_back": True}
    assert told(nurse.post(f"{V1}/visits/v-an/orders", json=body)) == (409, "not_here")
    day.scan("an")
    assert told(nurse.post(f"{V1}/visits/v-an/orders", json=body)) == (409, "not_ready")
    day.serve("a1", then=("drugs",))
    assert nurse.post(f"{V1}/visits/v-an/orders", json=body).status_code == 200
    (waits,) = nurse.get(f"{V1}/points/l1").json()["work"]
    assert waits["lacks"] == ["fasting"]
    assert nurse.post(f"{V1}/visits/v-an/needs", json={"need": "fasting"}).status_code == 200
    assert nurse.get(f"{V1}/points/l1").json()["work"] == []
    assert nurse.post(f"{V1}/visits/v-an/delivery").status_code == 200
    assert told(nurse.post(f"{V1}/visits/v-an/delivery")) == (409, "no_delivery")
    wrong = nurse.post(f"{V1}/visits/v-an/orders", json={"services": ["magic"]})
    assert told(wrong) == (409, "unknown_service")


def test_tests_before_the_consult_are_offered_taken_and_a_recognised_report_suppresses_them(
    day: Day, nurse: TestClient
) -> None:
    day.arrive("an", reasons=("cough",))
    (first,) = nurse.get(f"{V1}/points/a1").json()["line"]
    assert [each["zh"] for each in first["offer"]] == ["血常规"]
    assert nurse.post(f"{V1}/visits/v-an/offer", json={"accepted": True}).status_code == 200
    answer = nurse.post(f"{V1}/visits/v-an/pay")
    assert [step["state"] for step in answer.json()["steps"]] == ["held", "waiting"]
    no = nurse.post(f"{V1}/visits/v-an/offer", json={"accepted": False})
    assert told(no) == (409, "offer_over")
    day.register("bo", reasons=("cough",))
    report = {
        "patient": "bo",
        "service": "blood",
        "taken_at": "2026-03-01T08:00:00+08:00",
        "source": "省儿保",
    }
    assert nurse.post(f"{V1}/reports", json=report).status_code == 201
    day.scan("bo")
    no = nurse.post(f"{V1}/visits/v-bo/offer", json={"accepted": True})
    assert told(no) == (409, "no_offer")
    future = {**report, "taken_at": "2027-03-01T08:00:00+08:00"}
    assert told(nurse.post(f"{V1}/reports", json=future)) == (409, "in_future")
    assert told(nurse.post(f"{V1}/reports", json={**report, "patient": "?"})) == (
        409,
        "unknown_patient",
    )


# ---- at the desk ---------------------------------------------------------------------------------


def test_a_guardians_card_for_two_children_is_answered_with_the_question_which(
    day: Day, nurse: TestClient
) -> None:
    for child in ("an", "bo"):
        day.register(child, guardian="g-1", guardian_card="card-g")
    answer = nurse.post(f"{V1}/check-ins", json={"card": "card-g"})
    assert told(answer) == (409, "which_child")
    choices = [(each["visit"], each["masked_name"]) for each in answer.json()["choices"]]
    assert choices == [("v-an", "张**n"), ("v-bo", "张**o")]
    assert "张小" not in answer.text
    one = nurse.post(f"{V1}/check-ins", json={"card": "card-g", "visit": "v-bo"})
    assert [each["ticket"] for each in one.json()] == ["A001"]
    assert told(nurse.post(f"{V1}/check-ins", json={"card": "nobody"})) == (409, "unknown_card")
    other = nurse.post(f"{V1}/check-ins", json={"card": "card-g", "visit": "v-?"})
    assert told(other) == (409, "no_visit")


def test_without_a_screening_form_nobody_is_checked_in(clinic: Clinic, nurse: TestClient) -> None:
    clinic.desk.day = day = Day(small_site(screening=True))
    day.register("an")
    assert told(nurse.post(f"{V1}/visits/v-an/check-in")) == (409, "screening_missing")
    assert nurse.post(f"{V1}/visits/v-an/screening", json={"abnormal": True}).status_code == 200
    assert told(nurse.post(f"{V1}/visits/v-an/check-in")) == (409, "screened_out")
    assert nurse.post(f"{V1}/visits/v-an/screening", json={"abnormal": False}).status_code == 200
    assert nurse.post(f"{V1}/visits/v-an/check-in").json()["ticket"] == "A001"


@pytest.mark.parametrize(("abnormal", "group"), [(False, "呼吸内科"), (True, "放射科")])
def test_a_walk_in_brings_its_screening_form_along(
    clinic: Clinic, nurse: TestClient, abnormal: bool, group: str
) -> None:
    clinic.desk.day = Day(small_site(screening=True, fever_group="xray"))
    body = {"visit": "W-1", "name": "王一诺", "group": "resp"}
    assert told(nurse.post(f"{V1}/walk-ins", json=body)) == (409, "screening_missing")
    for _ in range(2):
        answer = nurse.post(f"{V1}/walk-ins", json={**body, "abnormal": abnormal})
        assert answer.status_code == 201
        assert (answer.json()["group"]["zh"], answer.json()["state"]) == (group, "waiting")
    assert len(clinic.day.hospital.visits) == 1


def test_unpaid_where_payment_comes_first_is_refused_until_it_is_paid(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.desk.day = day = Day(small_site(pay_first=True))
    day.register("an", paid=False)
    assert told(nurse.post(f"{V1}/visits/v-an/check-in")) == (409, "unpaid")
    assert nurse.post(f"{V1}/visits/v-an/pay").status_code == 200
    assert nurse.post(f"{V1}/visits/v-an/check-in").json()["ticket"] == "A001"


def test_another_guardian_goes_on_with_a_card_of_their_own(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    assert nurse.post(f"{V1}/visits/v-an/hand-over", json={"card": "card-aunt"}).status_code == 200
    day.do(c.Scan("k1", day.now, True, "card-aunt"))
    assert day.hospital.visits["v-an"].guardian == day.hospital.cards["card-aunt"]
    taken = nurse.post(f"{V1}/visits/v-an/hand-over", json={"card": "card-an"})
    assert told(taken) == (409, "card_taken")


def test_a_registration_carries_all_that_the_rules_ask_for(day: Day, nurse: TestClient) -> None:
    body = {
        "visit": "H-1",
        "patient": "p1",
        "name": "张小宝",
        "group": "resp",
        "day": "2026-03-02",
        "guardian": "g1",
        "guardian_card": "card-g",
        "serial": 12,
        "paid": False,
        "priority": "infant",
        "reasons": ["fever"],
        "born": "2026-02-20",
        "add_on": True,
    }
    assert nurse.post(f"{V1}/registrations", json=body).status_code == 201
    visit = day.hospital.visits["H-1"]
    assert (visit.guardian, visit.serial, visit.paid, visit.priority) == ("g1", 12, False, "infant")
    assert (visit.reasons, visit.add_on) == (("fever",), True)


# ---- messages ------------------------------------------------------------------------------------


def test_a_message_is_put_on_boards_once_and_taken_off(day: Day, nurse: TestClient) -> None:
    body = {"id": "n-1", "zh": "3 诊室稍后开诊", "en": "Room 3 opens later", "minutes": 30}
    for _ in range(2):
        (shown,) = nurse.post(f"{V1}/notices", json=body).json()
    assert (shown["zh"], shown["by"], shown["area"]) == ("3 诊室稍后开诊", "program-nurse", None)
    assert len(nurse.get(f"{V1}/notices").json()) == 1
    wrong = nurse.post(f"{V1}/notices", json={**body, "id": "n-2", "area": "nowhere"})
    assert told(wrong) == (409, "unknown_area")
    for _ in range(2):
        assert nurse.post(f"{V1}/notices/n-1/end").json() == []
    assert not day.hospital.announcements


# ---- wild input ----------------------------------------------------------------------------------

NEEDS_A_REASON = [
    ("points/a1/call", {"visit": "v-an"}),
    ("visits/v-an/move", {"to": "front"}),
    ("visits/v-an/priority", {"priority": "level-2"}),
    ("visits/v-an/transfer", {"group": "xray"}),
    ("visits/v-an/drop", {}),
]


@pytest.mark.parametrize(("path", "body"), NEEDS_A_REASON, ids=lambda each: str(each))
@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", "no_reason"), (" \u3000 ", "no_reason"), (LONG, "bad_text"), ("a\x00b", "invalid")],
)
def test_an_act_that_needs_a_reason_is_refused_without_a_good_one(
    clinic: Clinic,
    day: Day,
    nurse: TestClient,
    path: str,
    body: dict[str, Any],
    reason: str,
    expected: str,
) -> None:
    day.arrive("an")
    before = clinic.desk.position
    answer = nurse.post(f"{V1}/{path}", json={**body, "reason": reason})
    assert told(answer)[1] == expected
    assert clinic.desk.position == before
    missing = nurse.post(f"{V1}/{path}", json=body)
    assert told(missing) == (422, "invalid")


@pytest.mark.parametrize("minutes", [0, -1, 1441, 10**12, 1.5, "soon", True])
@pytest.mark.parametrize(
    "path", ["points/a1/park", "visits/v-an/hold", "visits/v-an/put-back", "notices"]
)
def test_wild_minutes_are_refused(
    clinic: Clinic, day: Day, nurse: TestClient, path: str, minutes: object
) -> None:
    day.arrive("an")
    before = clinic.desk.position
    extra = {"id": "n", "zh": "一", "en": "a"} if path == "notices" else {}
    answer = nurse.post(f"{V1}/{path}", json={**extra, "minutes": minutes})
    assert told(answer) == (422, "invalid")
    assert clinic.desk.position == before


ACTS_ON_A_VISIT: dict[str, dict[str, Any] | None] = {
    "put-back": None,
    "hold": None,
    "release": None,
    "move": {"to": "end", "reason": "x"},
    "doctor": {"doctor": "chen"},
    "priority": {"priority": "level-2", "reason": "x"},
    "transfer": {"group": "xray", "reason": "x"},
    "drop": {"reason": "x"},
    "orders": {"services": ["lab"]},
    "pay": None,
    "needs": {"need": "fasting"},
    "delivery": None,
    "offer": {"accepted": True},
    "screening": {"abnormal": True},
    "hand-over": {"card": "card-x"},
}


@pytest.mark.parametrize(("act", "body"), ACTS_ON_A_VISIT.items())
def test_an_act_on_a_visit_that_is_not_there_is_said_in_words(
    clinic: Clinic, nurse: TestClient, act: str, body: dict[str, Any] | None
) -> None:
    before = clinic.desk.position
    assert told(nurse.post(f"{V1}/visits/v-none/{act}", json=body)) == (404, "unknown_visit")
    assert clinic.desk.position == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("visits/v-an/move", {"to": "moon", "reason": "x"}),
        ("visits/v-an/move", {"to": "places", "places": 0, "reason": "x"}),
        ("visits/v-an/move", {"to": "places", "reason": "x"}),
        ("visits/v-an/move", {"to": "places", "places": 100, "reason": "x"}),
        ("visits/v-an/hold", {"reason": "lunch"}),
        ("visits/v-an/needs", {"need": "luck"}),
        ("visits/v-an/orders", {"services": []}),
        ("visits/v-an/orders", {"services": ["lab"], "before": "2026-03-02T10:00:00"}),
        ("visits/v-an/orders", {"services": ["lab"] * 21}),
        ("visits/v-an/hand-over", {"card": ""}),
        ("visits/v-an/hand-over", {"card": "x" * 121}),
        ("visits/v-an/offer", {}),
        ("visits/v-an/transfer", {"group": "", "reason": "x"}),
        ("points/a1/doctors", {}),
        ("points/a1/doctors", {"doctors": ["x"] * 7}),
        ("points/a1/pause", {"reason": "a\nb"}),
        ("notices", {"id": "", "zh": "一", "en": "a"}),
        ("notices", {"id": "n", "zh": "一"}),
        ("results", {}),
        ("check-ins", {"card": "a b"}),
    ],
)
def test_input_that_makes_no_sense_changes_nothing(
    clinic: Clinic, day: Day, nurse: TestClient, path: str, body: dict[str, Any]
) -> None:
    day.arrive("an")
    before = clinic.desk.position
    assert told(nurse.post(f"{V1}/{path}", json=body)) == (422, "invalid")
    assert clinic.desk.position == before


@pytest.mark.parametrize(("zh", "en"), [("", "a"), ("一", " "), (LONG, "a"), ("一", LONG)])
def test_a_message_must_say_something_short_in_both_languages(
    clinic: Clinic, nurse: TestClient, zh: str, en: str
) -> None:
    before = clinic.desk.position
    answer = nurse.post(f"{V1}/notices", json={"id": "n", "zh": zh, "en": en})
    assert told(answer)[1] in ("no_reason", "bad_text")
    assert clinic.desk.position == before


def test_a_moment_that_is_over_is_no_deadline(day: Day, nurse: TestClient) -> None:
    day.arrive("an")
    body = {"services": ["lab"], "before": "2026-03-02T08:00:00+08:00"}
    assert told(nurse.post(f"{V1}/visits/v-an/orders", json=body)) == (409, "bad_length")
