"""Events as JSON and back. The name of the class is the type; fields are named as in `core.events`."""

from typing import Final

import msgspec

from queue_server.core.events import EVENTS, Event
from queue_server.errors import JournalDamaged

_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final = {name: msgspec.json.Decoder(kind) for name, kind in EVENTS.items()}


def encode_event(event: Event) -> tuple[str, str | None, str]:
    """Type, visit (when it is about one) and JSON body of an event."""
    visit = getattr(event, "visit", None)
    return type(event).__name__, visit, _ENCODER.encode(event).decode()


def decode_event(position: int, type_name: str, body: str) -> Event:
    """Read a stored event; fields it does not know are ignored, missing ones take their default.

    Raises:
        JournalDamaged: the type is unknown, or the body does not fit it.
    """
    decoder = _DECODERS.get(type_name)
    if decoder is None:
        raise JournalDamaged(
            f"Event {position} of the journal is of the unknown type {type_name!r}. It was written by a newer "
            "version, or is damaged: start the version that wrote it, or restore the journal from a backup."
        )
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise JournalDamaged(
            f"Event {position} of the journal ({type_name}) can't be read: {error}. "
            "Run 'queue-server journal check', and restore the journal from a backup."
        ) from error
