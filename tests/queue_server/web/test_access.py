"""Who may do what: every route of the API against every role, and requests from foreign pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from queue_server.web import Role
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import PASSWORD, Clinic

ALL = frozenset(Role)
DESK = {Role.ADMIN, Role.NURSE, Role.CLERK, Role.ROBOT}
CLINIC = {Role.ADMIN, Role.NURSE, Role.DOCTOR, Role.ROBOT}
SERVING = ALL - {Role.CLERK}
TRIAGE = {Role.ADMIN, Role.NURSE, Role.DOCTOR, Role.ROBOT}
PAYS = {Role.ADMIN, Role.NURSE, Role.CLERK, Role.CASHIER, Role.ROBOT}
TESTS = {Role.ADMIN, Role.NURSE, Role.LAB, Role.ROBOT}
EVERYBODY = None

MAY: dict[tuple[str, str], set[Role] | frozenset[Role] | None] = {
    ("POST", "/api/v1/registrations"): DESK,
    ("POST", "/api/v1/walk-ins"): DESK,
    ("POST", "/api/v1/visits/{visit}/cancel"): DESK,
    ("POST", "/api/v1/visits/search"): ALL,
    ("GET", "/api/v1/visits/{visit}"): ALL,
    ("POST", "/api/v1/visits/{visit}/check-in"): DESK,
    ("POST", "/api/v1/visits/{visit}/put-back"): SERVING,
    ("POST", "/api/v1/visits/{visit}/hold"): SERVING,
    ("POST", "/api/v1/visits/{visit}/release"): SERVING,
    ("POST", "/api/v1/check-ins"): DESK,
    ("POST", "/api/v1/visits/{visit}/screening"): DESK,
    ("POST", "/api/v1/visits/{visit}/hand-over"): DESK,
    ("POST", "/api/v1/visits/{visit}/move"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/doctor"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/priority"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/transfer"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/drop"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/orders"): TRIAGE,
    ("POST", "/api/v1/visits/{visit}/pay"): PAYS,
    ("POST", "/api/v1/visits/{visit}/needs"): TESTS,
    ("POST", "/api/v1/visits/{visit}/delivery"): ALL,
    ("POST", "/api/v1/visits/{visit}/offer"): DESK | TRIAGE,
    ("POST", "/api/v1/results"): TESTS,
    ("POST", "/api/v1/reports"): DESK | TRIAGE,
    ("POST", "/api/v1/visits/{visit}/phone-key"): DESK,
    ("GET", "/api/v1/visits/{visit}/whereabouts"): DESK | TRIAGE,
    ("GET", "/api/v1/undo"): ALL,
    ("POST", "/api/v1/undo"): ALL,
    ("GET", "/api/v1/notices"): ALL,
    ("POST", "/api/v1/notices"): DESK,
    ("POST", "/api/v1/notices/{notice}/end"): DESK,
    ("POST", "/api/v1/points/{point}/call"): CLINIC,
    ("POST", "/api/v1/points/{point}/confirm"): CLINIC,
    ("POST", "/api/v1/points/{point}/park"): CLINIC,
    ("POST", "/api/v1/points/{point}/doctors"): CLINIC,
    ("GET", "/api/v1/points/{point}"): ALL,
    ("GET", "/api/v1/points/{point}/events"): ALL,
    ("POST", "/api/v1/points/{point}/call-next"): CLINIC,
    ("POST", "/api/v1/points/{point}/recall"): CLINIC,
    ("POST", "/api/v1/points/{point}/miss"): CLINIC,
    ("POST", "/api/v1/points/{point}/start"): CLINIC,
    ("POST", "/api/v1/points/{point}/finish"): CLINIC,
    ("POST", "/api/v1/points/{point}/open"): CLINIC,
    ("POST", "/api/v1/points/{point}/pause"): CLINIC,
    ("POST", "/api/v1/history/search"): ALL,
    ("GET", "/api/v1/history/{visit}"): ALL,
    ("GET", "/api/v1/site"): EVERYBODY,
    ("GET", "/api/v1/boards/{area}"): EVERYBODY,
    ("GET", "/api/v1/boards/{area}/events"): EVERYBODY,
    ("GET", "/api/v1/ways"): EVERYBODY,
    ("GET", "/api/v1/ways/{token}"): EVERYBODY,
    ("GET", "/api/v1/ways/places"): EVERYBODY,
    ("GET", "/api/v1/ways/map"): EVERYBODY,
    ("GET", "/api/v1/ways/closed"): EVERYBODY,
    ("GET", "/api/v1/closures"): ALL,
    ("POST", "/api/v1/closures/{feature}"): DESK | TRIAGE,
    ("POST", "/api/v1/closures/{feature}/open"): DESK | TRIAGE,
    ("GET", "/api/v1/agents"): ALL,
    ("GET", "/api/v1/attention"): ALL,
    ("POST", "/api/v1/agents/{agent}/help-answered"): ALL,
    ("GET", "/healthz"): EVERYBODY,
}
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/registrations": {
        "visit": "v9",
        "patient": "p9",
        "name": "李雷",
        "group": "resp",
        "day": "2026-03-02",
    },
    "/api/v1/walk-ins": {"visit": "v8", "name": "韩梅", "group": "resp"},
    "/api/v1/visits/search": {"text": ""},
    "/api/v1/check-ins": {"card": "card-an"},
    "/api/v1/visits/{visit}/screening": {"abnormal": False},
    "/api/v1/visits/{visit}/hand-over": {"card": "card-aunt"},
    "/api/v1/visits/{visit}/move": {"to": "end", "reason": "等爸爸"},
    "/api/v1/visits/{visit}/doctor": {"doctor": "chen"},
    "/api/v1/visits/{visit}/priority": {"priority": "level-2", "reason": "高热"},
    "/api/v1/visits/{visit}/transfer": {"group": "drugs", "reason": "只取药"},
    "/api/v1/visits/{visit}/drop": {"reason": "离院"},
    "/api/v1/visits/{visit}/orders": {"services": ["lab"]},
    "/api/v1/visits/{visit}/needs": {"need": "fasting"},
    "/api/v1/visits/{visit}/offer": {"accepted": True},
    "/api/v1/results": {"order": "v-an/2#order"},
    "/api/v1/reports": {
        "patient": "an",
        "service": "lab",
        "taken_at": "2026-03-02T08:00:00+08:00",
        "source": "省儿保",
    },
    "/api/v1/notices": {"id": "n-1", "zh": "稍后开诊", "en": "A little later"},
    "/api/v1/closures/{feature}": {"zh": "检修", "en": "maintenance"},
    "/api/v1/points/{point}/call": {"visit": "v-an", "reason": "喘"},
    "/api/v1/points/{point}/doctors": {"doctors": ["wang", "chen"]},
}
ENDLESS = "/events"


def routes(app: Any) -> Iterator[tuple[str, str]]:
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


def filled(path: str) -> str:
    return path.format(
        visit="v-an", point="a1", area="east", agent="k1", notice="n-1", token="t", feature="lift"
    )


def test_every_route_has_its_line_in_the_table(clinic: Clinic) -> None:
    assert set(routes(clinic.app())) == set(MAY)


@pytest.mark.parametrize(("method", "path"), [key for key, may in MAY.items() if may is not None])
def test_nobody_gets_in_without_signing_in(
    clinic: Clinic, web: TestClient, method: str, path: str
) -> None:
    clinic.day.register("an")
    before = clinic.desk.position
    for headers in ({}, {"Authorization": "Bearer dz_guess"}, {"Cookie": "daozhen_session=guess"}):
        answer = web.request(method, filled(path), json=BODIES.get(path), headers=headers)
        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] == "not_signed_in"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert clinic.desk.position == before


@pytest.mark.parametrize("role", Role)
def test_every_role_may_do_its_own_work_and_no_other(
    clinic: Clinic, web: TestClient, role: Role
) -> None:
    clinic.day.register("an")
    for (method, path), may in MAY.items():
        if path.endswith(ENDLESS) and (may is None or role in may):
            continue
        before = clinic.desk.position
        answer = web.request(
            method, filled(path), json=BODIES.get(path), headers=clinic.bearer(role)
        )
        if may is None or role in may:
            assert answer.status_code not in (401, 403), (path, answer.text)
        else:
            assert answer.status_code == 403, (path, answer.text)
            assert answer.json()["code"] in ("role_may_not", "not_your_kind")
            assert clinic.desk.position == before


@pytest.mark.parametrize(
    ("role", "point"),
    [(Role.DOCTOR, "l1"), (Role.LAB, "a1"), (Role.PHARMACIST, "l1"), (Role.CASHIER, "p1")],
)
def test_a_role_serves_only_at_windows_of_its_kind(
    clinic: Clinic, web: TestClient, role: Role, point: str
) -> None:
    answer = web.post(f"/api/v1/points/{point}/call-next", headers=clinic.bearer(role))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_kind")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Authorization": "Basic bnVyc2U6eA=="},
    ],
)
def test_a_session_is_not_obeyed_when_a_foreign_page_sends_the_request(
    clinic: Clinic, signed_in: Callable[[Role], TestClient], headers: dict[str, str]
) -> None:
    clinic.day.arrive("an")
    before = clinic.desk.position
    answer = signed_in(Role.NURSE).post("/api/v1/points/a1/call-next", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
    assert clinic.desk.position == before


@pytest.mark.parametrize("headers", [{"Origin": HERE}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_session_is_obeyed_when_our_own_page_sends_the_request(
    clinic: Clinic, signed_in: Callable[[Role], TestClient], headers: dict[str, str]
) -> None:
    clinic.day.arrive("an")
    answer = signed_in(Role.NURSE).post("/api/v1/points/a1/call-next", headers=headers)
    assert answer.status_code == 200


def test_signing_in_and_out_are_not_obeyed_from_a_foreign_page(
    signed_in: Callable[[Role], TestClient],
) -> None:
    web = signed_in(Role.NURSE)
    foreign = {"Origin": "http://evil.example"}
    form = {"name": "admin", "password": PASSWORD}
    assert web.post("/sign-in", data=form, headers=foreign).status_code == 403
    assert web.post("/sign-out", headers=foreign).status_code == 403
    assert web.get("/api/v1/attention").status_code == 200


def test_the_session_cookie_is_kept_from_scripts_and_foreign_pages(web: TestClient) -> None:
    form = {"name": "nurse", "password": PASSWORD}
    answer = web.post("/sign-in", data=form, headers={"Origin": HERE})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    over_tls = web.post(
        "https://127.0.0.1:8000/sign-in",
        data=form,
        headers={"Origin": "https://127.0.0.1:8000"},
    )
    assert "secure" in over_tls.headers["set-cookie"].lower()


def test_after_signing_out_the_old_cookie_opens_nothing(
    signed_in: Callable[[Role], TestClient],
) -> None:
    web = signed_in(Role.NURSE)
    cookie = web.cookies["daozhen_session"]
    assert web.post("/sign-out", headers={"Origin": HERE}).status_code == 303
    web.cookies.set("daozhen_session", cookie)
    assert web.get("/api/v1/attention").status_code == 401


def test_a_wrong_password_is_told_in_words_and_leads_nowhere(web: TestClient) -> None:
    answer = web.post(
        "/sign-in", data={"name": "nurse", "password": "wrong one"}, headers={"Origin": HERE}
    )
    assert answer.status_code == 401
    assert "密码不对" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil", "javascript:x"]
)
def test_signing_in_never_leads_to_a_foreign_page(web: TestClient, to: str) -> None:
    answer = web.post(
        "/sign-in",
        data={"name": "nurse", "password": PASSWORD, "to": to},
        headers={"Origin": HERE},
    )
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/console", "/console/a1", "/desk"])
def test_staff_pages_ask_to_sign_in_first(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?lang=zh&to={path}"


def test_a_search_at_the_desk_needs_a_session_too(web: TestClient) -> None:
    assert web.post("/desk/search", json={"text": "A"}).status_code == 401


def test_the_server_answers_only_under_its_own_names(web: TestClient) -> None:
    assert web.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    assert web.get("/healthz", headers={"Host": "[::1]:8000"}).status_code == 200
