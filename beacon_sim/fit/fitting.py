"""From an export to the figures of a day: what each came to, from how many rows, or why it could not be told."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from math import exp, log, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from beacon_sim.day.model import DayModel, Session
from beacon_sim.fit.columns import Kind, Row
from beacon_sim.fit.errors import FitError
from beacon_sim.fit.reading import Export

Floats = NDArray[np.float64]

LEAST: Final = 30
"""A figure from fewer rows would be chance."""
LEAST_IN_DEPARTMENT: Final = 15
LEAST_IN_SESSION: Final = 3
"""A room with fewer first visits in a half day had no session then."""
HOUR: Final = 60.0
EARLY_CENSORED: Final = 75.0
"""Families of slots that begin so soon after the doors open may have waited outside; their earliness is not counted."""
WALKS_IN_BEFORE: Final = 30.0
"""Minutes before a session from which walk-ins come, as in `draw`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the model."""

    name: str
    default: object
    value: object | None
    """None: it could not be fitted, and the default stays."""
    count: int
    """Rows or visits it is from."""
    why: str = ""
    """Why it could not be fitted, or what to know about it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What an export came to."""

    model: DayModel
    figures: tuple[Figure, ...]
    days: int


class _Not(Exception):
    """A figure can't be fitted; the message says why."""

    def __init__(self, why: str, count: int = 0) -> None:
        super().__init__(why)
        self.count = count


@dataclass(frozen=True, slots=True)
class _Found:
    values: dict[str, object]
    count: int
    why: str = ""


NOT_IN_AN_EXPORT: Final = {
    "sibling": "an export does not say who came together",
    "urine_delay": "an export does not say when a child was sent to collect it",
    "stool_delay": "an export does not say when a child was sent to collect it",
    "rule_fits": "it depends on the rules for tests before the consult, not on past days",
    "rule_errs": "it depends on the rules for tests before the consult, not on past days",
    "accepts": "it is about an offer that past days did not have",
    "prepare": "an export does not say when the preparation began",
    "phone_pays": "an export does not say when a family paid on its phone",
    "kiosk_takes": "the time from arrival to check-in includes standing in line for the kiosk",
    "desk_takes": "the time from arrival to check-in includes standing in line for the desk",
    "walk": "an export does not say when a family set out",
    "strollers": "an export does not say who pushed a stroller",
    "abnormal_forms": "an export does not say who was sent to the fever clinic by a form",
    "phone": "an export does not say who used the phone page",
    "leaves": "an export does not say who left the waiting area",
    "leaves_for": "an export does not say who left the waiting area",
    "sensed": "it is about presence, which past days did not have",
    "push_brings": "it is about pushes, which past days did not have",
    "called_for": "an export does not say when a call was given up",
    "windows": "an export does not say how many windows were open",
}
"""Figures that no timestamps can tell."""


def fit(export: Export, base: DayModel | None = None) -> Fit:
    """Fit a model to an export.

    Args:
        export: as read.
        base: gives every figure that can't be fitted; the design's when left out.

    Raises:
        FitError: no row has a time, so that nothing at all can be said.
    """
    start = base or DayModel()
    facts = _Facts(export, start)
    if not facts.days:
        raise FitError("No row of the export has a time: nothing can be fitted.")
    model = start
    told: dict[str, Figure] = {}
    for names, fitter in FITTERS:
        try:
            found = fitter(facts, model)
        except _Not as error:
            for name in names:
                told[name] = Figure(name, getattr(start, name), None, error.count, str(error))
            continue
        changes: dict[str, Any] = found.values  # each of its field's type
        model = replace(model, **changes)
        for name in names:
            value = found.values[name]
            told[name] = Figure(name, getattr(start, name), value, found.count, found.why)
    for name, why in NOT_IN_AN_EXPORT.items():
        told[name] = Figure(name, getattr(start, name), None, 0, why)
    figures = tuple(told[each.name] for each in fields(DayModel) if each.name in told)
    return Fit(model, figures, facts.days)


class _Facts:
    """The rows by what is asked of them."""

    def __init__(self, export: Export, base: DayModel) -> None:
        self.missing = export.missing
        self.sessions = base.sessions
        self.by_visit: defaultdict[str, list[Row]] = defaultdict(list)
        for row in export.rows:
            self.by_visit[row.visit].append(row)
        self.of_kind: defaultdict[Kind, list[Row]] = defaultdict(list)
        for row in export.rows:
            self.of_kind[row.kind].append(row)
        firsts: dict[str, Row] = {}
        for row in self.of_kind[Kind.FIRST]:
            firsts.setdefault(row.visit, row)
        self.attended = [row for row in firsts.values() if row.came]
        self.no_shows = [row for row in firsts.values() if not row.came and row.booked_slot]
        dates = {at.date() for row in export.rows if (at := row.came or row.booked_slot)}
        self.days = len(dates)

    def need(self, *columns: str) -> None:
        """Say which column is missing."""
        for column in columns:
            if column in self.missing:
                raise _Not(f"the export has no column {column!r}")

    def session_of(self, at: datetime) -> int:
        """Which half day a time belongs to: the one whose end is not past."""
        for number, session in enumerate(self.sessions[:-1]):
            if _clock(at) < session.end:
                return number
        return len(self.sessions) - 1

    def done_before(self, row: Row) -> bool:
        """Whether tests of the visit were done before this consult."""
        return any(
            other.kind in (Kind.BLOOD, Kind.DROP) and other.finished <= row.started
            for other in self.by_visit[row.visit]
            if other.finished and row.started
        )


def _clock(at: datetime) -> float:
    return at.hour * 60 + at.minute + at.second / 60 + at.microsecond / 6e7


def _enough(count: int, of: str, least: int = LEAST) -> None:
    if count < least:
        raise _Not(f"there are only {count} {of}; {least} are needed", count)


# ---- arrivals -----------------------------------------------------------------------------------


def _visits(facts: _Facts, _: DayModel) -> _Found:
    _enough(len(facts.attended), "visits with a time")
    return _Found({"visits": round(len(facts.attended) / facts.days)}, len(facts.attended))


def _departments(facts: _Facts, _: DayModel) -> _Found:
    facts.need("department")
    names = {row.department for row in facts.attended if row.department}
    _enough(len(names), "departments", 1)
    return _Found({"departments": len(names)}, len(facts.attended))


def _sessions(facts: _Facts, _: DayModel) -> _Found:
    _enough(len(facts.attended), "visits with a time")
    counts = Counter(facts.session_of(row.booked_slot or _came(row)) for row in facts.attended)
    total = len(facts.attended)
    sessions = tuple(
        replace(session, share=counts[number] / total)
        for number, session in enumerate(facts.sessions)
    )
    return _Found({"sessions": sessions}, total, "the shares; start and end are the default's")


def _came(row: Row) -> datetime:
    """When somebody came who attended, and so has a time."""
    if row.came is None:
        raise ValueError(f"line {row.line} has no time")
    return row.came


def _booked(facts: _Facts, _: DayModel) -> _Found:
    facts.need("booked_slot")
    _enough(len(facts.attended), "visits with a time")
    booked = sum(1 for row in facts.attended if row.booked_slot)
    return _Found({"booked": booked / len(facts.attended)}, len(facts.attended))


def _slots(facts: _Facts, _: DayModel) -> _Found:
    facts.need("booked_slot")
    hours: Counter[int] = Counter()
    for row in (*facts.attended, *facts.no_shows):
        if row.booked_slot:
            session = facts.sessions[facts.session_of(row.booked_slot)]
            hour = int((_clock(row.booked_slot) - session.start) // HOUR)
            if 0 <= hour < (session.end - session.start) / HOUR:
                hours[hour] += 1
    count = hours.total()
    _enough(count, "booked visits inside a session")
    shares = tuple(hours[hour] / count for hour in range(max(hours) + 1))
    return _Found({"slot_shares": shares}, count)


def _no_show(facts: _Facts, _: DayModel) -> _Found:
    facts.need("booked_slot")
    came = sum(1 for row in facts.attended if row.booked_slot)
    _enough(came, "booked visits that came")
    if not facts.no_shows:
        raise _Not("the export has no booked visit without a time; were no-shows left out?", came)
    return _Found({"no_show": len(facts.no_shows) / came}, came + len(facts.no_shows))


def _earliness(facts: _Facts, _: DayModel) -> _Found:
    facts.need("booked_slot")
    opens = facts.sessions[0].start - 45.0
    late = [
        _clock(_came(row)) - _clock(row.booked_slot)
        for row in facts.attended
        if row.booked_slot
        and _clock(row.booked_slot) >= opens + EARLY_CENSORED
        and row.booked_slot.date() == _came(row).date()
    ]
    _enough(len(late), "booked visits with a time")
    spread = np.var(late) - HOUR * HOUR / 12
    if spread <= 0:
        raise _Not("families come more evenly than an hour's slot would let them", len(late))
    why = "" if "arrived" not in facts.missing else "from the check-in, for arrivals are not there"
    values: dict[str, object] = {
        "early_mean": HOUR / 2 - float(np.mean(late)),
        "early_sd": sqrt(float(spread)),
    }
    return _Found(values, len(late), why)


def _walk_ins(facts: _Facts, _: DayModel) -> _Found:
    facts.need("booked_slot")
    places: list[float] = []
    for row in facts.attended:
        if row.booked_slot:
            continue
        at = _clock(_came(row))
        session = facts.sessions[facts.session_of(_came(row))]
        length = session.end - session.start - WALKS_IN_BEFORE
        place = (at - session.start + WALKS_IN_BEFORE) / length
        if 0 < place < 1:
            places.append(place)
    _enough(len(places), "walk-ins inside a session")
    mean, variance = float(np.mean(places)), float(np.var(places))
    spread = mean * (1 - mean) / variance - 1
    if spread <= 0:
        raise _Not("walk-ins come mostly at both ends of a session", len(places))
    return _Found({"walk_in_shape": (mean * spread, (1 - mean) * spread)}, len(places))


def _named(facts: _Facts, _: DayModel) -> _Found:
    facts.need("doctor")
    _enough(len(facts.attended), "visits with a time")
    named = sum(1 for row in facts.attended if row.doctor)
    if named == len(facts.attended):
        raise _Not("every visit names a doctor: is it the one who served?", named)
    return _Found({"named": named / len(facts.attended)}, len(facts.attended))


# ---- consults -----------------------------------------------------------------------------------


def _by_department(rows: Iterable[Row]) -> dict[str, Floats]:
    took: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.took is not None and 0 < row.took < 180:
            took[row.department].append(row.took)
    return {name: np.array(each) for name, each in took.items() if len(each) >= LEAST_IN_DEPARTMENT}


def _plain_firsts(facts: _Facts) -> dict[str, Floats]:
    facts.need("started", "finished")
    return _by_department(
        row
        for row in facts.of_kind[Kind.FIRST]
        if row.took is not None and not facts.done_before(row)
    )


def _first_means(facts: _Facts, _: DayModel) -> _Found:
    facts.need("department")
    took = _plain_firsts(facts)
    _enough(len(took), f"departments with {LEAST_IN_DEPARTMENT} timed consults", 2)
    means = np.sort([each.mean() for each in took.values()])
    slope, start = np.polyfit(np.linspace(0, 1, len(means)), means, 1)
    low = max(float(start), float(means[0]) / 2)
    count = sum(map(len, took.values()))
    return _Found({"first_means": (low, float(start + slope))}, count, f"{len(took)} departments")


def _first_cv(facts: _Facts, _: DayModel) -> _Found:
    facts.need("department")
    took = _plain_firsts(facts)
    logs = [np.log(each) - np.log(each).mean() for each in took.values()]
    _enough(sum(map(len, logs)), "timed consults")
    together = np.concatenate(logs)
    variance = float((together**2).sum()) / (len(together) - len(logs))
    return _Found({"first_cv": sqrt(exp(variance) - 1)}, len(together))


def _quick_are_large(facts: _Facts, _: DayModel) -> _Found:
    facts.need("department")
    took = _plain_firsts(facts)
    _enough(len(took), f"departments with {LEAST_IN_DEPARTMENT} timed consults", 3)
    visits = Counter(row.department for row in facts.attended)
    means = np.log([each.mean() for each in took.values()])
    if np.ptp(means) < log(1.2):
        raise _Not("all departments take about as long", len(took))
    slope = float(np.polyfit(means, np.log([visits[name] for name in took]), 1)[0])
    if slope > 0:
        raise _Not("slow departments see more visits here than quick ones", len(took))
    return _Found({"quick_are_large": -slope}, len(facts.attended), f"{len(took)} departments")


def _returns(facts: _Facts, _: DayModel) -> _Found:
    facts.need("department")
    firsts, again = _plain_firsts(facts), _by_department(facts.of_kind[Kind.RETURN])
    both = [name for name in firsts if name in again]
    _enough(len(both), f"departments with {LEAST_IN_DEPARTMENT} timed returns", 3)
    x = np.array([firsts[name].mean() for name in both])
    y = np.array([again[name].mean() for name in both])
    weight = np.sqrt([len(again[name]) for name in both])
    if np.ptp(x) < 1.0:
        raise _Not("all departments take about as long, so base and share can't be told apart")
    share, base = (float(each) for each in np.polyfit(x, y, 1, w=weight))
    if share < 0 or base < 0:
        raise _Not("returns do not take longer where first consults do")
    count = sum(len(again[name]) for name in both)
    return _Found({"return_base": base, "return_share": share}, count)


def _looks(facts: _Facts, model: DayModel) -> _Found:
    firsts = _plain_firsts(facts)
    extra: list[float] = []
    for row in facts.of_kind[Kind.FIRST]:
        if row.took is not None and row.department in firsts and facts.done_before(row):
            mean = float(firsts[row.department].mean())
            back = model.return_base + model.return_share * mean
            extra.append((row.took - mean) / back)
    _enough(len(extra), "consults that found results there")
    return _Found({"looks_at_results": min(1.0, max(0.0, float(np.mean(extra))))}, len(extra))


def _to_room(facts: _Facts, _: DayModel) -> _Found:
    facts.need("called", "started")
    spans = [
        (row.started - row.called).total_seconds() / 60
        for row in (*facts.of_kind[Kind.FIRST], *facts.of_kind[Kind.RETURN])
        if row.called and row.started
    ]
    _enough(len(spans), "consults with a call and a start")
    return _Found({"to_room": float(np.median(spans))}, len(spans))


def _load(facts: _Facts, _: DayModel) -> _Found:
    """What all consults took, over the sessions of the rooms where first consults of that half day took place."""
    facts.need("room", "started", "finished")
    firsts: Counter[tuple[str, date, int]] = Counter()
    work, count = 0.0, 0
    for row in (*facts.of_kind[Kind.FIRST], *facts.of_kind[Kind.RETURN]):
        if row.room and row.started and row.took is not None:
            if row.kind is Kind.FIRST:
                half = facts.session_of(row.booked_slot or _came(row))
                firsts[row.room, row.started.date(), half] += 1
            work, count = work + row.took, count + 1
    _enough(count, "consults with a room and both times")
    rooms = [room for room, visits in firsts.items() if visits >= LEAST_IN_SESSION]
    offered = sum(facts.sessions[half].end - facts.sessions[half].start for *_, half in rooms)
    if not 0 < work < 2 * offered:
        raise _Not("the consults do not fit into the sessions of the rooms", count)
    return _Found({"load": work / offered}, count, f"{len(rooms)} sessions of rooms")


# ---- tests, drugs, windows ----------------------------------------------------------------------


def _ordered(facts: _Facts, row: Row) -> frozenset[str]:
    """What was ordered for a visit at any time, as far as its rows tell."""
    found: set[str] = set()
    for other in facts.by_visit[row.visit]:
        found |= other.ordered
        match other.kind:
            case Kind.BLOOD:
                found.add("blood")
            case Kind.EXAM:
                found.add("exam")
            case Kind.PHARMACY:
                found.add("drugs")
            case Kind.DROP:
                found.add("drop")
            case _:
                pass
    return frozenset(found)


ROUTINE: Final = frozenset({"blood", "urine", "stool", "drop"})


def _share(name: str, has: Callable[[frozenset[str]], bool]) -> "Fitter":
    def share(facts: _Facts, _: DayModel) -> _Found:
        _enough(len(facts.attended), "visits with a time")
        having = [has(_ordered(facts, row)) for row in facts.attended]
        if not any(having):
            raise _Not("no visit has an order or a row of this kind", len(having))
        return _Found({name: sum(having) / len(having)}, len(having))

    return share


def _specimens(facts: _Facts, _: DayModel) -> _Found:
    orders = [found for row in facts.attended if (found := _ordered(facts, row)) & ROUTINE]
    _enough(len(orders), "visits with routine tests")
    told = [each for each in orders if not ("drop" in each and not each & {"urine", "stool"})]
    if len(told) < len(orders) / 2:
        raise _Not(
            "urine and stool can't be told apart; name them in the column 'ordered'", len(told)
        )
    blood, urine, stool = (
        sum(name in each for each in told) / len(told) for name in ("blood", "urine", "stool")
    )
    none = (1 - urine) * (1 - stool)
    blood = max(0.0, (blood - none) / (1 - none)) if none < 1 else 1.0
    values: dict[str, object] = {"blood": blood, "urine": urine, "stool": stool}
    return _Found(values, len(told))


def _window(name: str, kind: Kind) -> "Fitter":
    def window(facts: _Facts, _: DayModel) -> _Found:
        facts.need("started", "finished")
        took = [row.took for row in facts.of_kind[kind] if row.took is not None]
        _enough(len(took), f"timed rows of kind {kind.value!r}")
        return _Found({name: float(np.mean(took))}, len(took))

    return window


def _window_cv(facts: _Facts, _: DayModel) -> _Found:
    facts.need("started", "finished")
    squares, count = 0.0, 0
    for kind in (Kind.BLOOD, Kind.DROP, Kind.CASHIER, Kind.PHARMACY):
        took = [row.took for row in facts.of_kind[kind] if row.took is not None and row.took > 0]
        if len(took) >= LEAST:
            logs = np.log(took)
            squares, count = squares + float(np.var(logs)) * len(logs), count + len(logs)
    _enough(count, "timed rows at windows")
    return _Found({"window_cv": sqrt(exp(squares / count) - 1)}, count)


def _turns(facts: _Facts, rows: Sequence[Row], wanted: Callable[[frozenset[str]], bool]) -> Floats:
    facts.need("result_at", "finished")
    return np.array(
        [
            (row.result_at - row.finished).total_seconds() / 60
            for row in rows
            if row.result_at and row.finished and wanted(_ordered(facts, row))
        ]
    )


def _turn(name: str, kind: Kind, wanted: Callable[[frozenset[str]], bool], of: str) -> "Fitter":
    def turn(facts: _Facts, _: DayModel) -> _Found:
        spans = _turns(facts, facts.of_kind[kind], wanted)
        _enough(len(spans), of)
        return _Found({name: float(spans.mean())}, len(spans))

    return turn


def _turn_sd(facts: _Facts, _: DayModel) -> _Found:
    spans = _turns(facts, facts.of_kind[Kind.BLOOD], lambda _orders: True)
    _enough(len(spans), "blood tests with a result")
    return _Found({"turn_sd": float(spans.std())}, len(spans))


def _other(facts: _Facts, _: DayModel) -> _Found:
    """Γ of shape 2: its standard deviation is its mean over √2; what is below it is the least."""
    facts.need("started", "finished")
    ends = ((row.started, row.result_at or row.finished) for row in facts.of_kind[Kind.EXAM])
    took = np.array([(end - start).total_seconds() / 60 for start, end in ends if start and end])
    _enough(len(took), "timed other tests")
    mean = sqrt(2) * float(took.std())
    least = float(took.mean()) - mean
    if least < 0 or mean < 1:
        raise _Not("the times of other tests do not have the shape of the model", len(took))
    return _Found({"other_least": least, "other_mean": mean}, len(took))


def _pays(facts: _Facts, _: DayModel) -> _Found:
    orders = [row for row in facts.attended if _ordered(facts, row)]
    _enough(len(orders), "visits with orders")
    paying = {row.visit for row in facts.of_kind[Kind.CASHIER]}
    if not paying:
        raise _Not("no row is of kind 'cashier'", len(orders))
    return _Found(
        {"pays_at_window": sum(r.visit in paying for r in orders) / len(orders)}, len(orders)
    )


Fitter = Callable[[_Facts, DayModel], _Found]

FITTERS: Final[tuple[tuple[tuple[str, ...], Fitter], ...]] = (
    (("visits",), _visits),
    (("departments",), _departments),
    (("sessions",), _sessions),
    (("booked",), _booked),
    (("slot_shares",), _slots),
    (("early_mean", "early_sd"), _earliness),
    (("no_show",), _no_show),
    (("walk_in_shape",), _walk_ins),
    (("named",), _named),
    (("first_means",), _first_means),
    (("first_cv",), _first_cv),
    (("quick_are_large",), _quick_are_large),
    (("return_base", "return_share"), _returns),
    (("looks_at_results",), _looks),
    (("to_room",), _to_room),
    (("load",), _load),
    (("labs",), _share("labs", lambda orders: bool(orders & ROUTINE))),
    (("blood", "urine", "stool"), _specimens),
    (("other_test",), _share("other_test", lambda orders: "exam" in orders)),
    (("prescription",), _share("prescription", lambda orders: "drugs" in orders)),
    (("blood_window",), _window("blood_window", Kind.BLOOD)),
    (("drop_window",), _window("drop_window", Kind.DROP)),
    (("pharmacy_window",), _window("pharmacy_window", Kind.PHARMACY)),
    (("cashier_window",), _window("cashier_window", Kind.CASHIER)),
    (("other_room",), _window("other_room", Kind.EXAM)),
    (("window_cv",), _window_cv),
    (("blood_turn",), _turn("blood_turn", Kind.BLOOD, lambda _: True, "blood tests with a result")),
    (
        ("urine_turn",),
        _turn(
            "urine_turn",
            Kind.DROP,
            lambda orders: "urine" in orders and "stool" not in orders,
            "urine tests alone with a result",
        ),
    ),
    (
        ("stool_turn",),
        _turn(
            "stool_turn", Kind.DROP, lambda orders: "stool" in orders, "stool tests with a result"
        ),
    ),
    (("turn_sd",), _turn_sd),
    (("other_least", "other_mean"), _other),
    (("pays_at_window",), _pays),
)
"""In this order: a later one may use what earlier ones found."""


def told(fitted: Fit) -> Iterator[str]:
    """A line for each figure."""
    for each in fitted.figures:
        if each.value is None:
            yield f"{each.name:16} not fitted: {each.why}. The default stays: {shown(each.default)}."
        else:
            remark = f" ({each.why})" if each.why else ""
            was = f"default {shown(each.default)}"
            yield f"{each.name:16} {shown(each.value):24} n = {each.count:,}, {was}{remark}"


def remarks(fitted: Fit) -> dict[str, str]:
    """What the model file says behind each figure."""
    return {
        each.name: (
            f"not fitted: {each.why}" if each.value is None else f"fitted, n = {each.count}"
        )
        for each in fitted.figures
    }


def shown(value: object) -> str:
    """A figure for people."""
    match value:
        case float():
            return f"{value:.3g}"
        case Session():
            return f"{value.share:.3g}"
        case tuple():
            return f"[{', '.join(shown(each) for each in value)}]"
        case int():
            return str(value)
        case _:
            return "as it is"
