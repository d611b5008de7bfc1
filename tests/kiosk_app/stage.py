"""A kiosk's screen on a stage: an agent that does what the test says, and the words it may say."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import uvicorn

from edge_agent import Answered, CardLists, CardSeen, Connection, ScreenEvent
from edge_agent.readers import BadPicture, Grey
from kiosk_app import KioskSettings, create_app
from protocol import (
    BoardView,
    Called,
    ChildChoice,
    PointView,
    Print,
    Problem,
    Show,
    Speak,
    Stand,
    StepView,
    Text,
)

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FakeAgent:
    """An agent in the hands of a test."""

    def __init__(self) -> None:
        self.online = True
        self.board: BoardView | None = None
        self.lists = CardLists(None, None)
        self.frame: Grey | None = None
        self.listeners: list[Callable[[ScreenEvent], None]] = []
        self.pictures: list[bytes] = []
        self.codes: dict[bytes, Show] = {}
        self.printed: list[Print] = []
        self.provisional: list[str] = []
        self.prints = True
        self.spoken: list[Speak] = []
        self.voice = True
        self.hushed = 0
        self.helped = 0
        self.chosen: list[tuple[UUID, str]] = []
        self.answered: list[tuple[UUID, str, bool]] = []

    def subscribe(self, listener: Callable[[ScreenEvent], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def read_picture(self, data: bytes) -> bool:
        self.pictures.append(data)
        if data == b"no picture":
            raise BadPicture("This is no picture.")
        show = self.codes.get(data)
        if show:
            self.say(CardSeen(show.scan), Answered(show))
        return show is not None

    def latest_frame(self) -> Grey | None:
        return self.frame

    def press_help(self) -> None:
        self.helped += 1

    def choose_child(self, scan: UUID, visit: str) -> None:
        self.chosen.append((scan, visit))

    def answer_offer(self, scan: UUID, visit: str, accepted: bool) -> None:
        self.answered.append((scan, visit, accepted))

    def say(self, *events: ScreenEvent | Speak) -> bool:
        """Tell the screen, as the agent's own thread would; or be told to speak."""
        for event in events:
            if isinstance(event, Speak):
                self.spoken.append(event)
                continue
            if isinstance(event, Connection):
                self.online = event.online
            for listener in list(self.listeners):
                listener(event)
        return self.voice

    def hush(self) -> None:
        self.hushed += 1

    def print_ticket(self, command: Print) -> "Future[bool]":
        self.printed.append(command)
        return self._slip()

    def print_provisional(self, ticket: str) -> "Future[bool]":
        self.provisional.append(ticket)
        return self._slip()

    def _slip(self) -> "Future[bool]":
        slip: Future[bool] = Future()
        slip.set_result(self.prints)
        return slip

    def scan(self, *stands: Stand, problem: Problem | None = None) -> UUID:
        """A card is read, and the server answers."""
        show = answer(*stands, problem=problem)
        self.say(CardSeen(show.scan), Answered(show))
        return show.scan


RESP = Text(zh="呼吸内科", en="Respiratory clinic")
LAB = Text(zh="检验科", en="Laboratory")
PHARMACY = Text(zh="药房", en="Pharmacy")
EAST = Text(zh="二楼东侧，电梯出门右转", en="Floor 2 east, right of the lifts")
HALL = Text(zh="一楼大厅左手边，小火车旁", en="Ground floor, left of the hall, by the little train")
DOOR = Text(zh="一楼大门内右手边", en="Ground floor, on the right as you come in")
ROOM_3 = Text(zh="呼吸内科3诊室", en="Respiratory room 3")


def step(
    group: Text = RESP, place: Text = EAST, state: str = "planned", is_return: bool = False
) -> StepView:
    return StepView(group=group, place=place, state=state, is_return=is_return)


STEPS = (
    step(state="waiting"),
    step(LAB, HALL),
    step(is_return=True),
    step(PHARMACY, DOOR),
)


def stand(ticket: str = "A023", **given: object) -> Stand:
    usual: dict[str, object] = {
        "visit": f"visit-{ticket}",
        "ticket": ticket,
        "masked_name": "张*宝",
        "state": "waiting",
        "group": RESP,
        "place": EAST,
        "ahead": 6,
        "slot": "09:00–10:00",
        "steps": STEPS,
    }
    return Stand.model_validate(usual | given)


def choice(visit: str, name: str, **given: object) -> ChildChoice:
    usual: dict[str, object] = {"visit": visit, "masked_name": name, "group": RESP}
    return ChildChoice.model_validate({**usual, "slot": "09:00–10:00", **given})


SIBLINGS = (choice("v-1", "赵*舒"), choice("v-2", "赵*卷", ticket="A021"))


def answer(*stands: Stand, scan: UUID | None = None, problem: Problem | None = None) -> Show:
    return Show(scan=scan or uuid4(), stands=stands, problem=problem)


NOT_TODAY = Problem(
    code="not_today",
    what=Text(
        zh="您的预约是3月5日，不是今天。",
        en="Your appointment is on Thursday, 5 March, not today.",
    ),
    todo=Text(
        zh="请在预约当天再来；需要改期请到服务台。",
        en="Please come on that day, or have it changed at the service desk.",
    ),
)


def point(
    name: Text = ROOM_3, *, called: Called | None = None, serving: Called | None = None
) -> PointView:
    return PointView(
        point=name.en.lower().replace(" ", "-"),
        name=name,
        open=True,
        group=RESP,
        called=called,
        serving=serving,
    )


def called(ticket: str, minute: int = 0, times: int = 1) -> Called:
    return Called(
        ticket=ticket, masked_name="李*", at=NINE + timedelta(minutes=minute), times=times
    )


def board(*points: PointView, missed: tuple[str, ...] = (), revision: int = 1) -> BoardView:
    name = Text(zh="呼吸内科候诊区", en="Respiratory waiting area")
    return BoardView(area="east", name=name, revision=revision, points=points, missed=missed)


def frame() -> Grey:
    """What a camera may see: a bright spot on a soft ground."""
    ground = np.linspace(60, 130, 1280, dtype=np.uint8)[None, :].repeat(720, axis=0)
    picture = np.ascontiguousarray(ground)
    picture[200:520, 480:800] = 235
    return picture


def settings(tmp_path: Path, **given: object) -> KioskSettings:
    usual: dict[str, object] = {
        "site": "xinghe",
        "agent": "k07",
        "data": tmp_path,
        "title_zh": "星河儿童医院",
        "title_en": "Xinghe Children's Hospital",
        "place_zh": "门诊大厅 1 号机",
        "place_en": "Main hall, kiosk 1",
        "sources": ("camera:0",),
        "printer": f"folder:{tmp_path / 'slips'}",
    }
    return KioskSettings.load(None, **(usual | given))


@contextmanager
def on_stage(agent: FakeAgent, given: KioskSettings, port: int = 0) -> Iterator[str]:
    """Serve the page for as long as the block lasts; yields its address."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    app = create_app(agent, given)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    try:
        waited_until = time.monotonic() + 10
        while not (server.started and agent.listeners) and time.monotonic() < waited_until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        app.state.kiosk.close()
        server.should_exit = True
        thread.join(10)
        bound.close()
