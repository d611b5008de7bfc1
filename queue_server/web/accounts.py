"""Local accounts, sign-in sessions and tokens for programs, in a file of their own.

Passwords are kept as Argon2id hashes; sessions and tokens as SHA-256 of a random secret, so that a stolen file opens
nothing. Every method may be called from any thread.
"""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import sqlite_utils
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SESSION_LASTS: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200
TOKEN_PREFIX: Final = "dz_"  # noqa: S105  # marks a token, is none
FAILURES_ALLOWED: Final = 8
"""For one name from one address; from all addresses together `FAILURES_ALLOWED_ANYWHERE`."""
FAILURES_ALLOWED_ANYWHERE: Final = 60
FAILURES_FORGOTTEN: Final = timedelta(minutes=5)
FAILURES_KEPT: Final = 10_000
CHECKS_AT_ONCE: Final = 2
"""A password's check takes 64 MB and a core for some 50 ms: a flood of them must not take the server down."""
CHECK_WAIT_S: Final = 5.0


class Role(StrEnum):
    """What a member of staff, or a program, may do; see `access`."""

    ADMIN = "admin"
    NURSE = "nurse"
    DOCTOR = "doctor"
    LAB = "lab"
    CASHIER = "cashier"
    PHARMACIST = "pharmacist"
    CLERK = "clerk"
    ROBOT = "robot"


class AccountError(Exception):
    """An account can't be made or changed so; the message is a sentence."""


class SignInBusy(Exception):
    """Too many are signing in at this moment."""


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in."""

    name: str
    role: Role


class Accounts:
    """The accounts of one server.

    Args:
        path: the file; made when it is not there.
        now: gives the present moment (aware).
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = _database(path)
        self._lock = threading.RLock()
        self._now = now
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody's password")
        self._failures: dict[tuple[str, str], list[datetime]] = {}
        self._of_tokens: dict[str, Member] = {}
        self._data_version = -1
        self._checks = threading.BoundedSemaphore(CHECKS_AT_ONCE)

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account.

        Raises:
            AccountError: the name is taken or empty, or the password is too short.
        """
        if not name.strip() or len(name) > 60:
            raise AccountError("An account needs a name of 1–60 characters.")
        kept = self._hashed(password)
        with self._lock:
            if self._row("account", name):
                raise AccountError(f"There is an account {name!r} already.")
            self._db.table("account").insert({"name": name, "role": role.value, "password": kept})

    def set_password(self, name: str, password: str) -> None:
        """Give a new password, and end all sessions of the account.

        Raises:
            AccountError: there is no such account, or the password is too short.
        """
        kept = self._hashed(password)
        with self._lock:
            if not self._row("account", name):
                raise AccountError(f"There is no account {name!r}.")
            self._db.table("account").update(name, {"password": kept})
            self._db.table("session").delete_where("account = ?", [name])

    def _hashed(self, password: str) -> str:
        """Made outside of the lock: it takes its time."""
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(f"A password has {SHORTEST_PASSWORD}–{LONGEST_PASSWORD} characters.")
        return self._hasher.hash(password)

    def remove(self, name: str) -> None:
        """Delete an account and end its sessions; a program's token of that name ends as well.

        Raises:
            AccountError: there is neither.
        """
        with self._lock:
            tokens = self._db.table("token")
            if not self._row("account", name) and not tokens.count_where("name = ?", [name]):
                raise AccountError(f"There is no account and no token {name!r}.")
            self._db.table("account").delete_where("name = ?", [name])
            self._db.table("session").delete_where("account = ?", [name])
            tokens.delete_where("name = ?", [name])
            self._of_tokens.clear()

    def tokens(self) -> list[Member]:
        """The tokens of programs, by name; the secrets are not kept."""
        with self._lock:
            rows = list(self._db.table("token").rows_where(order_by="name"))
        return [Member(str(row["name"]), Role(str(row["role"]))) for row in rows]

    def listed(self) -> list[Member]:
        """All accounts, by name."""
        with self._lock:
            rows = list(self._db.table("account").rows_where(order_by="name"))
        return [Member(str(row["name"]), Role(str(row["role"]))) for row in rows]

    def sign_in(self, name: str, password: str, address: str = "") -> str | None:
        """Begin a session.

        Args:
            name: of the account.
            password: as it was typed.
            address: from where; tries are counted by name and address, so that nobody locks a colleague out.

        Returns:
            The session's secret for the cookie; None when name and password don't fit, or were wrong too often.

        Raises:
            SignInBusy: too many passwords are being checked.
        """
        if self._tried_too_often(name, address):
            return None
        with self._lock:
            row = self._row("account", name)
        if not self._fits(str(row["password"]) if row else self._nobody, password) or not row:
            with self._lock:
                self._failures.setdefault((name, address), []).append(self._now())
            return None
        with self._lock:
            self._failures.pop((name, address), None)
        return self._new_session(name)

    def _new_session(self, name: str) -> str:
        secret = secrets.token_urlsafe(32)
        now = self._now()
        with self._lock:
            self._db.table("session").delete_where("ends_at < ?", [now.isoformat()])
            self._db.table("session").insert(
                {
                    "secret": _hash(secret),
                    "account": name,
                    "ends_at": (now + SESSION_LASTS).isoformat(),
                }
            )
        return secret

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self._lock:
            self._db.table("session").delete_where("secret = ?", [_hash(secret)])

    def of_session(self, secret: str) -> Member | None:
        """Whose session this is."""
        with self._lock:
            row = self._row("session", _hash(secret))
            if row is None or str(row["ends_at"]) < self._now().isoformat():
                return None
            account = self._row("account", str(row["account"]))
        return Member(str(account["name"]), Role(str(account["role"]))) if account else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def new_token(self, name: str, role: Role) -> str:
        """Make a token for a program; it is shown this once. A token of the same name is replaced."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._lock:
            self._db.table("token").delete_where("name = ?", [name])
            self._db.table("token").insert(
                {"secret": _hash(token), "name": name, "role": role.value}
            )
            self._of_tokens.clear()
        return token

    def of_token(self, token: str) -> Member | None:
        """Whose token this is. Those in use are remembered until the file changes."""
        secret = _hash(token)
        with self._lock:
            self._forget_tokens_if_changed()
            member = self._of_tokens.get(secret)
            if member is None and (row := self._row("token", secret)):
                member = Member(str(row["name"]), Role(str(row["role"])))
                self._of_tokens[secret] = member
        return member

    def _forget_tokens_if_changed(self) -> None:
        """Another process (`queue-server account token`) may have replaced one: SQLite counts the others' commits."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if version != self._data_version:
            self._data_version = version
            self._of_tokens.clear()

    def _tried_too_often(self, name: str, address: str) -> bool:
        with self._lock:
            self._forget_failures()
            here = len(self._failures.get((name, address), ()))
            anywhere = sum(len(times) for key, times in self._failures.items() if key[0] == name)
        return here >= FAILURES_ALLOWED or anywhere >= FAILURES_ALLOWED_ANYWHERE

    def _forget_failures(self) -> None:
        since = self._now() - FAILURES_FORGOTTEN
        recent = {
            key: [at for at in times if at > since]
            for key, times in self._failures.items()
            if times[-1] > since
        }
        # of invented names only the latest are kept
        self._failures = dict(list(recent.items())[-FAILURES_KEPT:])

    def _fits(self, kept: str, password: str) -> bool:
        if not self._checks.acquire(timeout=CHECK_WAIT_S):
            raise SignInBusy("Too many people are signing in; please try again in a moment.")
        try:
            return self._hasher.verify(kept, password[:LONGEST_PASSWORD])
        except (VerifyMismatchError, InvalidHashError):
            return False
        finally:
            self._checks.release()

    def _row(self, table: str, key: str) -> dict[str, object] | None:
        column = "name" if table == "account" else "secret"
        return next(iter(self._db.table(table).rows_where(f"{column} = ?", [key], limit=1)), None)


def _database(path: Path) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    path.chmod(0o600)
    database = sqlite_utils.Database(connection)
    database.enable_wal()
    database.table("account").create(
        {"name": str, "role": str, "password": str}, pk="name", if_not_exists=True
    )
    database.table("session").create(
        {"secret": str, "account": str, "ends_at": str}, pk="secret", if_not_exists=True
    )
    database.table("token").create(
        {"secret": str, "name": str, "role": str}, pk="secret", if_not_exists=True
    )
    return database


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
