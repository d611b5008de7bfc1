"""Staff that never tires: a robot at each room and window, working through the server's own HTTP API."""

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from beacon_sim.server_client import ServerClient

SERVICE_S: Final = {"clinic": 330.0, "lab": 110.0, "exam": 240.0, "cashier": 60.0, "pharmacy": 80.0}
"""Mean seconds of a service, by kind."""
WALK_S: Final = (15.0, 60.0)
"""From the call to the door."""
IDLE_S: Final = 20.0
TESTS_SHARE: Final = 0.36
PRESCRIPTION_SHARE: Final = 0.68
LATE_SHARE: Final = 0.06
"""Families that are not at the door when they are called."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where a robot stands, and where it can send."""

    point: str
    kind: str
    labs: tuple[str, ...] = ()
    pharmacy: str | None = None


@dataclass(slots=True)
class Tally:
    """What a robot has done."""

    called: int = 0
    served: int = 0
    missed: int = 0
    refused: int = 0


class StaffRobot:
    """One robot; `run` it in a thread of its own.

    Args:
        client: its connection, used by nobody else.
        post: where it stands.
        speed: how many of the hospital's seconds pass in one of ours.
        seed: of all it draws.
    """

    def __init__(self, client: ServerClient, post: Post, speed: float, seed: int) -> None:
        self.tally = Tally()
        self._client = client
        self._post = post
        self._speed = speed
        self._random = np.random.default_rng(seed)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a server that is away is waited for."""
        while not stop.is_set():
            try:
                self._serve_one(lambda seconds: stop.wait(max(0.02, seconds / self._speed)))
            except (OSError, http.client.HTTPException):
                stop.wait(1.0)
        self._client.close()

    def _serve_one(self, wait: Callable[[float], object]) -> None:
        status, _ = self._act("call-next")
        if status == 409:
            self._recover(wait)
            return
        self.tally.called += 1
        wait(self._random.uniform(*WALK_S))
        if self._random.random() < LATE_SHARE:
            self._act("recall")
            wait(WALK_S[1])
            self._act("miss")
            self.tally.missed += 1
            return
        self._act("start")
        self._consult(wait)

    def _consult(self, wait: Callable[[float], object]) -> None:
        mean_s = SERVICE_S[self._post.kind]
        wait(mean_s * self._random.lognormal(-0.15, 0.55))
        status, _ = self._act("finish", self._orders())
        self.tally.served += status == 200

    def _recover(self, wait: Callable[[float], object]) -> None:
        """Nobody waits, or somebody is still here since before a restart."""
        _, shown = self._client.get("points", self._post.point)
        current = shown.get("current") if isinstance(shown, dict) else None
        if not current:
            wait(IDLE_S)
            return
        if current["state"] == "called":
            self._act("start")
        self._consult(wait)

    def _orders(self) -> dict[str, list[str]]:
        if self._post.kind != "clinic":
            return {"tests": [], "then": []}
        tests = list(self._post.labs[:1]) if self._random.random() < TESTS_SHARE else []
        prescribed = self._post.pharmacy and self._random.random() < PRESCRIPTION_SHARE
        return {
            "tests": tests,
            "then": [self._post.pharmacy] if prescribed and self._post.pharmacy else [],
        }

    def _act(self, act: str, body: object = None) -> tuple[int, object]:
        status, answer = self._client.post("points", self._post.point, act, body=body)
        self.tally.refused += status not in (200, 409)
        return status, answer
