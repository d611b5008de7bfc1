"""The families' pages over HTTP: whose they are, what they keep to themselves, and when they end."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from queue_server.core import commands as c
from tests.queue_server.core.makers import clock
from tests.queue_server.web.desks import CHILDREN, Clinic
from tests.queue_server.web.phone_stage import PhoneStage, phone_stage

HERE = "http://127.0.0.1:8000"
HTML = {"Accept": "text/html"}


@pytest.fixture
def stage(clinic: Clinic) -> PhoneStage:
    return phone_stage(clinic)


@pytest.fixture
def web(stage: PhoneStage) -> Iterator[TestClient]:
    with TestClient(stage.clinic.app(), base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_says_number_place_and_range(stage: PhoneStage, web: TestClient, lang: str) -> None:
    page = web.get(f"/f/{stage.token('p20')}", params={"lang": lang})
    assert page.status_code == 200
    assert "A021" in page.text
    assert ("前面还有" if lang == "zh" else "Before you") in page.text
    assert re.search(r"5–25<small>", page.text)


def test_no_page_of_a_whole_morning_tells_who_a_child_is_or_what_it_has(
    stage: PhoneStage, web: TestClient
) -> None:
    for n, name in enumerate(CHILDREN[:25]):
        revealing = ("blood", "urine", "cough", "card-", "level-2", "惊厥", f"S-{n:02}")
        for lang in ("zh", "en"):
            text = web.get(f"/f/{stage.token(f'p{n}')}", params={"lang": lang}).text
            text = re.sub(r"/(f|way)/[\w-]+", "", text)  # sealed: any letters may be in it
            assert name not in text
            assert [each for each in revealing if each in text] == []
            assert not re.search(r"\b(19|20)\d\d-\d\d-\d\d\b", text)
            assert f'"p{n}"' not in text


def test_a_page_is_kept_by_nobody_and_sends_its_address_nowhere(
    stage: PhoneStage, web: TestClient
) -> None:
    headers = web.get(f"/f/{stage.token('p20')}").headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-robots-tag"] == "noindex"


def test_a_link_that_is_none_or_whose_day_is_over_says_so_on_a_page(
    stage: PhoneStage, web: TestClient
) -> None:
    token = stage.token("p20")
    assert web.get("/f/nothing", headers=HTML).status_code == 404
    stage.clinic.day.now = clock(23) + timedelta(hours=4, minutes=1)
    over = web.get(f"/f/{token}?lang=en", headers=HTML)
    assert over.status_code == 404
    assert "each is for one day" in over.text
    assert web.get(f"/f/{token}/now").status_code == 404


def test_who_asks_again_is_sent_only_what_is_new(stage: PhoneStage, web: TestClient) -> None:
    at = f"/f/{stage.token('p4')}/now"
    first = web.get(at).json()
    assert "A005" in first["html"]
    assert web.get(at, params={"seen": first["key"]}).json()["html"] is None
    stage.clinic.desk.do(c.Hold("S-04", "nurse"))
    again = web.get(at, params={"seen": first["key"]}).json()
    assert again["key"] != first["key"]
    assert "号位给您留着" in again["html"]


ORIGIN = {"Origin": HERE}


def test_the_first_phone_holds_a_link_and_another_may_only_look(
    stage: PhoneStage, web: TestClient
) -> None:
    at = f"/f/{stage.token('p4')}"
    assert web.post(f"{at}/hold", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    first = web.post(f"{at}/hold", headers=ORIGIN)
    assert first.status_code == 204
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert f"Path={at}" in cookie
    assert web.post(f"{at}/hold", headers=ORIGIN).status_code == 204
    other_phone = TestClient(web.app, base_url=HERE)
    refused = other_phone.post(f"{at}/hold", headers=ORIGIN)
    assert refused.status_code == 403
    assert refused.json()["code"] == "page_of_another"
    assert other_phone.get(at).status_code == 200


def test_only_the_phone_that_holds_a_link_is_told_the_link_of_the_home_screen(
    stage: PhoneStage, web: TestClient
) -> None:
    at = f"/f/{stage.token('p4')}"
    assert web.get(f"{at}/app.webmanifest").json()["start_url"] == f"{at}?lang=zh"
    web.post(f"{at}/hold", headers=ORIGIN)
    manifest = web.get(f"{at}/app.webmanifest?lang=en").json()
    start = manifest["start_url"]
    assert start != f"{at}?lang=en"
    assert "A005" in web.get(start).text
    assert manifest["scope"] == "/f/"
    for icon in manifest["icons"]:
        assert web.get(icon["src"]).status_code == 200


def test_all_that_the_page_keeps_for_without_a_network_is_there(web: TestClient) -> None:
    script = web.get("/f/sw.js")
    assert "{{" not in script.text
    for path in re.findall(r'"(/static/[^"]+)"', script.text):
        assert web.get(path).status_code == 200, path


def test_a_server_without_families_pages_has_none(clinic: Clinic) -> None:
    with TestClient(clinic.app(), base_url=HERE) as client:
        assert client.get("/f/anything").status_code == 404
