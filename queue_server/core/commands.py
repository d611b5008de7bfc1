"""What somebody wants: commands, and the answers to them. Refusals are values, not exceptions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from queue_server.core.events import Event
from queue_server.core.vocabulary import HoldReason, Slot, Way


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Midnight has passed, or the server has started."""


@dataclass(frozen=True, slots=True)
class NoteSite:
    """This version of the site file is in force."""

    version: str


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
    """The family at this point is done. `tests` are groups to visit before coming back; `then` those after."""

    point: str
    by: str
    tests: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    step: str | None = None
    """As for `Recall`."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """A nurse puts a missed family back into its line."""

    visit: str
    by: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the place of a waiting family (保留号位)."""

    visit: str
    by: str
    reason: HoldReason = HoldReason.AWAY


@dataclass(frozen=True, slots=True)
class Release:
    """The family is back; it stands where it stood."""

    visit: str
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


@dataclass(frozen=True, slots=True)
class NoteGap:
    """An agent's oldest stored event is younger than the next one expected."""

    agent: str
    install: str
    first: int
    last: int


Command = (
    OpenDay
    | NoteSite
    | Register
    | Cancel
    | Scan
    | CheckInAtDesk
    | GiveAlias
    | AskHelp
    | AnswerHelp
    | CallNext
    | Recall
    | Miss
    | Start
    | Finish
    | PutBack
    | Hold
    | Release
    | OpenPoint
    | PausePoint
    | NoteGap
)


class Reason(StrEnum):
    """Why a command was refused; families' and staff's sentences are kept by this code."""

    BAD_CARD = "bad_card"
    UNKNOWN_CARD = "unknown_card"
    NO_VISIT = "no_visit"
    NOT_TODAY = "not_today"
    WRONG_CAMPUS = "wrong_campus"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"
    STALE_SCAN = "stale_scan"
    TOO_MANY_MISSES = "too_many_misses"
    UNKNOWN_VISIT = "unknown_visit"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_POINT = "unknown_point"
    UNKNOWN_DOCTOR = "unknown_doctor"
    VISIT_DIFFERS = "visit_differs"
    CARD_TAKEN = "card_taken"
    PAST_DAY = "past_day"
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
class Accepted:
    """Done; nothing more to tell."""


Answer = Refused | Stood | CallAnswer | Accepted


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened because of a command, and what to tell the one who gave it."""

    events: tuple[Event, ...]
    answer: Answer
