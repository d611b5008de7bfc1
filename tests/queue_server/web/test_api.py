"""What the API does, and what it says when it does not."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from queue_server.core import commands as c
from queue_server.core.commands import Reason
from queue_server.web import Role
from queue_server.web.staff_sentences import SENTENCES, sentence_for_staff
from tests.queue_server.web.desks import Clinic

V1 = "/api/v1"
REGISTRATION: dict[str, Any] = {
    "visit": "HIS-1",
    "patient": "p-1",
    "name": "张小宝",
    "group": "resp",
    "day": "2026-03-02",
    "card": "5a1e0000000000000001",
    "slot": {"start": "2026-03-02T09:00:00+08:00", "end": "2026-03-02T10:00:00+08:00"},
}


@pytest.fixture
def nurse(clinic: Clinic, web: TestClient) -> TestClient:
    web.headers.update(clinic.bearer(Role.NURSE))
    return web


def code(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["sentence"]["zh"] != body["sentence"]["en"]
    return answer.status_code, body["code"]


def test_the_same_registration_twice_is_one(clinic: Clinic, nurse: TestClient) -> None:
    first = nurse.post(f"{V1}/registrations", json=REGISTRATION)
    assert (first.status_code, first.json()) == (201, {"visit": "HIS-1"})
    position = clinic.desk.position
    assert nurse.post(f"{V1}/registrations", json=REGISTRATION).status_code == 201
    assert clinic.desk.position == position


def test_another_registration_under_the_same_id_is_refused(nurse: TestClient) -> None:
    nurse.post(f"{V1}/registrations", json=REGISTRATION)
    other = nurse.post(f"{V1}/registrations", json={**REGISTRATION, "slot": None})
    assert code(other) == (409, "visit_differs")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"day": "0001-01-01"}, "body.day"),
        (
            {"slot": {"start": "9999-12-31T23:59:00-12:00", "end": "9999-12-31T23:59:59-12:00"}},
            "slot",
        ),
        ({"slot": {"start": "2026-03-02T09:00:00", "end": "2026-03-02T10:00:00"}}, "slot.start"),
        ({"name": "张\x00宝"}, "body.name"),
        ({"name": "   "}, "body.name"),
        ({"visit": "a/b"}, "body.visit"),
        ({"visit": "x" * 81}, "body.visit"),
        ({"card": ""}, "body.card"),
        ({"surprise": 1}, "body.surprise"),
    ],
)
def test_a_registration_that_makes_no_sense_is_explained_field_by_field(
    clinic: Clinic, nurse: TestClient, change: dict[str, Any], where: str
) -> None:
    before = clinic.desk.position
    answer = nurse.post(f"{V1}/registrations", json={**REGISTRATION, **change})
    assert code(answer) == (422, "invalid")
    assert any(where in wrong["where"] for wrong in answer.json()["wrong"])
    assert "张小宝" not in answer.text
    assert clinic.desk.position == before


def test_a_registration_given_back_leaves_the_line_and_again_is_no_error(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.arrive("an")
    assert nurse.post(f"{V1}/visits/v-an/cancel").status_code == 200
    assert nurse.post(f"{V1}/visits/v-an/cancel").status_code == 200
    assert nurse.get(f"{V1}/points/a1").json()["line"] == []


def test_a_walk_in_leaves_the_desk_with_its_number_and_a_repeated_click_is_one_visit(
    clinic: Clinic, nurse: TestClient
) -> None:
    body = {"visit": "W-1", "name": "王一诺", "group": "resp", "doctor": "wang"}
    first = nurse.post(f"{V1}/walk-ins", json=body)
    again = nurse.post(f"{V1}/walk-ins", json=body)
    assert first.status_code == again.status_code == 201
    assert first.json()["ticket"] == again.json()["ticket"] == "A001"
    assert first.json()["masked_name"] == "王*诺"
    assert len(clinic.day.hospital.visits) == 1


def test_two_clicks_at_once_call_one_family_and_the_second_is_told(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.arrive("an")
    clinic.day.arrive("bo")
    first = nurse.post(f"{V1}/points/a1/call-next")
    assert first.json()["stand"]["ticket"] == "A001"
    second = nurse.post(f"{V1}/points/a1/call-next")
    assert code(second) == (409, "point_busy")
    assert second.json()["ticket"] == "A001"
    assert "同事" in second.json()["sentence"]["zh"]


@pytest.mark.parametrize("act", ["recall", "miss", "start", "finish"])
def test_a_late_click_hits_nobody_else(clinic: Clinic, nurse: TestClient, act: str) -> None:
    clinic.day.arrive("an")
    clinic.day.arrive("bo")
    clinic.day.call("a1")
    clinic.day.do(c.Miss("a1", "colleague"))
    clinic.day.call("a1")
    answer = nurse.post(f"{V1}/points/a1/{act}", json={"step": "v-an/1"})
    assert code(answer) == (409, "moved_on")
    assert answer.json()["ticket"] == "A002"
    current = nurse.get(f"{V1}/points/a1").json()["current"]
    assert (current["ticket"], current["state"], current["times"]) == ("A002", "called", 1)


def test_a_family_goes_from_the_doctor_to_the_lab_and_back_to_the_same_doctor(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.arrive("an")
    nurse.post(f"{V1}/points/a1/call-next")
    assert nurse.post(f"{V1}/points/a1/start").json()["current"]["state"] == "serving"
    sent = nurse.post(f"{V1}/points/a1/finish", json={"tests": ["lab"], "then": ["drugs"]})
    assert sent.json()["group"]["zh"] == "检验科"
    away = nurse.get(f"{V1}/points/a1").json()["at_tests"]
    assert [(one["ticket"], one["where"]["zh"], one["where_state"]) for one in away] == [
        ("A001", "检验科", "waiting")
    ]
    assert nurse.get(f"{V1}/points/a2").json()["at_tests"] == []
    nurse.post(f"{V1}/points/l1/call-next")
    nurse.post(f"{V1}/points/l1/start")
    nurse.post(f"{V1}/points/l1/finish")
    (back,) = nurse.get(f"{V1}/points/a1").json()["line"]
    assert (back["ticket"], back["is_return"]) == ("A001", True)


def test_a_test_that_is_none_is_refused_and_the_family_stays(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.arrive("an")
    clinic.day.call("a1")
    clinic.day.do(c.Start("a1", "doctor"))
    assert code(nurse.post(f"{V1}/points/a1/finish", json={"tests": ["drugs"]})) == (
        409,
        "not_a_test",
    )
    assert nurse.get(f"{V1}/points/a1").json()["current"]["state"] == "serving"


def test_missed_and_put_back_and_held_and_released(clinic: Clinic, nurse: TestClient) -> None:
    clinic.day.arrive("an")
    clinic.day.call("a1")
    view = nurse.post(f"{V1}/points/a1/miss", json={"step": "v-an/1"}).json()
    assert [one["ticket"] for one in view["missed"]] == ["A001"]
    assert nurse.post(f"{V1}/visits/v-an/put-back").json()["state"] == "waiting"
    assert nurse.post(f"{V1}/visits/v-an/hold").json()["state"] == "held"
    assert code(nurse.post(f"{V1}/points/a1/call-next")) == (409, "nobody_waiting")
    assert nurse.post(f"{V1}/visits/v-an/release").json()["state"] == "waiting"


def test_a_paused_point_calls_nobody_until_it_is_open(clinic: Clinic, nurse: TestClient) -> None:
    clinic.day.arrive("an")
    assert nurse.post(f"{V1}/points/a1/pause").json()["open"] is False
    assert code(nurse.post(f"{V1}/points/a1/call-next")) == (409, "point_paused")
    assert nurse.post(f"{V1}/points/a1/open").json()["open"] is True
    assert nurse.post(f"{V1}/points/a1/call-next").status_code == 200


def test_at_the_desk_a_family_is_checked_in_and_twice_is_once(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.register("an")
    first = nurse.post(f"{V1}/visits/v-an/check-in").json()
    assert nurse.post(f"{V1}/visits/v-an/check-in").json()["ticket"] == first["ticket"] == "A001"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/points/nowhere/call-next", "unknown_point"),
        ("GET", "/points/nowhere", "unknown_point"),
        ("GET", "/points/nowhere/events", "unknown_point"),
        ("GET", "/visits/nobody", "unknown_visit"),
        ("POST", "/visits/nobody/check-in", "unknown_visit"),
        ("POST", "/visits/nobody/put-back", "unknown_visit"),
        ("POST", "/visits/nobody/cancel", "unknown_visit"),
        ("GET", "/boards/nowhere", "unknown_area"),
        ("GET", "/boards/nowhere/events", "unknown_area"),
        ("GET", "/nothing", "not_found"),
    ],
)
def test_what_is_not_there_is_said_in_words(
    nurse: TestClient, method: str, path: str, expected: str
) -> None:
    assert code(nurse.request(method, V1 + path)) == (404, expected)


def test_a_search_finds_number_name_and_visit_and_those_to_check_in_come_first(
    clinic: Clinic, nurse: TestClient
) -> None:
    clinic.day.arrive("an")
    clinic.day.register("bo")
    found = nurse.post(f"{V1}/visits/search", json={}).json()
    assert [row["visit"] for row in found] == ["v-bo", "v-an"]
    for text, visit in (("a001", "v-an"), ("小bo", "v-bo"), ("V-AN", "v-an"), ("card-bo", "v-bo")):
        (row,) = nurse.post(f"{V1}/visits/search", json={"text": text}).json()
        assert row["visit"] == visit


def test_attention_lists_help_first_joins_repetitions_and_counts_rejected_messages(
    clinic: Clinic, nurse: TestClient
) -> None:
    day = clinic.day
    for _ in range(3):
        day.do(c.Scan("k1", day.now, True, None, "expired"), timedelta(minutes=1))
    day.register("an", campus="south")
    day.scan("an")
    day.do(c.AskHelp("k2", day.now))
    body = nurse.get(f"{V1}/attention").json()
    assert body["rejected"] == 3
    helped, campus, expired = body["items"]
    assert (helped["kind"], helped["agent"]) == ("HelpAsked", "k2")
    assert (campus["reason"], campus["name"]) == ("wrong_campus", "张小an")
    assert "南院" in campus["sentence"]["zh"]
    assert (expired["reason"], expired["times"]) == ("expired", 3)
    assert "过期" in expired["sentence"]["zh"]
    assert nurse.post(f"{V1}/agents/k2/help-answered").status_code == 204
    assert nurse.get(f"{V1}/attention").json()["items"][0]["kind"] == "ScanRefused"


def test_health_tells_position_broker_and_uptime(clinic: Clinic, web: TestClient) -> None:
    clinic.day.arrive("an")
    clinic.day.now += timedelta(minutes=2)
    body = web.get("/healthz").json()
    assert body["ok"] is True
    assert body["position"] == clinic.desk.position
    assert body["broker"] is False
    assert body["uptime_s"] == 120


# ---- names ---------------------------------------------------------------------------------------------


def test_full_names_are_nowhere_on_what_is_public(clinic: Clinic, web: TestClient) -> None:
    clinic.day.arrive("an")
    clinic.day.arrive("bo")
    clinic.day.call("a1")
    clinic.day.call("a2")
    clinic.day.do(c.Miss("a2", "nurse"))
    for path in ("/", "/board/east", "/board/east?lang=both", f"{V1}/boards/east", f"{V1}/site"):
        assert "张小" not in web.get(path).text, path
    assert "张**n" in web.get("/board/east").text


def test_staff_see_full_names_and_programs_masked_ones(clinic: Clinic, web: TestClient) -> None:
    clinic.day.arrive("an")
    for role, name in ((Role.DOCTOR, "张小an"), (Role.ROBOT, "张**n")):
        headers = clinic.bearer(role)
        assert web.get(f"{V1}/points/a1", headers=headers).json()["line"][0]["name"] == name
        rows = web.post(f"{V1}/visits/search", json={"text": "A001"}, headers=headers).json()
        assert rows[0]["name"] == name
        assert name in web.post("/desk/search", json={"text": "A001"}, headers=headers).text


# ---- bad requests --------------------------------------------------------------------------------------


def test_a_body_of_a_megabyte_is_not_read(clinic: Clinic, nurse: TestClient) -> None:
    before = clinic.desk.position
    big = nurse.post(f"{V1}/registrations", json={**REGISTRATION, "name": "宝" * 400_000})
    assert code(big) == (413, "too_large")
    unknown_length = nurse.post(f"{V1}/registrations", content=iter([b"{", b"}"]))
    assert code(unknown_length) == (413, "too_large")
    assert clinic.desk.position == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"visit": NaN}',
        b"[" * 20_000,
        b'{"a":1}' * 9,
    ],
)
def test_a_broken_body_is_explained_and_never_a_traceback(
    clinic: Clinic, nurse: TestClient, content: bytes
) -> None:
    answer = nurse.post(
        f"{V1}/registrations", content=content, headers={"Content-Type": "application/json"}
    )
    assert code(answer) == (422, "invalid")
    assert "Traceback" not in answer.text


def test_a_wrong_method_is_said_in_words(nurse: TestClient) -> None:
    assert code(nurse.get(f"{V1}/points/a1/call-next")) == (405, "method")


def test_when_the_server_breaks_the_answer_has_a_sentence_and_no_secrets(clinic: Clinic) -> None:
    clinic.desk.broken = True
    app = clinic.app()
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get(f"{V1}/site")
        assert code(answer) == (500, "broken")
        assert "张小明" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_people_get_a_page_and_programs_get_json(web: TestClient) -> None:
    page = web.get("/board/nowhere?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is no such area." in page.text
    assert code(web.get("/board/nowhere")) == (404, "unknown_area")


def test_every_answer_carries_the_security_headers(web: TestClient) -> None:
    for path in ("/", "/board/east", "/api/v1/site", "/static/board.css", "/nothing", "/sign-in"):
        headers = web.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy, path
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        kept = "no-cache" if path.startswith("/static") else "no-store"
        assert headers["cache-control"] == kept, path


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_a_sentence_for_staff_in_both_languages(reason: Reason) -> None:
    assert reason in SENTENCES
    told = sentence_for_staff(c.Refused(reason, "v-1", "A001", "a1", detail="x"))
    assert told.zh
    assert told.en
    assert told.zh != told.en
    assert "{" not in told.zh + told.en
