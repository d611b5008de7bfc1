"""Phones at doors: simulated air → the agents' own core → the server's own arbitration. Nothing in between is made up.

A corridor with a clinic's door every few metres, an agent at a sign beside each: "hold your phone here". Every phone belongs
to one clinic; who stops where depends on the scenario. A check-in is false when all the seconds before another door was nearer,
and its own more than three quarters of the way to the next; else the phone was at its own, stopping or in passing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from beacon_sim.radio.air import Air, Phone
from beacon_sim.radio.model import PHONES, PhoneModel, RadioModel
from beacon_sim.radio.paths import Walk, straight, waiting
from edge_agent.core import Heard, Presence, Reach
from protocol import Sighting
from protocol.checkin_token import Carried, Carrier, CheckinToken
from queue_server.whereabouts import Arbitration, ArbitrationRules, Hearing, Receiver, Ruling

STEP_S: Final = 0.25
STANDS_S: Final = 20.0
"""So long one stands at a door."""
LATELY_S: Final = 5.0
"""A check-in speaks of where the phone was in these last seconds."""
BEFORE: Final = 0.75
"""Of the way from door to door: who is nearer to its own than this may be checked in there."""
SILENT: Final = PhoneModel(interval_s=1e9)
"""Sends nothing: its token is sent by another phone."""
MODELS: Final = ("low-latency", "balanced", "balanced")


@dataclass(frozen=True, slots=True)
class Corridor:
    """Doors along a line; each is a clinic of its own."""

    doors: int = 8
    apart_m: float = 8.0
    height_m: float = 1.4
    reach: Reach = Reach(near_dbm=-70.0)  # noqa: RUF009  # frozen
    """Ten decibels below what a phone at the sign usually is."""
    rules: ArbitrationRules = field(default_factory=ArbitrationRules)

    def receivers(self) -> list[Receiver]:
        """An agent over each door."""
        return [
            Receiver(f"door-{number}", number * self.apart_m, 0.0, self.height_m)
            for number in range(self.doors)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Visitor:
    """A phone, the door of its clinic, and when it stands there."""

    phone: Phone
    door: int
    stands_from_s: float | None
    """None: it never stands at its own door."""
    tokens: tuple[int, ...] = ()
    """Whose tokens it sends, by number, when they are not its own alone: two siblings', those a relay brings."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a scenario came to."""

    visitors: int
    expected: int
    """Who stood at their own door."""
    right: int
    in_passing: int
    """Checked in at their own door without stopping at it."""
    false: int
    """Checked in before another door."""
    refused: int
    """Asked for the card, with a line for nurses: in two places, or at no door clearly."""
    seconds: tuple[float, ...]
    """From standing still to being checked in."""

    @property
    def missed(self) -> int:
        """Stood there and were not checked in."""
        return self.expected - self.right

    def p95_s(self) -> float:
        """Nineteen of twenty were in by then."""
        return float(np.quantile(self.seconds, 0.95)) if self.seconds else float("nan")


Scenario = Callable[[Corridor, np.random.Generator, int], list[Visitor]]


def play(
    scenario: Scenario,
    arrivals: int,
    corridor: Corridor | None = None,
    model: RadioModel | None = None,
    seed: int = 1,
    at_once: int = 50,
) -> Tally:
    """Play a scenario with so many visitors, in groups of `at_once`, each in another building."""
    corridor = corridor or Corridor()
    tallies = []
    for group in range(0, arrivals, at_once):
        rng = np.random.default_rng((seed, group))
        visitors = scenario(corridor, rng, min(at_once, arrivals - group))
        air = Air(corridor.receivers(), model, seed * 100_003 + group)
        tallies.append(_played(corridor, air, visitors))
    return Tally(
        sum(each.visitors for each in tallies),
        sum(each.expected for each in tallies),
        sum(each.right for each in tallies),
        sum(each.in_passing for each in tallies),
        sum(each.false for each in tallies),
        sum(each.refused for each in tallies),
        tuple(second for each in tallies for second in each.seconds),
    )


def _played(corridor: Corridor, air: Air, visitors: Sequence[Visitor]) -> Tally:
    until_s = max(float(each.phone.walk.at_s[-1]) for each in visitors)
    heard = air.receive([each.phone for each in visitors], 0.0, until_s)
    hall = _Hall(corridor, visitors)
    rows = iter(heard)
    row = next(rows, None)
    at_s = 0.0
    while at_s < until_s + STEP_S:
        at_s += STEP_S
        while row is not None and row[0] < at_s:
            hall.hear(*row)
            row = next(rows, None)
        hall.step(at_s)
    return hall.tally()


class _Hall:
    """Agents and server of one group of visitors."""

    def __init__(self, corridor: Corridor, visitors: Sequence[Visitor]) -> None:
        self._visitors, self._corridor = visitors, corridor
        self._agents = [Presence(corridor.reach) for _ in range(corridor.doors)]
        spots = {each.agent: (each.x_m, each.y_m, 0) for each in corridor.receivers()}
        self._arbitration = Arbitration(corridor.rules, spots)
        self._tokens = [
            tuple(_carried(whose) for whose in each.tokens or (number,))
            for number, each in enumerate(visitors)
        ]
        self._sent = [0] * len(visitors)
        self._in_at: dict[int, float] = {}
        self._false: set[int] = set()
        self._refused: set[int] = set()

    def hear(self, at_s: float, phone: int, receiver: int, rssi_dbm: int) -> None:
        tokens = self._tokens[phone]
        # a phone of several tokens sends them in turn, each under an address of its own
        turn = int(at_s * 4) % len(tokens)
        heard = Heard(at_s, f"{phone}/{turn}", rssi_dbm, (tokens[turn],))
        self._agents[receiver].hear(heard)

    def step(self, now_s: float) -> None:
        for number, agent in enumerate(self._agents):
            near, report = agent.due(now_s)
            for told in near:
                hearing = _hearing(number, told.sighting, now_s)
                self._arbitration.claim(told.sighting.token, hearing, now_s)
            for sighting in report.sightings if report else ():
                hearing = _hearing(number, sighting, now_s)
                self._arbitration.heard(sighting.token, hearing)
        for ruled in self._arbitration.due(now_s):
            self._settle(int(ruled.phone, 16), ruled.ruling, ruled.winner, now_s)

    def _settle(self, whose: int, ruling: Ruling, winner: Hearing | None, now_s: float) -> None:
        visitor = self._visitors[whose]
        if ruling in (Ruling.UNCLEAR, Ruling.TWO_PLACES):
            self._refused.add(whose)
        if winner is None or winner.area != str(visitor.door) or whose in self._in_at:
            return
        if not self._was_at(visitor, now_s):
            self._false.add(whose)
        self._in_at[whose] = now_s

    def _was_at(self, visitor: Visitor, now_s: float) -> bool:
        """Whether of late no other door was nearer, or its own was not far."""
        lately = np.arange(now_s - LATELY_S, now_s, STEP_S)
        apart_m = self._corridor.apart_m
        doors = np.column_stack(
            [np.arange(self._corridor.doors) * apart_m, np.zeros(self._corridor.doors)]
        )
        way = visitor.phone.walk.at(lately)[:, None, :2]
        away = np.linalg.norm(way - doors[None], axis=2)
        own = away[:, visitor.door]
        there = (own <= BEFORE * apart_m) | (away.argmin(axis=1) == visitor.door)
        return bool((there & (own < 2 * apart_m)).any())

    def tally(self) -> Tally:
        expected = [
            number for number, each in enumerate(self._visitors) if each.stands_from_s is not None
        ]
        right = [each for each in expected if each in self._in_at and each not in self._false]
        seconds = [
            max(0.0, self._in_at[number] - (self._visitors[number].stands_from_s or 0.0))
            for number in right
        ]
        return Tally(
            len(self._visitors),
            len(expected),
            len(right),
            len(self._in_at.keys() - self._false - set(expected)),
            len(self._false),
            len(self._refused),
            tuple(seconds),
        )


def _carried(whose: int) -> Carried:
    return Carried(CheckinToken(whose.to_bytes(9, "big")), Carrier.SERVICE_UUID)


def _hearing(number: int, sighting: Sighting, now_s: float) -> Hearing:
    at_s = now_s - sighting.last_s
    return Hearing(f"door-{number}", str(number), at_s, sighting.level_dbm, sighting.rssi_max_dbm)


# ---- scenarios ------------------------------------------------------------------------------------


def _phone(rng: np.random.Generator) -> PhoneModel:
    return PHONES[MODELS[int(rng.integers(len(MODELS)))]]


def _spot(corridor: Corridor, door: int, rng: np.random.Generator) -> tuple[float, float]:
    """Where one holds the phone: 0.3 to 0.9 m before the sign at the door."""
    away, angle = rng.uniform(0.3, 0.9), rng.uniform(-0.9, 0.9)
    return door * corridor.apart_m + away * np.sin(angle), away * np.cos(angle)


def _comes(
    corridor: Corridor, rng: np.random.Generator, door: int, stands_s: float = STANDS_S
) -> tuple[Walk, float]:
    """Along the corridor from either end to a door, and standing there: the walk, and when it stands."""
    goal = _spot(corridor, door, rng)
    end = -10.0 if rng.random() < 0.5 else corridor.doors * corridor.apart_m + 2.0
    lane = rng.uniform(2.0, 3.5)
    points = [(end, lane), (goal[0], lane), goal]
    walk = straight(points, rng.uniform(0.7, 1.3), rng.uniform(1.0, 1.4))
    begins = rng.uniform(0, 20)
    at_s = np.concatenate([[0.0], walk.at_s + begins])
    walk = Walk(at_s, np.concatenate([walk.xyz[:1], walk.xyz]))
    return waiting(walk, stands_s), float(walk.at_s[-1])


def arrivals(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """Families walk along the corridor, past other doors, and stop at their own."""
    found = []
    for _ in range(count):
        door = int(rng.integers(corridor.doors))
        walk, stands = _comes(corridor, rng, door)
        found.append(Visitor(Phone(walk, _phone(rng)), door, stands))
    return found


def wrong_door(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """Families stop at the door next to their own: nobody may be checked in."""
    found = []
    for _ in range(count):
        door = int(rng.integers(corridor.doors - 1))
        walk, _ = _comes(corridor, rng, door + 1)
        found.append(Visitor(Phone(walk, _phone(rng)), door, None))
    return found


def passing(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """Families walk past their own door without stopping."""
    found = []
    long = corridor.doors * corridor.apart_m
    for _ in range(count):
        lane = rng.uniform(1.5, 3.5)
        points = [(-10.0, lane), (long + 2.0, lane)]
        walk = straight(points, rng.uniform(0.7, 1.3), 1.2)
        door = int(rng.integers(1, corridor.doors - 1))
        found.append(Visitor(Phone(walk, _phone(rng)), door, None))
    return found


def chairs(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """A phone lies on a chair halfway between its own door and the next, for five minutes."""
    found = []
    for _ in range(count):
        door = int(rng.integers(corridor.doors - 1))
        spot = np.array([(door + 0.5) * corridor.apart_m, rng.uniform(0.5, 3.0), 0.5])
        walk = Walk(np.array([0.0, 300.0]), np.array([spot, spot]))
        found.append(Visitor(Phone(walk, _phone(rng)), door, None))
    return found


def relays(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """Half of them stand at a far door; for each, somebody at its own door sends what it sends."""
    found: list[Visitor] = []
    far = corridor.doors - 1
    for number in range(0, count - 1, 2):
        spot, other = _spot(corridor, far, rng), _spot(corridor, 0, rng)
        begins = rng.uniform(0, 5)
        victim = Walk(np.array([0.0, 40.0]), np.array([[*spot, 1.2], [*spot, 1.2]]))
        relay = Walk(np.array([begins, 40.0]), np.array([[*other, 1.2], [*other, 1.2]]))
        found.append(Visitor(Phone(victim, _phone(rng)), 0, None))
        found.append(Visitor(Phone(relay, PHONES["low-latency"]), 0, None, (number,)))
    return found


def siblings(corridor: Corridor, rng: np.random.Generator, count: int) -> list[Visitor]:
    """One phone sends two children's tokens by turns; it stops at the door of the first child, never at the other's."""
    found: list[Visitor] = []
    for number in range(0, count - 1, 2):
        door = int(rng.integers(corridor.doors))
        walk, stands = _comes(corridor, rng, door)
        other = (door + int(rng.integers(1, corridor.doors))) % corridor.doors
        found.append(Visitor(Phone(walk, _phone(rng)), door, stands, (number, number + 1)))
        found.append(Visitor(Phone(walk, SILENT), other, None))
    return found


SCENARIOS: Final[dict[str, Scenario]] = {
    "arrivals": arrivals,
    "wrong-door": wrong_door,
    "passing": passing,
    "chairs": chairs,
    "relays": relays,
    "siblings": siblings,
}
