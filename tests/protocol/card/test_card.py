"""The visit card: one text a card, and an answer to everything that is held up."""

import base64
from datetime import UTC, date, datetime, timedelta

import cv2
import numpy as np
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.card import (
    SENTENCES,
    WINDOW_S,
    BadCardFields,
    BadSignedList,
    Card,
    ForeignCard,
    Issuer,
    Key,
    KeySet,
    Problem,
    Revocation,
    RevocationList,
    Use,
    check_card,
    open_key_set,
    open_revocations,
    prove,
    qr,
    read_card,
    sign_key_set,
    sign_revocations,
)

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ISSUER = Issuer(1, SECRET)
CARD_ID = bytes(range(10))
STATIC = ISSUER.static(CARD_ID, FIRST, LAST)


def key(kid: int = 1, **more: object) -> Key:
    fields: dict[str, object] = {
        "kid": kid,
        "public": base64.b64encode(SECRET.public_key().public_bytes_raw()),
        "first_day": date(2025, 1, 1),
        "last_day": date(2027, 1, 1),
        "uses": frozenset(Use),
    }
    return Key.model_validate({**fields, **more})


def key_set(*keys: Key, counter: int = 1) -> KeySet:
    return KeySet(counter=counter, issued_at=NOW, keys=keys or (key(),))


def verdict(
    text: str,
    *,
    keys: KeySet | None = None,
    revoked: RevocationList | None = None,
    now: datetime = NOW,
    today: date = TODAY,
) -> Problem | None:
    card = read_card(text)
    if isinstance(card, Problem):
        return card
    assert isinstance(card, Card)
    return check_card(card, keys or key_set(), revoked, now=now, today=today)


def test_a_static_card_is_134_characters_and_a_version_6_code() -> None:
    assert (len(STATIC), qr.version(STATIC)) == (134, 6)
    assert verdict(STATIC) is None


def test_a_holder_key_card_fits_version_10() -> None:
    holder = generate_private_key(SECP256R1())
    text = prove(ISSUER.credential(CARD_ID, FIRST, LAST, holder.public_key()), holder, NOW)
    assert (len(text), qr.version(text)) == (296, 10)
    assert verdict(text) is None


def test_a_holder_key_card_needs_the_very_key_and_the_readers_own_challenge() -> None:
    holder, thief = (generate_private_key(SECP256R1()) for _ in range(2))
    credential = ISSUER.credential(CARD_ID, FIRST, LAST, holder.public_key())
    assert verdict(prove(credential, thief, NOW)) is Problem.BAD_SIGNATURE
    challenged = read_card(prove(credential, holder, NOW, b"k07"))
    assert isinstance(challenged, Card)
    for audience, expected in ((b"k07", None), (b"k08", Problem.BAD_SIGNATURE)):
        assert (
            check_card(challenged, key_set(), None, now=NOW, today=TODAY, audience=audience)
            is expected
        )


@pytest.mark.parametrize(
    ("windows", "expected"),
    [(0, None), (1, None), (-1, None), (2, Problem.CODE_TOO_OLD), (-2, Problem.CODE_FROM_FUTURE)],
)
def test_a_dynamic_code_dies_with_its_window(windows: int, expected: Problem | None) -> None:
    text = ISSUER.dynamic(CARD_ID, FIRST, LAST, NOW)
    assert len(text) == 140
    assert verdict(text, now=NOW + timedelta(seconds=windows * WINDOW_S)) is expected


def test_days_are_inclusive() -> None:
    assert [verdict(STATIC, today=day) for day in (FIRST, LAST)] == [None, None]
    assert verdict(STATIC, today=FIRST - timedelta(1)) is Problem.NOT_YET_VALID
    assert verdict(STATIC, today=LAST + timedelta(1)) is Problem.EXPIRED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kid": 2}, Problem.UNKNOWN_KEY),
        ({"status": "revoked"}, Problem.KEY_NOT_VALID),
        ({"status": "retired"}, None),
        ({"uses": frozenset({Use.DYNAMIC})}, Problem.KEY_NOT_VALID),
        ({"last_day": date(2026, 3, 1)}, Problem.KEY_NOT_VALID),
        ({"first_day": date(2026, 3, 3)}, Problem.KEY_NOT_VALID),
    ],
)
def test_a_card_is_as_good_as_its_key(changes: dict[str, object], expected: Problem | None) -> None:
    assert verdict(STATIC, keys=key_set(key(**{"kid": 1, **changes}))) is expected  # type: ignore[arg-type]  # by name


def test_a_card_signed_by_somebody_else_is_not_good() -> None:
    forged = Issuer(1, Ed25519PrivateKey.generate()).static(CARD_ID, FIRST, LAST)
    assert verdict(forged) is Problem.BAD_SIGNATURE


def test_a_static_signature_is_no_good_under_another_kind() -> None:
    assert verdict("EVC3" + STATIC[4:]) is Problem.DAMAGED


@pytest.mark.parametrize(
    ("entry", "dead"),
    [
        (Revocation(card=CARD_ID.hex()), True),
        (Revocation(card=CARD_ID.hex()[:8]), True),
        (Revocation(card=CARD_ID.hex(), below=1), True),
        (Revocation(card="f" * 20), False),
    ],
)
def test_a_revoked_card_is_dead(entry: Revocation, dead: bool) -> None:
    revoked = RevocationList(counter=1, issued_at=NOW, entries=(entry,))
    assert verdict(STATIC, revoked=revoked) is (Problem.REVOKED if dead else None)


def test_a_card_issued_again_outlives_the_revocation_of_the_old_one() -> None:
    again = ISSUER.static(CARD_ID, FIRST, LAST, sequence=1)
    revoked = RevocationList(
        counter=1, issued_at=NOW, entries=(Revocation(card=CARD_ID.hex(), below=1),)
    )
    assert verdict(again, revoked=revoked) is None


@given(st.integers(0, len(STATIC) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_any_changed_character_is_noticed(at: int, character: str) -> None:
    changed = STATIC[:at] + character + STATIC[at + 1 :]
    assert (verdict(changed) is None) == (changed == STATIC)


@given(st.integers(0, len(STATIC) - 1))
def test_any_part_of_a_card_is_no_card(length: int) -> None:
    assert verdict(STATIC[:length]) in (Problem.DAMAGED, Problem.NOT_A_CARD)


@given(st.binary(max_size=1500))
def test_whatever_is_held_up_has_an_answer(raw: bytes) -> None:
    read_card(raw)


@given(st.text(max_size=400))
def test_whatever_begins_like_a_card_has_an_answer(rest: str) -> None:
    read_card("EVC1" + rest)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"A" * 4096,
        b"\xff\xfe",
        b"EVC1\x00ABC",
        "就诊卡".encode(),
        b"https://pay.example/1",
        b"EVC",
        STATIC.encode() * 40,
    ],
)
def test_what_is_no_card_is_said_to_be_none(raw: bytes) -> None:
    assert read_card(raw) in (Problem.NOT_A_CARD, Problem.DAMAGED)


@pytest.mark.parametrize("text", [f" {STATIC}\r\n", STATIC.lower()])
def test_a_keyboard_scanner_may_add_line_ends_or_lose_capitals(text: str) -> None:
    assert verdict(text) is None


def test_the_unused_bits_of_the_last_character_must_be_zero() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    text = STATIC[:-1] + alphabet[alphabet.index(STATIC[-1]) ^ 1]
    assert verdict(text) in (Problem.DAMAGED, Problem.BAD_SIGNATURE)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("ab" * 32, "health"),
        ("AB" * 32 + ":1", "health"),
        ("1" * 28, "insurance"),
        ("HIS-20260302", "his"),
    ],
)
def test_cards_of_other_schemes_are_handed_on(text: str, scheme: str) -> None:
    card = read_card(text)
    assert isinstance(card, ForeignCard)
    assert card.scheme == scheme


@given(
    st.binary(min_size=10, max_size=10),
    st.integers(0, 255),
    st.dates(date(2020, 1, 1), date(2199, 1, 1)),
    st.integers(0, 3000),
)
def test_what_is_written_is_what_is_read(
    card_id: bytes, sequence: int, first: date, days: int
) -> None:
    last = first + timedelta(days)
    if (last - date(2020, 1, 1)).days > 65535:
        return
    card = read_card(ISSUER.static(card_id, first, last, sequence))
    assert isinstance(card, Card)
    assert (card.card_id, card.sequence, card.first_day, card.last_day) == (
        card_id,
        sequence,
        first,
        last,
    )


@pytest.mark.parametrize("card_id", [b"", bytes(11)])
def test_a_card_that_cant_be_written_is_an_error_of_the_program(card_id: bytes) -> None:
    with pytest.raises(BadCardFields):
        ISSUER.static(card_id, FIRST, LAST)


def test_every_problem_says_what_happened_and_what_to_do() -> None:
    assert set(SENTENCES) == set(Problem)
    assert all(text.zh and text.en for pair in SENTENCES.values() for text in pair)


# ---- the signed lists ---------------------------------------------------------------------------


def test_a_key_set_is_taken_from_its_root_only() -> None:
    sealed = sign_key_set(key_set(), ROOT)
    assert open_key_set(sealed, ROOT.public_key()) == key_set()
    with pytest.raises(BadSignedList, match="signature"):
        open_key_set(sealed, SECRET.public_key())


def test_an_older_list_is_not_taken_back() -> None:
    known = key_set(counter=5)
    with pytest.raises(BadSignedList, match="not taken back"):
        open_key_set(sign_key_set(key_set(counter=4), ROOT), ROOT.public_key(), known)
    newer = RevocationList(counter=9, issued_at=NOW)
    sealed = sign_revocations(RevocationList(counter=8, issued_at=NOW), 1, SECRET)
    with pytest.raises(BadSignedList, match="not taken back"):
        open_revocations(sealed, key_set(), newer)


def test_a_revocation_list_needs_a_key_that_may_revoke() -> None:
    sealed = sign_revocations(RevocationList(counter=1, issued_at=NOW), 1, SECRET)
    assert open_revocations(sealed, key_set()).counter == 1
    with pytest.raises(BadSignedList, match="may not"):
        open_revocations(sealed, key_set(key(uses=frozenset({Use.STATIC}))))


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=1))
def test_no_changed_byte_of_a_list_passes(at: int, byte: bytes) -> None:
    sealed = sign_key_set(key_set(), ROOT)
    at %= len(sealed)
    changed = sealed[:at] + byte + sealed[at + 1 :]
    try:
        assert open_key_set(changed, ROOT.public_key()) == key_set()
    except BadSignedList:
        assert changed != sealed


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"signed":1,"by":2,"signature":3}'])
def test_a_damaged_list_is_said_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(BadSignedList):
        open_key_set(raw, ROOT.public_key())


# ---- pictures -----------------------------------------------------------------------------------


def test_other_readers_read_our_pictures() -> None:
    picture = cv2.imdecode(np.frombuffer(qr.png(STATIC), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert zxingcpp.read_barcodes(picture)[0].text == STATIC
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == STATIC


def test_a_terminal_shows_two_modules_a_character() -> None:
    lines = qr.terminal(STATIC).splitlines()
    assert len(lines[0]) == 41 + 8
    assert len(lines) == (41 + 8 + 1) // 2
    assert set("".join(lines)) <= set("█▀▄ ")


def test_a_drawing_is_svg() -> None:
    assert "<svg" in qr.svg(STATIC)


def test_a_list_signed_by_a_key_that_has_since_retired_keeps_dead_cards_dead() -> None:
    sealed = sign_revocations(RevocationList(counter=1, issued_at=NOW), 1, SECRET)
    assert open_revocations(sealed, key_set(key(status="retired"))).counter == 1
    with pytest.raises(BadSignedList):
        open_revocations(sealed, key_set(key(status="revoked")))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_strictest_revocation_of_a_card_counts(order: tuple[int, int]) -> None:
    both = (Revocation(card=CARD_ID.hex()), Revocation(card=CARD_ID.hex(), below=1))
    entries = tuple(both[at] for at in order)
    again = ISSUER.static(CARD_ID, FIRST, LAST, sequence=5)
    assert (
        verdict(again, revoked=RevocationList(counter=1, issued_at=NOW, entries=entries))
        is Problem.REVOKED
    )


def test_a_key_id_stands_in_a_set_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        key_set(key(), key())
