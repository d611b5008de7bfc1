"""A desk in memory, and the web application served for real."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI

from queue_server.agents import AgentSeen
from queue_server.core import Hospital, areas_touched
from queue_server.core import commands as c
from queue_server.core.events import AskedToDoor, Called
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import Area, Group, Point, PrevisitRule, Site
from queue_server.core.vocabulary import HoldReason, Name, Slot, StepKind
from queue_server.desk import Changes, Job
from queue_server.family import Families
from queue_server.journal.calls import CallKept
from queue_server.ways import Ways
from queue_server.web import Accounts, Member, Role, create_app, let_pages_go
from speech import Voice
from tests.queue_server.core.makers import NINE, Day

T = TypeVar("T")
PASSWORD = "correct horse"


class MemoryDesk:
    """Decides and applies at once, as the writer does after a commit."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self._listeners: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Changes]]] = []
        self._lock = threading.Lock()
        self.broken = False

    @property
    def position(self) -> int:
        return len(self.day.events)

    @property
    def site(self) -> Site:
        return self.day.hospital.site

    async def submit(self, command: c.Command) -> c.Answer:
        return self.do(command)

    async def work(self, job: Job[T]) -> T:
        self._check()
        return job(self.day.hospital, self.do)

    async def ask(self, question: Callable[[Hospital], T]) -> T:
        self._check()
        with self._lock:
            return question(self.day.hospital)

    def _check(self) -> None:
        if self.broken:
            raise RuntimeError("the disk is gone; 张小明 was being written")

    def do(self, command: c.Command) -> c.Answer:
        """The same from a test's own thread."""
        with self._lock:
            before = self.position
            answer = self.day.do(command)
            happened = self.day.events[before:]
            changes = Changes(self.position, frozenset(areas_touched(self.day.hospital, happened)))
        if happened:
            for loop, queue in self._listeners:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(queue.put_nowait, changes)
        return answer

    async def changes(self) -> AsyncIterator[Changes]:
        queue: asyncio.Queue[Changes] = asyncio.Queue()
        self._listeners.append((asyncio.get_running_loop(), queue))
        while True:
            yield await queue.get()


@dataclass
class SomeAgents:
    """A registry that says what it was given."""

    seen: tuple[AgentSeen, ...] = ()

    def all(self) -> tuple[AgentSeen, ...]:
        return self.seen


@dataclass
class Clinic:
    """A hospital with its web application and one account and token of each role."""

    desk: MemoryDesk
    accounts: Accounts
    tokens: dict[Role, str]
    agents: SomeAgents = field(default_factory=SomeAgents)
    ways: Ways | None = None
    voice: Voice | None = None
    families: Families | None = None

    def app(self) -> FastAPI:
        return create_app(
            self.desk,
            self.accounts,
            self.agents,
            position=lambda: self.desk.position,
            rejected=lambda: 3,
            call_of=self.call_of,
            now=lambda: self.desk.day.now,
            ways=self.ways,
            voice=self.voice,
            families=self.families,
        )

    def call_of(self, call: str) -> CallKept | None:
        asked: AskedToDoor | None = None
        for each in self.day.events:
            if isinstance(each, AskedToDoor) and call.startswith(f"{each.step}#"):
                asked = each
            if isinstance(each, Called) and each.call == call:
                return CallKept(each, asked)
        return None

    @property
    def day(self) -> Day:
        return self.desk.day

    def bearer(self, role: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}


def accounts_of_every_role(folder: Path, now: Callable[[], datetime] | None = None) -> Clinic:
    """A clinic with an account and a token of each role, all with the same password."""
    accounts = Accounts(folder / "accounts.db", now or (lambda: datetime.now(UTC)))
    for role in Role:
        accounts.add(role.value, role, PASSWORD)
    tokens = {role: accounts.new_token(f"program-{role.value}", role) for role in Role}
    return Clinic(MemoryDesk(Day()), accounts, tokens)


class _Server(uvicorn.Server):
    """Lets open pages go before it waits for them, as the product's does."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        assert isinstance(app, FastAPI)
        await let_pages_go(app)
        await super().shutdown(sockets)


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve the application on a thread; yields its address."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = _Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[bound]), daemon=True)
    thread.start()
    give_up = time.monotonic() + 15
    while not server.started and time.monotonic() < give_up:
        time.sleep(0.01)
    assert server.started
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def member(role: Role) -> Member:
    return Member(role.value, role)


# ---- a hospital that looks like one -------------------------------------------------------------------

DOCTORS = ("林知夏", "周予安", "何清和", "沈书言", "陆一鸣", "江映雪", "顾南星", "许知远")
CHILDREN = """
    张小宝 欧阳星野 李沐阳 王一诺 陈子涵 刘梓萱 杨浩宇 赵欣怡 黄俊杰 周雨桐 吴思远 徐若曦 孙嘉懿 马天佑 朱语嫣
    胡宇轩 郭芷晴 何承泽 高梦琪 林子墨 罗诗涵 郑博文 梁可馨 谢明轩 宋佳怡 唐浩然 许静雯 邓子昂 冯雅琪 韩宇航
    """.split()  # noqa: SIM905  # a reader checks names more easily than quotes


def hospital_of(rooms: int) -> Site:
    """A respiratory clinic with so many rooms, a laboratory, an X-ray and a pharmacy."""
    areas = [
        Area(
            "east", Name("呼吸内科候诊区", "Respiratory waiting area"), Name("二楼东侧", "Floor 2")
        ),
        Area("lab", Name("检验科候诊区", "Laboratory"), Name("一楼左侧", "Ground floor, left")),
    ]
    groups = [
        Group("resp", Name("呼吸内科", "Respiratory clinic"), StepKind.CLINIC, "east", "A"),
        Group("lab", Name("检验科", "Laboratory"), StepKind.LAB, "lab", "L"),
        Group("xray", Name("放射科", "X-ray"), StepKind.EXAM, "lab", "X"),
        Group("drugs", Name("药房", "Pharmacy"), StepKind.PHARMACY, "lab", "P"),
    ]
    points = [
        Point(
            f"resp-{n}",
            Name(f"{n} 诊室", f"Room {n}"),
            "resp",
            Name(f"{DOCTORS[(n - 1) % len(DOCTORS)]} 医生", f"Dr {n}"),
            f"doc-{n}",
        )
        for n in range(1, rooms + 1)
    ]
    points += [
        Point("lab-1", Name("采血 1 窗", "Blood window 1"), "lab"),
        Point("xray-1", Name("放射 1 室", "X-ray room 1"), "xray"),
        Point("drugs-1", Name("取药 1 窗", "Pharmacy window 1"), "drugs"),
    ]
    return Site(
        "xinghe",
        Name("星河儿童医院", "Xinghe Children's Hospital"),
        ZoneInfo("Asia/Shanghai"),
        {area.id: area for area in areas},
        {group.id: group for group in groups},
        {point.id: point for point in points},
    )


def busy_morning(rooms: int = 5, children: int = 24) -> Day:
    """Half past ten in a full clinic: some served, some called, some missed, some at tests."""
    day = Day(hospital_of(rooms))
    for n, name in enumerate(CHILDREN[:children]):
        slot = Slot(NINE, NINE + timedelta(hours=1)) if n < 20 else None
        card, today = f"card-{n}", day.hospital.day
        day.do(c.Register(f"S-{n:02}", f"p{n}", name, "resp", today, card=card, slot=slot))  # type: ignore[arg-type]  # the day is open
        day.do(c.Scan("kiosk-1", day.now, True, f"card-{n}"), timedelta(seconds=100))
    for n in range(1, min(rooms, 3) + 1):
        day.do(c.CallNext(f"resp-{n}", "nurse"), timedelta(seconds=40))
        day.do(c.Start(f"resp-{n}", "doctor"))
    day.do(c.Finish("resp-1", "doctor", ("lab",), ("drugs",)), timedelta(minutes=6))
    day.do(c.CallNext("lab-1", "nurse"))
    day.do(c.Start("lab-1", "nurse"))
    day.do(c.Finish("resp-2", "doctor", ("lab", "xray")), timedelta(minutes=2))
    day.do(c.CallNext("resp-1", "nurse"))
    day.do(c.Miss("resp-1", "nurse"), timedelta(minutes=1))
    day.do(c.CallNext("resp-1", "nurse"))
    day.do(c.Start("resp-1", "doctor"))
    day.do(c.Finish("lab-1", "nurse"), timedelta(minutes=4))
    day.do(c.CallNext("resp-2", "nurse"))
    day.do(c.Hold("S-12", "nurse"))
    if rooms > 4:
        day.do(c.PausePoint(f"resp-{rooms}", "nurse"))
    day.do(c.CallNext("resp-4", "nurse"), timedelta(seconds=50))
    day.do(c.AskHelp("kiosk-2", day.now))
    day.do(c.Scan("kiosk-1", day.now, True, None, "expired"))
    day.do(c.Scan("kiosk-1", day.now, True, "card-nobody"))
    day.now += timedelta(seconds=12)
    return day


def whole_hospital(rooms: int = 5) -> Site:
    """The same with every gate: a form at check-in, two families at each door, tests before the consult, a cashier."""
    plain = hospital_of(rooms)
    rules = {
        "resp": replace(USUAL_RULES, two_stage=1, screening=True, overtake_cap=4),
        "lab": replace(USUAL_RULES, results_reported=True),
        "drugs": replace(USUAL_RULES, prepare_first=True),
    }
    groups = {
        each.id: replace(
            each,
            rules=rules.get(each.id, each.rules),
            serves=("blood", "urine") if each.id == "lab" else (),
        )
        for each in plain.groups.values()
    }
    groups["cash"] = Group("cash", Name("收费处", "Cashier"), StepKind.CASHIER, "lab", "C")
    points = {
        **plain.points,
        "cash-1": Point("cash-1", Name("收费 1 窗", "Cashier 1"), "cash"),
    }
    rule = PrevisitRule("cough", ("resp",), ("blood", "urine"), reasons=("cough",))
    return replace(plain, groups=groups, points=points, previsit=(rule,))


def eventful_morning(rooms: int = 5, children: int = 22) -> Day:
    """A morning on which everything has happened to somebody."""
    day = Day(whole_hospital(rooms))
    today = NINE.date()

    def do(command: c.Command, seconds: float = 0) -> c.Answer:
        answer = day.do(command, timedelta(seconds=seconds))
        assert not isinstance(answer, c.Refused), (command, answer)
        return answer

    for n, name in enumerate(CHILDREN[:children]):
        slot = Slot(NINE, NINE + timedelta(hours=1)) if n < 16 else None
        reasons = ("cough",) if n in (9, 10) else ()
        do(
            c.Register(
                f"S-{n:02}",
                f"p{n}",
                name,
                "resp",
                today,
                card=f"card-{n}",
                slot=slot,
                reasons=reasons,
                add_on=n == 17,
            )
        )
        do(c.Screen(f"S-{n:02}", False, "nurse"))
        do(c.Scan("kiosk-1", day.now, True, f"card-{n}"), 70)
    for n, name in enumerate(CHILDREN[children : children + 3], children):
        do(
            c.Register(
                f"S-{n:02}",
                f"p{n}",
                name,
                "resp",
                today,
                slot=Slot(NINE, NINE + timedelta(hours=1)),
            )
        )
    for n in (1, 2, 3):
        do(c.CallNext(f"resp-{n}", "nurse"), 30)
        do(c.Start(f"resp-{n}", "doctor"))
    do(c.Finish("resp-1", "doctor", ("blood", "urine"), ("drugs",)), 300)
    do(c.Finish("resp-2", "doctor", (), ("drugs",), unpaid=True), 60)
    do(c.Finish("resp-3", "doctor", ("lab", "xray"), ("drugs",), unpaid=True), 60)
    for _ in range(1):
        do(c.CallNext("lab-1", "nurse"), 10)
        do(c.Start("lab-1", "nurse"))
        do(c.Finish("lab-1", "nurse"), 120)
    do(c.CallNext("resp-1", "nurse"), 20)
    do(c.Miss("resp-1", "nurse"), 60)
    do(c.CallNext("resp-1", "nurse"), 5)
    do(c.Start("resp-1", "doctor"))
    order = next(s.plan.order for s in day.hospital.visits["S-00"].steps.values() if s.plan.order)
    do(c.ReportResult(order, "lis"), 240)
    do(c.Finish("resp-1", "doctor", (), ("drugs",)), 60)
    do(c.SetPriority("S-19", "level-2", "nurse", "高热惊厥"))
    do(c.SetPriority("S-18", "statutory", "nurse", "证件已核对"))
    do(c.Hold("S-12", "nurse", HoldReason.NAP, timedelta(minutes=30)))
    do(c.Hold("S-13", "nurse", HoldReason.FEEDING))
    do(c.CallNext("resp-1", "nurse"), 10)
    do(c.Start("resp-1", "doctor"))
    do(c.CallNext("resp-2", "nurse"), 10)
    do(c.ConfirmArrival("resp-2", "nurse"), 20)
    do(c.CallNext("resp-4", "nurse"), 20)
    if rooms > 4:
        do(c.PausePoint(f"resp-{rooms}", "nurse", "去会诊"))
    do(
        c.Broadcast(
            "n-1",
            "医生正在抢救病人，叫号会慢一些，谢谢理解。",
            "The doctors are at an emergency; calls will take longer.",
            "nurse",
        )
    )
    do(c.AskHelp("kiosk-2", day.now))
    day.now += timedelta(seconds=12)
    return day
