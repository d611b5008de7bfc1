"""`daozhen demo`: a small hospital that lives: broker, server, kiosks, and the families and staff of the day simulator."""

import asyncio
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
import uvicorn

from beacon_sim import CameraFeed, Program, SharedClock
from beacon_sim.live import Cameras, Follower, Programs, make_accounts, open_kiosks
from daozhen.broker import OpenBroker, free_port, open_broker
from daozhen.card_keys import DemoCards, make_demo_cards
from daozhen.demo_day import DOORS_OPEN, DemoDays
from daozhen.demo_report import report_of, told
from daozhen.lobby import create_lobby
from queue_server import read_site_file
from queue_server.core import site as s
from queue_server.web import Accounts, Role

SITE: Final = Path(__file__).parent / "sites" / "small.toml"
KIOSKS: Final = ("k01", "k02")
DOORS: Final = ("door-1", "door-2")
"""Agents at the doors, where families show their phones; they run in this process."""
ZONE: Final = ZoneInfo("Asia/Shanghai")
SERVER_PORT: Final = 8080
KIOSK_PORTS: Final = (8081, 8082)
LOBBY_PORT: Final = 8090
ENDS_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """How the demo is run; `minutes` 0 goes on until it is stopped."""

    minutes: float = 0.0
    speed: float = 20.0
    seed: int = 1
    broker: str = ""
    embedded: bool = False
    folder: Path = Path("var/demo")
    report: Path | None = None


@dataclass(frozen=True, slots=True)
class DemoHospital:
    """The running programs, and what it takes to work with them."""

    url: str
    kiosks: tuple[str, ...]
    cameras: CameraFeed
    cards: DemoCards
    token: str
    password: str
    broker: OpenBroker
    clock: SharedClock
    programs: Programs
    site: s.Site
    server: Program


def run(settings: DemoSettings) -> int:
    """Run the demo; 0 when every card that was held up was checked in, and everybody exactly once."""
    # the agents at the doors run in this process; what they log is for operators, not for who watches
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with open_hospital(settings) as hospital, ExitStack() as at_work:
        lobby = at_work.enter_context(_lobby(hospital))
        cameras = Cameras(hospital.cameras, KIOSKS)
        at_work.callback(cameras.close)
        days = DemoDays(
            hospital.site,
            hospital.programs,
            hospital.clock,
            cameras,
            settings.speed,
            settings.seed,
            midnight(hospital.clock.now()),
        )
        stop = threading.Event()
        player = threading.Thread(target=days.run, args=(stop,), name="families", daemon=True)
        player.start()
        try:
            days.at_work.wait(ENDS_WITHIN_S)
            _say_where(hospital, lobby, settings)
            _wait(settings, days)
        except KeyboardInterrupt:
            print("\nThe hospital closes.")
        stop.set()
        player.join(ENDS_WITHIN_S)
        report = report_of(days, settings.minutes, settings.speed, hospital.broker.kind)
        print(told(report, days))
        if settings.report:
            settings.report.parent.mkdir(parents=True, exist_ok=True)
            settings.report.write_text(report.as_json(), "utf-8")
        return 0 if report.ok else 1


@contextmanager
def open_hospital(settings: DemoSettings) -> Iterator[DemoHospital]:
    """Start everything that a small hospital needs, and end it afterwards.

    Raises:
        BrokerFailed, ProgramFailed, LiveError: a part did not start.
    """
    folder = settings.folder / f"{datetime.now(ZONE):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    folder.mkdir(parents=True)
    cards = make_demo_cards(folder / "cards")
    passwords, token = make_accounts(folder / "server")
    password = secrets.token_urlsafe(6)
    Accounts(folder / "server" / "accounts.db").add("demo", Role.ADMIN, password)
    opens = midnight(datetime.now(ZONE)) + timedelta(minutes=DOORS_OPEN)
    clock = SharedClock.made(folder / "clock", opens)
    site = read_site_file(SITE).site
    with ExitStack() as parts:
        prefer = "embedded" if settings.embedded else ""
        broker = parts.enter_context(open_broker(folder / "broker", settings.broker, prefer=prefer))
        cameras = parts.enter_context(CameraFeed(KIOSKS))
        port = _port(SERVER_PORT)
        server = _server(folder / "server", broker.url, cards, port, clock)
        kiosk_ports = [_port(wanted) for wanted in KIOSK_PORTS]
        kiosks = [
            _kiosk(folder / name, name, at, broker.url, cards, cameras.url(name), clock)
            for name, at in zip(KIOSKS, kiosk_ports, strict=True)
        ]
        for program in (server, *kiosks):
            parts.callback(program.stop)
            program.launch()
        for program in (server, *kiosks):
            program.wait_until_ready()
        doors = parts.enter_context(
            open_kiosks(DOORS, folder, site.id, broker.url, cards.root, clock.now)
        )
        url = f"http://127.0.0.1:{port}"
        follower = Follower(folder / "server" / "journal.db")
        card_of = _cards_of(cards, opens)
        programs = Programs(url, ("systems", token), passwords, follower, doors, card_of)
        parts.callback(programs.close)
        yield DemoHospital(
            url,
            tuple(f"http://127.0.0.1:{each}" for each in kiosk_ports),
            cameras,
            cards,
            token,
            password,
            broker,
            clock,
            programs,
            site,
            server,
        )


def midnight(moment: datetime) -> datetime:
    """The midnight before a moment, in the hospital."""
    return moment.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _cards_of(cards: DemoCards, opens: datetime) -> Callable[[str], tuple[str, str]]:
    @cache
    def card_of(visit: str) -> tuple[str, str]:
        del visit  # one card each, the same whenever it is asked for
        return cards.card(opens.date())

    return card_of


def _server(folder: Path, broker: str, cards: DemoCards, port: int, clock: SharedClock) -> Program:
    settings = {
        "site": SITE,
        "data": folder,
        "broker": broker,
        "port": port,
        "card_root": cards.root,
        "card_keys": cards.keys,
        "card_revocations": cards.revoked,
    }
    health = f"http://127.0.0.1:{port}/healthz"
    return Program("queue-server", settings, folder, health, clock.file)


def _kiosk(
    folder: Path,
    name: str,
    port: int,
    broker: str,
    cards: DemoCards,
    camera: str,
    clock: SharedClock,
) -> Program:
    settings = {
        "site": "xinghe",
        "agent": name,
        "area": "east",
        "data": folder,
        "broker": broker,
        "sources": [camera],
        "card_root": cards.root,
        "spool": folder / "tickets",
        "port": port,
        "title_zh": "星河儿童医院",
        "title_en": "Xinghe Children's Hospital",
        "place_zh": f"门诊大厅 {int(name[1:])} 号机",
        "place_en": f"Main hall, kiosk {int(name[1:])}",
    }
    return Program("kiosk-app", settings, folder, f"http://127.0.0.1:{port}/healthz", clock.file)


def _port(wanted: int) -> int:
    """The usual port, or a free one when somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
    return wanted


@contextmanager
def _lobby(hospital: DemoHospital) -> Iterator[str]:
    """Where a visitor makes a card; its address."""
    port = _port(LOBBY_PORT)
    app = create_lobby(
        hospital.url,
        hospital.kiosks,
        hospital.cards,
        hospital.token,
        hospital.cameras,
        lambda: hospital.clock.now().astimezone(ZONE),
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="lobby", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(5)


def _say_where(hospital: DemoHospital, lobby: str, settings: DemoSettings) -> None:
    kiosks = "\n".join(
        f"  kiosk {place}          {url}" for place, url in enumerate(hospital.kiosks, 1)
    )
    there = hospital.clock.now().astimezone(ZONE)
    print(
        f"""
A small children's hospital is open ({hospital.broker.kind} broker). It is {there:%H:%M} there,
and its clock runs {settings.speed:g} times as fast as ours. Families and staff are simulated;
check in, call and serve yourself as you like.

  make a card      {lobby}        get a QR card, hold it up or drop it at a kiosk
{kiosks}
  hall board       {hospital.url}/board/east?lang=zh     (?lang=en for English)
  staff console    {hospital.url}/console        account: demo   password: {hospital.password}
  service desk     {hospital.url}/desk
  HTTP API         {hospital.url}/openapi.json

Stop with Ctrl+C.
""",
        flush=True,
    )


def _wait(settings: DemoSettings, days: DemoDays) -> None:
    ends_s = time.monotonic() + settings.minutes * 60 if settings.minutes else float("inf")
    while time.monotonic() < ends_s and not days.problem:
        time.sleep(min(0.5, max(0.0, ends_s - time.monotonic())))
