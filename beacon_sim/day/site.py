"""The hospital of a simulated day: a site like any other, with rules by the levers."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from beacon_sim.day.draw import Drawn
from beacon_sim.day.model import Levers
from queue_server.core import Name, StepKind
from queue_server.core import rules as r
from queue_server.core import site as s

ZONE: Final = ZoneInfo("Asia/Shanghai")
LAB_PARTS: Final = 3
SPECIMENS: Final = (("blood",), ("drop",), ("blood", "drop"))
PHARMACY_PARTS: Final = 4
RETURN_WEIGHT: Final = 4.0
"""Of accumulating priority; 2 to 5 are sensible, and where doctors are overloaded 4 is a little better than the usual 3."""


def site_of(drawn: Drawn, levers: Levers) -> s.Site:
    """The site of a day: departments, doctors, laboratories, cashiers, pharmacies."""
    clinic = clinic_rules(levers)
    groups: dict[str, s.Group] = {}
    points: dict[str, s.Point] = {}
    windows = drawn.model.windows
    for number in range(drawn.model.departments):
        mean = float(drawn.rooms.means[number])
        id = clinic_id(number)
        rules = replace(clinic, service_minutes=mean + drawn.model.to_room)
        _add(groups, id, StepKind.CLINIC, _prefix(number), rules)
    for index, department in enumerate(drawn.rooms.department):
        id = room_id(index)
        points[id] = s.Point(id, _name(id), clinic_id(int(department)), doctor=doctor_id(index))
    plain = r.Rules(order=r.Order.CHECK_IN)
    reported = replace(plain, results_reported=True)
    labs = 1 if levers.pooled else LAB_PARTS
    for part, count in enumerate(_split(windows.blood, labs)):
        minutes = drawn.model.blood_window
        rules = replace(reported, service_minutes=minutes)
        _line(groups, points, f"blood{part}", StepKind.LAB, "L", part, count, rules)
    dropping = replace(reported, brings_specimen=True, service_minutes=drawn.model.drop_window)
    _line(groups, points, "drop0", StepKind.LAB, "S", 0, windows.drop, dropping)
    if levers.pooled:  # who takes in specimens draws blood as well when nobody brings one
        for number in range(windows.drop):
            id = f"drop0-{number + 1}"
            points[id] = replace(points[id], helps=("blood0",))
    for part, count in enumerate(_split(windows.cashiers, 1 if levers.pooled else 5)):
        rules = replace(plain, service_minutes=drawn.model.cashier_window)
        _line(groups, points, f"cash{part}", StepKind.CASHIER, "C", part, count, rules)
    _line(groups, points, "exam0", StepKind.EXAM, "X", 0, windows.exams, reported)
    drugs = replace(plain, prepare_first=True, service_minutes=drawn.model.pharmacy_window)
    for part, count in enumerate(_split(windows.pharmacy, 1 if levers.pooled else PHARMACY_PARTS)):
        _line(groups, points, f"drugs{part}", StepKind.PHARMACY, "P", part, count, drugs)
    return s.Site(
        "day",
        _name("day"),
        ZONE,
        {"hall": s.Area("hall", _name("hall"), _name("hall"))},
        groups,
        points,
        version=levers.policy,
        previsit=_previsit(drawn, levers),
    )


def clinic_rules(levers: Levers) -> r.Rules:
    """The rules of a clinic's line under some levers."""
    if levers.policy == "status-quo":
        rules = r.Rules(
            order=r.Order.CHECK_IN,
            missed=(r.Back(r.BackAt.HALF_DAY_END),),
            overtake_cap=999,
        )
    else:
        order = r.Order(levers.policy)
        rules = r.Rules(order=order, overtake_cap=200, return_weight=RETURN_WEIGHT)
    if levers.any_doctor:
        rules = replace(rules, own_doctor_for=timedelta(minutes=15))
    if not levers.hold:
        rules = replace(rules, hold_limit=timedelta(seconds=1))
    return rules


def governed(site: s.Site, levers: Levers, blood: str, drop: str) -> s.Site:
    """A site under some levers: the rules of its clinics that they are about, and the tests before the consult.

    Args:
        site: as it was read from a file.
        levers: what the hospital does.
        blood: the service that draws blood.
        drop: that takes in specimens.
    """
    groups = {
        id: replace(group, rules=_governed(group.rules, levers))
        if group.kind is StepKind.CLINIC
        else group
        for id, group in site.groups.items()
    }
    clinics = tuple(id for id, group in site.groups.items() if group.kind is StepKind.CLINIC)
    called = {"blood": blood, "drop": drop}
    previsit = tuple(
        s.PrevisitRule(
            "-".join(tests),
            clinics,
            tuple(map(called.__getitem__, tests)),
            reasons=("+".join(tests),),
        )
        for tests in SPECIMENS
    )
    return replace(site, groups=groups, previsit=previsit if levers.previsit else ())


def _governed(rules: r.Rules, levers: Levers) -> r.Rules:
    wanted = clinic_rules(levers)
    return replace(
        rules,
        order=wanted.order,
        missed=wanted.missed,
        overtake_cap=wanted.overtake_cap,
        return_weight=wanted.return_weight,
        own_doctor_for=wanted.own_doctor_for,
        hold_limit=wanted.hold_limit,
    )


def _previsit(drawn: Drawn, levers: Levers) -> tuple[s.PrevisitRule, ...]:
    if not levers.previsit:
        return ()
    clinics = tuple(clinic_id(n) for n in range(drawn.model.departments))
    return tuple(
        s.PrevisitRule("-".join(tests), clinics, tests, reasons=("+".join(tests),))
        for tests in SPECIMENS
    )


def clinic_id(department: int) -> str:
    """Id of a department's line."""
    return f"clinic{department:02}"


def room_id(index: int) -> str:
    """Id of a doctor's room."""
    return f"room{index:03}"


def doctor_id(index: int) -> str:
    """Id of a doctor."""
    return f"dr{index:03}"


def _line(
    groups: dict[str, s.Group],
    points: dict[str, s.Point],
    id: str,
    kind: StepKind,
    letter: str,
    part: int,
    count: int,
    rules: r.Rules,
) -> None:
    service = id.rstrip("0123456789")
    _add(groups, id, kind, f"{letter}{chr(ord('A') + part)}", rules, (service,))
    for number in range(count):
        point = f"{id}-{number + 1}"
        points[point] = s.Point(point, _name(point), id)


def _add(
    groups: dict[str, s.Group],
    id: str,
    kind: StepKind,
    prefix: str,
    rules: r.Rules,
    serves: tuple[str, ...] = (),
) -> None:
    groups[id] = s.Group(id, _name(id), kind, "hall", prefix, rules, serves=serves)


def _split(count: int, parts: int) -> list[int]:
    return [count // parts + (part < count % parts) for part in range(parts)]


def _prefix(number: int) -> str:
    return f"{chr(ord('D') + number // 10)}{chr(ord('A') + number % 10)}"


def _name(word: str) -> Name:
    return Name(word, word)
