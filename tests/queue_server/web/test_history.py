"""The history: search without a trace in addresses, names for those who may see them, the story of a visit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from queue_server.core import commands as c
from queue_server.reports.day_words import WORDS
from queue_server.web import Role
from tests.queue_server.core.makers import TODAY, Day, minutes
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import Clinic
from tests.queue_server.web.report_days import app_with_reports
from tests.queue_server.web.test_reports import sign_in

OURS = {"Origin": HERE}


@pytest.fixture
def history(clinic: Clinic, tmp_path: Path) -> Iterator[TestClient]:
    day = Day()
    day.arrive("1")
    day.now += minutes(1)
    day.arrive("2")
    day.now += minutes(9)
    day.do(c.CallOne("a1", "v-2", "nurse", "高热"))
    day.do(c.Miss("a1", "nurse"), minutes(1))
    day.do(c.Undo("nurse"), minutes(1))
    app = app_with_reports(clinic, tmp_path, day)
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/history", "/history/v-1"])
def test_history_is_for_staff(history: TestClient, path: str) -> None:
    assert history.get(path).status_code == 303
    assert history.post("/history", data={"text": "张"}).status_code == 401


@pytest.mark.parametrize(
    ("text", "tickets"),
    [("小2", ["A002"]), ("a001", ["A001"]), ("card-1", ["A001"]), ("v-2", ["A002"])],
)
def test_a_page_finds_by_name_number_card_and_visit(
    history: TestClient, text: str, tickets: list[str]
) -> None:
    html = sign_in(history).post("/history", data={"text": text, "day": ""}, headers=OURS).text
    assert [ticket for ticket in ("A001", "A002") if f"<b>{ticket}</b>" in html] == tickets
    assert "张小" in html


def test_a_day_alone_lists_the_day(history: TestClient) -> None:
    sign_in(history)
    html = history.post("/history", data={"text": "", "day": str(TODAY)}, headers=OURS).text
    assert "A001" in html
    assert "A002" in html
    other = history.post("/history", data={"text": "张", "day": "2025-01-01"}, headers=OURS).text
    assert WORDS["nothing_found"].zh in other
    assert WORDS["search_empty"].zh in history.post("/history", data={}, headers=OURS).text


def test_a_search_is_never_sent_in_an_address(history: TestClient) -> None:
    html = sign_in(history).get("/history").text
    assert 'method="post" action="/history?lang=zh"' in html
    assert history.get("/history?text=张").text.count("A001") == 0


def test_a_foreign_page_can_not_search(history: TestClient) -> None:
    sign_in(history)
    foreign = {"Origin": "https://elsewhere.example"}
    assert history.post("/history", data={"text": "张"}, headers=foreign).status_code == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_story_tells_who_why_and_what_was_taken_back(history: TestClient, lang: str) -> None:
    html = sign_in(history).get(f"/history/v-2?lang={lang}").text
    assert "A002 · 张小2" in html
    assert "高热" in html
    assert '<s class="gone">' in html
    expected = {
        "zh": ("nurse 叫号：呼吸内科，请到 1 诊室。", "已撤销", "叫号依据"),
        "en": ("Called by nurse: 呼吸内科, to 1 诊室.", "taken back", "Why this family"),
    }
    for words in expected[lang]:
        assert words in html


def test_a_visit_that_is_not_there_is_a_page_that_says_so(history: TestClient) -> None:
    answer = sign_in(history).get("/history/v-9", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "没有这个就诊记录" in answer.text


def test_programs_see_masked_names_and_people_full_ones(
    history: TestClient, clinic: Clinic
) -> None:
    for role, name in ((Role.ROBOT, "张*2"), (Role.DOCTOR, "张小2")):
        bearer = clinic.bearer(role)
        found = history.post("/api/v1/history/search", json={"text": "小2"}, headers=bearer).json()
        assert [row["name"] for row in found] == [name]
        story = history.get("/api/v1/history/v-2", headers=bearer).json()
        assert story["name"] == name
        assert [line["kind"] for line in story["lines"] if line["taken_back"]] == ["Missed"]
        (why,) = [line["why"] for line in story["lines"] if line["why"]]
        assert "高热" in why[0]["en"]
        assert [line["at"] for line in story["lines"]] == sorted(
            line["at"] for line in story["lines"]
        )


@pytest.mark.parametrize("body", [{"text": "x" * 81}, {"day": "yesterday"}, {"words": "x"}])
def test_a_search_that_can_not_be_understood_is_refused(
    history: TestClient, clinic: Clinic, body: dict[str, str]
) -> None:
    answer = history.post("/api/v1/history/search", json=body, headers=clinic.bearer(Role.NURSE))
    assert answer.status_code == 422


def test_without_tables_nothing_is_found(web: TestClient, clinic: Clinic) -> None:
    bearer = clinic.bearer(Role.NURSE)
    assert web.post("/api/v1/history/search", json={"text": "A"}, headers=bearer).json() == []
    assert web.get("/api/v1/history/v-1", headers=bearer).status_code == 404
