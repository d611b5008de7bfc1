"""What somebody wants: commands, and the answers to them. Refusals are values, not exceptions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from queue_server.core.events import Event
from queue_server.core.site import Site
from queue_server.core.vocabulary import HoldReason, Need, Slot, Way


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Midnight has passed, or the server has started."""


@dataclass(frozen=True, slots=True)
class NoteSite:
    """This version of the site file is in force."""

    version: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LoadSite:
    """Go on with a new version of the site file."""

    site: Site


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed: places whose time is over, announcements, deadlines. Every few seconds."""


@dataclass(frozen=True, slots=True)
class Register:
    """Enter a registration. The same visit again, unchanged, is no error and changes nothing."""

    visit: str
    patient: str
    name: str
    group: str
    day: date
    card: str | None = None
    doctor: str | None = None
    slot: Slot | None = None
    campus: str | None = None
    guardian: str | None = None
    """Who comes with the child; children of one guardian are never called to two rooms."""
    guardian_card: str | None = None
    """A card of the guardian's own, for all of the children."""
    serial: int | None = None
    """The registration's number (挂号序号)."""
    paid: bool = True
    priority: str | None = None
    reasons: tuple[str, ...] = ()
    born: date | None = None
    add_on: bool = False
    """Added by the doctor beyond the slots (加号): may check in where walk-ins may not."""
    phone_tail: str | None = None
    """Last four digits of the guardian's phone number: with `born`, the family can look itself up. Never kept as it is."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give a registration back."""

    visit: str
    by: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A card was read by an agent. Idempotent: a second scan says where one stands.

    `card` is the card's id when the card is good, otherwise `problem` is the code of what is wrong with it.
    """

    agent: str
    scanned_at: datetime
    clock_synced: bool
    card: str | None = None
    problem: str | None = None
    way: Way = Way.QR
    visit: str | None = None
    """Which child, when the card is for several."""
    doctor: str | None = None
    """Whom the family chose at check-in."""


@dataclass(frozen=True, slots=True)
class Seek:
    """A family without its card looks itself up at a kiosk, and is checked in. Idempotent, as a scan is."""

    agent: str
    sought_at: datetime
    clock_synced: bool
    phone_tail: str
    born: date
    visit: str | None = None
    """Which child, when there are several."""


@dataclass(frozen=True, slots=True)
class PhoneAtDoor:
    """A phone that advertises a visit's check-in token came near an agent and stayed. Idempotent, as a scan is.

    `problem` is set when whose it is, or where, could not be told; then nobody is checked in, and nurses see it.
    """

    agent: str
    area: str | None
    """Whose door the agent is at; one that belongs to no area checks nobody in."""
    heard_at: datetime
    clock_synced: bool
    visit: str | None = None
    problem: "Reason | None" = None


@dataclass(frozen=True, slots=True)
class SeePhone:
    """A visit's phone is heard clearly in an area, and stays there; said again as long as it does."""

    visit: str
    area: str
    agent: str
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class CheckInAtDesk:
    """A nurse checks a visit in by hand."""

    visit: str
    by: str


@dataclass(frozen=True, slots=True)
class GiveAlias:
    """A kiosk had given a provisional number to the holder of this card."""

    agent: str
    alias: str
    scanned_at: datetime
    card: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class AskHelp:
    """ "Call a person" was pressed at a kiosk."""

    agent: str
    pressed_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerHelp:
    """A member of staff has seen to it."""

    agent: str
    by: str


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call whoever is next to this point."""

    point: str
    by: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Call once more whom the point has called."""

    point: str
    by: str
    step: str | None = None
    """Whom the caller saw at the point; somebody else there by now: refused."""


@dataclass(frozen=True, slots=True)
class Miss:
    """The called family is not there."""

    point: str
    by: str
    step: str | None = None
    """Whom the caller saw at the point; somebody else there by now: refused."""


@dataclass(frozen=True, slots=True)
class Start:
    """The called family has come in."""

    point: str
    by: str
    step: str | None = None
    """Whom the caller saw at the point; somebody else there by now: refused."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The family at this point is done. `tests` (services or groups) come before a return; `then` comes after."""

    point: str
    by: str
    tests: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    step: str | None = None
    """As for `Recall`."""
    unpaid: bool = False
    """What is ordered must be paid before it is done."""


@dataclass(frozen=True, slots=True)
class CallOne:
    """Call one family by name, whatever the order; the reason is kept."""

    point: str
    visit: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmArrival:
    """The called family stands at the door (到诊确认)."""

    point: str
    by: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Park:
    """Put aside who is called or served here; the place is kept, for so long or until it is released."""

    point: str
    by: str
    delay: timedelta | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """A nurse puts a missed family back into its line, with `delay` only after so long."""

    visit: str
    by: str
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the place of a waiting family (保留号位), for so long or until it is released."""

    visit: str
    by: str
    reason: HoldReason = HoldReason.AWAY
    limit: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """The family is back; it stands where it stood."""

    visit: str
    by: str


class MoveTo(StrEnum):
    """Where in its line a family is put by hand."""

    FRONT = "front"
    END = "end"
    PLACES = "places"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Move:
    """Put a family elsewhere in its line by hand; the reason is kept."""

    visit: str
    to: MoveTo
    by: str
    reason: str
    places: int = 3
    """With `PLACES`: behind so many calls."""


@dataclass(frozen=True, slots=True)
class AssignDoctor:
    """Let a family wait for this doctor; None: for anybody of the group."""

    visit: str
    doctor: str | None
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Give a priority class, or take it away; the reason is kept."""

    visit: str
    priority: str | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send a family to another line (改诊)."""

    visit: str
    group: str
    by: str
    reason: str
    doctor: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Take a visit out of the day for a reason."""

    visit: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """Orders (医嘱) besides those of a finished consult; services or groups."""

    visit: str
    services: tuple[str, ...]
    by: str
    unpaid: bool = False
    """Must be paid before it is done."""
    comes_back: bool = False
    """The family comes back to its doctor with the results."""
    fasting: bool = False
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """The registration, and all that was ordered so far, is paid."""

    visit: str
    by: str
    steps: tuple[str, ...] | None = None
    """Only these are, of what was ordered: what has come since the bill was written is still owed. None: all."""


@dataclass(frozen=True, slots=True)
class MeetNeed:
    """Something that steps of this visit need is true now: fasting confirmed, prescription reviewed, drugs prepared."""

    visit: str
    need: Need
    by: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A screening form (流调问卷) was filled in."""

    visit: str
    abnormal: bool
    by: str


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """The family takes the tests before the consult, or does not."""

    visit: str
    accepted: bool
    by: str


@dataclass(frozen=True, slots=True)
class NoteReport:
    """A recognised report from outside (结果互认)."""

    patient: str
    service: str
    taken_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The laboratory system reports: the result of this order is ready. Twice is once."""

    order: str
    by: str


@dataclass(frozen=True, slots=True)
class ChooseDelivery:
    """The drugs come by express (药品配送)."""

    visit: str
    by: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Another guardian goes on with the child; `card` is the guardian's own."""

    visit: str
    card: str
    by: str


@dataclass(frozen=True, slots=True)
class SeatDoctors:
    """Who sits at a point from now on; None: as planned."""

    point: str
    doctors: tuple[str, ...] | None
    by: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message on the boards of an area, or of all (None)."""

    id: str
    zh: str
    en: str
    by: str
    area: str | None = None
    limit: timedelta | None = None


@dataclass(frozen=True, slots=True)
class EndBroadcast:
    """Take a message off the boards."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class CloseWay:
    """A lift, door, stairs or corridor of the map can't be used for a while, or until it is opened (None)."""

    feature: str
    zh: str
    en: str
    by: str
    limit: timedelta | None = None


@dataclass(frozen=True, slots=True)
class OpenWay:
    """It can be used again."""

    feature: str
    by: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last act of the one who asks."""

    by: str


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """The point takes families."""

    point: str
    by: str


@dataclass(frozen=True, slots=True)
class PausePoint:
    """The point takes none for now."""

    point: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenSteps:
    """Follow-up: steps of a visit of which all that comes before is over."""

    visit: str


@dataclass(frozen=True, slots=True)
class ConsiderLab:
    """Follow-up of a check-in: whether tests before the consult are due."""

    visit: str


@dataclass(frozen=True, slots=True)
class FillDoors:
    """Follow-up: ask as many families to the doors of a group's rooms as the rules allow."""

    group: str


@dataclass(frozen=True, slots=True)
class NoteGap:
    """An agent's oldest stored event is younger than the next one expected."""

    agent: str
    install: str
    first: int
    last: int


Housekeeping = OpenDay | NoteSite | LoadSite | Tick | AskHelp | AnswerHelp | NoteGap
AtDoor = (
    Scan | Seek | PhoneAtDoor | SeePhone | GiveAlias | CheckInAtDesk | PutBack | Screen | HandOver
)
AtPoint = (
    CallNext
    | CallOne
    | Recall
    | ConfirmArrival
    | Miss
    | Start
    | Finish
    | Park
    | OpenPoint
    | PausePoint
    | SeatDoctors
    | FillDoors
)
ByHand = Hold | Release | Move | AssignDoctor | SetPriority | Transfer | Drop | Undo
Itinerary = (
    Order
    | Pay
    | MeetNeed
    | ReportResult
    | ChooseDelivery
    | OpenSteps
    | ConsiderLab
    | AnswerOffer
    | NoteReport
)
Command = (
    Housekeeping
    | AtDoor
    | AtPoint
    | ByHand
    | Itinerary
    | Register
    | Cancel
    | Broadcast
    | EndBroadcast
    | CloseWay
    | OpenWay
)


class Reason(StrEnum):
    """Why a command was refused; families' and staff's sentences are kept by this code."""

    BAD_CARD = "bad_card"
    UNKNOWN_CARD = "unknown_card"
    NOT_FOUND = "not_found"
    TOO_MANY_TRIES = "too_many_tries"
    NO_VISIT = "no_visit"
    NOT_TODAY = "not_today"
    WRONG_CAMPUS = "wrong_campus"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"
    STALE_SCAN = "stale_scan"
    OTHER_AREA = "other_area"
    SHARED_PHONE = "shared_phone"
    TWO_PLACES = "two_places"
    UNCLEAR_PLACE = "unclear_place"
    PROOF_MISSING = "proof_missing"
    PROOF_WRONG = "proof_wrong"
    TOO_MANY_MISSES = "too_many_misses"
    UNKNOWN_VISIT = "unknown_visit"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_POINT = "unknown_point"
    UNKNOWN_DOCTOR = "unknown_doctor"
    VISIT_DIFFERS = "visit_differs"
    CARD_TAKEN = "card_taken"
    PAST_DAY = "past_day"
    CLOSED_DAY = "closed_day"
    BAD_SLOT = "bad_slot"
    NOBODY_WAITING = "nobody_waiting"
    POINT_BUSY = "point_busy"
    POINT_PAUSED = "point_paused"
    MOVED_ON = "moved_on"
    NOBODY_CALLED = "nobody_called"
    NOBODY_SERVED = "nobody_served"
    NOT_A_TEST = "not_a_test"
    NOT_MISSED = "not_missed"
    NOT_WAITING = "not_waiting"
    NOT_HELD = "not_held"
    NOT_READY = "not_ready"
    UNPAID = "unpaid"
    SCREENING_MISSING = "screening_missing"
    SCREENED_OUT = "screened_out"
    NO_WALK_INS = "no_walk_ins"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_ORDER = "unknown_order"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_PATIENT = "unknown_patient"
    NO_REASON = "no_reason"
    ELSEWHERE = "elsewhere"
    HELD = "held"
    WRONG_LINE = "wrong_line"
    SAME_LINE = "same_line"
    BEING_SERVED = "being_served"
    NOTHING_TO_UNDO = "nothing_to_undo"
    UNDO_TOO_LATE = "undo_too_late"
    NO_OFFER = "no_offer"
    OFFER_OVER = "offer_over"
    NOT_ORDERED = "not_ordered"
    NEED_NOT_YET = "need_not_yet"
    NO_DELIVERY = "no_delivery"
    NOT_HERE = "not_here"
    SITE_IN_USE = "site_in_use"
    BAD_TEXT = "bad_text"
    BAD_LENGTH = "bad_length"
    IN_FUTURE = "in_future"


@dataclass(frozen=True, slots=True)
class Refused:
    """The command changes nothing; `reason` and the facts that make its sentence."""

    reason: Reason
    visit: str | None = None
    ticket: str | None = None
    point: str | None = None
    when: datetime | None = None
    day: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """Where these visits stand. `already` holds those that an earlier scan had checked in."""

    visits: tuple[str, ...]
    already: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """Who was called (or recalled) where."""

    call: str
    visit: str
    point: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class WhichChild:
    """The card is for several children who are not all in: which is it about?"""

    visits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Done; nothing more to tell."""


Answer = Refused | Stood | CallAnswer | WhichChild | Accepted


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened because of a command, and what to tell the one who gave it."""

    events: tuple[Event, ...]
    answer: Answer
