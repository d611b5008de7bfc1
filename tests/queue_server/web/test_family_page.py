"""A family's page on a phone, in a real browser."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from queue_server.core import commands as c
from tests.e2e.browser import CHROMIUM, chromium
from tests.queue_server.core.makers import clock
from tests.queue_server.web.desks import Clinic, port_of, served
from tests.queue_server.web.phone_stage import PhoneStage, phone_stage

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
def stage(clinic: Clinic) -> PhoneStage:
    return phone_stage(clinic)


@pytest.fixture
def url(stage: PhoneStage) -> Iterator[str]:
    with served(stage.clinic.app()) as running:
        yield running


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    made = phone.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on(
        "console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None
    )
    yield made
    assert wrong == []


def opened(page: Page, url: str, stage: PhoneStage, person: str, lang: str = "zh") -> str:
    """Open a person's page, and wait until it is live."""
    at = f"{url}/f/{stage.token(person)}?lang={lang}"
    page.goto(at)
    expect(page.locator("body[data-live]")).to_be_attached(timeout=15_000)
    return at


def becomes(page: Page, promise: str) -> None:
    """Wait until a promise comes out true."""
    give_up = time.monotonic() + 15
    while not page.evaluate(promise):
        assert time.monotonic() < give_up, promise
        page.wait_for_timeout(100)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_a_phone_or_too_small_for_a_thumb(
    stage: PhoneStage, url: str, page: Page, lang: str
) -> None:
    for person in ("p3", "p12", "p20", "p0"):
        opened(page, url, stage, person, lang)
        for width, large in ((360, False), (320, True)):
            page.set_viewport_size({"width": width, "height": 740})
            if (page.locator("#size").get_attribute("aria-pressed") == "true") != large:
                page.locator("#size").click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "[...document.querySelectorAll('button, a, summary')].filter((e) => e.offsetParent && e.offsetHeight < 44).length"
        )
        assert small == 0


def test_a_call_is_on_an_open_page_at_once(stage: PhoneStage, url: str, page: Page) -> None:
    opened(page, url, stage, "p19", "en")
    stage.clinic.desk.do(c.Finish("resp-1", "doctor"))
    expect(page.locator("h1")).to_have_text("All done for today", timeout=5_000)
    opened(page, url, stage, "p7", "en")
    began = time.monotonic()
    stage.clinic.desk.do(c.CallNext("resp-1", "nurse"))
    expect(page.locator(".tone-call h1, .tone-go h1")).to_be_visible(timeout=5_000)
    assert time.monotonic() - began < 4.0


def test_a_page_without_network_says_how_old_it_is_and_heals_when_it_is_back(
    stage: PhoneStage, url: str, page: Page, phone: BrowserContext
) -> None:
    opened(page, url, stage, "p4")
    phone.set_offline(True)
    expect(page.locator("#lost")).to_contain_text("前的情况", timeout=20_000)
    stage.clinic.desk.do(c.Hold("S-04", "nurse"))
    phone.set_offline(False)
    expect(page.locator("h1")).to_contain_text("号位给您留着", timeout=10_000)
    expect(page.locator("#lost")).to_be_hidden()


def test_a_page_heals_within_three_seconds_of_a_server_that_was_restarted(
    stage: PhoneStage, page: Page
) -> None:
    with served(stage.clinic.app()) as url:
        opened(page, url, stage, "p4")
        port = port_of(url)
    stage.clinic.desk.do(c.Hold("S-04", "nurse"))
    families = stage.clinic.families
    assert families
    stage.clinic.families = type(families)(stage.clinic.desk, families.handing, families.devices)
    with served(stage.clinic.app(), port):
        began = time.monotonic()
        expect(page.locator("h1")).to_contain_text("号位给您留着", timeout=20_000)
        assert time.monotonic() - began < 6.0  # 3.0 where nothing else runs


def test_where_no_line_can_be_kept_open_the_page_asks(
    stage: PhoneStage, url: str, page: Page
) -> None:
    page.route("**/stream**", lambda route: route.abort())
    at = f"{url}/f/{stage.token('p4')}"
    page.goto(at)
    expect(page.locator("h1")).to_contain_text("排队")
    stage.clinic.desk.do(c.Hold("S-04", "nurse"))
    expect(page.locator("h1")).to_contain_text("号位给您留着", timeout=15_000)


def test_language_type_and_contrast_are_kept_and_going_back_leads_to_a_live_page(
    stage: PhoneStage, url: str, page: Page
) -> None:
    opened(page, url, stage, "p20")
    page.locator("#size").click()
    page.locator("#contrast").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_class("large contrast")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    stage.clinic.desk.do(c.Hold("S-20", "nurse"))
    expect(page.locator("h1")).to_contain_text("号位给您留着", timeout=10_000)


def test_without_a_network_the_page_opens_again_as_it_was_told_last(
    stage: PhoneStage, page: Page
) -> None:
    with served(stage.clinic.app()) as url:
        at = opened(page, url, stage, "p4")
        expect(page.locator("body[data-kept]")).to_be_attached(timeout=15_000)
        stage.clinic.desk.do(c.Hold("S-04", "nurse"))
        expect(page.locator("h1")).to_contain_text("号位给您留着", timeout=10_000)
    page.goto(at)
    expect(page.locator("h1")).to_contain_text("号位给您留着")
    expect(page.locator("#lost")).to_contain_text("前的情况", timeout=10_000)
    expect(page.locator(".lead .guide")).to_be_visible()


def test_a_link_that_is_over_is_forgotten_by_the_phone(
    stage: PhoneStage, url: str, page: Page
) -> None:
    opened(page, url, stage, "p4")
    expect(page.locator("body[data-kept]")).to_be_attached(timeout=15_000)
    stage.clinic.day.now = clock(23) + timedelta(hours=5)
    expect(page.locator("#over")).to_be_visible(timeout=10_000)
    becomes(page, "caches.open('family pages').then((c) => c.keys()).then((k) => !k.length)")
    assert (
        page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('family /f/'))") == []
    )


def test_a_call_rings_and_is_shown_once_after_it_was_allowed(
    stage: PhoneStage, url: str, page: Page, phone: BrowserContext
) -> None:
    phone.grant_permissions(["notifications"], origin=url)
    page.add_init_script(
        "window.rung = []; Audio.prototype.play = function () { rung.push(this.src); return Promise.resolve(); };"
        "HTMLMediaElement.prototype.play = Audio.prototype.play; navigator.vibrate = () => true;"
    )
    opened(page, url, stage, "p14")
    page.locator("#bell").click()
    expect(page.locator("#bell")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("body[data-kept]")).to_be_attached(timeout=15_000)
    stage.clinic.desk.do(c.Finish("resp-1", "doctor"))
    stage.clinic.desk.do(c.CallOne("resp-1", "S-14", "nurse", "asked"))
    expect(page.locator(".tone-call")).to_be_visible(timeout=10_000)
    page.wait_for_function("rung.some((each) => each.endsWith('call.wav'))")
    shown = (
        "navigator.serviceWorker.getRegistration().then((r) => r.getNotifications())"
        ".then((all) => all.map((each) => each.title).join())"
    )
    becomes(page, f"{shown}.then((titles) => titles.includes('A015'))")
    assert "A015" in page.title()
    rung = page.evaluate("rung.length")
    second = phone.new_page()
    second.goto(page.url)
    expect(second.locator("body[data-live]")).to_be_attached(timeout=15_000)
    page.reload()
    expect(page.locator("body[data-live]")).to_be_attached(timeout=15_000)
    assert page.evaluate("rung.length") == 0
    assert rung >= 2


def test_a_second_phone_may_look_and_is_told_why_it_can_do_no_more(
    stage: PhoneStage, url: str, page: Page, browser: Browser
) -> None:
    at = opened(page, url, stage, "p4")
    expect(page.locator("#looking")).to_be_hidden()
    context = browser.new_context(viewport={"width": 360, "height": 740})
    other = context.new_page()
    other.goto(at)
    expect(other.locator("#looking")).to_be_visible(timeout=10_000)
    expect(other.locator("h1")).to_contain_text("排队")
    context.close()
