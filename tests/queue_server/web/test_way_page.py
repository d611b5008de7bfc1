"""The way on a phone, in a real browser."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.ways import kept_open
from tests.e2e.browser import CHROMIUM, chromium
from tests.queue_server.ways.maps import KIOSK, some_ways
from tests.queue_server.web.desks import Clinic, served

pytestmark = [
    pytest.mark.programs,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists(), reason="no Chromium here: apt-get install chromium"
    ),
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@contextmanager
def in_step(clinic: Clinic) -> Iterator[None]:
    """Ways kept in step with the journal, as the program does."""
    assert clinic.ways
    loop = asyncio.new_event_loop()
    kept = loop.create_task(kept_open(clinic.ways, clinic.desk))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(kept.cancel)
    time.sleep(0.05)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def url(clinic: Clinic) -> Iterator[str]:
    clinic.ways = some_ways(now=clinic.day.now)
    with in_step(clinic), served(clinic.app()) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")  # type: ignore[arg-type]
    made = context.new_page()
    wrong: list[str] = []
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on(
        "console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None
    )
    yield made
    context.close()
    assert wrong == []


def way_url(clinic: Clinic, url: str, lang: str = "zh") -> str:
    assert clinic.ways
    way = clinic.ways.from_kiosk(KIOSK, (("area", "east"),), wait=True)
    assert way
    return f"{url}/way/{way.token}?lang={lang}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_a_phone(clinic: Clinic, url: str, page: Page, lang: str) -> None:
    page.goto(way_url(clinic, url, lang))
    expect(page.locator("h1")).to_be_visible()
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.locator("#size").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('button, a')].filter((e) => e.offsetParent && e.offsetHeight < 44).length"
    )
    assert small == 0


def test_a_floor_is_a_tap_away_and_a_step_shows_its_floor(
    clinic: Clinic, url: str, page: Page
) -> None:
    page.goto(way_url(clinic, url))
    shown = page.locator(".pictures img:not([hidden])")
    expect(shown).to_have_attribute("data-level", "L0")
    page.get_by_role("tab", name="2F").click()
    expect(shown).to_have_attribute("data-level", "L1")
    page.locator(".steps button").first.click()
    expect(shown).to_have_attribute("data-level", "L0")
    expect(page.locator(".steps button").first).to_have_class("here")
    assert page.evaluate("document.querySelector('.pictures img').naturalWidth") > 0


def test_a_closed_lift_changes_the_way_on_an_open_phone_within_a_second(
    clinic: Clinic, url: str, page: Page
) -> None:
    page.goto(way_url(clinic, url))
    expect(page.locator(".steps")).to_contain_text("2号电梯")
    page.wait_for_timeout(400)
    began = time.monotonic()
    clinic.desk.do(c.CloseWay("lift", "检修", "maintenance", "guard"))
    expect(page.locator(".note")).to_have_text(
        "2号电梯停用（检修），已为您换了一条路。", timeout=2000
    )
    took = time.monotonic() - began
    expect(page.locator(".steps")).to_contain_text("楼梯")
    assert took < 1.0
    clinic.desk.do(c.OpenWay("lift", "guard"))
    expect(page.locator(".note")).to_have_count(0)
    expect(page.locator(".steps")).to_contain_text("2号电梯")


def test_a_phone_without_network_says_so(clinic: Clinic, url: str, page: Page) -> None:
    page.goto(way_url(clinic, url))
    page.clock.install()
    page.context.set_offline(True)
    page.clock.fast_forward(10_000)
    expect(page.locator("#lost")).to_be_visible()
    page.context.set_offline(False)


def test_the_other_language_is_the_same_way(clinic: Clinic, url: str, page: Page) -> None:
    page.goto(way_url(clinic, url))
    count = page.locator(".steps li").count()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".steps li")).to_have_count(count)
    expect(page.locator(".goal")).to_contain_text("on foot")


def test_fingers_move_the_map_and_words_come_when_it_is_near(
    clinic: Clinic, url: str, page: Page
) -> None:
    page.goto(way_url(clinic, url))
    page.locator("#zoom").click()
    drawn = page.locator(".pictures svg:not([hidden])")
    expect(drawn).to_have_attribute("data-level", "L0")
    expect(page.locator("#zoom")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(400)
    near = [float(each) for each in str(drawn.get_attribute("viewBox")).split()]
    box = drawn.bounding_box()
    assert box
    page.mouse.move(box["x"] + 150, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 100, steps=4)
    page.mouse.up()
    dragged = [float(each) for each in str(drawn.get_attribute("viewBox")).split()]
    assert dragged[0] > near[0]
    assert dragged[2] == pytest.approx(near[2])
    page.locator("#zoom").click()
    page.wait_for_timeout(400)
    whole = [float(each) for each in str(drawn.get_attribute("viewBox")).split()]
    assert whole[2] > 1.5 * near[2]
    page.get_by_role("tab", name="2F").click()
    expect(drawn).to_have_count(0)
    expect(page.locator(".pictures img:not([hidden])")).to_have_attribute("data-level", "L1")
