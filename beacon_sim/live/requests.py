"""Commands of the people of a day as requests of the HTTP API, and whose request each is.

One table. A card that is scanned is no request: it goes through an agent and the broker (`kiosks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from beacon_sim.live.errors import LiveError
from queue_server.core import Need, StepKind
from queue_server.core import commands as c
from queue_server.core import site as s


class Who(StrEnum):
    """Who asks: systems of the hospital by a token, people by a session of their own role."""

    SYSTEMS = "robot"
    NURSE = "nurse"
    DOCTOR = "doctor"
    LAB = "lab"
    CASHIER = "cashier"
    PHARMACIST = "pharmacist"


PEOPLE: Final[tuple[Who, ...]] = tuple(who for who in Who if who is not Who.SYSTEMS)
_AT: Final[Mapping[StepKind, Who]] = {
    StepKind.CLINIC: Who.DOCTOR,
    StepKind.LAB: Who.LAB,
    StepKind.EXAM: Who.LAB,
    StepKind.CASHIER: Who.CASHIER,
    StepKind.PHARMACY: Who.PHARMACIST,
}
_NEEDS: Final[Mapping[Need, Who]] = {
    Need.REVIEWED: Who.PHARMACIST,
    Need.PREPARED: Who.PHARMACIST,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to `/api/v1/…`."""

    who: Who
    path: tuple[str, ...]
    body: Mapping[str, object] | None = field(default=None)


def request_of(command: c.Command, site: s.Site) -> Request:
    """The request by which a command reaches a server.

    Raises:
        LiveError: there is none for it.
    """
    match command:
        case c.Register():
            return Request(Who.SYSTEMS, ("registrations",), _registration(command))
        case c.CallNext() | c.Start() | c.Miss() | c.Finish() | c.OpenPoint() | c.PausePoint():
            return _at_point(command, site)
        case _:
            return _for_visit(command)


def _registration(command: c.Register) -> dict[str, object]:
    slot = command.slot
    hours = {"start": slot.start.isoformat(), "end": slot.end.isoformat()} if slot else None
    return {
        "visit": command.visit,
        "patient": command.patient,
        "name": command.name,
        "group": command.group,
        "day": command.day.isoformat(),
        "card": command.card,
        "doctor": command.doctor,
        "slot": hours,
        "guardian": command.guardian,
        "reasons": list(command.reasons),
    }


def _at_point(
    command: c.CallNext | c.Start | c.Miss | c.Finish | c.OpenPoint | c.PausePoint, site: s.Site
) -> Request:
    who = _AT[site.groups[site.points[command.point].group].kind]
    path = ("points", command.point)
    match command:
        case c.CallNext():
            return Request(who, (*path, "call-next"))
        case c.Start(step=step):
            return Request(who, (*path, "start"), {"step": step})
        case c.Miss(step=step):
            return Request(who, (*path, "miss"), {"step": step})
        case c.Finish(tests=tests, then=then, step=step, unpaid=unpaid):
            body = {"tests": tests, "then": then, "step": step, "unpaid": unpaid}
            return Request(who, (*path, "finish"), body)
        case c.OpenPoint():
            return Request(who, (*path, "open"))
        case c.PausePoint(reason=reason):
            return Request(who, (*path, "pause"), {"reason": reason})


def _for_visit(command: c.Command) -> Request:  # noqa: C901  # a table: one case a command
    match command:
        case c.SeatDoctors(point=point, doctors=doctors):
            return Request(Who.DOCTOR, ("points", point, "doctors"), {"doctors": doctors})
        case c.Screen(visit=visit, abnormal=abnormal):
            return Request(Who.NURSE, ("visits", visit, "screening"), {"abnormal": abnormal})
        case c.CheckInAtDesk(visit=visit):
            return Request(Who.NURSE, ("visits", visit, "check-in"))
        case c.PutBack(visit=visit):
            return Request(Who.NURSE, ("visits", visit, "put-back"))
        case c.AssignDoctor(visit=visit, doctor=doctor, reason=reason):
            body = {"doctor": doctor, "reason": reason}
            return Request(Who.NURSE, ("visits", visit, "doctor"), body)
        case c.AnswerOffer(visit=visit, accepted=accepted):
            return Request(Who.SYSTEMS, ("visits", visit, "offer"), {"accepted": accepted})
        case c.Order(visit=visit, services=services):
            return Request(Who.SYSTEMS, ("visits", visit, "orders"), {"services": services})
        case c.Pay(visit=visit):
            return Request(Who.SYSTEMS, ("visits", visit, "pay"))
        case c.Hold(visit=visit, reason=reason):
            return Request(Who.SYSTEMS, ("visits", visit, "hold"), {"reason": reason.value})
        case c.Release(visit=visit):
            return Request(Who.SYSTEMS, ("visits", visit, "release"))
        case c.MeetNeed(visit=visit, need=need):
            who = _NEEDS.get(need, Who.SYSTEMS)
            return Request(who, ("visits", visit, "needs"), {"need": need.value})
        case c.ReportResult(order=order):
            return Request(Who.SYSTEMS, ("results",), {"order": order})
        case _:
            raise LiveError(
                f"There is no request by which a {type(command).__name__} reaches a server."
            )
