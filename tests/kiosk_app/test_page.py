"""The page over HTTP: what it shows, who may act, what is kept nowhere."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from edge_agent import BoardShown, CardLists, CardSeen, Connection, ProvisionalTicket
from kiosk_app import Kiosk, KioskSettings, create_app
from kiosk_app.fence import LARGEST_PICTURE
from tests.kiosk_app.stage import (
    EAST,
    NINE,
    NOT_TODAY,
    ROOM_3,
    FakeAgent,
    answer,
    board,
    called,
    frame,
    point,
    settings,
    stand,
    step,
)

OWN = {"origin": "http://127.0.0.1:8081", "sec-fetch-site": "same-origin"}


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()


@pytest.fixture
def kiosk_settings(tmp_path: Path) -> KioskSettings:
    return settings(tmp_path)


@pytest.fixture
def client(agent: FakeAgent, kiosk_settings: KioskSettings) -> Iterator[TestClient]:
    app = create_app(agent, kiosk_settings)
    with TestClient(app, base_url="http://127.0.0.1:8081") as running:
        running.get("/healthz")  # by now the screen listens
        yield running


def page(client: TestClient, lang: str = "zh", size: str = "normal") -> str:
    answered = client.get(f"/?lang={lang}&size={size}")
    assert answered.status_code == 200
    return str(answered.text)


def test_nobody_here_is_asked_to_show_a_code(client: TestClient) -> None:
    assert "请出示就诊二维码" in page(client)
    assert "Show your visit code" in page(client, "en")


def test_a_check_in_shows_number_name_department_place_people_ahead_slot_and_steps(
    client: TestClient, agent: FakeAgent
) -> None:
    agent.scan(stand())
    html = page(client)
    for shown in (
        "A023",
        "张*宝",
        "呼吸内科",
        EAST.zh,
        ">6 ",
        "09:00–10:00",
        "检验科",
        "药房",
        "签到成功",
    ):
        assert shown in html
    assert "Floor 2 east, right of the lifts" in page(client, "en")


def test_who_scans_again_is_told_where_they_stand(client: TestClient, agent: FakeAgent) -> None:
    agent.scan(stand(already=True))
    assert "您已经签过到了" in page(client)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"state": "called", "room": ROOM_3, "ahead": None}, "呼吸内科3诊室"),
        ({"state": "called", "room": None, "ahead": None}, "请现在到"),
        ({"state": "serving", "room": ROOM_3, "ahead": None}, "正在就诊"),
        ({"state": "missed", "ahead": None}, "护士台"),
        ({"state": "held", "ahead": 2}, "号位为您保留着"),
        ({"state": "done", "ahead": None}, "早日康复"),
        ({"ahead": 0}, "下一个就是您"),
        ({"state": "a_state_of_next_year", "ahead": None}, "您的号码"),
        ({"ticket": "", "state": "planned", "ahead": None}, "—"),
        ({"alias": "K07-012"}, "临时号 K07-012 也有效"),
        ({"is_return": True}, "回诊"),
        ({"steps": (step(state="a_state_of_next_year"), step())}, "今天的流程"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_state_has_its_words(
    client: TestClient, agent: FakeAgent, given: dict[str, object], said: str, lang: str
) -> None:
    agent.scan(stand().model_copy(update=given))
    assert (said in page(client, lang)) or lang == "en"


def test_several_visits_are_listed(client: TestClient, agent: FakeAgent) -> None:
    agent.scan(stand("A023"), stand("B007", masked_name="张*妹"))
    html = page(client)
    assert "您今天有 2 个号" in html
    assert all(each in html for each in ("A023", "B007", "张*宝", "张*妹"))


def test_a_refusal_says_what_happened_and_what_to_do(client: TestClient, agent: FakeAgent) -> None:
    agent.scan(problem=NOT_TODAY)
    html = page(client, "en")
    assert NOT_TODAY.what.en in html
    assert NOT_TODAY.todo.en in html
    assert "Scan again" in html


def test_offline_a_provisional_number_is_shown_with_what_it_means(
    client: TestClient, agent: FakeAgent
) -> None:
    scan = uuid4()
    agent.say(Connection(False))
    assert "现在离线" in page(client)
    agent.say(CardSeen(scan), ProvisionalTicket(scan, "K07-012"))
    html = page(client)
    assert "K07-012" in html
    assert "先后次序不变" in html


def test_the_calls_of_the_board_are_repeated(client: TestClient, agent: FakeAgent) -> None:
    agent.say(BoardShown(board(point(called=called("A019")))))
    html = page(client)
    assert 'data-ticket="A019"' in html
    assert "呼吸内科3诊室" in html


def test_what_the_agent_knew_before_the_screen_was_there_is_shown(
    kiosk_settings: KioskSettings,
) -> None:
    agent = FakeAgent()
    agent.board = board(point(called=called("A019")))
    with TestClient(create_app(agent, kiosk_settings), base_url="http://localhost") as client:
        client.get("/healthz")
        html = page(client)
    assert "A019" in html
    assert "现在离线" not in html


def test_the_screen_says_how_old_its_card_lists_are_and_which_kiosk_it_is(
    client: TestClient, agent: FakeAgent
) -> None:
    assert "K07" in page(client)
    agent.say(CardLists(None, NINE))
    assert "卡名单 03-02 09:00" in page(client)


def test_without_camera_and_scanner_a_picture_is_asked_for(
    tmp_path: Path, agent: FakeAgent
) -> None:
    for sources, said in (((), "选一张二维码图片，或"), (("serial:/dev/x",), "扫码口")):
        app = create_app(agent, settings(tmp_path, sources=sources))
        with TestClient(app, base_url="http://localhost") as client:
            assert said in page(client)


def test_names_are_text_and_never_markup(client: TestClient, agent: FakeAgent) -> None:
    agent.scan(stand(masked_name="<script>alert(1)</script>"))
    assert "<script>alert" not in page(client)


def test_done_wipes_the_screen_at_the_kiosk_and_not_only_in_the_browser(
    client: TestClient, agent: FakeAgent
) -> None:
    agent.scan(stand())
    assert client.post("/done", headers=OWN).status_code == 204
    html = page(client)
    assert "A023" not in html
    assert "张*宝" not in html


def test_printing_is_asked_of_the_agent_once_for_each_visit(
    client: TestClient, agent: FakeAgent
) -> None:
    agent.scan(stand("A023"), stand("B007"))
    assert client.post("/print").json() == {"printed": True}
    assert client.post("/print").json() == {"printed": True}
    assert [each.stand.ticket for each in agent.printed] == ["A023", "B007"]


def test_a_printer_that_fails_is_owned_up_to_and_tried_again(
    client: TestClient, agent: FakeAgent
) -> None:
    agent.scan(stand())
    agent.prints = False
    assert client.post("/print").json() == {"printed": False}
    agent.prints = True
    assert client.post("/print").json() == {"printed": True}


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = monotonic() + seconds
    while not (held := true()) and monotonic() < end:
        sleep(0.02)
    return held


def test_a_number_given_without_the_server_is_printed_too(
    client: TestClient, agent: FakeAgent
) -> None:
    scan = uuid4()
    agent.say(Connection(False), CardSeen(scan), ProvisionalTicket(scan, "K07-001"))
    assert 'data-act="print"' in page(client)
    assert client.post("/print").json() == {"printed": True}
    assert client.post("/print").json() == {"printed": True}
    assert agent.provisional == ["K07-001"]


def test_a_family_is_told_before_it_presses_that_the_printer_stands_still(
    client: TestClient, agent: FakeAgent
) -> None:
    agent.prints = False
    agent.scan(stand())
    assert within(5, lambda: "打印机停了" in page(client))
    assert 'data-act="print"' not in page(client)


def test_nothing_is_printed_when_nobody_is_shown(client: TestClient, agent: FakeAgent) -> None:
    assert client.post("/print").json() == {"printed": False}
    assert agent.printed == []


def test_there_is_no_print_button_without_a_printer(tmp_path: Path, agent: FakeAgent) -> None:
    app = create_app(agent, settings(tmp_path, printer=""))
    with TestClient(app, base_url="http://localhost") as client:
        client.get("/healthz")
        agent.scan(stand())
        assert 'data-act="print"' not in page(client)


def test_a_person_is_called_once_however_often_the_button_is_pressed(
    client: TestClient, agent: FakeAgent
) -> None:
    answers = [client.post("/help").json() for _ in range(5)]
    assert answers == [{"told": True}] * 5
    assert agent.helped == 1


def test_offline_nobody_is_promised_a_person(client: TestClient, agent: FakeAgent) -> None:
    agent.say(Connection(False))
    assert client.post("/help").json() == {"told": False}
    assert agent.helped == 1


def test_a_picture_is_read_by_the_agent(client: TestClient, agent: FakeAgent) -> None:
    agent.codes[b"a card"] = answer(stand())
    assert client.post("/picture", content=b"a card").status_code == 204
    assert "A023" in page(client)
    assert client.post("/picture", content=b"an empty street").json() == {"code": "no_code"}
    assert client.post("/picture", content=b"no picture").json() == {"code": "bad_picture"}


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(
    client: TestClient, agent: FakeAgent
) -> None:
    assert client.post("/picture", content=b"x" * (LARGEST_PICTURE + 1)).status_code == 413

    def without_a_length() -> Iterator[bytes]:
        for _ in range(LARGEST_PICTURE // 65536 + 1):
            yield b"x" * 65536

    assert client.post("/picture", content=without_a_length()).status_code == 413
    assert agent.pictures == []


def test_the_camera_is_shown_as_in_a_mirror_and_small(client: TestClient, agent: FakeAgent) -> None:
    assert client.get("/camera.jpg").status_code == 204
    agent.frame = frame()
    agent.frame[:, :200] = 0
    answered = client.get("/camera.jpg")
    seen = cv2.imdecode(np.frombuffer(answered.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    assert seen.shape == (405, 720)
    assert seen[:, -80:].mean() < 20 < seen[:, :80].mean()


@pytest.mark.parametrize("path", ["/", "/camera.jpg", "/healthz", "/static/kiosk.js"])
def test_nothing_is_cached_and_nothing_from_elsewhere_is_loaded(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "10.0.0.5"])
def test_another_hosts_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8081", "localhost", "[::1]:8081", "LOCALHOST:1"])
def test_the_kiosks_own_names_are_taken(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("act", ["/done", "/touch", "/help", "/print", "/picture"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
    ],
)
def test_only_the_kiosks_own_page_may_act(
    client: TestClient, agent: FakeAgent, act: str, headers: dict[str, str]
) -> None:
    agent.scan(stand())
    assert client.post(act, headers=headers).status_code == 403
    assert (agent.helped, agent.printed, agent.pictures) == (0, [], [])
    assert "A023" in page(client)


@pytest.mark.parametrize("query", ["lang=de", "size=huge", "lang=<script>"])
def test_an_unknown_language_or_size_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 422


def test_nothing_personal_is_logged(
    client: TestClient,
    agent: FakeAgent,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    agent.scan(stand())
    page(client)
    client.post("/print")
    client.post("/done")
    out, err = capfd.readouterr()
    assert not any(word in caplog.text + out + err for word in ("张", "A023"))


def test_the_page_says_how_it_fares(client: TestClient, agent: FakeAgent) -> None:
    assert client.get("/healthz").json() == {"ok": True, "online": True}
    agent.say(Connection(False))
    assert client.get("/healthz").json() == {"ok": True, "online": False}


def test_the_screen_stops_listening_when_the_program_ends(
    agent: FakeAgent, kiosk_settings: KioskSettings
) -> None:
    app = create_app(agent, kiosk_settings)
    with TestClient(app, base_url="http://localhost") as client:
        client.get("/healthz")
        assert isinstance(app.state.kiosk, Kiosk)
        assert len(agent.listeners) == 1
    assert agent.listeners == []
