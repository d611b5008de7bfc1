"""One seed, played twice: by the bare rules, and by the real programs, in step or at so many times the real speed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from beacon_sim.day.draw import Drawn, draw
from beacon_sim.day.model import DayModel, Levers, Windows
from beacon_sim.day.places import Places, own_places
from beacon_sim.day.run import LATEST, Day, Do, Run, run_day
from beacon_sim.day.site import site_of
from beacon_sim.live.compare import Compared, calls_of, compared
from beacon_sim.live.errors import LiveError
from beacon_sim.live.hospital import LiveHospital, open_live_hospital
from beacon_sim.live.pace import Pacer
from beacon_sim.live.reference import AsServed
from beacon_sim.live.site_text import site_text
from queue_server import read_site_file

LARGE: Final = DayModel()
VISITS_A_DEPARTMENT: Final = 100
LAG_SHOWN: Final = (0.5, 0.9, 0.99, 1.0)

Progress = Callable[[float], None]
"""Is told the minute of the day now and then."""


@dataclass(frozen=True, slots=True)
class Played:
    """How a day went by the programs, against the pure run."""

    compared: Compared
    same_as_run: bool
    """Whether the pure run has the order of calls of `run_day`, whose rules look at the clock less often."""
    same_minutes: bool
    """Whether every family was done at the same moment in both."""
    commands: int
    events: int
    scans: int
    provisional: int
    requests: int
    refused: dict[str, int]
    failed: dict[str, int]
    pure_s: float
    live_s: float
    lags_s: tuple[float, ...] = field(default=())
    """With a running clock: how late commands went out, in the hospital's seconds; median, 90 and 99 of 100, most."""
    stops: int = 0
    """How often the clock was stopped to let the programs catch up."""


def small_model(visits: int) -> DayModel:
    """A hospital with windows in proportion to its visits; so many at least that each part of the house has its own."""
    share = visits / LARGE.visits
    scaled = {
        name: max(least, round(getattr(LARGE.windows, name) * share))
        for name, least in {"blood": 3, "drop": 1, "cashiers": 5, "pharmacy": 4}.items()
    }
    people = {
        "preparers": max(2, round(LARGE.windows.preparers * share)),
        "kiosks": max(2, round(LARGE.windows.kiosks * share)),
        "desks": max(2, round(LARGE.windows.desks * share)),
        "exams": max(25, round(LARGE.windows.exams * share)),
    }
    departments = max(2, min(LARGE.departments, visits // VISITS_A_DEPARTMENT))
    windows = Windows(**scaled, **people)
    return replace(LARGE, visits=visits, departments=departments, windows=windows)


def play(
    seed: int,
    model: DayModel,
    levers: Levers,
    folder: Path,
    *,
    speed: float | None = None,
    broker: str = "",
    progress: Progress = lambda _minute: None,
) -> Played:
    """Play a day by the bare rules and by the programs, and compare the calls.

    Args:
        seed: of the families.
        model: of the day.
        levers: what the hospital does.
        folder: for what the programs keep; empty or not there.
        speed: so many times as fast as real; None: in step, as fast as the programs go.
        broker: `mqtt://host:port`; without it a mosquitto of its own is started.
        progress: told of the minute of the day.

    Raises:
        LiveError, ProgramFailed: a part did not start, or a kiosk had no answer.
    """
    drawn = draw(model, seed)
    folder.mkdir(parents=True, exist_ok=True)
    site_file = folder / "site.toml"
    site_file.write_text(site_text(site_of(drawn, levers)), "utf-8")
    places = own_places(drawn, levers, read_site_file(site_file).site)
    began = time.perf_counter()
    pure = _day(drawn, levers, AsServed(), places).run()
    pure_s = time.perf_counter() - began
    begins = _day(drawn, levers, AsServed(), places).moment
    opened = open_live_hospital(
        folder, places.site.id, site_file, begins, broker, in_step=speed is None
    )
    with opened as hospital:
        began = time.perf_counter()
        day = _day(drawn, levers, hospital.programs, places)
        pacer = None
        if speed:
            pacer = _paced(day, hospital, speed, progress)
        else:
            _in_step(day, progress)
        live_s = time.perf_counter() - began
        if not hospital.server.running():
            raise LiveError(f"The queue server has ended.\n{hospital.server.last_words()}")
    plain = run_day(drawn, levers).record.order == pure.record.order
    return _played(pure, plain, day.so_far(), hospital, (pure_s, live_s), pacer)


def _day(drawn: Drawn, levers: Levers, do: Do, places: Places) -> Day:
    return Day(drawn, levers, do, keep_events=True, places=places)


def _in_step(day: Day, progress: Progress) -> None:
    day.begin()
    while day.env.peek() < LATEST:
        day.env.step()
        progress(day.env.now)


def _paced(day: Day, hospital: LiveHospital, speed: float, progress: Progress) -> Pacer:
    day.begin()
    pacer = Pacer(day, hospital.clock, speed, lambda: hospital.programs.news(day.h), progress)
    pacer.play(LATEST)
    return pacer


def _played(
    pure: Run,
    plain: bool,
    live: Run,
    hospital: LiveHospital,
    took_s: tuple[float, float],
    pacer: Pacer | None,
) -> Played:
    tally = hospital.programs.tally
    states = (pure.hospital, live.hospital)
    late = sorted(pacer.lags_s) if pacer else []
    return Played(
        compared(calls_of(pure.events), calls_of(live.events), states, in_step=pacer is None),
        plain,
        repr(pure.record.left) == repr(live.record.left),
        tally.requests + tally.scans,
        len(live.events),
        tally.scans,
        tally.provisional,
        tally.requests,
        dict(tally.refused),
        dict(tally.failed),
        *took_s,
        tuple(late[int(share * (len(late) - 1))] for share in LAG_SHOWN) if late else (),
        pacer.stops if pacer else 0,
    )
