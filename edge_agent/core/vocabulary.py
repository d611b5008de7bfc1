"""What comes into an agent, and what it wants done: frozen values, no rules."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from protocol import (
    BoardView,
    PhoneNear,
    PresenceReported,
    Print,
    ProofGiven,
    ProofWanted,
    ScanSource,
    Show,
    Speak,
    Text,
)
from protocol.card import KeySet, RevocationList


@dataclass(frozen=True, slots=True)
class Now:
    """A moment on both clocks: `wall` is aware UTC and may jump, `steady_s` only goes forward."""

    wall: datetime
    steady_s: float


# ---- inputs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeRead:
    """A reader read a code, perhaps for the hundredth time while it is held up."""

    raw: bytes
    source: ScanSource
    reader: str


@dataclass(frozen=True, slots=True)
class HelpPressed:
    """The "call a person" button."""


@dataclass(frozen=True, slots=True)
class ChildChosen:
    """A family said which of the children that its card is for (`Show.choices`)."""

    scan: UUID
    visit: str


@dataclass(frozen=True, slots=True)
class SearchMade:
    """A family without its card looks itself up."""

    tail: str
    """Last four digits of the guardian's phone number."""
    born: date


@dataclass(frozen=True, slots=True)
class OfferPressed:
    """A family takes the tests that were offered with its stand, or does not."""

    scan: UUID
    visit: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class PhoneCameNear:
    """A phone came near and stayed: must not be lost."""

    told: PhoneNear


@dataclass(frozen=True, slots=True)
class PhonesHeard:
    """All phones in hearing, just now: worthless in a moment."""

    report: PresenceReported


@dataclass(frozen=True, slots=True)
class PhoneAnswered:
    """What a phone said to a challenge."""

    given: ProofGiven


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker took the connection."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The broker is away."""


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """The server's retained state."""

    online: bool


@dataclass(frozen=True, slots=True)
class AckReceived:
    """The server has everything of `install` up to and including `seq`."""

    install: str
    seq: int


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A command that has not expired."""

    id: UUID
    command: Show | Print | Speak | ProofWanted


@dataclass(frozen=True, slots=True)
class BoardReceived:
    """The board of this agent's area."""

    board: BoardView


@dataclass(frozen=True, slots=True)
class KeysReceived:
    """A key set whose signature and counter are right."""

    keys: KeySet


@dataclass(frozen=True, slots=True)
class RevocationsReceived:
    """A revocation list whose signature and counter are right."""

    revoked: RevocationList


@dataclass(frozen=True, slots=True)
class ClockJudged:
    """Whether the system's clock is synchronised."""

    synced: bool


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """The outbox could not write `seq`: the disk is full, or broken."""

    seq: int


@dataclass(frozen=True, slots=True)
class Tick:
    """The timer that `wakeup` asked for."""


Input = (
    CodeRead
    | HelpPressed
    | ChildChosen
    | SearchMade
    | OfferPressed
    | PhoneCameNear
    | PhonesHeard
    | PhoneAnswered
    | Connected
    | Disconnected
    | ServerSeen
    | AckReceived
    | CommandReceived
    | BoardReceived
    | KeysReceived
    | RevocationsReceived
    | ClockJudged
    | StoreFailed
    | Tick
)

# ---- what the screen is told ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card was read; an answer is on its way."""

    scan: UUID


@dataclass(frozen=True, slots=True)
class Answered:
    """The server's answer to a scan made here."""

    show: Show


@dataclass(frozen=True, slots=True)
class Refused:
    """The card can't be used; what happened and what to do next."""

    code: str
    what: Text
    todo: Text


@dataclass(frozen=True, slots=True)
class ProvisionalTicket:
    """No answer in time: a number of this kiosk's own, good until the server is back."""

    scan: UUID
    ticket: str


@dataclass(frozen=True, slots=True)
class NotKept:
    """The scan could not be kept: the family must go to the desk."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Whether the server can be reached."""

    online: bool


@dataclass(frozen=True, slots=True)
class CardLists:
    """How old the lists are that cards are checked by; None when there is none."""

    keys_issued: datetime | None
    revoked_issued: datetime | None


@dataclass(frozen=True, slots=True)
class BoardShown:
    """What the hall's board says now."""

    board: BoardView


@dataclass(frozen=True, slots=True)
class TicketWanted:
    """Print this."""

    command: Print


@dataclass(frozen=True, slots=True)
class SpeechWanted:
    """Say this."""

    command: Speak


ScreenEvent = (
    CardSeen
    | Answered
    | Refused
    | ProvisionalTicket
    | NotKept
    | Connection
    | CardLists
    | BoardShown
    | TicketWanted
    | SpeechWanted
)

# ---- effects: to be done in their order ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provisionals:
    """How many provisional numbers were given on a day; kept in the outbox with the event."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Store:
    """Make durable before anything that follows."""

    seq: int
    leaf: str
    envelope: bytes
    provisionals: Provisionals | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """Publish the birth; `oldest_seq` is the oldest that may still come."""

    oldest_seq: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish a stored event, maybe again."""

    seq: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Publish once, and never again: it is not stored, and nothing of it is logged."""

    leaf: str
    envelope: bytes


@dataclass(frozen=True, slots=True)
class AskPhone:
    """Ask the phone that advertises `token` (18 hex digits) to prove itself."""

    token: str
    nonce: str
    window: int


@dataclass(frozen=True, slots=True)
class Forget:
    """The server has everything up to `seq`."""

    seq: int


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the screen."""

    what: ScreenEvent


Effect = Store | Announce | Publish | Tell | AskPhone | Forget | Say
