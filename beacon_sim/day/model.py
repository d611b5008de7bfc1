"""The model of a day: figures of published studies and of the design, all in one place, all in minutes.

Each may be replaced by what a hospital has measured (`beacon-sim fit`).
"""

from dataclasses import dataclass, field
from typing import Final

OPENS: Final = 450.0
"""07:30, when the doors open; all times of a day are minutes since midnight."""


@dataclass(frozen=True, slots=True)
class Session:
    """One half day of clinics."""

    start: float
    end: float
    share: float
    """Of the visits."""


MORNING: Final = Session(480.0, 720.0, 0.60)
AFTERNOON: Final = Session(810.0, 1050.0, 0.40)


@dataclass(frozen=True, slots=True)
class Windows:
    """How many windows and helpers there are."""

    blood: int = 15
    drop: int = 3
    cashiers: int = 5
    pharmacy: int = 12
    preparers: int = 21
    kiosks: int = 9
    desks: int = 11
    exams: int = 400
    """So many that nobody waits: the queue of other tests is in their time."""


@dataclass(frozen=True, slots=True)
class DayModel:
    """All figures of a day."""

    visits: int = 8_000
    departments: int = 25
    load: float = 0.93
    """Of the doctors: work over sessions."""
    sessions: tuple[Session, ...] = (MORNING, AFTERNOON)
    windows: Windows = field(default_factory=Windows)

    booked: float = 0.78
    slot_shares: tuple[float, ...] = (0.29, 0.28, 0.26, 0.17)
    """Of the hours of a session."""
    early_mean: float = 12.0
    early_sd: float = 18.0
    """Booked families come at the slot + U(0, 60) − N(early_mean, early_sd)."""
    no_show: float = 0.06
    """Of the booked, over and above the attended visits."""
    walk_in_shape: tuple[float, float] = (1.6, 3.2)
    """Beta-shaped over a session and 30 minutes before it."""
    named: float = 0.30
    """Share that names a doctor."""
    sibling: float = 0.03
    """Share that comes with the family before it, under one guardian."""

    first_means: tuple[float, float] = (3.8, 11.0)
    """Departments' means of a first consult lie evenly between."""
    quick_are_large: float = 3.0
    """Departments see visits in proportion to their mean to the power of minus this; with 3, 8,000 visits at a load of
    0.93 need about 255 doctor-sessions."""
    first_cv: float = 0.6
    return_base: float = 1.2
    return_share: float = 0.38
    """A return takes base + share × the department's mean, with the same spread."""
    looks_at_results: float = 0.5
    """Of a return consult is added to a first consult that finds its results there."""

    labs: float = 0.36
    blood: float = 0.92
    urine: float = 0.28
    stool: float = 0.16
    urine_delay: float = 6.0
    stool_delay: float = 14.0
    """Exponential, until the child has given the specimen."""
    blood_window: float = 2.1
    drop_window: float = 0.6
    window_cv: float = 0.5
    blood_turn: float = 20.4
    urine_turn: float = 24.8
    stool_turn: float = 30.0
    turn_sd: float = 4.0
    other_test: float = 0.14
    other_least: float = 30.0
    other_mean: float = 36.0
    """Another test takes other_least + Γ with mean other_mean until its result; its queue is in it."""
    other_room: float = 3.0
    """Of that, in the examination room."""

    rule_fits: float = 0.62
    """Share of those who need routine labs for whom a rule for tests before the consult speaks."""
    rule_errs: float = 0.04
    """Share of the others for whom it speaks as well."""
    accepts: float = 0.85

    prescription: float = 0.68
    prepare: float = 1.3
    """With 21 preparers; so that the busiest hour is three quarters of what they can do."""
    pharmacy_window: float = 0.9
    pays_at_window: float = 0.15
    cashier_window: float = 1.0
    phone_pays: float = 1.0
    """Exponential, until a family has paid on its phone."""

    kiosk_takes: float = 0.4
    desk_takes: float = 1.5
    walk: float = 3.0
    """Between two places of the hospital; ± a third. With a map it is the map's, with the same spread."""
    strollers: float = 0.35
    """Share that pushes a stroller: on a map it goes by lift. An assumption."""
    abnormal_forms: float = 0.02
    """Share whose screening form is abnormal, where the site asks for one. An assumption."""
    to_room: float = 0.3
    """From the waiting area into a doctor's room; at windows it is in the service."""

    phone: float = 0.85
    """Share of the families that use the phone page."""
    leaves: float = 0.24
    """Share that leaves the waiting area once while waiting at the clinic."""
    leaves_for: float = 9.0
    sensed: float = 0.82
    """Share of absences of phone families of which the queue learns (presence, or "I'm away")."""
    push_brings: float = 0.80
    """Share of the other absences of phone families that end in time, because the phone says so."""
    called_for: float = 1.5
    """A call that nobody answers lasts so long."""


@dataclass(frozen=True, slots=True)
class Levers:
    """What a hospital may do about it. All off: the status quo."""

    policy: str = "status-quo"
    """An order of calling; `status-quo`: arrival order, returns to the back, missed to the end of the half day."""
    previsit: bool = False
    """Tests before the consult, with the place held."""
    hold: bool = True
    """With `previsit`: the place in the clinic's line is held meanwhile."""
    phone: bool = False
    """Check-in by phone at the door, presence, "I'm away", and pushes."""
    pooled: bool = False
    """Windows of one kind share one line, and those that take in specimens help to draw blood; otherwise each part of the
    house has its own few."""
    prepare_early: bool = False
    """Drugs are prepared when paid, not when the family stands there."""
    any_doctor: bool = False
    """A return may be called by any doctor of the department after 15 minutes."""


STATUS_QUO: Final = Levers()
ALL_LEVERS: Final = Levers(
    "accumulating", previsit=True, phone=True, pooled=True, prepare_early=True, any_doctor=True
)
