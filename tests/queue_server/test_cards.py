"""Visit cards at the server: which lists are in force, and what a text is worth."""

import base64
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.card import (
    Issuer,
    Key,
    KeySet,
    Revocation,
    RevocationList,
    Use,
    sign_key_set,
    sign_revocations,
)
from queue_server.cards import CardDesk, CardFiles, CardVerdict, ScanMoment
from tests.queue_server.core.makers import NINE, TODAY, small_site

ROOT, SIGNER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
ISSUER = Issuer(1, SIGNER)
CARD_ID = bytes(range(10))
LAST = date(2026, 12, 31)
LIVE = ScanMoment(NINE, True, NINE)


def key_set(counter: int = 1) -> bytes:
    key = Key(
        kid=1,
        public=base64.b64encode(SIGNER.public_key().public_bytes_raw()),
        first_day=date(2026, 1, 1),
        last_day=LAST,
        uses=frozenset(Use),
    )
    keys = KeySet(counter=counter, issued_at=NINE, keys=(key,))
    return sign_key_set(keys, ROOT)


def revocations(counter: int, *entries: Revocation) -> bytes:
    revoked = RevocationList(counter=counter, issued_at=NINE, entries=entries)
    return sign_revocations(revoked, 1, SIGNER)


@pytest.fixture
def files(tmp_path: Path) -> CardFiles:
    write(tmp_path / "keys", key_set())
    write(tmp_path / "revoked", revocations(1))
    files = CardFiles(tmp_path / "keys", tmp_path / "revoked", ROOT.public_key())
    files.refresh()
    return files


def write(path: Path, content: bytes) -> None:
    """Write so that the change shows even within the clock's grain."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_bytes(content)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def judge(files: CardFiles, text: str, moment: ScanMoment = LIVE) -> CardVerdict:
    return CardDesk(lambda: files.lists, small_site().day).judge(text, moment)


def test_a_good_card_is_worth_its_id(files: CardFiles) -> None:
    assert judge(files, ISSUER.static(CARD_ID, TODAY, LAST)) == CardVerdict(CARD_ID.hex())


def test_a_card_of_another_scheme_is_left_to_the_register(files: CardFiles) -> None:
    assert judge(files, "HIS-4711") == CardVerdict("his:4711")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://example.org", "not_a_card"),
        ("EVC1AAAA", "damaged"),
        ("x" * 4096, "not_a_card"),
        ("EVC1\x07", "not_a_card"),
        (ISSUER.static(CARD_ID, TODAY, LAST)[:-8] + "AAAAAAAA", "bad_signature"),
        (Issuer(2, SIGNER).static(CARD_ID, TODAY, LAST), "unknown_key"),
        (Issuer(1, ROOT).static(CARD_ID, TODAY, LAST), "bad_signature"),
        (ISSUER.static(CARD_ID, date(2025, 1, 1), date(2025, 12, 31)), "expired"),
        (ISSUER.static(CARD_ID, date(2026, 6, 1), LAST), "not_yet_valid"),
    ],
)
def test_what_is_wrong_is_said(files: CardFiles, text: str, problem: str) -> None:
    assert judge(files, text).problem == problem


def test_a_revoked_card_is_refused_as_soon_as_the_list_changes(files: CardFiles) -> None:
    text = ISSUER.static(CARD_ID, TODAY, LAST)
    assert judge(files, text).card
    path = files._paths[1]
    assert path
    write(path, revocations(2, Revocation(card=CARD_ID.hex())))
    assert files.refresh()
    assert judge(files, text) == CardVerdict(problem="revoked")
    assert not files.refresh()


def test_an_older_list_never_replaces_a_newer_one(files: CardFiles) -> None:
    path = files._paths[1]
    assert path
    write(path, revocations(3, Revocation(card=CARD_ID.hex())))
    assert files.refresh()
    write(path, revocations(2))
    assert not files.refresh()
    assert files.problem
    assert "counter 2" in files.problem
    assert judge(files, ISSUER.static(CARD_ID, TODAY, LAST)).problem == "revoked"


@pytest.mark.parametrize("content", [b"", b"{}", b"rubbish", key_set()[:-40]])
def test_a_damaged_key_set_leaves_the_old_one_in_force(files: CardFiles, content: bytes) -> None:
    path = files._paths[0]
    assert path
    write(path, content)
    assert not files.refresh()
    assert files.problem
    assert judge(files, ISSUER.static(CARD_ID, TODAY, LAST)).card


def test_without_a_key_set_cards_can_not_be_checked(tmp_path: Path) -> None:
    files = CardFiles(tmp_path / "missing", None, ROOT.public_key())
    assert not files.refresh()
    assert files.problem
    assert "can't be read" in files.problem
    assert judge(files, ISSUER.static(CARD_ID, TODAY, LAST)).problem == "no_keys"


def test_a_screenshot_of_a_dynamic_code_dies_but_a_late_message_does_not(files: CardFiles) -> None:
    text = ISSUER.dynamic(CARD_ID, TODAY, LAST, NINE)
    later = NINE + timedelta(hours=3)
    assert judge(files, text, ScanMoment(NINE, True, later)).card
    assert judge(files, text, ScanMoment(later, True, later)).problem == "code_too_old"


def test_with_a_doubtful_clock_either_clock_may_vouch_for_a_dynamic_code(files: CardFiles) -> None:
    text = ISSUER.dynamic(CARD_ID, TODAY, LAST, NINE)
    hours_off = datetime(2026, 3, 1, tzinfo=UTC)
    assert judge(files, text, ScanMoment(hours_off, False, NINE)).card
    assert judge(files, text, ScanMoment(NINE, False, NINE + timedelta(hours=3))).card
    assert judge(files, text, ScanMoment(hours_off, False, hours_off)).problem
