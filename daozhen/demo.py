"""`daozhen demo`: a small hospital that lives on embedded parts: broker, server, kiosks, staff robots, families."""

import asyncio
import itertools
import json
import secrets
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import uvicorn

from beacon_sim import CameraFeed, Family, Post, ServerClient, StaffRobot, approach_frames, families
from daozhen.broker import OpenBroker, free_port, open_broker
from daozhen.card_keys import DemoCards, make_demo_cards
from daozhen.lobby import create_lobby
from beacon_sim import Program
from protocol.card import qr
from queue_server.web import Accounts, Role

SITE: Final = Path(__file__).parent / "sites" / "small.toml"
KIOSKS: Final = ("k01", "k02")
ZONE: Final = ZoneInfo("Asia/Shanghai")
SERVER_PORT: Final = 8080
KIOSK_PORTS: Final = (8081, 8082)
LOBBY_PORT: Final = 8090
CHECKED_IN_WITHIN_S: Final = 12.0
CARD_FRAMES: Final = 24
"""A card is held up for 1.6 s."""


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


@dataclass(slots=True)
class Tally:
    """What became of the families."""

    shown: int = 0
    checked_in: int = 0
    not_checked_in: list[str] = field(default_factory=list)
    check_in_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hospital:
    """The running programs, and what it takes to work with them."""

    url: str
    kiosks: tuple[str, ...]
    cameras: CameraFeed
    cards: DemoCards
    token: str
    password: str
    broker: OpenBroker


def run(settings: DemoSettings) -> int:
    """Run the demo; 0 when every card that was shown was checked in exactly once."""
    with open_hospital(settings) as hospital, ExitStack() as at_work:
        lobby = at_work.enter_context(_lobby(hospital))
        _say_where(hospital, lobby, settings)
        stop = threading.Event()
        robots = _staff(hospital, settings)
        threads = [
            threading.Thread(target=robot.run, args=(stop,), daemon=True) for robot in robots
        ]
        tally = Tally()
        threads.append(
            threading.Thread(target=_arrivals, args=(hospital, settings, tally, stop), daemon=True)
        )
        for thread in threads:
            thread.start()
        try:
            _wait(settings)
        except KeyboardInterrupt:
            print("\nThe hospital closes.")
        stop.set()
        for thread in threads:
            thread.join(CHECKED_IN_WITHIN_S + 10)
        return _summary(hospital, settings, tally, robots)


@contextmanager
def open_hospital(settings: DemoSettings) -> Iterator[Hospital]:
    """Start everything that a small hospital needs, and end it afterwards.

    Raises:
        BrokerFailed, ProgramFailed: a part did not start.
    """
    folder = settings.folder / f"{datetime.now(ZONE):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    folder.mkdir(parents=True)
    cards = make_demo_cards(folder / "cards")
    token, password = _accounts(folder / "server")
    with ExitStack() as parts:
        prefer = "embedded" if settings.embedded else ""
        broker = parts.enter_context(open_broker(folder / "broker", settings.broker, prefer=prefer))
        cameras = parts.enter_context(CameraFeed(KIOSKS))
        port = _port(SERVER_PORT)
        server = parts.enter_context(
            _server(folder / "server", broker.url, cards, port, settings.speed)
        )
        del server
        kiosk_ports = [_port(wanted) for wanted in KIOSK_PORTS]
        for name, kiosk_port in zip(KIOSKS, kiosk_ports, strict=True):
            kiosk = _kiosk(folder / name, name, kiosk_port, broker.url, cards, cameras.url(name))
            parts.enter_context(kiosk)
        yield Hospital(
            f"http://127.0.0.1:{port}",
            tuple(f"http://127.0.0.1:{each}" for each in kiosk_ports),
            cameras,
            cards,
            token,
            password,
            broker,
        )


def _server(folder: Path, broker: str, cards: DemoCards, port: int, speed: float) -> Program:
    settings = {
        "site": SITE,
        "data": folder,
        "broker": broker,
        "port": port,
        "card_root": cards.root,
        "card_keys": cards.keys,
        "card_revocations": cards.revoked,
        "laboratory": "in-process",
        "laboratory_speed": speed,
    }
    return Program("queue-server", settings, folder, f"http://127.0.0.1:{port}/healthz")


def _kiosk(
    folder: Path, name: str, port: int, broker: str, cards: DemoCards, camera: str
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
    return Program("kiosk-app", settings, folder, f"http://127.0.0.1:{port}/healthz")


def _accounts(folder: Path) -> tuple[str, str]:
    """An account for people and a token for robots; both new each time."""
    accounts = Accounts(folder / "accounts.db")
    password = secrets.token_urlsafe(6)
    accounts.add("demo", Role.ADMIN, password)
    return accounts.new_token("robots", Role.ROBOT), password


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
def _lobby(hospital: Hospital) -> Iterator[str]:
    """Where a visitor makes a card; its address."""
    port = _port(LOBBY_PORT)
    app = create_lobby(
        hospital.url, hospital.kiosks, hospital.cards, hospital.token, hospital.cameras
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="lobby", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(5)


def _say_where(hospital: Hospital, lobby: str, settings: DemoSettings) -> None:
    kiosks = "\n".join(
        f"  kiosk {place}          {url}" for place, url in enumerate(hospital.kiosks, 1)
    )
    print(
        f"""
A small children's hospital is open ({hospital.broker.kind} broker, {settings.speed:g} times as fast as a real one).

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


def _wait(settings: DemoSettings) -> None:
    ends_s = time.monotonic() + settings.minutes * 60 if settings.minutes else float("inf")
    while time.monotonic() < ends_s:
        time.sleep(min(0.5, max(0.0, ends_s - time.monotonic())))


def _staff(hospital: Hospital, settings: DemoSettings) -> list[StaffRobot]:
    _, site = ServerClient(hospital.url, hospital.token).get("site")
    groups: list[dict[str, Any]] = site["groups"] if isinstance(site, dict) else []
    labs = tuple(group["id"] for group in groups if group["kind"] in ("lab", "exam"))
    pharmacy = next((group["id"] for group in groups if group["kind"] == "pharmacy"), None)
    posts = [
        Post(point["id"], group["kind"], labs, pharmacy)
        for group in groups
        for point in group["points"]
    ]
    return [
        StaffRobot(
            ServerClient(hospital.url, hospital.token), post, settings.speed, settings.seed + place
        )
        for place, post in enumerate(posts)
    ]


def _arrivals(
    hospital: Hospital, settings: DemoSettings, tally: Tally, stop: threading.Event
) -> None:
    """Let families come until `stop` is set; each shows its card at its kiosk."""
    client = ServerClient(hospital.url, hospital.token)
    at_kiosks: list[threading.Thread] = []
    for family in families(settings.seed, ("resp", "ent"), len(KIOSKS)):
        if stop.wait(family.gap_s / settings.speed):
            break
        text = _registered(client, hospital, family)
        if text is None:
            continue
        tally.shown += 1
        thread = threading.Thread(
            target=_check_in, args=(hospital, family, text, tally), daemon=True
        )
        at_kiosks.append(thread)
        thread.start()
    for thread in at_kiosks:
        thread.join(CHECKED_IN_WITHIN_S + 5)


def _registered(client: ServerClient, hospital: Hospital, family: Family) -> str | None:
    """Register a family for the present hour; the text of its card."""
    now = datetime.now(ZONE)
    card, text = hospital.cards.card(now.date())
    try:
        status, _ = client.post("registrations", body=_registration(family, card, now))
    except OSError:
        return None
    return text if status == 201 else None


def _registration(family: Family, card: str, now: datetime) -> dict[str, object]:
    start = now.replace(minute=0, second=0, microsecond=0)
    end = start + timedelta(hours=1)
    slot = {"start": start.isoformat(), "end": end.isoformat()} if family.hurry % 5 else None
    return {
        "visit": family.visit,
        "patient": family.patient,
        "name": family.name,
        "group": family.group,
        "day": now.date().isoformat(),
        "card": card,
        "slot": slot if end.date() == start.date() else None,
    }


def _check_in(hospital: Hospital, family: Family, text: str, tally: Tally) -> None:
    """Hold the card up until the family is checked in; three times at most, as people do."""
    client = ServerClient(hospital.url, hospital.token)
    began_s = time.monotonic()
    for attempt in range(3):
        frames = approach_frames(qr.matrix(text), family.hurry + attempt, frames=CARD_FRAMES)
        hospital.cameras.show(KIOSKS[family.kiosk], frames)
        if attempt == 0:
            began_s = time.monotonic() - CARD_FRAMES / 15
        if _is_in(client, family.visit):
            tally.checked_in += 1
            tally.check_in_s.append(time.monotonic() - began_s)
            return
    tally.not_checked_in.append(family.visit)


def _is_in(client: ServerClient, visit: str) -> bool:
    until_s = time.monotonic() + CHECKED_IN_WITHIN_S / 3
    while time.monotonic() < until_s:
        try:
            status, shown = client.get("visits", visit)
        except OSError:
            status, shown = 0, None
        if status == 200 and isinstance(shown, dict) and shown["ticket"]:
            return True
        time.sleep(0.05)
    return False


@dataclass(frozen=True, slots=True)
class Report:
    """How a demo went."""

    ok: bool
    ended_at: str
    minutes: float
    speed: float
    broker: str
    families_shown: int
    checked_in: int
    not_checked_in: list[str]
    numbers_given_twice: list[str]
    check_in_s_median: float | None
    check_in_s_max: float | None
    called: int
    served: int
    missed: int
    refused: int


def _summary(
    hospital: Hospital, settings: DemoSettings, tally: Tally, robots: list[StaffRobot]
) -> int:
    twice = _numbers_given_twice(hospital, settings)
    ok = tally.checked_in == tally.shown and not twice and (tally.shown > 0 or not settings.minutes)
    report = Report(
        ok=ok,
        ended_at=datetime.now(UTC).isoformat(timespec="seconds"),
        minutes=settings.minutes,
        speed=settings.speed,
        broker=hospital.broker.kind,
        families_shown=tally.shown,
        checked_in=tally.checked_in,
        not_checked_in=tally.not_checked_in,
        numbers_given_twice=twice,
        check_in_s_median=round(statistics.median(tally.check_in_s), 3)
        if tally.check_in_s
        else None,
        check_in_s_max=round(max(tally.check_in_s), 3) if tally.check_in_s else None,
        called=sum(robot.tally.called for robot in robots),
        served=sum(robot.tally.served for robot in robots),
        missed=sum(robot.tally.missed for robot in robots),
        refused=sum(robot.tally.refused for robot in robots),
    )
    if settings.report:
        settings.report.parent.mkdir(parents=True, exist_ok=True)
        settings.report.write_text(json.dumps(asdict(report), indent=2) + "\n", "utf-8")
    print(
        f"{report.families_shown} families showed a card, {report.checked_in} were checked in "
        f"(median {report.check_in_s_median or 0:.1f} s from the first frame), "
        f"{report.called} calls, {report.served} served, {report.missed} missed. "
        + (
            "All is well."
            if ok
            else f"Not checked in: {tally.not_checked_in}; numbers given twice: {twice}."
        )
    )
    return 0 if ok else 1


def _numbers_given_twice(hospital: Hospital, settings: DemoSettings) -> list[str]:
    client = ServerClient(hospital.url, hospital.token)
    tickets: list[str] = []
    for number in itertools.count(1):
        try:
            status, shown = client.get("visits", f"D-{settings.seed}-{number:04d}")
        except OSError:
            break
        if status != 200 or not isinstance(shown, dict):
            break
        if shown["ticket"]:
            tickets.append(str(shown["ticket"]))
    return sorted({ticket for ticket in tickets if tickets.count(ticket) > 1})
