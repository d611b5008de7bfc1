"""CHK-1 as it is in the air."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from protocol.checkin_token import (
    APPLE,
    ASK,
    NAMESPACE,
    SERVICE,
    UNASSIGNED,
    Carrier,
    CheckinToken,
    Flags,
    as_ibeacon,
    read_token,
    rolling_key,
    seconds_left,
    token_at,
    tokens_in,
    window_of,
)

KEYS = st.binary(min_size=16, max_size=16)
VALUES = st.binary(min_size=9, max_size=9)
KEY = bytes(range(16))
NOON = 1772424000
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"


@given(VALUES, st.sampled_from(list(Flags)))
def test_a_token_is_read_as_it_was_made(value: bytes, flags: Flags) -> None:
    token = CheckinToken(value, flags)
    assert read_token(bytes(token)) == token
    assert token.uuid.bytes == bytes(token)


@given(st.binary(max_size=20))
def test_whatever_is_in_the_air_is_a_token_or_none(raw: bytes) -> None:
    token = read_token(raw)
    assert token is None or (len(raw) == 16 and raw.startswith(NAMESPACE))


def test_flags_of_a_later_version_of_the_app_are_ignored() -> None:
    raw = bytearray(bytes(token_at(KEY, NOON)))
    raw[6] |= 0x0F
    assert read_token(bytes(raw)) == token_at(KEY, NOON, Flags.CAN_PROVE)


@given(KEYS)
def test_the_rolling_key_is_hkdf_as_the_standard_has_it(key: bytes) -> None:
    assert rolling_key(key) == HKDF(SHA256(), 16, None, b"CHK-RPIK").derive(key)


def test_a_token_lasts_for_its_window_and_no_longer() -> None:
    start = window_of(NOON) * 900
    assert token_at(KEY, start) == token_at(KEY, start + 899.999)
    assert token_at(KEY, start) != token_at(KEY, start + 900)
    assert seconds_left(start + 899) == 1


@given(KEYS, KEYS)
def test_two_keys_have_two_tokens(one: bytes, other: bytes) -> None:
    assert (token_at(one, NOON) == token_at(other, NOON)) == (one == other)


TOKEN = token_at(KEY, NOON, Flags.CAN_PROVE)


@pytest.mark.parametrize(
    ("carrier", "uuids", "manufacturer"),
    [
        (Carrier.SERVICE_UUID, [BATTERY, str(TOKEN.uuid)], {}),
        (Carrier.IBEACON, [BATTERY], {APPLE: as_ibeacon(TOKEN, 7, 9)}),
        (Carrier.MANUFACTURER, [], {UNASSIGNED: bytes(TOKEN)}),
        (Carrier.MANUFACTURER, [], {0x0822: bytes(TOKEN)}),
    ],
)
def test_each_carrier_is_found(
    carrier: Carrier, uuids: list[str], manufacturer: dict[int, bytes]
) -> None:
    [found] = tokens_in(uuids, manufacturer)
    assert (found.token, found.carrier) == (TOKEN, carrier)


def test_a_token_in_two_carriers_is_one() -> None:
    [found] = tokens_in([str(TOKEN.uuid)], {APPLE: as_ibeacon(TOKEN)})
    assert found.carrier is Carrier.SERVICE_UUID


def test_old_and_new_uuids_together_are_two_tokens() -> None:
    later = token_at(KEY, NOON + 900)
    assert [each.token.value for each in tokens_in([str(TOKEN.uuid), str(later.uuid)], {})] == [
        TOKEN.value,
        later.value,
    ]


@pytest.mark.parametrize(
    ("uuids", "manufacturer"),
    [
        ([BATTERY, str(SERVICE), str(ASK)], {}),
        (["d2295026-6540-1", "d2295026-6540-1zzz-zzzz-zzzzzzzzzzzz", ""], {}),
        ([str(TOKEN.uuid) + "00"], {}),
        ([], {APPLE: as_ibeacon(TOKEN)[:-1], UNASSIGNED: bytes(TOKEN) + b"\0"}),
        ([], {APPLE: b"", UNASSIGNED: NAMESPACE}),
    ],
)
def test_what_only_looks_like_a_token_is_none(
    uuids: list[str], manufacturer: dict[int, bytes]
) -> None:
    assert tokens_in(uuids, manufacturer) == ()


@given(st.lists(st.text(max_size=40)), st.dictionaries(st.integers(), st.binary(max_size=30)))
def test_hostile_advertisements_do_no_harm(
    uuids: list[str], manufacturer: dict[int, bytes]
) -> None:
    tokens_in([f"d2295026-6540-1{text}" for text in uuids], manufacturer)
