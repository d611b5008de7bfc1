"""Today's visits as the desk finds them: pure functions of the state, for staff."""

from pydantic import BaseModel, Field

from protocol import Text
from queue_server.core import Hospital, Visit, views
from queue_server.core.vocabulary import StepState

MOST_FOUND = 50
_FIRST = {StepState.READY.value: 0, StepState.MISSED.value: 1}


class VisitRow(BaseModel):
    """A visit of today, for the desk."""

    visit: str = Field(description="Id of the visit.")
    name: str = Field(description="The child's name: full for people, masked for programs.")
    ticket: str | None = Field(description="The number, once checked in.")
    alias: str | None = Field(description="A provisional number of a kiosk.")
    group: Text = Field(description="The line of the present step.")
    place: Text = Field(description="Where that is.")
    slot: str | None = Field(description="Booked hour, local time.")
    ahead: int | None = Field(description="How many may be called before; none when not waiting.")
    room: Text | None = Field(description="Where the family is called to or served.")
    state: str = Field(
        description="State of the present step; `cancelled` when given back.", examples=["waiting"]
    )


def visits_found(h: Hospital, search: str, most: int = MOST_FOUND) -> list[VisitRow]:
    """Today's visits whose number, id or name contains `search`; all when it is empty.

    Those who are still to be checked in, or have missed their call, come first.
    """
    wanted = search.strip().casefold()
    found = [
        visit
        for visit in h.visits.values()
        if (visit.day == h.day or visit.here()) and (not wanted or wanted in _searchable(h, visit))
    ]
    found.sort(key=_order)
    return [row(h, visit) for visit in found[:most]]


def _order(visit: Visit) -> tuple[bool, int, str, str]:
    state = views.current_step(visit).state.value
    slot = visit.slot.start.isoformat() if visit.slot else "~"
    return (visit.cancelled, _FIRST.get(state, 2), visit.ticket or slot, visit.id)


def _searchable(h: Hospital, visit: Visit) -> str:
    words = (visit.id, visit.ticket or "", visit.alias or "", h.names.get(visit.patient, ""))
    return " ".join(words).casefold()


def row(h: Hospital, visit: Visit) -> VisitRow:
    """One visit."""
    stand = views.stand(h, visit)
    return VisitRow(
        visit=visit.id,
        name=h.names.get(visit.patient, ""),
        ticket=visit.ticket,
        alias=visit.alias,
        group=stand.group,
        place=stand.place,
        slot=stand.slot,
        ahead=stand.ahead,
        room=stand.room,
        state="cancelled" if visit.cancelled else stand.state,
    )
