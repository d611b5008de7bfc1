"""The pages as they are rendered; `test_screens` opens them in a browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import design
from protocol import Text
from queue_server.core import commands as c
from queue_server.core import views
from queue_server.web import Role
from queue_server.web.board_parts import drawn
from queue_server.web.render import STATIC, TEMPLATES, day_text, width_class
from queue_server.web.texts import TEXTS
from tests.queue_server.core.makers import NINE, ZONE, Day, small_site
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import (
    PASSWORD,
    Clinic,
    MemoryDesk,
    busy_morning,
    eventful_morning,
    hospital_of,
)

DOCS = Path(__file__).parents[3] / "docs"
STAFF_PAGES = ("/console", "/console/resp-2", "/desk")
PAGES = ("/", "/board/east", "/sign-in", *STAFF_PAGES)


@pytest.fixture
def nurse(clinic: Clinic, signed_in: Callable[[Role], TestClient]) -> TestClient:
    return signed_in(Role.NURSE)


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    clinic.desk.day = busy_morning()
    return clinic


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_needs_inline_code_or_another_server(
    busy: Clinic, nurse: TestClient, path: str, lang: str
) -> None:
    html = nurse.get(f"{path}?lang={lang}").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("path", PAGES)
def test_the_english_pages_have_no_chinese_but_names_and_the_way_back(
    busy: Clinic, nurse: TestClient, path: str
) -> None:
    html = nurse.get(f"{path}?lang=en").text
    html = re.sub(r'data-zh="[^"]*"', "", html)  # what is put on Chinese boards
    for known in (*busy.day.hospital.names.values(), "中文"):
        html = html.replace(known, "")
    html = re.sub(r"[一-鿿]\*+[一-鿿]?|欧阳\**野?", "", html)
    assert not re.findall(r"[一-鿿]+", html)


def test_every_word_of_the_catalogue_is_used_and_none_is_missing() -> None:
    sources = "".join(path.read_text() for path in TEMPLATES.iterdir())
    python = "".join(p.read_text() for p in TEMPLATES.parent.rglob("*.py") if p.name != "texts.py")
    spoken = ("ScanRefused", "ProvisionalUnmatched", "SequenceGap", "HelpAsked", "call_next")
    joined = tuple(re.findall(r"'(\w+_)' ~", sources))
    for key in TEXTS:
        plain = key.removesuffix("_hint")
        used = any(
            f"'{each}'" in text or f'"{each}"' in text
            for text in (sources, python)
            for each in (key, plain)
        )
        assert used or key.startswith((*joined, *spoken)), f"{key} is used nowhere"
    for key in re.findall(r"\b(?:t2?|second)\('(\w+)'\)", sources):
        assert key in TEXTS


def test_every_script_and_style_that_a_page_names_is_there() -> None:
    for template in TEMPLATES.iterdir():
        for name in re.findall(r"/static/([\w./-]+\w)", template.read_text()):
            kept = design.static_path() / name.removeprefix("design/")
            made = design.made_file(name.removeprefix("design/"))
            assert (STATIC / name).is_file() or kept.is_file() or made, name


def test_the_banner_shows_the_newest_call_first_and_marks_a_recall() -> None:
    day = busy_morning()
    day.do(c.Recall("resp-2", "nurse"))
    html = drawn(views.board(day.hospital, "east"), "zh").html
    numbers = re.findall(r'class="number long-4">(\w+)<', html)
    assert numbers == ["A006", "A007"]
    assert "再次呼叫" in html


def test_a_board_shows_why_one_goes_first_who_waits_at_a_door_and_why_a_room_is_closed() -> None:
    board = views.board(eventful_morning().hospital, "east")
    zh, en = drawn(board, "zh"), drawn(board, "en")
    assert '<i class="class">急</i>' in zh.parts["room-resp-1"]
    assert "请到诊室门口候诊" in zh.html
    # who was asked to the door stands there, who would only be next does not
    assert "A010" in zh.parts["room-resp-1"]
    assert "A005" not in zh.parts["room-resp-1"]
    assert ("去会诊" in zh.html, "At a consultation" in en.html) == (True, True)
    assert "医生正在抢救病人" in zh.parts["notices"]
    assert "emergency" in en.parts["notices"]


def called_by_name(day: Day, *children: tuple[str, str]) -> list[str]:
    """The names on the board of children who are called to one room each."""
    for n, (visit, name) in enumerate(children, 1):
        day.do(c.Register(visit, visit, name, "resp", NINE.date(), card=f"card-{visit}"))
        day.do(c.Scan("k1", day.now, True, f"card-{visit}"))
        day.do(c.CallOne(f"resp-{n}", visit, "nurse", "test"))
    points = views.board(day.hospital, "east").points
    return [point.called.masked_name for point in points if point.called]


def test_two_children_with_the_same_masked_name_are_shown_by_number_only() -> None:
    names = called_by_name(
        Day(hospital_of(3)), ("v-1", "张大宝"), ("v-2", "张小宝"), ("v-3", "李一")
    )
    assert names == ["", "", "李*"]


def test_a_board_tells_what_to_do_when_missed_and_that_places_are_kept() -> None:
    html = drawn(views.board(busy_morning().hospital, "east"), "zh").html
    assert "A004" in html.split("<footer")[1]
    assert "重新扫码" in html
    assert "号码为您保留" in html


@pytest.mark.parametrize(("rooms", "columns"), [(1, 1), (7, 1), (8, 2), (20, 2), (21, 3), (40, 3)])
def test_a_board_with_many_rooms_has_more_columns(rooms: int, columns: int) -> None:
    html = drawn(views.board(busy_morning(rooms).hospital, "east"), "both").html
    assert html.count('class="column"') == columns
    assert len(re.findall(r'class="room (?:called|serving|closed|free)"', html)) == rooms


def test_an_area_without_rooms_says_so() -> None:
    day = busy_morning(1)
    shown = views.board(day.hospital, "east").model_copy(update={"points": ()})
    assert "没有开放的诊室" in drawn(shown, "zh").html


def test_names_are_escaped_wherever_they_stand(clinic: Clinic, nurse: TestClient) -> None:
    wicked = "<img src=x onerror=alert(1)>"
    clinic.day.do(
        c.Register("v-x", "px", wicked, "resp", clinic.day.hospital.day, card="card-x")  # type: ignore[arg-type]  # the day is open
    )
    clinic.day.do(c.Scan("<b>k1</b>", clinic.day.now, True, "card-x"))
    clinic.day.do(c.Scan("<b>k1</b>", clinic.day.now, True, "card-?"))
    for path in ("/board/east", "/console/a1", "/desk"):
        html = nurse.get(path).text
        assert "<img src=x" not in html, path
        assert "<b>k1</b>" not in html, path
    assert "&lt;img" in nurse.get("/console/a1").text


@pytest.mark.parametrize(
    ("role", "says"), [(Role.DOCTOR, False), (Role.PHARMACIST, True), (Role.CLERK, True)]
)
def test_a_console_that_is_not_ones_own_is_to_look_at_only(
    busy: Clinic, signed_in: Callable[[Role], TestClient], role: Role, says: bool
) -> None:
    html = signed_in(role).get("/console/resp-2").text
    assert ("您只能查看" in html) == says
    live = re.findall(r"<button[^>]*data-act=\"(?:start|recall|miss)\"[^>]*>", html)
    assert all(("disabled" in button) == says for button in live)


def test_only_a_desk_registers_and_gives_back(
    busy: Clinic, signed_in: Callable[[Role], TestClient]
) -> None:
    web = signed_in(Role.DOCTOR)
    html = web.get("/desk").text
    assert "现场挂号" not in html
    assert 'data-act="cancel"' not in html


def test_calls_for_help_stand_on_a_nurses_console_and_not_on_a_doctors(
    busy: Clinic, signed_in: Callable[[Role], TestClient]
) -> None:
    assert "有人需要帮助" in signed_in(Role.NURSE).get("/console/resp-1").text
    assert "有人需要帮助" not in signed_in(Role.DOCTOR).get("/console/resp-1").text


def test_a_call_is_explained_in_words_and_an_unknown_one_is_a_sentence(
    clinic: Clinic, signed_in: Callable[[Role], TestClient]
) -> None:
    clinic.day.arrive("an")
    clinic.day.call("a1")
    address = "/calls/v-an%2F1%231"
    web = signed_in(Role.DOCTOR)
    assert "最先到" in web.get(address).text
    english = web.get(f"{address}?lang=en").text
    assert "nobody was overtaken" in english
    assert f'href="{address.replace("%2F", "/")}?lang=zh"' in english
    answer = web.get("/calls/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "没有这次叫号" in answer.text


def test_a_call_from_the_door_says_why_the_family_was_asked_there(
    clinic: Clinic, signed_in: Callable[[Role], TestClient]
) -> None:
    clinic.desk.day = Day(small_site(two_stage=1))
    clinic.day.arrive("an")
    clinic.day.call("a1")
    html = signed_in(Role.DOCTOR).get("/calls/v-an%2F1%231").text
    assert html.index("门口第一位") < html.index("最先到")


def test_who_signs_in_comes_back_to_the_call_that_was_asked_for(
    clinic: Clinic, web: TestClient
) -> None:
    clinic.day.arrive("an")
    clinic.day.call("a1")
    there = web.get("/calls/v-an%2F1%231").headers["location"]
    form = web.get(there).text
    to = re.search(r'name="to" value="([^"]*)"', form)
    assert to is not None
    data = {"name": "doctor", "password": PASSWORD, "to": to[1]}
    back = web.post("/sign-in", data=data, headers={"Origin": HERE}).headers["location"]
    assert "A001" in web.get(back).text


def test_ones_last_act_is_offered_to_be_taken_back(
    clinic: Clinic, signed_in: Callable[[Role], TestClient]
) -> None:
    clinic.day.arrive("an")
    web = signed_in(Role.NURSE)
    assert web.get("/last-act").text.strip() == ""
    clinic.desk.do(c.CallNext("a1", "nurse"))
    html = web.get("/last-act?lang=en").text
    assert "Called" in html
    assert "A001" in html
    assert 'data-act="undo"' in html


def test_an_unknown_console_is_a_page_with_a_sentence(nurse: TestClient) -> None:
    answer = nurse.get("/console/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "没有这个诊室或窗口" in answer.text


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_board_of_every_language_has_its_words(
    busy: Clinic, nurse: TestClient, lang: str
) -> None:
    html = nurse.get(f"/board/east?lang={lang}").text
    assert ("请到" in html) == (lang != "en")
    assert ("Please go to" in html) == (lang != "zh")
    assert nurse.get("/board/east?lang=fr").status_code == 422


def test_the_day_is_written_as_people_write_it() -> None:
    at = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert day_text(ZONE, "zh", at) == "3月2日 周一"
    assert day_text(ZONE, "en", at) == "Mon 2 Mar"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("3 诊室", "fit-6"),
        ("Room 3", "fit-6"),
        ("呼吸内科3诊室", "fit-9"),
        ("耳鼻咽喉头颈外科3诊室", "fit-13"),
        ("Pharmacy window 1", "fit-13"),
        ("Ear, nose and throat clinic room 3", "fit-more"),
    ],
)
def test_a_longer_room_name_is_set_smaller(text: str, fits: str) -> None:
    assert width_class(text) == fits


# ---- the API's own description, and the guide ----------------------------------------------------------


def _fields(document: dict[str, Any]) -> Any:
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            yield f"{name}.{field}", shape


def test_every_route_and_field_of_the_api_is_described(clinic: Clinic) -> None:
    document = clinic.app().openapi()
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert route.get("summary"), (method, path)
            assert route.get("description"), (method, path)
            assert route.get("tags"), (method, path)
            for parameter in route.get("parameters", ()):
                assert parameter.get("description") or parameter["schema"].get("description"), (
                    path,
                    parameter["name"],
                )
            if method == "post":
                assert {"401", "403", "409"} <= set(route["responses"]), path
    bare = [name for name, shape in _fields(document) if not shape.get("description")]
    assert [
        name for name in bare if not name.startswith(("HTTPValidationError", "ValidationError"))
    ] == []


def test_the_guide_names_only_routes_that_are_there_and_all_of_them(clinic: Clinic) -> None:
    guide = (DOCS / "http-api.md").read_text()
    paths = set(clinic.app().openapi()["paths"])
    named = set(re.findall(r"`(?:GET|POST) (/[\w/{}.-]+)`", guide))
    assert named == paths
    patterns = [re.compile(re.sub(r"{\w+}", "[^/ ]+", path) + "$") for path in paths]
    for called in re.findall(r"\$DAOZHEN(/[\w/.-]+)", guide):
        assert any(pattern.match(called) for pattern in patterns), called


def test_text_is_described_in_both_languages() -> None:
    assert set(Text.model_fields) == {"zh", "en"}
    assert isinstance(MemoryDesk(busy_morning()).position, int)


def test_a_console_says_where_a_waiting_familys_phone_is_heard(
    clinic: Clinic, nurse: TestClient
) -> None:
    day = clinic.desk.day
    for number in ("1", "2"):
        day.arrive(number)
    day.do(c.SeePhone("v-1", "west", "door-west", day.now))
    day.do(c.SeePhone("v-2", "east", "door-east", day.now))
    html = nurse.get("/console/a1").text
    assert "手机在 西区" in html
    assert "大概在附近" in html
