"""Broker, queue server and kiosks for one simulated day, living by one clock."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from beacon_sim.live.broker import free_port, open_mosquitto
from beacon_sim.live.cards import make_day_cards
from beacon_sim.live.clock import SharedClock
from beacon_sim.live.follower import Follower
from beacon_sim.live.kiosks import open_kiosks
from beacon_sim.live.programs import Programs
from beacon_sim.live.requests import PEOPLE, Who
from beacon_sim.programs import Program
from queue_server.web import Accounts, Role

KIOSKS: Final = ("k01", "k02", "k03")
SYSTEMS: Final = "systems"


@dataclass(frozen=True, slots=True)
class LiveHospital:
    """What runs, and the way to work with it."""

    url: str
    programs: Programs
    clock: SharedClock
    server: Program
    journal: Path


def make_accounts(folder: Path) -> tuple[dict[Who, str], str]:
    """An account for each role of people, and a token for the hospital's systems: passwords and token."""
    accounts = Accounts(folder / "accounts.db")
    passwords = {who: secrets.token_urlsafe(9) for who in PEOPLE}
    for who, password in passwords.items():
        accounts.add(who.value, Role(who.value), password)
    return passwords, accounts.new_token(SYSTEMS, Role.ROBOT)


@contextmanager
def open_live_hospital(
    folder: Path,
    site_id: str,
    site_file: Path,
    begins: datetime,
    broker: str = "",
    *,
    in_step: bool = False,
) -> Iterator[LiveHospital]:
    """Run the programs of a hospital for as long as the block lasts.

    Args:
        folder: for all they keep.
        site_id: id of the site.
        site_file: the site.
        begins: the moment (aware) at which the clock stands.
        broker: `mqtt://host:port`; without it a mosquitto of its own is started.
        in_step: every command is carried out at the very moment it is given: the clock stands, and is set before each.

    Raises:
        LiveError, ProgramFailed: a part did not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock = SharedClock.made(folder / "clock", begins)
    cards = make_day_cards(folder / "cards", begins)
    data = folder / "server"
    passwords, token = make_accounts(data)
    with ExitStack() as parts:
        url = broker or parts.enter_context(open_mosquitto(folder / "broker"))
        port = free_port()
        settings = {
            "site": site_file,
            "data": data,
            "broker": url,
            "port": port,
            "card_root": cards.root,
            "card_keys": cards.keys,
            "card_revocations": cards.revoked,
            "log_level": "warning",
        }
        at = f"http://127.0.0.1:{port}"
        server = Program("queue-server", settings, data, f"{at}/healthz", clock.file)
        parts.enter_context(server)
        kiosks = parts.enter_context(
            open_kiosks(KIOSKS, folder, site_id, url, cards.root, clock.now)
        )
        before: Callable[[datetime], None] = clock.stand if in_step else _nothing
        follower = Follower(data / "journal.db")
        programs = Programs(at, (SYSTEMS, token), passwords, follower, kiosks, cards.of, before)
        parts.callback(programs.close)
        yield LiveHospital(at, programs, clock, server, data / "journal.db")


def _nothing(_moment: datetime) -> None:
    """Time runs by itself."""
