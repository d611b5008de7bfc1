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
TOKEN_PREFIX: Final = "dz_"  # noqa: S105  # marks a token, is none
FAILURES_ALLOWED: Final = 8
FAILURES_FORGOTTEN: Final = timedelta(minutes=5)


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
        self._failures: dict[str, list[datetime]] = {}

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account.

        Raises:
            AccountError: the name is taken or empty, or the password is too short.
        """
        if not name.strip() or len(name) > 60:
            raise AccountError("An account needs a name of 1–60 characters.")
        if len(password) < SHORTEST_PASSWORD:
            raise AccountError(f"A password has at least {SHORTEST_PASSWORD} characters.")
        with self._lock:
            if self._row("account", name):
                raise AccountError(f"There is an account {name!r} already.")
            self._db.table("account").insert(
                {"name": name, "role": role.value, "password": self._hasher.hash(password)}
            )

    def set_password(self, name: str, password: str) -> None:
        """Give a new password, and end all sessions of the account.

        Raises:
            AccountError: there is no such account, or the password is too short.
        """
        if len(password) < SHORTEST_PASSWORD:
            raise AccountError(f"A password has at least {SHORTEST_PASSWORD} characters.")
        with self._lock:
            if not self._row("account", name):
                raise AccountError(f"There is no account {name!r}.")
            self._db.table("account").update(name, {"password": self._hasher.hash(password)})
            self._db.table("session").delete_where("account = ?", [name])

    def remove(self, name: str) -> None:
        """Delete an account and end its sessions; nothing happens when there is none."""
        with self._lock:
            self._db.table("account").delete_where("name = ?", [name])
            self._db.table("session").delete_where("account = ?", [name])

    def listed(self) -> list[Member]:
        """All accounts, by name."""
        with self._lock:
            rows = list(self._db.table("account").rows_where(order_by="name"))
        return [Member(str(row["name"]), Role(str(row["role"]))) for row in rows]

    def sign_in(self, name: str, password: str) -> str | None:
        """Begin a session.

        Returns:
            The session's secret for the cookie; None when name and password don't fit, or were wrong too often.
        """
        if self._tried_too_often(name):
            return None
        with self._lock:
            row = self._row("account", name)
        if not self._fits(str(row["password"]) if row else self._nobody, password) or not row:
            self._failures.setdefault(name, []).append(self._now())
            return None
        self._failures.pop(name, None)
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._db.table("session").delete_where("ends_at < ?", [self._now().isoformat()])
            ends_at = (self._now() + SESSION_LASTS).isoformat()
            self._db.table("session").insert(
                {"secret": _hash(secret), "account": name, "ends_at": ends_at}
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

    def new_token(self, name: str, role: Role) -> str:
        """Make a token for a program; it is shown this once. A token of the same name is replaced."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._lock:
            self._db.table("token").delete_where("name = ?", [name])
            self._db.table("token").insert(
                {"secret": _hash(token), "name": name, "role": role.value}
            )
        return token

    def of_token(self, token: str) -> Member | None:
        """Whose token this is."""
        with self._lock:
            row = self._row("token", _hash(token))
        return Member(str(row["name"]), Role(str(row["role"]))) if row else None

    def _tried_too_often(self, name: str) -> bool:
        since = self._now() - FAILURES_FORGOTTEN
        recent = [at for at in self._failures.get(name, []) if at > since]
        if len(self._failures) > 1000:
            self._failures.clear()
        if recent:
            self._failures[name] = recent
        return len(recent) >= FAILURES_ALLOWED

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password[:1000])
        except (VerifyMismatchError, InvalidHashError):
            return False

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
