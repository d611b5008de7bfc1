"""Accounts, sessions and tokens."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.web import AccountError, Accounts, Member, Role

GOOD = "correct horse"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    made = Accounts(tmp_path / "accounts.db", clock)
    made.add("wang", Role.NURSE, GOOD)
    return made


def test_a_session_says_whose_it_is_until_it_ends(accounts: Accounts, clock: Clock) -> None:
    secret = accounts.sign_in("wang", GOOD)
    assert secret
    assert accounts.of_session(secret) == Member("wang", Role.NURSE)
    clock.at += timedelta(hours=12, seconds=1)
    assert accounts.of_session(secret) is None


def test_sessions_outlive_a_restart(accounts: Accounts, clock: Clock, tmp_path: Path) -> None:
    secret = accounts.sign_in("wang", GOOD)
    accounts.close()
    again = Accounts(tmp_path / "accounts.db", clock)
    assert again.of_session(secret or "") == Member("wang", Role.NURSE)


def test_the_file_holds_no_password_session_or_token(accounts: Accounts, tmp_path: Path) -> None:
    secret = accounts.sign_in("wang", GOOD) or ""
    token = accounts.new_token("his", Role.ROBOT)
    accounts.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in (GOOD, secret, token):
        assert word.encode() not in kept
    assert (tmp_path / "accounts.db").stat().st_mode & 0o077 == 0


def test_a_new_password_or_a_removed_account_ends_its_sessions(accounts: Accounts) -> None:
    first = accounts.sign_in("wang", GOOD) or ""
    accounts.set_password("wang", "another one")
    assert accounts.of_session(first) is None
    assert accounts.sign_in("wang", GOOD) is None
    second = accounts.sign_in("wang", "another one") or ""
    accounts.remove("wang")
    assert accounts.of_session(second) is None


def test_a_token_of_the_same_name_replaces_the_old_one(accounts: Accounts) -> None:
    old = accounts.new_token("his", Role.ROBOT)
    new = accounts.new_token("his", Role.CLERK)
    assert accounts.of_token(old) is None
    assert accounts.of_token(new) == Member("his", Role.CLERK)


def test_a_token_that_is_in_use_ends_at_once_when_another_process_replaces_it(
    accounts: Accounts, tmp_path: Path
) -> None:
    old = accounts.new_token("his", Role.ROBOT)
    assert accounts.of_token(old) == accounts.of_token(old) == Member("his", Role.ROBOT)
    file = next(tmp_path.rglob("*.db"))
    program = f"""
from pathlib import Path
from queue_server.web import Accounts, Role
print(Accounts(Path({str(file)!r})).new_token("his", Role.CLERK), end="")
"""
    new = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert accounts.of_token(old) is None
    assert accounts.of_token(new.decode()) == Member("his", Role.CLERK)


def test_after_eight_wrong_passwords_even_the_right_one_waits_five_minutes(
    accounts: Accounts, clock: Clock
) -> None:
    for _ in range(8):
        assert accounts.sign_in("wang", "wrong", "10.0.0.1") is None
    assert accounts.sign_in("wang", GOOD, "10.0.0.1") is None
    clock.at += timedelta(minutes=5, seconds=1)
    assert accounts.sign_in("wang", GOOD, "10.0.0.1")


def test_a_stranger_who_guesses_does_not_lock_a_nurse_out(accounts: Accounts) -> None:
    for _ in range(8):
        accounts.sign_in("wang", "wrong", "10.6.6.6")
    assert accounts.sign_in("wang", GOOD, "10.0.0.1")


def test_trying_other_names_does_not_forget_the_failures(accounts: Accounts) -> None:
    for _ in range(8):
        accounts.sign_in("wang", "wrong", "10.0.0.1")
    for n in range(20):
        accounts.sign_in(f"nobody-{n}", "wrong", "10.0.0.1")
    assert accounts.sign_in("wang", GOOD, "10.0.0.1") is None


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", GOOD, "1–60"),
        ("x" * 61, GOOD, "1–60"),
        ("li", "short", "8–200"),
        ("li", "x" * 201, "8–200"),
        ("wang", GOOD, "already"),
    ],
)
def test_an_account_that_cannot_be_made_is_explained(
    accounts: Accounts, name: str, password: str, says: str
) -> None:
    with pytest.raises(AccountError, match=says):
        accounts.add(name, Role.NURSE, password)


def test_a_first_start_has_no_account_and_no_default_password(tmp_path: Path) -> None:
    assert Accounts(tmp_path / "new" / "accounts.db").listed() == []


def test_a_removed_token_ends_and_a_name_that_is_not_there_is_told(accounts: Accounts) -> None:
    token = accounts.new_token("his", Role.ROBOT)
    assert accounts.of_token(token)
    assert accounts.tokens() == [Member("his", Role.ROBOT)]
    accounts.remove("his")
    assert accounts.of_token(token) is None
    with pytest.raises(AccountError, match="nobody"):
        accounts.remove("nobody")
