"""Today's visits as the desk finds them: pure functions of the state, for staff."""

from pydantic import BaseModel, Field

from protocol import Text, WaitRange
from queue_server.core import Hospital, Step, Visit, views
from queue_server.core.masking import masked
from queue_server.core.vocabulary import StepState
from queue_server.web.access import NAMED
from queue_server.web.accounts import Member
from queue_server.web.console import has_drugs

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
    wait: WaitRange | None = Field(description="How long that will probably take.")
    room: Text | None = Field(description="Where the family is called to or served.")
    state: str = Field(
        description="State of the present step; `cancelled` when given back.", examples=["waiting"]
    )
    line: str = Field(description="Id of the line of the present step.", examples=["resp"])
    badge: str | None = Field(description="Character of the priority class.", examples=["急"])
    badge_en: str | None = Field(description="The same where English is read.", examples=["!"])
    add_on: bool = Field(description="Added beyond the slots (加号).")
    hold: str | None = Field(description="Why the place is kept.", examples=["nap"])
    gate: str | None = Field(
        description="What is missing before check-in: `screening` or `unpaid`.",
        examples=["screening"],
    )
    drugs: bool = Field(description="Has drugs still to be fetched, which could be sent home.")
    owes: bool = Field(description="Something that was ordered is not paid.")
    offer: tuple[Text, ...] = Field(
        description="Tests before the consult that are offered and not yet answered."
    )


def visits_found(h: Hospital, search: str, most: int = MOST_FOUND) -> list[VisitRow]:
    """Today's visits whose number, id or name contains `search`, or whose card it is; all when it is empty.

    Those who are still to be checked in, or have missed their call, come first.
    """
    wanted = search.strip().casefold()
    of_card = h.visits_of.get(h.cards.get(search.strip(), ""), [])
    found = [
        visit
        for visit in h.visits.values()
        if (visit.day == h.day or visit.here())
        and (not wanted or wanted in _searchable(h, visit) or visit.id in of_card)
    ]
    found.sort(key=_order)
    return [row(h, visit) for visit in found[:most]]


def for_reader(rows: list[VisitRow], member: Member) -> list[VisitRow]:
    """Rows with the names as this member may see them."""
    if member.role in NAMED:
        return rows
    return [row.model_copy(update={"name": masked(row.name)}) for row in rows]


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
    step = views.current_step(visit)
    known = h.site.classes.get(visit.priority or "")
    return VisitRow(
        visit=visit.id,
        name=h.names.get(visit.patient, ""),
        ticket=visit.ticket,
        alias=visit.alias,
        group=stand.group,
        place=stand.place,
        slot=stand.slot,
        ahead=stand.ahead,
        wait=stand.wait,
        room=stand.room,
        state="cancelled" if visit.cancelled else stand.state,
        line=step.plan.group,
        badge=known.badge if known else None,
        badge_en=known.english_badge if known else None,
        add_on=visit.add_on,
        hold=step.hold.value if step.hold else None,
        gate=_gate(h, visit, step),
        drugs=has_drugs(visit),
        owes=views.owes(visit),
        offer=views.offered(h, visit) if visit.here() else (),
    )


def _gate(h: Hospital, visit: Visit, step: Step) -> str | None:
    """What the rules will ask for at check-in, so that the desk can see to it first."""
    if step.state is not StepState.READY:
        return None
    rules, form = h.rules(step.plan.group), visit.screening
    if rules.pay_first and not visit.paid:
        return "unpaid"
    if rules.screening and (form is None or h.moment - form.at > rules.screening_valid):
        return "screening"
    return None
