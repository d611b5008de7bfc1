"""Ways over HTTP: for kiosks and phones without a sign-in, closures for staff."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from queue_server.ways import closed_of
from queue_server.web import Role
from tests.queue_server.ways.maps import KIOSK, some_ways
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import Clinic


@pytest.fixture
def mapped(clinic: Clinic) -> Clinic:
    clinic.ways = some_ways(now=clinic.day.now, url=HERE)
    return clinic


@pytest.fixture
def phone(mapped: Clinic) -> Iterator[TestClient]:
    with TestClient(mapped.app(), base_url=HERE) as client:
        yield client


def asked(phone: TestClient, end: str = "area:east") -> dict[str, object]:
    found: dict[str, object] = phone.get("/api/v1/ways", params={"start": KIOSK, "end": end}).json()
    return found


def test_a_kiosk_asks_for_a_way(phone: TestClient) -> None:
    way = asked(phone)
    assert way["url"] == f"{HERE}/way/{way['token']}"
    assert phone.get(f"/api/v1/ways/{way['token']}").json()["steps"] == way["steps"]


def test_places_are_listed_by_floor(phone: TestClient) -> None:
    places = phone.get("/api/v1/ways/places").json()
    assert [floor["name"]["zh"] for floor in places["floors"]] == ["1F", "2F"]
    assert [kind["id"] for kind in places["kinds"]] == ["water"]
    assert all(room["name"]["zh"] for floor in places["floors"] for room in floor["rooms"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/api/v1/ways?start={KIOSK}&end=moon", "no_such_place"),
        ("/api/v1/ways?start=moon&end=area:east", "no_such_place"),
        ("/api/v1/ways/abc", "way_over"),
        ("/way/abc", "way_over"),
        ("/way/abc/stream", "way_over"),
        ("/way/abc/map/L0.svg", "way_over"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(phone: TestClient, path: str, code: str) -> None:
    answer = phone.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == code


def test_without_a_map_every_way_says_so(web: TestClient) -> None:
    for path in ("/api/v1/ways/places", "/api/v1/ways?start=a&end=b", "/way/abc"):
        answer = web.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_map")


@pytest.mark.parametrize(("lang", "title"), [("zh", "检查室"), ("en", "Exam room")])
def test_the_page_for_phones_speaks_both_languages(
    phone: TestClient, lang: str, title: str
) -> None:
    way = asked(phone)
    html = phone.get(f"/way/{way['token']}", params={"lang": lang}).text
    assert title in html
    assert all(step["text"][lang] in html for step in way["steps"])  # type: ignore[attr-defined]
    assert "vi" + "sit" not in html.lower()


def test_its_pictures_are_those_of_its_floors_and_no_others(phone: TestClient) -> None:
    token = asked(phone)["token"]
    svg = phone.get(f"/way/{token}/map/L0.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert "<polyline" in svg.text
    assert (
        phone.get(f"/way/{token}/map/L7.svg", headers={"Accept": "application/json"}).status_code
        == 404
    )
    assert phone.get(f"/way/{token}/ticket.png").content.startswith(b"\x89PNG")


def test_a_pram_is_one_tap_away(phone: TestClient) -> None:
    token = asked(phone)["token"]
    assert f"/way/{token}/other" in phone.get(f"/way/{token}").text
    page = phone.get(f"/way/{token}/other")
    assert page.status_code == 200
    assert "看最快的路线" in page.text


def test_a_page_is_not_kept_and_not_found_by_search_engines(phone: TestClient) -> None:
    answer = phone.get(f"/way/{asked(phone)['token']}")
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.text
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_token_of_yesterday_opens_nothing(mapped: Clinic, phone: TestClient) -> None:
    token = asked(phone)["token"]
    later = mapped.day.now + timedelta(hours=13)
    mapped.ways._now = lambda: later  # type: ignore[union-attr]
    answer = phone.get(f"/way/{token}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "请到自助机重新扫码" in answer.text


# ---- closing ---------------------------------------------------------------------------------------


def test_staff_close_a_lift_and_open_it_again(mapped: Clinic, phone: TestClient) -> None:
    nurse = mapped.bearer(Role.NURSE)
    rows = phone.post(
        "/api/v1/closures/lift", json={"zh": "检修", "en": "maintenance"}, headers=nurse
    ).json()
    closed = [row for row in rows if row["closed"]]
    assert [(row["id"], row["name"]["zh"], row["why"]["en"], row["by"]) for row in closed] == [
        ("lift", "2号电梯", "maintenance", "program-nurse")
    ]
    assert list(closed_of(mapped.day.hospital)) == ["lift"]
    rows = phone.post("/api/v1/closures/lift/open", headers=nurse).json()
    assert not any(row["closed"] for row in rows)


def test_only_what_is_on_the_map_can_be_closed(mapped: Clinic, phone: TestClient) -> None:
    answer = phone.post("/api/v1/closures/moon", json={}, headers=mapped.bearer(Role.NURSE))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_place")


@pytest.mark.parametrize("role", [Role.CASHIER, Role.PHARMACIST, Role.LAB])
def test_who_does_not_see_to_the_hall_closes_nothing(
    mapped: Clinic, phone: TestClient, role: Role
) -> None:
    answer = phone.post("/api/v1/closures/lift", json={}, headers=mapped.bearer(role))
    assert answer.status_code == 403


def test_nobody_closes_anything_without_signing_in(phone: TestClient) -> None:
    assert phone.post("/api/v1/closures/lift", json={}).status_code == 401
    page = phone.get("/closures", follow_redirects=False)
    assert page.status_code == 303


def test_the_page_of_closures_lists_them(
    mapped: Clinic, web: TestClient, signed_in: Callable[[Role], TestClient]
) -> None:
    del web
    client = signed_in(Role.NURSE)
    client.app.state.ways = mapped.ways  # type: ignore[attr-defined]
    html = client.get("/closures").text
    assert "2号电梯" in html
    assert "东楼梯" in html
