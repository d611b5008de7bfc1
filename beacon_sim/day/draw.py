"""Everything random about a day, drawn beforehand: the same seed has the same families under every policy.

Draws stand in columns (numpy arrays, one value a family) and not in objects: 8,000 families are drawn in milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from beacon_sim.day.model import DayModel, Session

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rooms:
    """The doctors of a day: one room each."""

    department: Ints
    session: Ints
    means: Floats
    """Mean minutes of a first consult, by department."""

    def of(self, department: int, session: int) -> list[int]:
        """Indices of the rooms of a department in a session."""
        found = np.flatnonzero((self.department == department) & (self.session == session))
        return [int(index) for index in found]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A day's families, one value each; minutes."""

    model: DayModel
    rooms: Rooms
    department: Ints
    session: Ints
    slot: Ints
    """Hour of the session; −1 for walk-ins."""
    shows_up: Bools
    arrival: Floats
    doctor: Ints
    """Room of the doctor who is named; −1 for none."""
    with_previous: Bools
    """Comes with the family before it: one guardian."""
    first: Floats
    again: Floats
    labs: Bools
    blood: Bools
    urine: Bools
    stool: Bools
    rule_fits: Bools
    accepts: Bools
    collects: Floats
    """Until urine and stool are collected."""
    blood_takes: Floats
    drop_takes: Floats
    blood_turn: Floats
    drop_turn: Floats
    other: Bools
    other_takes: Floats
    prescription: Bools
    prepare: Floats
    pharmacy_takes: Floats
    at_cashier: Bools
    cashier_takes: Floats
    pays_after: Floats
    check_in_takes: Floats
    walks: Floats
    """Shape (families, 6)."""
    phone: Bools
    leaves: Bools
    leaves_after: Floats
    leaves_for: Floats
    sensed: Bools
    brought: Bools
    stroller: Bools
    abnormal: Bools
    """The screening form, where one is asked for."""

    @property
    def count(self) -> int:
        """How many families, no-shows included."""
        return len(self.arrival)


def draw(model: DayModel, seed: int, doctors: Sequence[int] | None = None) -> Drawn:
    """Draw a day.

    Args:
        model: its figures.
        seed: all that is random.
        doctors: how many each department has in every session, where that is known; families come in proportion. Without it
            there are as many as the load asks for.
    """
    rng = np.random.default_rng(seed)
    attended = model.visits
    booked_attended = round(attended * model.booked)
    count = attended + round(booked_attended * model.no_show)
    means = np.linspace(*model.first_means, model.departments)
    rng.shuffle(means)
    shares = means**-model.quick_are_large if doctors is None else np.array(doctors) / means
    department = rng.choice(model.departments, count, p=shares / shares.sum())
    session = rng.choice(len(model.sessions), count, p=[each.share for each in model.sessions])
    booked = np.zeros(count, bool)
    booked[: count - (attended - booked_attended)] = True
    shows_up = np.ones(count, bool)
    shows_up[: count - attended] = False
    order = rng.permutation(count)
    booked, shows_up = booked[order], shows_up[order]
    slot = np.where(
        booked, rng.choice(len(model.slot_shares), count, p=list(model.slot_shares)), -1
    )
    arrival = _arrivals(model, rng, session, slot)
    with_previous = rng.random(count) < model.sibling
    with_previous[0] = False
    for index in np.flatnonzero(with_previous):  # one family: both children come together
        session[index], slot[index] = session[index - 1], slot[index - 1]
        arrival[index], shows_up[index] = arrival[index - 1], shows_up[index - 1]
    mean = means[department]
    first = _lognormal(rng, mean, model.first_cv)
    again = _lognormal(rng, model.return_base + model.return_share * mean, model.first_cv)
    labs = rng.random(count) < model.labs
    blood, urine, stool = _specimens(model, rng, count)
    other = rng.random(count) < model.other_test
    rooms = (
        _rooms(model, means, department[shows_up], session[shows_up])
        if doctors is None
        else _given_rooms(model, means, doctors)
    )
    fits = rng.random(count) < np.where(labs, model.rule_fits, model.rule_errs)
    return Drawn(
        model=model,
        rooms=rooms,
        department=department,
        session=session,
        slot=slot,
        shows_up=shows_up,
        arrival=arrival,
        doctor=_named(model, rng, rooms, department, session),
        with_previous=with_previous,
        first=first,
        again=again,
        labs=labs,
        blood=blood,
        urine=urine,
        stool=stool,
        rule_fits=fits,
        accepts=rng.random(count) < model.accepts,
        collects=_collects(model, rng, urine, stool),
        blood_takes=_lognormal(rng, np.full(count, model.blood_window), model.window_cv),
        drop_takes=_lognormal(rng, np.full(count, model.drop_window), model.window_cv),
        blood_turn=_turn(rng, np.full(count, model.blood_turn), model.turn_sd),
        drop_turn=_turn(rng, np.where(stool, model.stool_turn, model.urine_turn), model.turn_sd),
        other=other,
        other_takes=model.other_least + rng.gamma(2.0, model.other_mean / 2.0, count),
        prescription=rng.random(count) < model.prescription,
        prepare=_lognormal(rng, np.full(count, model.prepare), model.window_cv),
        pharmacy_takes=_lognormal(rng, np.full(count, model.pharmacy_window), model.window_cv),
        at_cashier=rng.random(count) < model.pays_at_window,
        cashier_takes=_lognormal(rng, np.full(count, model.cashier_window), model.window_cv),
        pays_after=rng.exponential(model.phone_pays, count),
        check_in_takes=_lognormal(
            rng, np.where(booked, model.kiosk_takes, model.desk_takes), model.window_cv
        ),
        walks=model.walk * rng.uniform(2 / 3, 4 / 3, (count, 6)),
        phone=rng.random(count) < model.phone,
        leaves=rng.random(count) < model.leaves,
        leaves_after=rng.exponential(15.0, count),
        leaves_for=rng.exponential(model.leaves_for, count),
        sensed=rng.random(count) < model.sensed,
        brought=rng.random(count) < model.push_brings,
        # what came later is drawn last: days drawn by the same seed stay what they were
        stroller=rng.random(count) < model.strollers,
        abnormal=rng.random(count) < model.abnormal_forms,
    )


def _lognormal(rng: np.random.Generator, mean: Floats, cv: float) -> Floats:
    spread = np.sqrt(np.log(1 + cv * cv))
    return mean * rng.lognormal(-spread * spread / 2, spread, len(mean))


def _turn(rng: np.random.Generator, mean: Floats, sd: float) -> Floats:
    return np.maximum(5.0, rng.normal(mean, sd))


def _arrivals(model: DayModel, rng: np.random.Generator, session: Ints, slot: Ints) -> Floats:
    count = len(session)
    starts = np.array([each.start for each in model.sessions])[session]
    lengths = np.array([each.end - each.start for each in model.sessions])[session]
    early = rng.normal(model.early_mean, model.early_sd, count)
    booked = starts + slot * HOUR + rng.uniform(0, HOUR, count) - early
    walked = starts - 30 + (lengths - 30) * rng.beta(*model.walk_in_shape, count)
    return np.maximum(_opens(model), np.where(slot >= 0, booked, walked))


def _opens(model: DayModel) -> float:
    return model.sessions[0].start - 45.0


def _specimens(model: DayModel, rng: np.random.Generator, count: int) -> tuple[Bools, Bools, Bools]:
    blood = rng.random(count) < model.blood
    urine = rng.random(count) < model.urine
    stool = rng.random(count) < model.stool
    none = ~(blood | urine | stool)
    return blood | none, urine, stool


def _collects(model: DayModel, rng: np.random.Generator, urine: Bools, stool: Bools) -> Floats:
    count = len(urine)
    return np.maximum(
        np.where(urine, rng.exponential(model.urine_delay, count), 0.0),
        np.where(stool, rng.exponential(model.stool_delay, count), 0.0),
    )


def _given_rooms(model: DayModel, means: Floats, doctors: Sequence[int]) -> Rooms:
    """The same doctors in every session."""
    rows = [
        (dept, number)
        for number in range(len(model.sessions))
        for dept, many in enumerate(doctors)
        for _ in range(many)
    ]
    return Rooms(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), means)


def _rooms(model: DayModel, means: Floats, department: Ints, session: Ints) -> Rooms:
    """As many doctors as the load asks for: each department and session in proportion to its expected work."""
    back = model.labs + model.other_test - model.labs * model.other_test
    each = means + back * (model.return_base + model.return_share * means)
    rows: list[tuple[int, int]] = []
    for number, half in enumerate(model.sessions):
        rows += _doctors(model, each, department[session == number], number, half)
    return Rooms(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), means)


def _doctors(
    model: DayModel, each: Floats, department: Ints, number: int, half: Session
) -> list[tuple[int, int]]:
    work = np.bincount(department, minlength=model.departments) * each
    exact = work / (model.load * (half.end - half.start))
    doctors = np.maximum(1, np.floor(exact)).astype(int)
    while doctors.sum() < round(float(exact.sum())):
        doctors[np.argmax(exact / doctors)] += 1
    return [(dept, number) for dept, many in enumerate(doctors) for _ in range(many)]


def _named(
    model: DayModel, rng: np.random.Generator, rooms: Rooms, department: Ints, session: Ints
) -> Ints:
    chosen = np.full(len(department), -1)
    names_one = rng.random(len(department)) < model.named
    luck = rng.random(len(department))
    for dept in range(model.departments):
        for half in range(len(model.sessions)):
            here = rooms.of(dept, half)
            who = np.flatnonzero(names_one & (department == dept) & (session == half))
            chosen[who] = np.array(here)[(luck[who] * len(here)).astype(int)]
    return chosen
