"""Pictures of ways for the documents, on the sample hospital: `python -m tests.kiosk_app.way_pictures docs/pictures`."""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page

from nav_maps.sample import write_sample
from queue_server.ways import open_ways
from tests.e2e.browser import chromium
from tests.kiosk_app.stage import FakeAgent, on_stage, settings, stand
from tests.queue_server.core.makers import Day
from tests.queue_server.web.desks import Clinic, MemoryDesk, accounts_of_every_role, served

KIOSK = "kiosk-01"
PORTRAIT, PHONE = (1080, 1920), (390, 844)


@contextmanager
def hospital(folder: Path) -> Iterator[tuple[Clinic, str]]:
    """The sample hospital's server; its address."""
    write_sample(folder / "sample.zip")
    clinic = accounts_of_every_role(folder)
    clinic.desk = MemoryDesk(Day())
    clinic.ways = open_ways(
        folder / "sample.zip",
        folder,
        lambda: clinic.day.now,
        ZoneInfo("Asia/Shanghai"),
        "https://queue.hospital.example",
    )
    with served(clinic.app()) as url:
        yield clinic, url


def opened(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    """A page of a size, loaded."""
    page = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        device_scale_factor=1,
    ).new_page()
    page.goto(url)
    page.wait_for_timeout(800)
    return page


def keep(page: Page, file: Path, share: float) -> None:
    """Keep what a page shows, made smaller."""
    page.wait_for_timeout(900)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    size = int(picture.width * share), int(picture.height * share)
    small = picture.resize(size, Image.Resampling.LANCZOS)
    small.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1])
    with (
        tempfile.TemporaryDirectory() as kept,
        chromium() as browser,
        hospital(Path(kept)) as (clinic, server),
    ):
        assert clinic.ways
        way = clinic.ways.from_kiosk(KIOSK, [("area", "resp")], wait=True)
        assert way
        agent = FakeAgent()
        given = settings(Path(kept), agent=KIOSK, server=server, sources=())
        with on_stage(agent, given) as url:
            for lang in ("zh", "en"):
                page = opened(browser, f"{url}/?lang={lang}", PORTRAIT)
                agent.scan(stand(way=way))
                page.locator("[data-act=way]").click()
                keep(page, folder / f"kiosk-way-{lang}.png", 0.5)
                page.locator("[data-act=done]").click()
                page.wait_for_timeout(400)
            page = opened(browser, url, PORTRAIT)
            page.locator("[data-act=find]").click()
            keep(page, folder / "kiosk-find.png", 0.5)
        for lang in ("zh", "en"):
            keep(
                opened(browser, f"{server}/way/{way.token}?lang={lang}", PHONE),
                folder / f"phone-way-{lang}.png",
                1.0,
            )


if __name__ == "__main__":
    main()
