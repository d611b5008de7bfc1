"""The screen in a real browser: what a family sees, hears of, and leaves behind."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from edge_agent import Answered, BoardShown, CardSeen, Connection, ProvisionalTicket
from protocol import Show, Text
from tests.e2e.browser import CHROMIUM, chromium
from tests.kiosk_app.stage import (
    NOT_TODAY,
    ROOM_3,
    SIBLINGS,
    FakeAgent,
    answer,
    board,
    called,
    frame,
    on_stage,
    point,
    settings,
    stand,
    step,
)

PORTRAIT, LANDSCAPE, LAPTOP = (1080, 1920), (1920, 1080), (1280, 800)
COUNT_TONES = """
    window.tones = 0;
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
"""

pytestmark = [
    pytest.mark.programs,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason="no Chromium here: apt-get install chromium"
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()


@pytest.fixture
def url(agent: FakeAgent, tmp_path: Path) -> Iterator[str]:
    with on_stage(agent, settings(tmp_path)) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]}, reduced_motion="reduce"
    )
    opened = context.new_page()
    opened.add_init_script(COUNT_TONES)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


def on(page: Page, url: str, size: tuple[int, int] = PORTRAIT) -> Page:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(url)
    expect(page.locator("h1")).to_be_visible()
    return page


def number(page: Page) -> Locator:
    return page.locator("h1.number")


def test_a_scan_shows_the_number_and_chimes(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    agent.scan(stand())
    expect(number(page)).to_have_text("A023")
    expect(page.locator(".go .place")).to_have_text("二楼东侧，电梯出门右转")
    expect(page.locator(".figure").first).to_have_text("6 人")
    expect(page.locator(".way li")).to_have_count(4)
    assert page.evaluate("window.tones") == 2


def test_while_the_answer_is_on_its_way_the_screen_says_so(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    agent.say(CardSeen(uuid4()))
    expect(page.locator("h1")).to_have_text("读到了，正在签到")


def test_a_refusal_is_a_sentence_and_a_way_on(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    agent.scan(problem=NOT_TODAY)
    expect(page.locator("h1")).to_have_text(NOT_TODAY.what.zh)
    expect(page.locator(".place")).to_have_text(NOT_TODAY.todo.zh)
    page.get_by_role("button", name="再扫一次").click()
    expect(page.locator("h1")).to_have_text("请出示就诊二维码")


def test_offline_a_family_gets_a_number_for_now_and_then_its_own(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    scan = uuid4()
    agent.say(Connection(False))
    expect(page.locator(".offline")).to_be_visible()
    agent.say(CardSeen(scan), ProvisionalTicket(scan, "K07-012"))
    expect(number(page)).to_have_text("K07-012")
    expect(page.locator("main")).to_contain_text("不用再扫一次")
    agent.say(Connection(True))
    agent.say(Answered(answer(stand(alias="K07-012"), scan=scan)))
    expect(number(page)).to_have_text("A023")
    expect(page.locator("main")).to_contain_text("临时号 K07-012 也有效")


def test_a_call_is_in_the_strip_at_once_and_fills_the_screen_of_the_family_that_stands_here(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    agent.say(BoardShown(board(point(called=called("A019")))))
    expect(page.locator("#strip [data-ticket=A019]")).to_be_visible(timeout=1000)
    agent.scan(stand())
    expect(number(page)).to_have_text("A023")
    agent.say(BoardShown(board(point(called=called("A023")), revision=2)))
    expect(page.locator("h1.room")).to_have_text("呼吸内科3诊室", timeout=1000)
    expect(page.locator(".hero")).to_contain_text("A023")
    assert page.evaluate("window.tones") == 4


def test_language_and_size_change_at_a_touch_and_go_back_for_the_next_family(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    usual = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("button", name="大字").click()
    expect(page.get_by_role("button", name="标准字")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Show your visit code")
    assert page.locator("html").get_attribute("lang") == "en"
    agent.scan(stand())
    expect(page.locator("main")).to_contain_text("You are checked in")
    larger = page.locator(".place").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert larger > 64
    page.get_by_role("button", name="Done").click()
    expect(page.locator("h1")).to_have_text("请出示就诊二维码")
    assert page.locator("html").get_attribute("class") == "normal"
    assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == usual
    assert page.url == f"{url}/"


def test_the_screen_goes_back_by_itself_counting_down_and_leaves_nothing(
    agent: FakeAgent, browser: Browser, page: Page, tmp_path: Path
) -> None:
    with on_stage(agent, settings(tmp_path, shown_s=3.0)) as url:
        on(page, url)
        agent.scan(stand())
        expect(number(page)).to_have_text("A023")
        left = page.locator("#left")
        expect(left).to_have_text(re.compile("[12]"))
        expect(page.locator("h1")).to_have_text("请出示就诊二维码", timeout=6000)
        for _ in range(2):
            assert not any(word in page.content() for word in ("A023", "张*宝"))
            page.reload()
        kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        assert kept == [0, 0, ""]


def test_a_touch_gives_more_time(agent: FakeAgent, page: Page, tmp_path: Path) -> None:
    with on_stage(agent, settings(tmp_path, shown_s=3.0)) as url:
        on(page, url)
        agent.scan(stand())
        for _ in range(4):
            page.wait_for_timeout(1200)
            page.locator("h1").click()
        expect(number(page)).to_have_text("A023")


def drop(page: Page, content: bytes, kind: str = "image/png") -> None:
    """Drop a file on the page, as from the desktop."""
    page.evaluate(
        """([bytes, type]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "card.png", { type }));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        [list(content), kind],
    )


def test_a_picture_can_be_dropped_or_chosen(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    agent.codes[b"a card"] = answer(stand())
    drop(page, b"a card")
    expect(number(page)).to_have_text("A023")
    page.get_by_role("button", name="完成").click()
    page.set_input_files(
        "#file", {"name": "card.png", "mimeType": "image/png", "buffer": b"a card"}
    )
    expect(number(page)).to_have_text("A023")


@pytest.mark.parametrize(
    ("content", "said"), [(b"an empty street", "没有找到二维码"), (b"no picture", "打不开")]
)
def test_a_picture_that_does_not_do_is_said(
    url: str, page: Page, content: bytes, said: str
) -> None:
    on(page, url)
    drop(page, content)
    expect(page.locator("#note")).to_contain_text(said)


def test_a_call_during_the_choice_of_a_file_does_not_lose_the_file(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    agent.codes[b"a card"] = answer(stand())
    with page.expect_file_chooser() as choosing:
        page.get_by_text("选一张二维码图片").click()
    agent.say(BoardShown(board(point(called=called("A019")))))
    expect(page.locator("#strip [data-ticket=A019]")).to_be_visible()
    choosing.value.set_files({"name": "card.png", "mimeType": "image/png", "buffer": b"a card"})
    expect(number(page)).to_have_text("A023")


def test_buttons_print_and_call_a_person(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    agent.scan(stand())
    page.get_by_role("button", name="打印小票").click()
    expect(page.locator("#note")).to_have_text("小票正在打印")
    page.get_by_role("button", name="请人帮忙").click()
    expect(page.locator("#note")).to_have_text("已通知工作人员，请稍等")
    assert (len(agent.printed), agent.helped) == (1, 1)


def test_the_camera_is_shown_while_nobody_is_here(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    expect(page.locator("#viewer")).to_be_hidden()
    agent.frame = frame()
    expect(page.locator("#viewer")).to_be_visible()
    agent.say(BoardShown(board(point(called=called("A019")))))
    page.wait_for_function("document.getElementById('camera').naturalWidth === 720")
    agent.frame = None
    expect(page.locator("#viewer")).to_be_hidden()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_page_heals_after_a_restart_and_keeps_no_ones_number_meanwhile(
    page: Page, tmp_path: Path
) -> None:
    port, short = free_port(), settings(tmp_path, shown_s=4.0)
    first = FakeAgent()
    with on_stage(first, short, port) as url:
        on(page, url)
        first.scan(stand())
        expect(number(page)).to_have_text("A023")
    expect(page.locator("#lost")).to_be_visible(timeout=12_000)
    assert "A023" not in page.content()
    second = FakeAgent()
    with on_stage(second, short, port):
        expect(page.locator("#lost")).to_be_hidden(timeout=6000)
        expect(page.locator("h1")).to_have_text("请出示就诊二维码")
        second.scan(stand("B007"))
        expect(number(page)).to_have_text("B007")


def test_an_older_page_loads_itself_again(agent: FakeAgent, url: str, page: Page) -> None:
    on(page, url)
    page.evaluate("window.older = true; document.documentElement.dataset.build = 'older'")
    page.get_by_role("button", name="English").click()  # listens anew
    page.wait_for_function("window.older === undefined")
    expect(page.locator("h1")).to_be_visible()


def test_the_keyboard_goes_through_the_buttons_in_their_order(
    agent: FakeAgent, url: str, page: Page
) -> None:
    on(page, url)
    agent.scan(stand())
    expect(number(page)).to_be_focused()
    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
    assert names[0] == "file"
    assert [name.split()[0] for name in names[1:]] == ["打印小票", "请人帮忙", "完成"]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("请出示就诊二维码")


LONG = Text(zh="小儿神经内科与癫痫联合门诊", en="Paediatric neurology and epilepsy joint clinic")
FAR = Text(
    zh="门诊楼五楼北侧，出二号电梯左转，过鱼缸第三个门",
    en="Outpatient building, floor 5 north: left out of lift 2, third door after the fish tank",
)
SEVEN = tuple(step(state="done" if n < 2 else "planned") for n in range(7))
SCENES = {
    "attract": (),
    "number": (stand(),),
    "return": (stand(ahead=0, is_return=True, already=True, alias="K07-012"),),
    "called": (stand(state="called", room=ROOM_3, ahead=None),),
    "missed": (stand(state="missed", ahead=None),),
    "done": (stand(state="done", ahead=None),),
    "three": (stand(), stand("B007"), stand("C101", state="called", room=ROOM_3, ahead=None)),
    "long": (stand("A1023", group=LONG, place=FAR, ahead=112, steps=SEVEN),),
}
EVERYWHERE = [
    (size, lang, type_size)
    for size in (PORTRAIT, LANDSCAPE, LAPTOP)
    for lang in ("zh", "en")
    for type_size in ("normal", "large")
]
FIT = """() => ({
    over: [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth],
    small: [...document.querySelectorAll("button, .pill, footer .button")].map((e) => e.getBoundingClientRect())
        .filter((r) => r.height < 59.5 || r.width < 59.5).length,
    out: [...document.querySelectorAll("main p, main h1, main h2, main b, footer button, .pill")].filter((e) => {
        const r = e.getBoundingClientRect();
        const cut = e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display !== "inline";
        return r.width && (r.right > innerWidth + 1 || r.left < -1 || cut);
    }).map((e) => e.textContent.trim()),
})"""
CONTRAST = """() => {
    const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const colours = (text) => [...text.matchAll(/rgba?\\(([^)]+)\\)/g)].map((m) => m[1].split(",").map(Number))
        .filter((c) => c[3] === undefined || c[3] > 0.8);
    const ground = (e) => {
        for (; e; e = e.parentElement) {
            const style = getComputedStyle(e);
            const found = [...colours(style.backgroundImage), ...colours(style.backgroundColor)];
            if (found.length) return found;
        }
        return [[255, 255, 255]];
    };
    const poor = [];
    for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        const box = e.getBoundingClientRect();
        if (!own || !box.width || e.closest("svg, script, .sr")) continue;
        const [ink] = colours(getComputedStyle(e).color);
        for (const under of ground(e)) {
            const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${e.textContent.trim()} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
        }
    }
    return poor;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_everything_fits_can_be_pressed_and_can_be_read_on_every_screen(
    agent: FakeAgent, url: str, page: Page, scene: str
) -> None:
    agent.say(BoardShown(board(point(called=called("A019")), point(called=called("B003", 2)))))
    for size, lang, type_size in EVERYWHERE:
        on(page, f"{url}/?lang={lang}&size={type_size}", size)
        if SCENES[scene]:
            agent.scan(*SCENES[scene])
            expect(page.locator(".view.standing")).to_be_visible()
        found = page.evaluate(FIT)
        where = f"{scene} {size} {lang} {type_size}"
        assert max(found["over"]) <= 1, where
        assert (found["small"], found["out"]) == (0, []), where
        assert page.evaluate(CONTRAST) == [], where
        page.request.post(f"{url}/done")


def test_reading_provisional_and_trouble_can_be_read_too(
    agent: FakeAgent, url: str, page: Page
) -> None:
    scan = uuid4()
    on(page, url)
    agent.say(Connection(False))
    expect(page.locator(".offline")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    agent.say(CardSeen(scan))
    expect(page.locator(".view.reading")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    agent.say(ProvisionalTicket(scan, "K07-012"))
    expect(page.locator(".view.provisional")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    agent.scan(problem=NOT_TODAY)
    expect(page.locator(".view.trouble")).to_be_visible()
    assert page.evaluate(CONTRAST) == []


def test_nothing_is_asked_of_any_other_machine(agent: FakeAgent, url: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    on(page, url)
    agent.scan(stand())
    expect(number(page)).to_be_visible()
    assert all(each.startswith((url, "blob:" + url, "data:")) for each in asked), json.dumps(asked)
    assert not any("A023" in each for each in asked)


def test_a_family_with_two_children_touches_the_one_that_it_is_about(
    browser: Browser, url: str, agent: FakeAgent
) -> None:
    page = browser.new_page(viewport={"width": 1080, "height": 1920})
    page.goto(url)
    scan = uuid4()
    agent.say(CardSeen(scan), Answered(Show(scan=scan, choices=SIBLINGS)))
    expect(page.locator("h1")).to_have_text("请问是哪个孩子？")
    expect(page.locator(".choice")).to_have_count(2)
    assert page.locator(".choice").first.bounding_box()["height"] > 150  # type: ignore[index]  # it is visible
    page.locator(".choice", has_text="赵*卷").click()
    expect(page.locator(".view.reading")).to_be_visible()
    assert agent.chosen == [(scan, "v-2")]
    page.close()


def test_tests_before_the_consult_are_taken_by_a_button(
    browser: Browser, url: str, agent: FakeAgent
) -> None:
    page = browser.new_page(viewport={"width": 1080, "height": 1920})
    page.goto(url)
    offered = stand(offer=(Text(zh="血常规", en="Blood count"),))
    scan = agent.scan(offered)
    page.get_by_role("button", name="好，先去做").click()
    expect(page.locator(".offer")).to_have_count(0)
    assert agent.answered == [(scan, offered.visit, True)]
    taken = offered.model_copy(update={"offer": (), "to_pay": True})
    agent.say(Answered(answer(taken, scan=scan)))
    expect(page.locator(".pay")).to_contain_text("请先缴费")
    page.close()
