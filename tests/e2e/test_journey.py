"""A family from the camera to the room: real broker, real server, real kiosk, real browser."""

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Browser, Page, expect

from beacon_sim import approach_frames
from protocol.card import qr
from tests.e2e.browser import chromium
from tests.e2e.rig import PASSWORD, Rig, running_rig

pytestmark = [pytest.mark.programs, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running_rig(tmp_path) as running:
        yield running


def video_of(text: str, path: Path, seed: int = 3) -> Path:
    """A phone that comes nearer, turned, out of focus at first, glaring: one second, as a video file."""
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (1280, 720), isColor=True
    )
    for frame in approach_frames(qr.matrix(text), seed, frames=30):
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def signed_in(browser: Browser, rig: Rig, path: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(rig.url + path)
    page.fill("input[name=name]", "nurse")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**" + path + "*")
    return page


def test_from_a_video_of_a_card_to_the_call_on_board_and_kiosk(
    rig: Rig, browser: Browser, tmp_path: Path
) -> None:
    text = rig.register("J-1", name="张小宝")
    board = browser.new_page(viewport={"width": 1920, "height": 1080})
    board.goto(rig.url + "/board/east")
    console = signed_in(browser, rig, "/console/resp-2")
    kiosk, url = rig.kiosk(f"video:{video_of(text, tmp_path / 'card.avi')}?loop")
    with kiosk:
        screen = browser.new_page(viewport={"width": 1080, "height": 1920})
        screen.goto(url)
        expect(screen.locator(".number")).to_have_text("A001", timeout=15_000)
        assert "张*宝" in screen.content()
        assert "张小宝" not in screen.content() + board.content()
        expect(board.locator(".room .next").first).to_contain_text("A001")

        clicked = time.monotonic()
        console.click("button[data-act=call-next]")
        expect(board.locator(".call.on .number")).to_have_text("A001", timeout=2_000)
        on_board_s = time.monotonic() - clicked
        expect(screen.locator(".room, .strip strong").first).to_be_visible(timeout=2_000)
        on_kiosk_s = time.monotonic() - clicked
        assert on_board_s < 1.0
        assert on_kiosk_s < 1.0
        expect(board.locator(".call.on")).to_contain_text("2 诊室")
        expect(screen.locator("body")).to_contain_text("2 诊室")

        expect(console.locator(".big")).to_have_text("A001")
        console.keyboard.press("s")
        console.locator("label.pick", has_text="血常规").click()
        console.click("button[data-act=finish]")
        expect(console.locator(".big")).to_have_text("—")
    states = [step["state"] for step in rig.visit("J-1")["steps"]]
    assert states == ["done", "waiting", "planned"]


def test_pages_heal_by_themselves_when_the_server_comes_back(rig: Rig, browser: Browser) -> None:
    board = browser.new_page(viewport={"width": 1920, "height": 1080})
    board.goto(rig.url + "/board/east")
    rig.server.kill()
    expect(board.locator("#lost")).to_be_visible(timeout=10_000)
    rig.server.start()
    expect(board.locator("#lost")).to_be_hidden(timeout=5_000)
