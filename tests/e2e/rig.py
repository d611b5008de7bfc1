"""The real programs as processes: broker, server, agent or kiosk, on ports of their own."""

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from beacon_sim import Program, ServerClient
from daozhen.broker import BrokerProcess, find_mosquitto, free_port
from daozhen.card_keys import DemoCards, make_demo_cards
from protocol.card import qr
from queue_server.web import Accounts, Role

SITE = Path(__file__).parent.parent.parent / "daozhen" / "sites" / "small.toml"
ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct horse"


class Rig:
    """One hospital of real programs."""

    def __init__(self, folder: Path, site: Path = SITE) -> None:
        self.folder, self.site = folder, site
        self.cards: DemoCards = make_demo_cards(folder / "cards")
        self.broker = BrokerProcess(folder / "broker", program=find_mosquitto())
        accounts = Accounts(folder / "server" / "accounts.db")
        accounts.add("nurse", Role.NURSE, PASSWORD)
        self.token = accounts.new_token("robot", Role.ROBOT)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = self._server()
        self.client = ServerClient(self.url, self.token)
        self.pictures = folder / "pictures"
        self.pictures.mkdir()

    def _server(self) -> Program:
        settings = {
            "site": self.site,
            "data": self.folder / "server",
            "broker": self.broker.url,
            "port": self.port,
            "card_root": self.cards.root,
            "card_keys": self.cards.keys,
            "card_revocations": self.cards.revoked,
        }
        return Program("queue-server", settings, self.folder / "server", f"{self.url}/healthz")

    def agent_settings(self, name: str, source: str) -> dict[str, object]:
        return {
            "site": "xinghe",
            "agent": name,
            "area": "east",
            "data": self.folder / name,
            "broker": self.broker.url,
            "sources": [source],
            "card_root": self.cards.root,
            "voice": "off",
            "health_every_s": 1.0,
        }

    def agent(self, name: str = "k01") -> Program:
        settings = self.agent_settings(name, f"pictures:{self.pictures}")
        return Program("edge-agent", settings, self.folder / name)

    def kiosk(self, source: str, name: str = "k02") -> tuple[Program, str]:
        port = free_port()
        settings = {**self.agent_settings(name, source), "port": port}
        url = f"http://127.0.0.1:{port}"
        return Program("kiosk-app", settings, self.folder / name, f"{url}/healthz"), url

    def register(self, visit: str, group: str = "resp", name: str = "张小宝") -> str:
        """Register a walk-in; the text of its card."""
        card, text = self.cards.card(datetime.now(ZONE).date())
        day = datetime.now(ZONE).date().isoformat()
        status, body = self.client.post(
            "registrations",
            body={
                "visit": visit,
                "patient": f"p-{visit}",
                "name": name,
                "group": group,
                "day": day,
                "card": card,
            },
        )
        assert status == 201, body
        return text

    def drop_picture(self, visit: str, text: str) -> None:
        """Put the picture of a card where the agent looks; complete at once."""
        part = self.folder / f"{secrets.token_hex(4)}.part"
        part.write_bytes(qr.png(text, 6))
        part.rename(self.pictures / f"{visit}.png")

    def visit(self, visit: str) -> dict[str, Any]:
        status, body = self.client.get("visits", visit)
        assert status == 200, body
        assert isinstance(body, dict)
        return body

    def journal(self) -> list[tuple[str, dict[str, Any]]]:
        """Every event of the journal: its type and its fields."""
        import sqlite3

        with sqlite3.connect(self.folder / "server" / "journal.db") as db:
            rows = db.execute("SELECT type, body FROM events ORDER BY position").fetchall()
        db.close()
        return [(kind, json.loads(body)) for kind, body in rows]


@contextmanager
def running_rig(folder: Path, site: Path = SITE) -> Iterator[Rig]:
    """Broker and server run for as long as the block lasts."""
    rig = Rig(folder, site)
    with ExitStack() as parts:
        parts.enter_context(rig.broker)
        parts.enter_context(rig.server)
        yield rig
        rig.client.close()
