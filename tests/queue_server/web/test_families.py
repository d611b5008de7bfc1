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


def test_a_server_without_families_pages_has_none(clinic: Clinic) -> None:
    with TestClient(clinic.app(), base_url=HERE) as client:
        assert client.get("/f/anything").status_code == 404
