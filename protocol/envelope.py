"""The one envelope: CloudEvents 1.0 in structured JSON, with our extension attributes.

Extensions: `site`, `clockstate` (`synced` | `unsynced`), and for durable events `install` and a gap-free `seq`;
optionally `traceparent` (W3C Trace Context) and `expirytime` (RFC 3339; after it the message means nothing).

Reading never raises: what can't be read comes back as `Unreadable`, with whatever `install` and `seq` could be
saved, so that a poison message can be kept, acknowledged and never stops the stream.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import from_json, to_json

from protocol.identifiers import Install, Name
from protocol.messages import MESSAGES, Message

MAX_BYTES: Final = 64 * 1024
SPECVERSION: Final = "1.0"


class ClockState(StrEnum):
    """Whether the sender's clock was known to be right."""

    SYNCED = "synced"
    UNSYNCED = "unsynced"


class Envelope(BaseModel):
    """The attributes around a message. `source` is `/{site}/edge/{agent}` or `/{site}/server`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = SPECVERSION
    id: UUID
    type: Annotated[str, Field(min_length=1, max_length=100)]
    source: Annotated[str, Field(min_length=1, max_length=200)]
    time: AwareDatetime
    clockstate: ClockState = ClockState.SYNCED
    site: Name
    install: Install | None = None
    seq: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    traceparent: Annotated[str, Field(max_length=100)] | None = None
    expirytime: AwareDatetime | None = None
    datacontenttype: str = "application/json"
    data: dict[str, JsonValue]

    def expired(self, now: datetime) -> bool:
        """Whether the message has lost its meaning at `now` (aware)."""
        return self.expirytime is not None and now > self.expirytime


class UnreadableReason(StrEnum):
    """Why a payload could not be read; the code under which it is kept."""

    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    NOT_AN_ENVELOPE = "not_an_envelope"
    UNKNOWN_KIND = "unknown_kind"
    BAD_DATA = "bad_data"


@dataclass(frozen=True, slots=True)
class Received:
    """A payload that was read: the envelope's attributes, and the message it carried."""

    envelope: Envelope
    message: Message


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A payload that could not be read, and what could be saved of it."""

    reason: UnreadableReason
    detail: str
    install: str | None = None
    seq: int | None = None


def encode(envelope: Envelope) -> bytes:
    """Serialise; attributes that are None are left out."""
    return envelope.model_dump_json(exclude_none=True).encode()


def wrap(
    message: Message,
    *,
    id: UUID,
    source: str,
    time: datetime,
    site: str,
    clockstate: ClockState = ClockState.SYNCED,
    install: str | None = None,
    seq: int | None = None,
    expirytime: datetime | None = None,
) -> Envelope:
    """Put a message into its envelope."""
    return Envelope(
        id=id,
        type=message.kind,
        source=source,
        time=time,
        clockstate=clockstate,
        site=site,
        install=install,
        seq=seq,
        expirytime=expirytime,
        data=message.model_dump(mode="json"),
    )


def seal(
    message: Message,
    *,
    id: UUID,
    source: str,
    time: datetime,
    site: str,
    clockstate: ClockState = ClockState.SYNCED,
    install: str | None = None,
    seq: int | None = None,
    expirytime: datetime | None = None,
) -> bytes:
    """The same as `encode(wrap(…))` at a fraction of its cost; the caller vouches for the attributes."""
    head = {
        "specversion": SPECVERSION,
        "id": id,
        "type": message.kind,
        "source": source,
        "time": time,
        "clockstate": clockstate,
        "site": site,
        "install": install,
        "seq": seq,
        "expirytime": expirytime,
        "datacontenttype": "application/json",
    }
    attributes = to_json({name: value for name, value in head.items() if value is not None})
    return b'%b,"data":%b}' % (attributes[:-1], message.model_dump_json().encode())


def agent_source(site: str, agent: str) -> str:
    """The `source` of an agent."""
    return f"/{site}/edge/{agent}"


def server_source(site: str) -> str:
    """The `source` of a site's queue server."""
    return f"/{site}/server"


def decode(raw: bytes) -> Received | Unreadable:
    """Read a payload of at most `MAX_BYTES`."""
    if len(raw) > MAX_BYTES:
        return Unreadable(
            UnreadableReason.TOO_BIG, f"{len(raw)} bytes, at most {MAX_BYTES} are taken."
        )
    try:
        envelope = Envelope.model_validate_json(raw)
    except ValidationError as error:
        return _unreadable(raw, error)
    model = MESSAGES.get(envelope.type)
    if model is None:
        return Unreadable(
            UnreadableReason.UNKNOWN_KIND,
            f"No message of kind {envelope.type!r} is known; is the sender newer than this program?",
            envelope.install,
            envelope.seq,
        )
    try:
        # JSON mode: the data came from JSON, so strings stand for enums, times and tuples
        message = model.model_validate(envelope.data)
    except ValidationError as error:
        return Unreadable(
            UnreadableReason.BAD_DATA, _sentence(error), envelope.install, envelope.seq
        )
    return Received(envelope, message)


def _unreadable(raw: bytes, error: ValidationError) -> Unreadable:
    try:
        value = from_json(raw)
    except ValueError as json_error:
        return Unreadable(UnreadableReason.NOT_JSON, str(json_error))
    install, seq = _saved(value)
    return Unreadable(UnreadableReason.NOT_AN_ENVELOPE, _sentence(error), install, seq)


def _saved(value: object) -> tuple[str | None, int | None]:
    if not isinstance(value, dict):
        return None, None
    install, seq = value.get("install"), value.get("seq")
    return (
        install if isinstance(install, str) and len(install) == 16 else None,
        seq if isinstance(seq, int) and not isinstance(seq, bool) and 0 < seq < 2**53 else None,
    )


def _sentence(error: ValidationError) -> str:
    # never the input itself: it may hold what must not be logged
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'payload'}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)[:5]
    )
