"""The way at a kiosk: shown, spoken, printed, taken along; and looking for a place without a card."""

import base64
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from edge_agent import Answered, BoardShown, CardSeen, ProvisionalTicket
from kiosk_app.guide import Guide
from kiosk_app.initials import initials
from kiosk_app.own_map import OwnMap
from kiosk_app.screen import Screen
from kiosk_app.server import Server
from kiosk_app.views import Attract, Finding, Floor, Guiding, Place, Provisional, Standing, Trouble
from nav_maps import Profile
from nav_maps.sample import sample_map, write_sample
from protocol import Stand, Text, Way
from tests.e2e.browser import CHROMIUM, chromium
from tests.kiosk_app.stage import (
    NINE,
    FakeAgent,
    answer,
    board,
    called,
    on_stage,
    point,
    settings,
    stand,
)
from tests.queue_server.core.makers import Day
from tests.queue_server.ways.maps import KIOSK, some_ways
from tests.queue_server.web.desks import Clinic, MemoryDesk, accounts_of_every_role, served

PORTRAIT, LANDSCAPE, LAPTOP = (1080, 1920), (1920, 1080), (1280, 800)
EAST = (("area", "east"),)


def way() -> Way:
    """Upstairs by the lift."""
    found = some_ways(url="https://queue.hospital.example").from_kiosk(KIOSK, EAST, wait=True)
    assert found
    return found


def with_way(known: Way | None = None) -> Stand:
    return stand(way=known or way())


# ---- the screen's machine --------------------------------------------------------------------------


def standing(screen: Screen, *stands: Stand) -> None:
    scan = uuid4()
    screen.take(CardSeen(scan), 0.0)
    screen.take(Answered(answer(*stands, scan=scan)), 0.1)


PLACES = Finding(
    (Place("nearest:toilet", Text(zh="卫生间", en="Toilets")),),
    (Floor(Text(zh="1F", en="1F"), (Place("r1", Text(zh="药房", en="Pharmacy"), "101"),)),),
)


def test_the_way_is_shown_and_left_again() -> None:
    screen = Screen(40)
    standing(screen, with_way())
    screen.show_way("visit-A023", 1.0)
    shown: object = screen.view
    assert isinstance(shown, Guiding)
    screen.back(2.0)
    assert screen.view == shown.back


def test_a_family_without_a_way_stays_where_it_is() -> None:
    screen = Screen(40)
    standing(screen, stand())
    screen.show_way("visit-A023", 1.0)
    assert isinstance(screen.view, Standing)


def test_nothing_of_a_way_stays_when_the_family_has_gone() -> None:
    screen = Screen(40)
    standing(screen, with_way())
    screen.show_way("visit-A023", 1.0)
    screen.tick(41.5)
    assert isinstance(screen.view, Attract)


def test_who_is_called_while_reading_the_way_is_told_so_and_not_sent_to_the_hall() -> None:
    screen = Screen(40)
    standing(screen, with_way())
    screen.show_way("visit-A023", 1.0)
    screen.take(BoardShown(board(point(called=called("A023")))), 2.0)
    assert isinstance(screen.view, Standing)
    assert screen.view.stands[0].state == "called"
    assert screen.view.stands[0].way is None


def test_a_place_is_looked_for_only_when_nobody_stands_here() -> None:
    screen = Screen(40)
    standing(screen, stand())
    screen.find(PLACES, 1.0)
    assert isinstance(screen.view, Standing)


def test_a_way_that_comes_after_the_list_has_gone_is_dropped() -> None:
    screen = Screen(40)
    screen.find(PLACES, 0.0)
    screen.wipe()
    screen.guide(way(), 1.0)
    assert isinstance(screen.view, Attract)


def test_from_a_way_one_comes_back_to_the_list_and_from_the_list_to_the_start() -> None:
    screen = Screen(40)
    screen.find(PLACES, 0.0)
    screen.guide(way(), 1.0)
    screen.back(2.0)
    assert screen.view == PLACES
    screen.back(3.0)
    assert isinstance(screen.view, Attract)


def test_where_there_is_no_way_the_reason_is_said() -> None:
    screen = Screen(40)
    screen.find(PLACES, 0.0)
    shut = way().model_copy(
        update={"steps": (), "summary": Text(zh="电梯都停用了。", en="All lifts are closed.")}
    )
    screen.guide(shut, 1.0)
    assert isinstance(screen.view, Trouble)
    assert screen.view.what.zh == "电梯都停用了。"


def test_without_the_list_a_sentence_says_what_to_do() -> None:
    screen = Screen(40)
    screen.find(None, 0.0)
    assert isinstance(screen.view, Trouble)


def test_who_has_a_number_for_now_may_look_for_a_place_and_comes_back_to_the_number() -> None:
    screen = Screen(40)
    scan = uuid4()
    screen.take(CardSeen(scan), 0.0)
    screen.take(ProvisionalTicket(scan, "K07-012"), 0.1)
    screen.find(PLACES, 1.0)
    screen.guide(way(), 2.0)
    screen.back(3.0)
    screen.back(4.0)
    assert screen.view == Provisional("K07-012")


def test_without_steps_is_said_once_for_the_list_and_all_ways_from_it() -> None:
    screen = Screen(40)
    screen.find(PLACES, 0.0)
    screen.step_free(1.0)
    screen.guide(way(), 2.0)
    shown = screen.view
    assert isinstance(shown, Guiding)
    assert shown.step_free
    assert screen.other_way(shown, way(), 3.0)
    screen.back(4.0)
    assert screen.view == PLACES


def test_where_no_way_is_without_steps_the_usual_one_stays() -> None:
    screen = Screen(40)
    standing(screen, with_way())
    screen.show_way("visit-A023", 1.0)
    shown = screen.view
    assert isinstance(shown, Guiding)
    assert not screen.other_way(shown, None, 2.0)
    assert screen.view is shown


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("呼吸内科3诊室", "hxnk3zs"),
        ("耳鼻喉科", "ebhk"),
        ("癫痫门诊", "dxmz"),
        ("CT 2室", "ct2s"),
        ("抽血窗口", "cxck"),
        ("葡萄😀", "pt"),
    ],
)
def test_the_first_letters_of_a_name_are_those_one_would_type(text: str, letters: str) -> None:
    assert initials(text) == letters


# ---- the map that is kept -------------------------------------------------------------------------


NEVER = Server("http://127.0.0.1:9", "kiosk-01")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> OwnMap:
    folder = tmp_path_factory.mktemp("kept")
    write_sample(folder / "sample.zip")
    own = OwnMap(folder, "kiosk-01", lambda: NINE)
    own.keep((folder / "sample.zip").read_bytes())
    return own


def test_while_the_server_is_away_the_kept_map_knows_places_ways_and_pictures(kept: OwnMap) -> None:
    guide = Guide(NEVER, kept)
    found = guide.places()
    assert found
    assert len(found.floors) == 5
    assert found.kinds[0].id == "nearest:toilet"
    shown = guide.way("area:resp", step_free=False)
    assert shown
    assert shown.place.zh == "呼吸内科候诊区"
    assert not shown.url
    assert len(shown.levels) == 2
    picture = guide.picture(shown, False, shown.levels[1].id, "zh", False)
    assert picture
    assert b"<svg" in picture
    assert guide.ticket(shown, False, "zh")


def test_without_steps_the_kept_map_takes_the_lift(kept: OwnMap) -> None:
    guide = Guide(NEVER, kept)
    usual, wheels = guide.way("area:resp", False), guide.way("area:resp", True)
    assert usual
    assert wheels
    assert "stairs" in {each.icon for each in usual.steps}
    assert "lift" in {each.icon for each in wheels.steps}
    assert "stairs" not in {each.icon for each in wheels.steps}


def test_what_was_closed_stays_closed_without_the_server_until_its_time_is_over(
    kept: OwnMap,
) -> None:
    def stairs() -> str:
        found = kept.way("area:resp", Profile.CHILD)
        assert found
        return next(
            each.text.zh for each in found.steps if each.icon == "stairs" or each.icon == "lift"
        )

    before = stairs()
    taken = [
        each.id for each in sample_map().navigation.pathways if each.names.get("zh", "?") in before
    ]
    kept.keep_closed([{"id": each, "until": None} for each in taken])
    assert stairs() != before
    kept.keep_closed([{"id": each, "until": "2026-03-02T00:30:00Z"} for each in taken])
    assert stairs() == before
    kept.keep_closed([])


def test_a_broken_map_is_as_good_as_none(tmp_path: Path) -> None:
    own = OwnMap(tmp_path, KIOSK, lambda: NINE)
    own.keep(b"not a zip")
    assert not own.there
    assert own.finding() is None
    assert own.way("east", Profile.CHILD) is None


# ---- paper ----------------------------------------------------------------------------------------


def test_a_server_that_does_not_answer_costs_a_picture_and_no_ticket() -> None:
    server = Server("http://127.0.0.1:9", KIOSK)
    assert server.ticket("t", "zh") == b""
    assert server.places() is None
    assert server.way("east", Profile.CHILD) is None
    assert server.picture("t", "L0", "zh", False) is None


@pytest.mark.parametrize("server", ["", "file:///etc", "ftp://x"])
def test_only_web_addresses_are_asked(server: str) -> None:
    assert Server(server, KIOSK).places() is None


# ---- in a browser, with a real server behind --------------------------------------------------------

in_browser = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="no Chromium here: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    made = accounts_of_every_role(tmp_path_factory.mktemp("accounts"))
    made.desk = MemoryDesk(Day())
    made.ways = some_ways(now=made.day.now, url="https://queue.hospital.example")
    yield made
    made.accounts.close()


@pytest.fixture(scope="module")
def server(clinic: Clinic) -> Iterator[str]:
    with served(clinic.app()) as running:
        yield running


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()


@pytest.fixture
def url(agent: FakeAgent, tmp_path: Path, server: str) -> Iterator[str]:
    given = settings(tmp_path, agent=KIOSK, server=server, sources=())
    with on_stage(agent, given) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]}, reduced_motion="reduce"
    )
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None
    )
    yield opened
    context.close()
    assert wrong == []


def scanned(agent: FakeAgent, clinic: Clinic) -> None:
    assert clinic.ways
    found = clinic.ways.from_kiosk(KIOSK, EAST, wait=True)
    assert found
    agent.scan(with_way(found))


@in_browser
def test_a_family_sees_hears_and_prints_its_way(
    agent: FakeAgent, clinic: Clinic, url: str, page: Page
) -> None:
    page.goto(url)
    scanned(agent, clinic)
    page.get_by_role("button", name="怎么走").click()
    expect(page.locator(".route li")).to_have_count(3)
    expect(page.locator(".route li").first).to_contain_text("2号电梯到2楼")
    picture = page.locator(".map img:not([hidden])")
    expect(picture).to_have_attribute("data-level", "L0")
    picture.evaluate("each => each.decode()")  # fails when it is no picture
    page.get_by_role("tab", name="2F").click()
    expect(picture).to_have_attribute("data-level", "L1")
    expect(page.locator(".take svg")).to_be_visible()
    page.get_by_role("button", name="念给我听").click()
    page.wait_for_timeout(300)
    assert [said.text.en for said in agent.spoken] == ["", "", ""]
    assert agent.spoken[0].text.zh == "面对自助机，乘右后方的2号电梯到二楼。"
    page.get_by_role("button", name="打印小票").click()
    expect(page.locator("#note")).to_have_text("小票正在打印")
    assert base64.b64decode(agent.printed[0].picture).startswith(b"\x89PNG")
    page.get_by_role("button", name="返回", exact=True).click()
    expect(page.locator("h1.number")).to_have_text("A023")


@in_browser
def test_the_voice_stops_when_the_family_goes(
    agent: FakeAgent, clinic: Clinic, url: str, page: Page
) -> None:
    page.goto(url)
    scanned(agent, clinic)
    page.get_by_role("button", name="怎么走").click()
    page.get_by_role("button", name="念给我听").click()
    page.wait_for_timeout(200)
    before = agent.hushed
    page.get_by_role("button", name="完成").click()
    expect(page.locator("h1")).to_have_text("请出示就诊二维码")
    assert agent.hushed > before


@in_browser
@pytest.mark.parametrize(
    ("lang", "find", "water", "text"),
    [
        ("zh", "找地方", "饮水", "饮水处"),
        ("en", "Find a place", "Drinking water", "drinking fountain"),
    ],
)
def test_somebody_without_a_card_finds_water(
    agent: FakeAgent, url: str, page: Page, lang: str, find: str, water: str, text: str
) -> None:
    page.goto(f"{url}/?lang={lang}")
    page.get_by_role("button", name=find).click()
    page.get_by_role("button", name=water).click()
    expect(page.locator(".route li").last).to_contain_text(text)
    page.get_by_role("button", name="返回" if lang == "zh" else "Back", exact=True).click()
    expect(page.locator(".kinds button")).to_have_count(1)


@in_browser
def test_a_room_is_found_on_its_floor(agent: FakeAgent, url: str, page: Page) -> None:
    page.goto(url)
    page.get_by_role("button", name="找地方").click()
    page.get_by_role("tab", name="2F").click()
    page.locator(".list:not([hidden]) button").nth(3).click()
    expect(page.locator(".route")).to_contain_text("2楼")
    expect(page.get_by_role("button", name="打印小票")).to_have_count(0)


@in_browser
def test_without_the_server_the_screen_says_where_to_look(
    agent: FakeAgent, tmp_path: Path, page: Page
) -> None:
    with on_stage(agent, settings(tmp_path, server="http://127.0.0.1:9", sources=())) as running:
        page.goto(running)
        page.get_by_role("button", name="找地方").click()
        expect(page.locator("h1")).to_have_text("现在查不到路线。")


@in_browser
def test_everything_fits_without_scrolling(
    agent: FakeAgent, clinic: Clinic, url: str, page: Page
) -> None:
    for lang in ("zh", "en"):
        for size in ("normal", "large"):
            for width, height in (PORTRAIT, LANDSCAPE, LAPTOP):
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{url}/?lang={lang}&size={size}")
                scanned(agent, clinic)
                page.locator("[data-act=way]").click()
                expect(page.locator(".route li")).to_have_count(3)
                page.wait_for_timeout(150)
                over = page.evaluate(
                    "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
                )
                assert max(over) <= 1, (lang, size, width, over)
                low = page.evaluate(
                    "[...document.querySelectorAll('button')].filter((b) => b.offsetParent && b.offsetHeight < 60)"
                    ".map((b) => b.textContent)"
                )
                assert low == [], (lang, size, width)
                page.locator("[data-act=done]").click()
                expect(page.locator(".attract")).to_be_visible()


@in_browser
def test_with_the_server_away_a_room_is_typed_found_and_shown_from_the_kept_map(
    agent: FakeAgent, tmp_path: Path, page: Page
) -> None:
    write_sample(tmp_path / "map.zip")
    given = settings(tmp_path, agent="kiosk-01", server="http://127.0.0.1:9", sources=())
    with on_stage(agent, given) as running:
        page.goto(running)
        page.get_by_role("button", name="找地方").click()
        page.get_by_role("button", name="输入拼音").click()
        for letter in "HXNK3":
            page.get_by_role("button", name=letter, exact=True).click()
        found = page.locator(".list:not([hidden]) button:not([hidden])")
        expect(found).to_have_count(1)
        low = page.evaluate(
            "[...document.querySelectorAll('#keys button')].filter((b) => b.offsetHeight < 60 || b.offsetWidth < 60).length"
        )
        assert low == 0
        found.click()
        expect(page.locator("h1")).to_contain_text("呼吸内科3诊室")
        picture = page.locator(".map img:not([hidden])")
        picture.evaluate("each => each.decode()")
        page.get_by_role("button", name="不走台阶").click()
        expect(page.locator(".route")).to_contain_text("电梯")
        expect(page.get_by_role("button", name="不走台阶")).to_have_attribute(
            "aria-pressed", "true"
        )
