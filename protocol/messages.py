"""Everything that travels in an envelope's `data`, one frozen model a kind.

Unknown fields are ignored, so that an older program understands a newer one. Times are aware UTC datetimes.
No message carries a patient's name or document number; masked names (张*宝) are as far as it goes. One, `FamilySought`, carries a
birthday: it lives for seconds, is stored nowhere, and nothing of it is logged.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from protocol.checkin_token.carriers import Carrier
from protocol.identifiers import Install, Name

CardText = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
TokenText = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{18}$")]
"""T of a check-in token (CHK-1) as 18 hex digits; see `protocol.checkin_token`."""
Dbm = Annotated[float, Field(ge=-127, le=20)]
TicketText = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,16}$")]


class Message(BaseModel):
    """Base of all messages: frozen, tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    """The envelope's `type`; the number at its end rises when a message changes its meaning."""


class Text(BaseModel):
    """One sentence or name in both languages."""

    model_config = ConfigDict(frozen=True)

    zh: str
    en: str


# ---- agent → server, durable: carried with a seq and acknowledged ------------------------------


class ScanSource(StrEnum):
    """Where a card was read."""

    CAMERA = "camera"
    SCANNER = "scanner"
    PICTURE = "picture"


class CardScanned(Message):
    """An agent read something that may be a visit card (after debouncing)."""

    kind = "daozhen.card.scanned.v1"

    text: CardText
    """What was read, canonical if the agent knew the scheme. The server checks it again."""
    source: ScanSource
    reader: str = Field(default="", max_length=40)
    verdict: str = Field(default="", max_length=40)
    """The agent's own check: `valid` or the problem's code."""
    visit: str | None = Field(default=None, max_length=80)
    """Which child, when the card is for several and the family was asked (`Show.choices`)."""
    doctor: str | None = Field(default=None, max_length=60)
    """Whom the family chose, where the line lets it choose."""


class ProvisionalGiven(Message):
    """The kiosk had no answer in time and gave a number of its own; it becomes an alias of the visit's."""

    kind = "daozhen.ticket.provisional.v1"

    scan: UUID
    """The id of the envelope that carried the scan."""
    text: CardText
    """The card's text again, so that this message stands alone."""
    ticket: TicketText
    """E.g. `K07-012`: the kiosk's prefix, and its count of today."""


class ButtonPressed(Message):
    """Somebody pressed a button on a kiosk that people must see to."""

    kind = "daozhen.button.pressed.v1"

    button: Literal["help"]


class OfferAnswered(Message):
    """The family takes the tests before the consult that were offered (诊前检验), or does not."""

    kind = "daozhen.offer.answered.v1"

    scan: UUID
    """The id of the envelope that carried the scan after which the offer was shown."""
    visit: str = Field(min_length=1, max_length=80)
    accepted: bool


class FamilySought(Message):
    """A family without its card looks itself up: the end of the guardian's phone number, and the child's birthday.

    Perishable: it carries an `expirytime` and no seq, and no agent stores it. The server keeps only a keyed hash of the two.
    """

    kind = "daozhen.family.sought.v1"

    tail: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    """Last four digits of the guardian's phone number."""
    born: date
    visit: str | None = Field(default=None, max_length=80)
    """Which child, when there were several and the family was asked (`Show.choices`)."""


class Sighting(BaseModel):
    """One phone as one agent heard it during the seconds of a report. Levels have the agent's offset taken off."""

    model_config = ConfigDict(frozen=True)

    token: TokenText
    carrier: Carrier
    track: int = Field(ge=1, lt=2**53)
    """The same phone under a new token keeps it, as long as this agent can tell; means nothing elsewhere or after a restart."""
    can_prove: bool = False
    """The phone says that it answers a challenge."""
    count: int = Field(ge=1)
    """Adverts heard."""
    addresses: int = Field(default=1, ge=1)
    """From how many Bluetooth addresses (counted up to 4). A phone changes its own now and then; a copy has another."""
    rssi_median_dbm: Dbm
    rssi_mean_dbm: Dbm
    rssi_max_dbm: Dbm
    level_dbm: Dbm
    """The agent's smoothed level, by which it judges `near`; remembers more than this report's adverts."""
    first_s: float = Field(ge=0)
    """How long before the envelope's `time` the first advert of this report was heard."""
    last_s: float = Field(ge=0)
    """The same of the last one."""
    near: bool = False
    """The agent's judgement, with hysteresis: the phone is within its reach."""


class PhoneNear(Message):
    """A phone came near this agent and stayed: ground for a check-in. Durable; sent once a stay.

    The envelope's `time` is when the agent was sure; the phone has been near since `near_s` before that.
    """

    kind = "daozhen.presence.near.v1"

    sighting: Sighting
    near_s: float = Field(ge=0)


# ---- agent → server, momentary -----------------------------------------------------------------


class PresenceReported(Message):
    """What an agent heard of phones in the last `window_s`. Perishable: it carries an `expirytime` and no seq."""

    kind = "daozhen.presence.reported.v1"

    window_s: float = Field(gt=0)
    offset_db: float = 0.0
    """The agent's calibration, which was subtracted from what its radio said."""
    sightings: tuple[Sighting, ...] = Field(default=(), max_length=128)
    left_out: int = Field(default=0, ge=0)
    """Phones that were heard and have no room in this report; they come first in the next ones."""


class ProofProblem(StrEnum):
    """Why a phone gave no proof."""

    NOT_HEARD = "not_heard"
    """This agent does not hear the token any more."""
    BUSY = "busy"
    """The agent is asking another phone."""
    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    NO_BLUETOOTH = "no_bluetooth"


class ProofGiven(Message):
    """What a phone answered to a `ProofWanted`; the server checks it, for the agent has no keys."""

    kind = "daozhen.presence.proof.v1"

    token: TokenText
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    proof: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None
    problem: ProofProblem | None = None
    """Set when there is no proof."""


class AgentState(Message):
    """Birth (retained) and last will of an agent. Birth numbers as in Sparkplug: a will only ends its own birth."""

    kind = "daozhen.agent.state.v1"

    online: bool
    birth: int = Field(ge=0)
    oldest_seq: int = Field(default=1, ge=1)
    """The smallest seq still in the outbox, or the next one when it is empty: nothing older will ever come."""
    role: Literal["kiosk", "door", "corridor"] = "kiosk"
    area: Name | None = None
    version: str = Field(default="", max_length=40)
    can: tuple[str, ...] = ()
    """What it can do: `camera`, `scanner`, `screen`, `printer`, `voice`, `bluetooth`."""


class PartHealth(BaseModel):
    """One part of an agent: a camera, a scanner, Bluetooth, the card lists, the outbox."""

    model_config = ConfigDict(frozen=True)

    part: str = Field(max_length=80)
    ok: bool
    sentence: str = Field(default="", max_length=300)
    text: Text | None = None
    """The sentence in both languages, where somebody on the spot must do something."""


class AgentHealth(Message):
    """Sent every so often while connected."""

    kind = "daozhen.agent.health.v1"

    outbox_waiting: int = Field(ge=0)
    outbox_oldest_s: float | None = None
    scans: int = Field(default=0, ge=0)
    parts: tuple[PartHealth, ...] = ()


# ---- server → agent ----------------------------------------------------------------------------


class Acknowledged(Message):
    """Everything of this install up to and including `seq` is durable at the server; the agent may forget it."""

    kind = "daozhen.agent.acknowledged.v1"

    install: Install
    seq: int = Field(ge=0)


class StepView(BaseModel):
    """One step of a visit as a family sees it."""

    model_config = ConfigDict(frozen=True)

    group: Text
    place: Text
    """Where to go, in words: `2 楼 B 区` / `Floor 2, area B`."""
    state: str
    """A step state: planned, ready, waiting, held, called, serving, done, missed …"""
    is_return: bool = False
    ticket: str | None = None


class WaitRange(BaseModel):
    """How long a family will probably wait, in minutes; 8 of 10 wait neither less nor more."""

    model_config = ConfigDict(frozen=True)

    low: int = Field(ge=0)
    high: int = Field(ge=0)


class WayLevel(BaseModel):
    """A floor that a way leads over: its id on the map, and what it is called (`3F`)."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=80)
    name: Text


class WayStep(BaseModel):
    """One sentence of a way, and where it ends."""

    model_config = ConfigDict(frozen=True)

    icon: str = Field(max_length=20)
    """A turn's side (`left`, `slight_right`, `back` …), `lift`, `stairs`, `escalator`, `ramp` or `arrive`."""
    level: str = Field(max_length=80)
    text: Text
    said: Text
    """The same to be spoken: numbers in words, no brackets."""


class Way(BaseModel):
    """The way from where an answer is shown to where the family goes next. Nothing of the patient is in it."""

    model_config = ConfigDict(frozen=True)

    place: Text
    """Where it leads."""
    summary: Text
    """`步行约3分钟，150米，到2楼`."""
    seconds: float = Field(ge=0)
    metres: float = Field(ge=0)
    steps: tuple[WayStep, ...]
    levels: tuple[WayLevel, ...] = ()
    """The floors, in the order of travel."""
    notes: tuple[Text, ...] = ()
    """Why it is another way than usual: what is closed."""
    ticket: Text
    """Short lines for paper, at most 24 Chinese characters wide."""
    end: str = Field(default="", max_length=120)
    """Where it leads, as the map or the site file names it; empty when not known."""
    token: str = Field(default="", max_length=200)
    """Opaque, for a time: the server draws the way, and shows it on a phone, to whoever has it."""
    url: str = Field(default="", max_length=400)
    """The phone's page of it, for a QR code; empty where phones can't reach the server."""


class PayRequest(BaseModel):
    """Something to pay, and where: for a QR code that any phone can read, and for the family's own page."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=120)
    """The bill's: the same as long as the same things are owed."""
    items: tuple[Text, ...] = ()
    """What is to be paid."""
    amount_fen: int | None = Field(default=None, ge=0)
    """In fen (1/100 yuan); None where this hospital does not tell."""
    url: str = Field(default="", max_length=400)
    """The page that takes the money; empty where phones can't reach the server, or money is taken at windows only."""


class Stand(BaseModel):
    """Where a visit stands now: what a family is told after a scan."""

    model_config = ConfigDict(frozen=True)

    visit: str
    ticket: str
    alias: str | None = None
    """A provisional number of the same visit; both slips work."""
    masked_name: str
    state: str
    """State of the step that `group`, `place` and `ahead` speak of."""
    group: Text
    place: Text
    ahead: int | None = Field(default=None, ge=0)
    wait: WaitRange | None = None
    """None when not waiting, or when no room of the line is at work."""
    room: Text | None = None
    """Where to go: set while called, being served, or asked to wait at the door."""
    slot: str | None = None
    """`09:00–10:00`, local time of the site."""
    is_return: bool = False
    already: bool = False
    """True when an earlier scan had checked this visit in."""
    steps: tuple[StepView, ...] = ()
    offer: tuple[Text, ...] = ()
    """Tests before the consult that are offered and not yet answered (诊前检验)."""
    to_pay: bool = False
    """Something that was ordered must be paid before it is done."""
    pay_at: Text | None = None
    """With `to_pay`, where to go first: a cashier and where it is; None where the site has none, or the family is called."""
    way: Way | None = None
    """How to get there from the kiosk that asked; None where the server has no map of it."""
    pay: PayRequest | None = None
    """With `to_pay`, where it can be paid by phone."""


class ChildChoice(BaseModel):
    """One of the children that a card is for."""

    model_config = ConfigDict(frozen=True)

    visit: str
    masked_name: str
    group: Text
    slot: str | None = None
    ticket: str | None = None
    """The number, when checked in already."""


class Problem(BaseModel):
    """Why a scan led to no check-in, and what to do next, for the family."""

    model_config = ConfigDict(frozen=True)

    code: str
    what: Text
    todo: Text


class Show(Message):
    """Answer to a scan: show it on the screen (and keep it off other screens)."""

    kind = "daozhen.agent.show.v1"

    scan: UUID
    """The id of the envelope that carried the scan."""
    stands: tuple[Stand, ...] = ()
    """One for each visit of today; usually one."""
    choices: tuple[ChildChoice, ...] = ()
    """The card is for several children, and it must be said which: the scan is sent again with the `visit` of one."""
    problem: Problem | None = None
    phone: str = Field(default="", max_length=400)
    """The family's own page on a phone, for a QR code (发到手机): good for today, and for the phone that opens it first.
    Never printed and never logged. Empty where phones can't reach the server."""


class Print(Message):
    """Print a ticket for a stand, with the way there when it has one."""

    kind = "daozhen.agent.print.v1"

    stand: Stand
    picture: str = Field(default="", max_length=48_000)
    """The way, drawn: PNG of 576 dots a row, black and white, base64; empty without one."""


class ProofWanted(Message):
    """Ask the phone that advertises `token` to prove that it holds its key (`protocol.checkin_token.challenge`)."""

    kind = "daozhen.agent.prove.v1"

    token: TokenText
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    window: int = Field(ge=0, lt=2**32)
    """The present one by the server's clock."""


class Speak(Message):
    """Say a sentence aloud."""

    kind = "daozhen.agent.speak.v1"

    text: Text
    times: int = Field(default=1, ge=1, le=3)


# ---- server → everybody ------------------------------------------------------------------------


class Called(BaseModel):
    """One ticket on a board."""

    model_config = ConfigDict(frozen=True)

    ticket: str
    masked_name: str = ""
    """Empty when another child on this board has the same."""
    is_return: bool = False
    times: int = 1
    """1 for the call, 2 and more for recalls."""
    at: datetime | None = None
    badge: str = ""
    badge_en: str = ""
    """Character of the priority class (急, 军, 幼), so that others see why."""
    add_on: bool = False
    """Added beyond the slots (加号)."""
    at_door: bool = False
    """Asked to wait at the door of the room (二次候诊)."""
    urgent: bool = False
    """Of an emergency level: read out before all others."""


class VoiceRules(BaseModel):
    """How an area's calls are read out."""

    model_config = ConfigDict(frozen=True)

    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    times: int = Field(default=2, ge=1, le=5)
    volume: int = Field(default=80, ge=0, le=100)
    """In percent of the loudest."""
    quiet: tuple[tuple[time, time], ...] = ()
    """Spans of the day, local time, in which nothing is read out."""
    doors: bool = True
    """Whether calls to the door of a room (二次候诊) are read out too."""
    notices: bool = False
    """Whether messages for everybody are read out once."""
    readings: dict[str, str] = Field(default_factory=dict)
    """What stands in a sentence → what is read instead, for names with two readings (单 → 善)."""


class PointView(BaseModel):
    """One room or window on a board."""

    model_config = ConfigDict(frozen=True)

    point: str
    name: Text
    staff: Text | None = None
    open: bool
    group: Text
    kind: str = ""
    """Of its line: `clinic`, `lab`, `exam`, `cashier`, `pharmacy`."""
    serving: Called | None = None
    called: Called | None = None
    next: tuple[Called, ...] = ()
    waiting: int = 0
    reason: str = ""
    """Why it takes nobody, as a member of staff wrote it."""


class BoardView(Message):
    """All that a hall sees; a pure function of the state. `revision` rises with every change."""

    kind = "daozhen.board.v1"

    area: Name
    name: Text
    revision: int = Field(ge=0)
    points: tuple[PointView, ...] = ()
    missed: tuple[str, ...] = ()
    at_lab: int = 0
    preparing: tuple[str, ...] = ()
    """Numbers whose drugs are being prepared: they are called when all is ready."""
    notices: tuple[Text, ...] = ()
    """Messages for everybody here (广播), the newest first."""
    voice: VoiceRules | None = None


class CallMade(Message):
    """A family was called (or recalled) to a point."""

    kind = "daozhen.call.made.v1"

    call: str
    ticket: str
    masked_name: str
    group: Text
    area: Name
    point: Name
    room: Text
    times: int
    at: datetime


class ServerState(Message):
    """Retained; agents show "offline" when it says so. The last will is `online=False`."""

    kind = "daozhen.server.state.v1"

    online: bool
    started: datetime | None = None


MESSAGES: dict[str, type[Message]] = {
    model.kind: model
    for model in (
        CardScanned,
        ProvisionalGiven,
        ButtonPressed,
        OfferAnswered,
        FamilySought,
        PhoneNear,
        PresenceReported,
        ProofGiven,
        AgentState,
        AgentHealth,
        Acknowledged,
        Show,
        Print,
        ProofWanted,
        Speak,
        BoardView,
        CallMade,
        ServerState,
    )
}
"""Every kind of message by the envelope's `type`."""
