"""Visit cards at the server: the lists in force, read anew when their files change, and what a card is worth."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol.card import (
    BadSignedList,
    Card,
    KeySet,
    Problem,
    RevocationList,
    check_card,
    open_key_set,
    open_revocations,
    read_card,
)
from queue_server.core.check_in import trusted_moment
from queue_server.errors import CardListError

log = structlog.get_logger(__name__)

LIST_MAX_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CardLists:
    """The key set and the revocation list in force, and the signed files they came in."""

    keys: KeySet | None = None
    revoked: RevocationList | None = None
    keys_file: bytes | None = None
    revoked_file: bytes | None = None


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """What a text is worth: the card's id when it is good, otherwise the code of what is wrong with it."""

    card: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ScanMoment:
    """When a card was read: by the agent's clock, and by ours when the message came in."""

    claimed: datetime
    clock_synced: bool
    received_at: datetime

    @property
    def likely(self) -> datetime:
        """The agent's word, or with a doubtful clock ours."""
        return self.claimed if self.clock_synced else self.received_at

    def candidates(self) -> tuple[datetime, ...]:
        """Moments at which a dynamic code may have been read.

        With a doubtful clock both are tried: ours, for a message that came at once, and the agent's, for one that
        waited in an outbox while the clock was only slightly off.
        """
        trusted = trusted_moment(self.claimed, self.clock_synced, self.received_at)
        return (trusted,) if self.clock_synced else (trusted, min(self.claimed, self.received_at))


class CardFiles:
    """Keeps the card lists of two files; `refresh` looks whether they have changed.

    A file that can't be used leaves the lists in force as they are, and says so in the log and in `problem`.
    """

    def __init__(
        self, keys: Path | None, revoked: Path | None, root: Ed25519PublicKey | None
    ) -> None:
        self.lists = CardLists()
        self.problem: str | None = None
        self._paths = (keys, revoked)
        self._root = root
        self._signs: tuple[tuple[int, int] | None, ...] | None = None

    def refresh(self) -> bool:
        """Read the files again if they have changed; True when other lists are in force now."""
        signs = tuple(_sign(path) for path in self._paths)
        if signs == self._signs:
            return False
        self._signs = signs
        lists, problems = self.lists, []
        # a revocation list that can't be used must not keep a new key set out
        for read in (self._with_keys, self._with_revocations):
            try:
                lists = read(lists)
            except CardListError as error:
                problems.append(str(error))
                log.warning("card_lists_unusable", problem=str(error))
        self.problem = " ".join(problems) or None
        changed = lists != self.lists
        self.lists = lists
        return changed

    def _with_keys(self, lists: CardLists) -> CardLists:
        path = self._paths[0]
        if not path or not self._root:
            return lists
        raw = _bytes(path)
        return replace(lists, keys=_opened(raw, self._root, lists.keys), keys_file=raw)

    def _with_revocations(self, lists: CardLists) -> CardLists:
        path = self._paths[1]
        if not path or not lists.keys:
            return lists
        raw = _bytes(path)
        return replace(lists, revoked=_revoked(raw, lists.keys, lists.revoked), revoked_file=raw)


def _sign(path: Path | None) -> tuple[int, int] | None:
    """What tells one version of a file from another without reading it."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LIST_MAX_BYTES:
            raise CardListError(f"{path} is larger than {LIST_MAX_BYTES} bytes: no card list is.")
        return path.read_bytes()
    except OSError as error:
        raise CardListError(
            f"The card list {path} can't be read: {error.strerror}. Put it there, or correct the setting."
        ) from error


def _opened(raw: bytes, root: Ed25519PublicKey, known: KeySet | None) -> KeySet:
    try:
        return open_key_set(raw, root, known)
    except BadSignedList as error:
        raise CardListError(str(error)) from error


def _revoked(raw: bytes, keys: KeySet, known: RevocationList | None) -> RevocationList:
    try:
        return open_revocations(raw, keys, known)
    except BadSignedList as error:
        raise CardListError(str(error)) from error


class CardDesk:
    """Says what a text that was read is worth, by the lists in force."""

    def __init__(self, lists: Callable[[], CardLists], day: Callable[[datetime], date]) -> None:
        """`day` gives the hospital's calendar day of a moment."""
        self._lists = lists
        self._day = day

    def judge(self, text: str, moment: ScanMoment) -> CardVerdict:
        """Judge a text by when it was read."""
        found = read_card(text)
        if isinstance(found, Problem):
            return CardVerdict(problem=found.value)
        problem = self._problem(found, moment) if isinstance(found, Card) else None
        return CardVerdict(problem=problem.value) if problem else CardVerdict(card=found.id)

    def _problem(self, card: Card, moment: ScanMoment) -> Problem | None:
        lists = self._lists()
        problem = None
        for at in moment.candidates():
            problem = check_card(card, lists.keys, lists.revoked, now=at, today=self._day(at))
            if problem is None:
                return None
        return problem
