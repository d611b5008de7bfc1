"""What goes wrong on a day, drawn from a seed; all times are minutes since midnight."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

KIOSKS: Final = ("k1", "k2", "k3")
FROM: Final = 450.0
UNTIL: Final = 1_030.0
"""Faults begin between these; each is over before the evening."""


@dataclass(frozen=True, slots=True)
class BrokerAway:
    """No kiosk reaches the broker: scans stay in the outboxes."""

    at: float
    minutes: float


@dataclass(frozen=True, slots=True)
class KioskAway:
    """One kiosk's cable is out."""

    at: float
    minutes: float
    kiosk: str


@dataclass(frozen=True, slots=True)
class KioskDies:
    """A kiosk's process ends; its outbox survives. Families go to the next kiosk meanwhile."""

    at: float
    minutes: float
    kiosk: str


@dataclass(frozen=True, slots=True)
class ServerKilled:
    """The first commit at or after `at` is cut off: nothing of it is durable, or all of it but nobody was told."""

    at: float
    before_commit: bool
    away_s: float
    """Until the line to the broker is there again; staff are served at once."""
    at_message: bool = False
    """The first commit of messages of kiosks, not of anything."""


@dataclass(frozen=True, slots=True)
class ClockWrong:
    """A kiosk's clock is off and not synchronised, and it knows that it is not."""

    at: float
    minutes: float
    kiosk: str
    off_minutes: float


@dataclass(frozen=True, slots=True)
class Doubled:
    """Each message is delivered once more, so much later."""

    at: float
    minutes: float
    after_minutes: float


@dataclass(frozen=True, slots=True)
class Delayed:
    """Each message takes a while of its own, so that they overtake each other; agents send again meanwhile."""

    at: float
    minutes: float
    most_minutes: float


Fault = BrokerAway | KioskAway | KioskDies | ServerKilled | ClockWrong | Doubled | Delayed
Schedule = tuple[Fault, ...]


def draw_faults(seed: int) -> Schedule:
    """Two to seven faults, by time."""
    rng = random.Random(f"faults-{seed}")
    makers = [rng.choice(_MAKERS) for _ in range(rng.randint(2, 7))]
    found = [make(rng, round(rng.uniform(FROM, UNTIL), 2)) for make in makers]
    return tuple(sorted(found, key=lambda fault: fault.at))


def _span(rng: random.Random, mean: float) -> float:
    return round(min(1.0 + rng.expovariate(1 / mean), 120.0), 2)


def _broker_away(rng: random.Random, at: float) -> Fault:
    return BrokerAway(at, _span(rng, 12.0))


def _kiosk_away(rng: random.Random, at: float) -> Fault:
    return KioskAway(at, _span(rng, 25.0), rng.choice(KIOSKS))


def _kiosk_dies(rng: random.Random, at: float) -> Fault:
    return KioskDies(at, _span(rng, 20.0), rng.choice(KIOSKS))


def _server_killed(rng: random.Random, at: float) -> Fault:
    return ServerKilled(
        at, rng.random() < 0.5, round(rng.uniform(1.0, 30.0), 1), rng.random() < 0.5
    )


def _clock_wrong(rng: random.Random, at: float) -> Fault:
    off = rng.choice((-1, 1)) * rng.choice((2.0, 7.0, 90.0, 480.0))
    return ClockWrong(at, _span(rng, 60.0), rng.choice(KIOSKS), off)


def _doubled(rng: random.Random, at: float) -> Fault:
    return Doubled(at, _span(rng, 60.0), round(rng.uniform(0.01, 45.0), 2))


def _delayed(rng: random.Random, at: float) -> Fault:
    return Delayed(at, _span(rng, 30.0), round(rng.uniform(0.05, 10.0), 2))


_MAKERS: Final[tuple[Callable[[random.Random, float], Fault], ...]] = (
    _broker_away,
    _kiosk_away,
    _kiosk_dies,
    _server_killed,
    _server_killed,
    _clock_wrong,
    _doubled,
    _delayed,
)


def clock(minutes: float) -> str:
    """A time of the day for people: `09:31`."""
    whole = int(minutes)
    return f"{whole // 60:02}:{whole % 60:02}"


def in_words(fault: Fault) -> str:
    """What goes wrong, in one sentence."""
    match fault:
        case ServerKilled(at, before, away_s, at_message):
            what = "before its commit" if before else "after its commit, before anybody was told"
            which = "with the next message" if at_message else "with the next command"
            return f"{clock(at)} the server is killed {which} {what}; back on the line after {away_s:g} s"
        case BrokerAway(at, minutes):
            return f"{clock(at)}–{clock(at + minutes)} no kiosk reaches the broker"
        case KioskAway(at, minutes, kiosk):
            return f"{clock(at)}–{clock(at + minutes)} the cable of kiosk {kiosk} is out"
        case KioskDies(at, minutes, kiosk):
            return f"{clock(at)}–{clock(at + minutes)} kiosk {kiosk} is dead; its outbox survives"
        case ClockWrong(at, minutes, kiosk, off):
            way = "ahead" if off > 0 else "behind"
            return f"{clock(at)}–{clock(at + minutes)} the clock of kiosk {kiosk} is {abs(off):g} min {way}, not synchronised"
        case Doubled(at, minutes, after):
            return f"{clock(at)}–{clock(at + minutes)} every message is delivered again {after:g} min later"
        case Delayed(at, minutes, most):
            return f"{clock(at)}–{clock(at + minutes)} every message takes up to {most:g} min, out of order"
