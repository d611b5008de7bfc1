"""Pictures of the screen for the documents: `python -m tests.kiosk_app.pictures docs/pictures`."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from edge_agent import Answered, BoardShown, CardSeen, Connection, ProvisionalTicket
from edge_agent.readers import Grey
from protocol import Show, Text, WaitRange
from protocol.card import qr
from tests.e2e.browser import chromium
from tests.kiosk_app.stage import (
    NOT_TODAY,
    ROOM_3,
    SIBLINGS,
    FakeAgent,
    board,
    called,
    on_stage,
    point,
    settings,
    stand,
)

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
ROOM_1 = Text(zh="呼吸内科1诊室", en="Respiratory room 1")
ENT_2 = Text(zh="耳鼻喉科2诊室", en="ENT room 2")
OTHERS = board(point(ROOM_1, called=called("A019", 3)), point(ENT_2, called=called("B007", 5)))
OURS = board(point(ROOM_3, called=called("A023", 9)), point(ENT_2, called=called("B007", 5)))
SISTER = stand(
    "B012",
    masked_name="张*妹",
    state="called",
    room=ENT_2,
    ahead=None,
    slot=None,
    group=Text(zh="耳鼻喉科", en="Ear, nose and throat clinic"),
    place=Text(zh="二楼西侧，电梯出门左转", en="Floor 2 west, left of the lifts"),
)


def phone_in_view() -> Grey:
    """What the camera may see: a phone with a code on it before a dim hall."""
    hall = np.linspace(70, 120, 1280, dtype=np.float32)[None, :].repeat(720, axis=0)
    hall += np.random.default_rng(1).normal(0, 4, hall.shape).astype(np.float32)
    seen = np.asarray(cv2.GaussianBlur(hall.clip(0, 255), (0, 0), 3), np.uint8)
    cv2.rectangle(seen, (480, 90), (800, 680), 30, -1)
    cv2.rectangle(seen, (494, 120), (786, 650), 245, -1)
    code = np.array(Image.open(io.BytesIO(qr.png("HIS-20260001"))).convert("L").resize((272, 272)))
    seen[200:472, 504:776] = code
    return seen


def attract(agent: FakeAgent) -> None:
    agent.frame = phone_in_view()
    agent.say(BoardShown(OTHERS))


def done(agent: FakeAgent) -> None:
    agent.say(BoardShown(OTHERS))
    agent.scan(stand())


def being_called(agent: FakeAgent) -> None:
    agent.scan(stand())
    agent.say(BoardShown(OURS))


def several(agent: FakeAgent) -> None:
    agent.scan(stand(), SISTER)


def provisional(agent: FakeAgent) -> None:
    scan = uuid4()
    agent.say(Connection(False), CardSeen(scan), ProvisionalTicket(scan, "K07-012"))


def problem(agent: FakeAgent) -> None:
    agent.scan(problem=NOT_TODAY)


def which_child(agent: FakeAgent) -> None:
    scan = uuid4()
    agent.say(CardSeen(scan), Answered(Show(scan=scan, choices=SIBLINGS)))


def offer(agent: FakeAgent) -> None:
    blood, urine = Text(zh="血常规", en="Blood count"), Text(zh="尿常规", en="Urine")
    agent.scan(stand(offer=(blood, urine), wait=WaitRange(low=15, high=30)))


Scene = Callable[[FakeAgent], None]
PICTURES: dict[str, tuple[Scene, tuple[int, int], str, str]] = {
    "kiosk-attract": (attract, PORTRAIT, "zh", "normal"),
    "kiosk-done": (done, PORTRAIT, "zh", "normal"),
    "kiosk-done-en": (done, PORTRAIT, "en", "normal"),
    "kiosk-done-large": (done, PORTRAIT, "zh", "large"),
    "kiosk-called": (being_called, PORTRAIT, "zh", "normal"),
    "kiosk-several": (several, PORTRAIT, "zh", "normal"),
    "kiosk-which-child": (which_child, PORTRAIT, "zh", "normal"),
    "kiosk-offer": (offer, PORTRAIT, "zh", "normal"),
    "kiosk-provisional": (provisional, PORTRAIT, "zh", "normal"),
    "kiosk-problem-en": (problem, PORTRAIT, "en", "normal"),
    "kiosk-landscape": (done, LANDSCAPE, "zh", "normal"),
}


def take(browser: Browser, name: str, folder: Path) -> None:
    """Take one picture, at half its size."""
    scene, (width, height), lang, size = PICTURES[name]
    agent = FakeAgent()
    with (
        tempfile.TemporaryDirectory() as data,
        on_stage(agent, settings(Path(data))) as url,
        browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        ) as context,
    ):
        page = context.new_page()
        page.goto(f"{url}/?lang={lang}&size={size}")
        page.wait_for_timeout(500)
        scene(agent)
        page.wait_for_timeout(1500)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    half = picture.resize((width // 2, height // 2), Image.Resampling.LANCZOS)
    colours = half.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    colours.save(folder / f"{name}.png", optimize=True)


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in PICTURES:
            take(browser, name, folder)


if __name__ == "__main__":
    main()
