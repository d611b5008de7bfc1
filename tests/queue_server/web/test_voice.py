"""Boards that read their calls out, and the screens at doors."""

import threading
from dataclasses import replace
from datetime import time, timedelta

import numpy as np
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from queue_server.core import commands as c
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import AreaVoice
from queue_server.core.views import board
from queue_server.core.vocabulary import Need
from speech import NoVoice, Sound
from speech.sound import from_wav
from tests.queue_server.core.makers import NINE, Day
from tests.queue_server.web.conftest import HERE
from tests.queue_server.web.desks import Clinic, MemoryDesk, eventful_morning, hospital_of, served
from tests.queue_server.web.test_screens import browser, opened

__all__ = ["browser"]


class Hum:
    """A voice that notes what it was asked to say."""

    name = "hum"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.broken = False
        self.asked = threading.Event()

    def speaks(self, language: str) -> bool:
        return True

    def say(self, text: str, language: str) -> Sound:
        if self.broken:
            raise NoVoice("it has a cold")
        self.said.append(text)
        self.asked.set()
        return Sound(np.full(2205, 0.5, np.float32))


@pytest.fixture
def hum(clinic: Clinic) -> Hum:
    clinic.desk = MemoryDesk(eventful_morning())
    clinic.voice = Hum()
    return clinic.voice


def asked(clinic: Clinic) -> TestClient:
    return TestClient(clinic.app(), base_url=HERE)


def spoken(web: TestClient) -> list[str]:
    return [each["key"] for each in web.get("/board/east/voice").json()["spoken"]]


def test_a_call_is_read_as_often_and_in_the_languages_that_the_area_wants(
    clinic: Clinic, hum: Hum
) -> None:
    with asked(clinic) as web:
        key = next(key for key in spoken(web) if "A007" in key)
        sound = web.get("/board/east/voice.wav", params={"key": key})
        again = web.get("/board/east/voice.wav", params={"key": key})
    assert sound.headers["content-type"] == "audio/wav"
    assert from_wav(sound.content).seconds > 1.5  # the chime, and four sentences
    assert hum.said == [
        "请A 零零七号到二诊室就诊。",
        "Number A, zero zero seven, please go to Room 2.",
    ]
    assert again.content == sound.content


def test_what_is_no_longer_on_the_board_is_not_read(clinic: Clinic, hum: Hum) -> None:
    with asked(clinic) as web:
        key = next(key for key in spoken(web) if "A007" in key)
        clinic.desk.do(c.Start("resp-2", "doctor"))
        over = TestClient(clinic.app(), base_url=HERE).get(
            "/board/east/voice.wav", params={"key": key}
        )
    assert over.status_code == 204
    assert hum.said == []


def test_in_quiet_hours_nothing_may_be_heard(clinic: Clinic, hum: Hum) -> None:
    site = clinic.day.hospital.site
    quiet = AreaVoice(quiet=((time(0), time(23, 59)),))
    areas = {**site.areas, "east": replace(site.areas["east"], voice=quiet)}
    clinic.day.hospital.site = replace(site, areas=areas)
    with asked(clinic) as web:
        assert spoken(web) == []


def test_a_server_without_a_voice_says_what_to_install(clinic: Clinic) -> None:
    with asked(clinic) as web:
        assert web.get("/board/east/voice").json() == {"spoken": [], "voice": False}
        refused = web.get("/board/east/voice.wav", params={"key": "x"})
    assert refused.status_code == 503
    assert "espeak-ng" in refused.text


def test_a_voice_that_fails_is_told_and_the_board_goes_on(clinic: Clinic, hum: Hum) -> None:
    hum.broken = True
    with asked(clinic) as web:
        (key, *_) = spoken(web)
        assert web.get("/board/east/voice.wav", params={"key": key}).status_code == 503
        assert web.get("/board/east").status_code == 200


@pytest.mark.programs
def test_an_open_board_reads_a_new_call_and_not_those_that_were_there(
    clinic: Clinic, hum: Hum, browser: Browser
) -> None:
    clinic.day.now += timedelta(minutes=1)
    with served(clinic.app()) as url, browser.new_context() as context:
        page = opened(context, f"{url}/board/east?voice=on")
        expect(page.locator("#voice")).to_be_visible()
        clinic.desk.do(c.CallNext("resp-3", "nurse"))
        assert hum.asked.wait(5)
        over = page.locator("#voice[data-state=on], #voice[data-state=blocked]")
        expect(over).to_be_visible(timeout=20_000)
    assert hum.said[0].startswith("请A 零零八号到三诊室")


@pytest.mark.programs
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (800, 1280)])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_door_shows_who_comes_in_and_fits_its_screen(
    clinic: Clinic, browser: Browser, lang: str, size: tuple[int, int]
) -> None:
    clinic.desk = MemoryDesk(eventful_morning())
    with served(clinic.app()) as url, browser.new_context() as context:
        page = opened(context, f"{url}/door/resp-2?lang={lang}")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.locator(".here.called .number")).to_have_text("A007")
        clinic.desk.do(c.Start("resp-2", "doctor"))
        expect(page.locator(".here.serving .number")).to_have_text("A007", timeout=2000)
        cut = page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(each =>
              each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().bottom > innerHeight + 1)
              .map(each => each.className)"""
        )
    assert cut == []


def test_a_door_that_is_not_there_is_told(clinic: Clinic) -> None:
    with asked(clinic) as web:
        assert web.get("/door/nowhere").status_code == 404


def test_a_pharmacy_board_shows_whose_drugs_are_being_prepared() -> None:

    site = hospital_of(1)
    groups = {
        **site.groups,
        "drugs": replace(site.groups["drugs"], rules=replace(USUAL_RULES, prepare_first=True)),
    }
    day = Day(replace(site, groups=groups))
    day.do(c.Register("S-1", "p1", "张小宝", "resp", NINE.date(), card="card-1"))
    day.do(c.Scan("kiosk-1", day.now, True, "card-1"))
    day.do(c.CallNext("resp-1", "nurse"))
    day.do(c.Start("resp-1", "doctor"))
    day.do(c.Finish("resp-1", "doctor", (), ("drugs",)))
    assert board(day.hospital, "lab").preparing == ()
    day.do(c.MeetNeed("S-1", Need.REVIEWED, "pharmacist"))
    assert board(day.hospital, "lab").preparing == ("A001",)
