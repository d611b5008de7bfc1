"""`daozhen demo`: a hospital that lives: broker, server, kiosks, and the families and staff of the day simulator."""

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
from beacon_sim.day import WalkTable, places_in, read_walks
from beacon_sim.live import Cameras, Follower, Programs, make_accounts, open_kiosks
from daozhen.broker import OpenBroker, free_port, open_broker
from daozhen.card_keys import DemoCards, make_demo_cards
from daozhen.demo_day import DOORS_OPEN, DemoDays
from daozhen.demo_hospitals import HOSPITALS, DemoChoice, Kiosk
from daozhen.demo_report import report_of, told
from daozhen.lobby import create_lobby
from nav_maps.sample import write_sample
from queue_server import read_site_file
from queue_server.core import site as s
from queue_server.web import Accounts, Role

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
    hospital: str = "small"
    """A key of `HOSPITALS`."""


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
    choice: DemoChoice
    walks: WalkTable | None


def run(settings: DemoSettings) -> int:
    """Run the demo; 0 when every card that was held up was checked in, and everybody exactly once."""
    # the agents at the doors run in this process; what they log is for operators, not for who watches
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with open_hospital(settings) as hospital, ExitStack() as at_work:
        lobby = at_work.enter_context(_lobby(hospital))
        cameras = Cameras(hospital.cameras, hospital.choice.agents)
        at_work.callback(cameras.close)
        days = DemoDays(
            hospital.site,
            hospital.choice,
            hospital.programs,
            hospital.clock,
            cameras,
            settings.speed,
            settings.seed,
            midnight(hospital.clock.now()),
            walks=hospital.walks,
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
    """Start everything that a hospital needs, and end it afterwards.

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
    choice = HOSPITALS[settings.hospital]
    site = read_site_file(choice.site).site
    with ExitStack() as parts:
        prefer = "embedded" if settings.embedded else ""
        broker = parts.enter_context(open_broker(folder / "broker", settings.broker, prefer=prefer))
        cameras = parts.enter_context(CameraFeed(choice.agents))
        port = _port(SERVER_PORT)
        map_file = _map(folder) if choice.on_sample_map else None
        server = _server(folder / "server", choice.site, map_file, broker.url, cards, port, clock)
        kiosk_ports = [_port(wanted) for wanted in KIOSK_PORTS]
        kiosks = [
            _kiosk(folder, site, kiosk, at, broker.url, cards, cameras, clock)
            for kiosk, at in zip(choice.kiosks, kiosk_ports, strict=True)
        ]
        for program in (server, *kiosks):
            parts.callback(program.stop)
            program.launch()
        walks = _walks(map_file, site, choice, opens)
        for program in (server, *kiosks):
            program.wait_until_ready()
        doors = parts.enter_context(
            open_kiosks(choice.doors, folder, site.id, broker.url, cards.root, clock.now)
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
            choice,
            walks,
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


def _map(folder: Path) -> Path:
    """The sample hospital's map, written anew."""
    file = folder / "hospital.zip"
    write_sample(file)
    return file


def _walks(
    map_file: Path | None, site: s.Site, choice: DemoChoice, opens: datetime
) -> WalkTable | None:
    if map_file is None:
        return None
    return read_walks(map_file, places_in(site, choice.model, opens.date()))


def _server(
    folder: Path,
    site: Path,
    map_file: Path | None,
    broker: str,
    cards: DemoCards,
    port: int,
    clock: SharedClock,
) -> Program:
    settings = {
        "site": site,
        "map": map_file,
        "public_url": f"http://127.0.0.1:{port}" if map_file else None,
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
    site: s.Site,
    kiosk: Kiosk,
    port: int,
    broker: str,
    cards: DemoCards,
    cameras: CameraFeed,
    clock: SharedClock,
) -> Program:
    data = folder / kiosk.agent
    settings = {
        "site": site.id,
        "agent": kiosk.agent,
        "area": kiosk.area,
        "data": data,
        "broker": broker,
        "sources": [cameras.url(kiosk.agent)],
        "card_root": cards.root,
        "printer": f"folder:{data / 'tickets'}",
        "port": port,
        "title_zh": site.name.zh,
        "title_en": site.name.en,
        "place_zh": kiosk.zh,
        "place_en": kiosk.en,
    }
    return Program("kiosk-app", settings, data, f"http://127.0.0.1:{port}/healthz", clock.file)


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
        dict(zip(hospital.choice.agents, hospital.kiosks, strict=True)),
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
{hospital.site.name.zh} {hospital.site.name.en} is open ({hospital.broker.kind} broker). It is {there:%H:%M} there,
and its clock runs {settings.speed:g} times as fast as ours. Families and staff are simulated;
check in, call and serve yourself as you like.

  make a card      {lobby}        get a QR card, hold it up or drop it at a kiosk
{kiosks}
  hall board       {hospital.url}/board/{hospital.choice.board}?lang=zh     (?lang=en for English)
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
