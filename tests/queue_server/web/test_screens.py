"""The pages in a real browser: what is clicked at a console is seen in the hall."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from queue_server.core import commands as c
from tests.queue_server.web.desks import (
    PASSWORD,
    Clinic,
    MemoryDesk,
    busy_morning,
    eventful_morning,
    port_of,
    served,
)

pytestmark = pytest.mark.programs
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield made
        made.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    clinic.desk = MemoryDesk(busy_morning())
    return clinic


def opened(context: BrowserContext, url: str) -> Page:
    """A page on which nothing may go wrong unseen."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
    page.on("console", _no_policy_is_broken)
    page.goto(url)
    return page


def _no_policy_is_broken(message: ConsoleMessage) -> None:
    assert "Content Security Policy" not in message.text, message.text


def signed_in(context: BrowserContext, url: str, path: str, name: str = "nurse") -> Page:
    page = opened(context, f"{url}{path}")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    expect(page).to_have_url(f"{url}{path}")
    expect(page.locator("body[data-live]")).to_be_attached()
    page.wait_for_function(  # a key that is pressed before somebody listens is lost
        "() => !document.querySelector('script[src*=\"acts.js\"]') || 'acts' in document.body.dataset"
    )
    return page


def test_a_call_at_the_console_is_on_the_board_within_a_second(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        board = opened(context, f"{url}/board/east")
        console = signed_in(context, url, "/console/resp-3")
        console.keyboard.press("f")
        expect(console.locator(".big")).to_have_text("—")
        began = time.monotonic()
        console.click("button[data-act=call-next]")
        expect(board.locator(".room", has_text="3 诊室").locator(".at")).to_contain_text(
            "A008", timeout=1000
        )
        assert time.monotonic() - began < 1
        expect(console.locator(".big")).to_have_text("A008")
        expect(board.locator(".call.on .number")).to_have_text("A008", timeout=7000)
        expect(board.locator(".call.on .go b")).to_have_text("3 诊室")


def test_a_doctor_works_through_a_family_with_the_keyboard(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        page = signed_in(context, url, "/console/resp-2", "doctor")
        expect(page.locator(".big")).to_have_text("A006")
        page.keyboard.press("r")
        expect(page.locator(".state")).to_contain_text("2 次")
        page.keyboard.press("s")
        expect(page.locator(".state")).to_contain_text("就诊中")
        page.locator("#live").get_by_label("检验科").check()
        page.locator("#live").get_by_label("药房").check()
        page.keyboard.press("f")
        expect(page.locator(".big")).to_have_text("—")
        expect(page.locator(".lists")).to_contain_text("刘梓萱")
        page.keyboard.press("n")
        expect(page.locator(".big")).to_have_text("A008")
        page.keyboard.press("m")
        expect(page.locator(".lists")).to_contain_text("重新排队")
    steps = [step.plan.group for step in busy.day.hospital.visits["S-05"].steps.values()]
    assert steps == ["resp", "lab", "resp", "drugs"]


def test_what_a_doctor_has_ticked_survives_a_redraw_and_not_the_next_family(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        page = signed_in(context, url, "/console/resp-1", "doctor")
        page.locator("#live").get_by_label("检验科").check()
        busy.desk.do(c.Hold("S-20", "nurse"))
        expect(page.locator(".lists")).to_contain_text("恢复")
        expect(page.locator("#live").get_by_label("检验科")).to_be_checked()
        busy.desk.do(c.Finish("resp-1", "colleague"))
        busy.desk.do(c.CallNext("resp-1", "colleague"))
        busy.desk.do(c.Start("resp-1", "colleague"))
        expect(page.locator(".big")).to_have_text("A008")
        expect(page.locator("#live").get_by_label("检验科")).not_to_be_checked()


def test_two_people_at_one_console_get_one_outcome_and_a_sentence(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
        expect(page.locator(".big")).to_have_text("A006")
        page.evaluate("EventSource.prototype.addEventListener = () => {}")
        # the colleague is quicker, and this page has not yet heard of it
        page.route("**/stream*", lambda route: route.abort())
        page.reload()
        expect(page.locator(".big")).to_have_text("A006")
        busy.desk.do(c.Miss("resp-2", "colleague"))
        busy.desk.do(c.CallNext("resp-2", "colleague"))
        page.click("button[data-act=miss]")
        expect(page.locator("#note")).to_contain_text("同事刚刚处理过")
        assert busy.day.hospital.points["resp-2"].step == "S-07/1"


def test_a_board_says_how_old_it_is_and_heals_after_a_restart(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        board = opened(context, f"{url}/board/east?lang=both")
        expect(board.locator(".room")).to_have_count(5)
        expect(board.locator("#lost")).to_be_hidden()
    expect(board.locator("#lost")).to_contain_text(re.compile(r"这是 \d+ 秒前"), timeout=9000)
    expect(board.locator("#lost")).to_contain_text(re.compile(r"this is \d+ s old"))
    busy.desk.do(c.CallNext("resp-1", "nurse"))
    busy.desk.do(c.Finish("resp-3", "doctor"))
    with served(busy.app(), port_of(url)):
        expect(board.locator("#lost")).to_be_hidden(timeout=5000)
        third = board.locator(".room", has_text="3 诊室")
        expect(third.locator(".at")).to_contain_text("空闲")


def test_a_board_that_missed_something_asks_for_all_of_it(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        board = opened(context, f"{url}/board/east")
        expect(board.locator("body[data-live]")).to_be_attached()
        asked: list[str] = []
        board.on("request", lambda request: asked.append(request.url))
        busy.desk.do(c.Finish("resp-1", "doctor"))
        first = board.locator(".room", has_text="1 诊室").locator(".at")
        expect(first).to_contain_text("空闲")
        assert asked == []  # what differs came by itself
        board.evaluate("document.getElementById('live').dataset.revision = '1'")
        busy.desk.do(c.CallNext("resp-1", "nurse"))
        expect(first).to_contain_text("A008")
        assert [url for url in asked if "seen=" not in url]
        assert board.locator("#live").get_attribute("data-revision") == str(busy.desk.position)


def test_calls_made_together_take_turns_in_the_banner(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        board = opened(context, f"{url}/board/east")
        expect(board.locator(".call.on .number")).to_have_text("A007")
        expect(board.locator("body[data-live]")).to_be_attached()
        for point in ("resp-1", "resp-3"):
            busy.day.now += timedelta(seconds=1)
            busy.desk.do(c.Finish(point, "doctor"))
            busy.desk.do(c.CallNext(point, "nurse"))
        shown: list[str] = []
        until = time.monotonic() + 14
        while time.monotonic() < until and len(shown) < 2:
            number = board.locator(".call.on .number").inner_text()
            if number in ("A008", "A009") and number not in shown:
                shown.append(number)
            board.wait_for_timeout(200)
        assert shown == ["A008", "A009"]


@pytest.mark.parametrize(("motion", "animated"), [("no-preference", True), ("reduce", False)])
def test_a_new_call_moves_only_for_those_who_like_it(
    busy: Clinic, browser: Browser, motion: str, animated: bool
) -> None:
    with served(busy.app()) as url:
        page = browser.new_page(reduced_motion=motion)  # type: ignore[arg-type]  # one of its words
        page.goto(f"{url}/board/east")
        expect(page.locator("body[data-live]")).to_be_attached()
        busy.desk.do(c.Finish("resp-1", "doctor"))
        busy.desk.do(c.CallNext("resp-1", "nurse"))
        called = page.locator(".call.new")
        expect(called).to_contain_text("A008", timeout=6000)
        name = called.evaluate("each => getComputedStyle(each).animationName")
        page.close()
    assert (name != "none") == animated


@pytest.mark.parametrize("rooms", [5, 14, 24])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_everything_on_a_board_fits_the_screen(
    clinic: Clinic, browser: Browser, rooms: int, lang: str
) -> None:
    clinic.desk = MemoryDesk(busy_morning(rooms, 30))
    with served(clinic.app()) as url:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{url}/board/east?lang={lang}")
        page.wait_for_selector(".room")
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.room .at, .room .next, .room .count, .room .name b, .go, footer p')]
              .filter(each => each.scrollWidth > each.clientWidth + 1
                || each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().bottom > innerHeight)
              .filter(each => getComputedStyle(each).display !== 'inline')
              .map(each => each.className + ': ' + each.innerText)"""
        )
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll('.room .at b, .room .next b')]
              .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
        )
        page.close()
    assert cut == []
    # capitals of 3.5 mm a metre away: 23 px on a hall's screen are enough for three metres
    assert smallest >= {5: 40, 14: 30, 24: 23}[rooms]


def test_the_desk_finds_checks_in_and_registers(busy: Clinic, context: BrowserContext) -> None:
    busy.day.do(c.Register("S-90", "p90", "沈小满", "resp", busy.day.hospital.day))  # type: ignore[arg-type]  # the day is open
    with served(busy.app()) as url:
        page = signed_in(context, url, "/desk", "clerk")
        page.fill("#search input", "小满")
        expect(page.locator("#rows li")).to_have_count(1)
        page.click("#rows button[data-act=check-in]")
        expect(page.locator("#rows li .ticket")).to_have_text("A025")
        page.fill("#walk-in input[name=name]", "程小雨")
        page.select_option("#walk-in select[name=group]", "resp")
        page.click("#walk-in button.main")
        expect(page.locator("#given b")).to_have_text("A026")
        page.fill("#search input", "小雨")
        expect(page.locator("#rows li .ticket")).to_have_text("A026")
        page.click("#rows button[data-act=cancel]")
        expect(page.locator("#rows li .ticket")).to_have_text("A026")
        page.click("#rows button[data-act=cancel]")
        expect(page.locator("#rows li .wait")).to_contain_text("已退号")


def test_a_call_for_help_reaches_the_desk_and_is_seen_to(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        page = signed_in(context, url, "/desk")
        busy.desk.do(c.AskHelp("kiosk-7", busy.day.now))
        row = page.locator(".matters .help", has_text="kiosk-7")
        expect(row).to_be_visible(timeout=2000)
        row.get_by_role("button").click()
        expect(row).to_have_count(0)


def test_with_the_server_gone_a_click_is_told_to_have_failed(
    busy: Clinic, context: BrowserContext
) -> None:
    with served(busy.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
    page.click("button[data-act=start]")
    expect(page.locator("#note")).to_contain_text("连不上服务器")
    expect(page.locator("#lost")).to_be_visible(timeout=8000)


# ---- acts with a reason, and taking them back ----------------------------------------------------------


@pytest.fixture
def eventful(clinic: Clinic) -> Clinic:
    clinic.desk = MemoryDesk(eventful_morning())
    return clinic


def dialog_of(page: Page, ticket: str) -> Locator:
    """What can be done with a family."""
    page.locator(".line li", has_text=ticket).locator("button.more").click()
    box = page.locator("dialog#acts")
    expect(box.locator("header .ticket")).to_have_text(ticket)
    return box


def form_of(box: Locator, act: str) -> Locator:
    box.locator(f".do:has(form[data-act={act}]) summary").click()
    return box.locator(f"form[data-act={act}]")


def test_a_family_is_moved_with_a_reason_that_a_redraw_does_not_take_away(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
        form = form_of(dialog_of(page, "A017"), "move")
        expect(form.locator("[data-if=places]")).to_be_hidden()
        form.locator("input[name=reason]").fill("孩子太小，等不住")
        eventful.desk.do(c.Recall("resp-2", "colleague"))
        expect(page.locator(".state")).to_contain_text("2 次")
        expect(form.locator("input[name=reason]")).to_have_value("孩子太小，等不住")
        form.get_by_role("button").click()
        expect(page.locator("dialog#acts")).to_be_hidden()
        # behind the one who waits at the door already
        expect(page.locator("ol.line li").nth(1)).to_contain_text("A017")
        expect(page.locator("#undo")).to_contain_text("调整次序 A017")
        page.keyboard.press("u")
        expect(page.locator("ol.line li").nth(1)).not_to_contain_text("A017")
        expect(page.locator("#undo")).to_be_empty()


def test_a_priority_class_is_chosen_and_never_given_by_a_slip(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
        form = form_of(dialog_of(page, "A017"), "priority")
        form.locator("input[name=reason]").fill("高热")
        before = eventful.desk.position
        form.get_by_role("button").click()
        assert eventful.desk.position == before
        form.locator("select").select_option("infant")
        form.get_by_role("button").click()
        row = page.locator("ol.line li", has_text="A017")
        expect(row.locator(".badge.class")).to_have_text("幼")
        form = form_of(dialog_of(page, "A017"), "priority")
        form.locator("select").select_option("none")
        form.locator("input[name=reason]").fill("点错了")
        form.get_by_role("button").click()
        expect(row.locator(".badge.class")).to_have_count(0)


def test_without_a_reason_nothing_is_sent_and_a_refusal_stands_in_the_dialog(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
        box = dialog_of(page, "A017")
        form = form_of(box, "drop")
        before = eventful.desk.position
        form.get_by_role("button").click()
        assert eventful.desk.position == before
        form.locator("input[name=reason]").fill("   ")
        form.get_by_role("button").click()
        expect(box.locator(".note")).to_contain_text("请写明原因")
        expect(box).to_be_visible()
        assert eventful.desk.position == before


def test_a_family_is_called_by_name_only_where_nobody_is(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/console/resp-2")
        box = dialog_of(page, "A017")
        expect(box.locator(".do:has(form[data-act=call])")).to_be_hidden()
        box.get_by_role("button", name="关闭").click()
        page.keyboard.press("m")
        expect(page.locator(".big")).to_have_text("—")
        form = form_of(dialog_of(page, "A017"), "call")
        form.locator("input[name=reason]").fill("病情加重")
        form.get_by_role("button").click()
        expect(page.locator(".big")).to_have_text("A017")
        page.get_by_role("link", name="为什么叫这一位").click()
        expect(page.locator("h1")).to_contain_text("病情加重")


def test_a_pause_with_its_reason_is_seen_on_the_board(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        board = opened(context, f"{url}/board/east")
        page = signed_in(context, url, "/console/resp-3")
        page.keyboard.press("p")
        page.locator("#pausing").get_by_role("button", name="用餐").click()
        page.locator("#pausing button.main").click()
        expect(page.locator("#live")).to_contain_text("开诊")
        expect(board.locator(".room", has_text="3 诊室")).to_contain_text("用餐", timeout=2000)


def test_a_pharmacist_reviews_and_prepares_and_the_family_stands_in_line(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/console/drugs-1", "pharmacist")
        row = page.locator("ul.line li", has_text="黄俊杰")
        row.get_by_role("button", name="审方通过").click()
        row.get_by_role("button", name="配好了").click()
        expect(page.locator("ol.line")).to_contain_text("黄俊杰")
        unpaid = page.locator("ul.line li", has_text="欧阳星野")
        expect(unpaid).to_contain_text("未缴费")


def test_the_screening_form_is_filled_in_at_the_desk_and_the_child_is_in(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/desk", "clerk")
        page.fill("#search input", "谢明轩")
        expect(page.locator("#rows li")).to_have_count(1)
        page.get_by_role("button", name="没有，签到").click()
        expect(page.locator("#rows li .ticket")).to_have_text("A023")
        page.fill("#search input", "A011")
        row = page.locator("#rows li", has_text="A011")
        row.get_by_role("button", name="先去化验").click()
        expect(row).not_to_contain_text("诊前检验")
        expect(row).to_contain_text("已缴费")


def test_a_walk_in_is_asked_for_the_screening_form(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        page = signed_in(context, url, "/desk", "clerk")
        page.fill("#walk-in input[name=name]", "程小雨")
        before = eventful.desk.position
        page.click("#walk-in button.main")
        assert eventful.desk.position == before  # the form asks first
        page.locator("#screening").get_by_label("没有").check()
        page.click("#walk-in button.main")
        expect(page.locator("#given b")).to_have_text("A023")
        assert page.locator("#screening input:checked").count() == 0


def test_a_message_is_put_on_the_boards_and_taken_off(
    eventful: Clinic, context: BrowserContext
) -> None:
    with served(eventful.app()) as url:
        board = opened(context, f"{url}/board/east?lang=en")
        page = signed_in(context, url, "/desk")
        page.get_by_text("在叫号屏上发通知").click()
        page.locator("[data-usual]").select_option(label="请轻声说话，照看好孩子。")
        page.locator("form[data-act=notices] button").click()
        expect(page.locator("#live")).to_contain_text("请轻声说话")
        expect(board.locator(".notices")).to_contain_text("speak softly", timeout=2000)
        page.locator("#live li", has_text="请轻声说话").get_by_role("button").click()
        expect(board.locator(".notices")).not_to_contain_text("speak softly", timeout=2000)
