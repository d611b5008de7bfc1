"""What travels, and what happens to what can't be read."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import (
    MAX_BYTES,
    MESSAGES,
    BoardView,
    CardScanned,
    ClockState,
    Envelope,
    Received,
    ScanSource,
    Text,
    Unreadable,
    UnreadableReason,
    agent_source,
    decode,
    encode,
    seal,
    uuid7,
    wrap,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
INSTALL = "00112233445566aa"


def scanned(**more: object) -> Envelope:
    message = CardScanned(text="EVC1ABC", source=ScanSource.CAMERA)
    given_fields: dict[str, object] = {
        "id": uuid7(1_700_000_000_000, bytes(10)),
        "source": agent_source("north", "k01"),
        "time": NOON,
        "site": "north",
        "install": INSTALL,
        "seq": 7,
    }
    return wrap(message, **{**given_fields, **more})  # type: ignore[arg-type]  # by name


def reason(raw: bytes) -> UnreadableReason:
    unreadable = decode(raw)
    assert isinstance(unreadable, Unreadable)
    return unreadable.reason


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(encode(scanned())), **fields}).encode()


def test_what_is_sent_is_what_is_received() -> None:
    received = decode(encode(scanned()))
    assert isinstance(received, Received)
    assert received.envelope == scanned()
    assert received.message == CardScanned(text="EVC1ABC", source=ScanSource.CAMERA)


@pytest.mark.parametrize(
    "more",
    [
        {"install": INSTALL, "seq": 7},
        {"expirytime": NOON + timedelta(seconds=60)},
        {"time": NOON.astimezone(timezone(timedelta(hours=8)))},
        {"clockstate": ClockState.UNSYNCED},
    ],
)
def test_sealing_gives_what_wrapping_and_encoding_gives(more: dict[str, object]) -> None:
    message = BoardView(area="east", name=Text(zh="东区", en="East"), revision=3)
    given_fields: dict[str, object] = {
        "id": uuid7(1_700_000_000_000, bytes(10)),
        "source": agent_source("north", "k01"),
        "time": NOON,
        "site": "north",
        **more,
    }
    sealed = seal(message, **given_fields)  # type: ignore[arg-type]  # by name
    wrapped = encode(wrap(message, **given_fields))  # type: ignore[arg-type]  # by name
    assert json.loads(sealed) == json.loads(wrapped)
    assert decode(sealed) == decode(wrapped)


def test_the_envelope_is_a_cloud_event() -> None:
    event = json.loads(encode(scanned()))
    assert event["specversion"] == "1.0"
    assert {"id", "source", "type", "time", "datacontenttype", "data"} <= event.keys()
    assert all(name.isalnum() and name.islower() for name in event)


def test_unknown_fields_are_ignored() -> None:
    assert isinstance(decode(changed(colour="blue")), Received)
    assert isinstance(decode(changed(data={"text": "A", "source": "camera", "mood": 1})), Received)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", UnreadableReason.NOT_JSON),
        (b"\xff\xfe{}", UnreadableReason.NOT_JSON),
        (b"[]", UnreadableReason.NOT_AN_ENVELOPE),
        (b'"x"', UnreadableReason.NOT_AN_ENVELOPE),
        (b"[" * 100_00, UnreadableReason.NOT_JSON),
        (b"x" * (MAX_BYTES + 1), UnreadableReason.TOO_BIG),
        (b"x" * 1_000_000, UnreadableReason.TOO_BIG),
        (changed(type="daozhen.unheard.of.v1"), UnreadableReason.UNKNOWN_KIND),
        (changed(data={"text": ""}), UnreadableReason.BAD_DATA),
        (changed(data={"text": "A" * 5000, "source": "camera"}), UnreadableReason.BAD_DATA),
        (changed(seq=0), UnreadableReason.NOT_AN_ENVELOPE),
        (changed(seq=2**60), UnreadableReason.NOT_AN_ENVELOPE),
        (changed(time="yesterday"), UnreadableReason.NOT_AN_ENVELOPE),
        (changed(time="2026-03-02T12:00:00"), UnreadableReason.NOT_AN_ENVELOPE),
        (changed(site="../etc"), UnreadableReason.NOT_AN_ENVELOPE),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_payload_that_cant_be_read_says_why(raw: bytes, expected: UnreadableReason) -> None:
    assert reason(raw) is expected


def test_the_place_of_a_poison_message_is_saved_so_that_it_can_be_acknowledged() -> None:
    unreadable = decode(changed(type="daozhen.unheard.of.v1"))
    assert isinstance(unreadable, Unreadable)
    assert (unreadable.install, unreadable.seq) == (INSTALL, 7)
    half = decode(json.dumps({"install": INSTALL, "seq": 9}).encode())
    assert isinstance(half, Unreadable)
    assert (half.install, half.seq) == (INSTALL, 9)


def test_a_reason_never_repeats_what_was_sent() -> None:
    unreadable = decode(changed(data={"text": "", "source": "secret-of-a-family"}))
    assert isinstance(unreadable, Unreadable)
    assert "secret-of-a-family" not in unreadable.detail


def test_a_message_expires() -> None:
    envelope = scanned(expirytime=NOON + timedelta(seconds=30))
    assert not envelope.expired(NOON)
    assert envelope.expired(NOON + timedelta(seconds=31))


@given(st.binary(max_size=300))
def test_no_bytes_raise(raw: bytes) -> None:
    decode(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_raises(value: object) -> None:
    decode(json.dumps(value).encode())


def test_every_kind_carries_its_version() -> None:
    assert all(
        kind.startswith("daozhen.") and kind.rsplit(".v", 1)[1].isdigit() for kind in MESSAGES
    )


@given(st.integers(0, 2**48 - 1), st.integers(1, 1000))
def test_ids_sort_by_time(ms: int, later: int) -> None:
    first, second = uuid7(ms, b"\xff" * 10), uuid7(min(ms + later, 2**48 - 1), bytes(10))
    assert first < second or ms + later >= 2**48
    assert (first.version, first.variant) == (7, RFC_4122)
