"""Whose token is it: the table that the server holds, for the present window and its two neighbours.

Two visits with the same token are both refused: nobody is checked in as somebody else, and the card is asked for.
By chance that happens to one token in 2^72 / (number of live tokens); so it means a copied key.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple

from protocol.checkin_token.token import KEY_BYTES, rolling_key, values_in, window_of

LATE_WINDOWS_KEPT: Final = 8
"""So many past windows are kept once they were asked for: what an agent heard while the server was away."""
LATEST_WINDOWS: Final = 96
"""A token that was heard more than a day ago belongs to nobody."""


class Resolved(NamedTuple):
    """A token of one visit."""

    visit: str
    window: int


class Unresolved(Enum):
    """Why a token leads to no visit."""

    UNKNOWN = "unknown"
    """No visit of this site has it: another hospital's, an old one, or an invented one."""
    SHARED = "shared"
    """More than one has it: ask for the card."""


_Holders = dict[bytes, str | frozenset[str]]


class ResolveTable:
    """Visits by their tokens.

    Not for several threads. 10,000 visits are about 6 MB.

    Args:
        visit_keys: sixteen bytes by visit.
        unix_s: now.

    Raises:
        ValueError: a key is not sixteen bytes long.
    """

    def __init__(self, visit_keys: Mapping[str, bytes], unix_s: float) -> None:
        self._keys: dict[str, bytes] = {}
        self._live: dict[int, _Holders] = {}
        self._late: dict[int, _Holders] = {}
        self._window = window_of(unix_s)
        self._keys = {visit: _checked(visit, key) for visit, key in visit_keys.items()}
        self._build(self._around())

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def window(self) -> int:
        """The window taken as the present one."""
        return self._window

    def advance(self, unix_s: float) -> bool:
        """Follow the clock, also when it is set back; True when the windows have changed."""
        window = window_of(unix_s)
        if window == self._window:
            return False
        self._window = window
        wanted = self._around()
        self._live = {each: held for each, held in self._live.items() if each in wanted}
        self._build([each for each in wanted if each not in self._live])
        return True

    def add(self, visit: str, visit_key: bytes) -> None:
        """Take up a visit, or change its key."""
        key = _checked(visit, visit_key)
        if self._keys.get(visit) == key:
            return
        self.remove(visit)
        self._keys[visit] = key
        held = list(self._live.items())
        for (_, holders), value in zip(held, values_in(key, [w for w, _ in held]), strict=True):
            _hold(holders, value, visit)
        self._late.clear()

    def remove(self, visit: str) -> None:
        """Forget a visit; harmless when it is not there."""
        key = self._keys.pop(visit, None)
        if key is None:
            return
        held = list(self._live.items())
        for (_, holders), value in zip(held, values_in(key, [w for w, _ in held]), strict=True):
            _release(holders, value, visit)
        self._late.clear()

    def resolve(self, token: bytes) -> Resolved | Unresolved:
        """Whose token (T, nine bytes) it is that was heard just now."""
        return _found(self._live.items(), token)

    def resolve_at(self, token: bytes, unix_s: float) -> Resolved | Unresolved:
        """The same for a token that was heard at another moment, while agent or server was cut off."""
        window = window_of(unix_s)
        if not -1 <= self._window - window <= LATEST_WINDOWS:
            return Unresolved.UNKNOWN
        around = [window - 1, window, window + 1]
        return _found([(each, self._held_in(each)) for each in around], token)

    def _around(self) -> list[int]:
        return [self._window, self._window - 1, self._window + 1]

    def _build(self, windows: Iterable[int]) -> None:
        self._live |= self._tables(list(windows))
        self._live = {window: self._live[window] for window in self._around()}

    def _tables(self, windows: list[int]) -> dict[int, _Holders]:
        tables: list[_Holders] = [{} for _ in windows]
        for visit, key in self._keys.items():
            for holders, value in zip(tables, values_in(key, windows), strict=True):
                if value in holders:
                    _hold(holders, value, visit)
                else:
                    holders[value] = visit
        return dict(zip(windows, tables, strict=True))

    def _held_in(self, window: int) -> _Holders:
        for held in (self._live, self._late):
            if window in held:
                return held[window]
        while len(self._late) >= LATE_WINDOWS_KEPT:
            del self._late[next(iter(self._late))]
        made = self._late[window] = self._tables([window])[window]
        return made


def _checked(visit: str, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"The key of visit {visit!r} has {len(key)} bytes, it must have 16.")
    return rolling_key(key)


def _hold(holders: _Holders, value: bytes, visit: str) -> None:
    there = holders.get(value)
    match there:
        case None:
            holders[value] = visit
        case str():
            holders[value] = frozenset((there, visit))
        case frozenset():
            holders[value] = there | {visit}


def _release(holders: _Holders, value: bytes, visit: str) -> None:
    there = holders.pop(value, None)
    if isinstance(there, frozenset):
        left = there - {visit}
        holders[value] = next(iter(left)) if len(left) == 1 else left


def _found(tables: Iterable[tuple[int, _Holders]], token: bytes) -> Resolved | Unresolved:
    found: Resolved | None = None
    for window, holders in tables:
        visit = holders.get(token)
        if visit is None:
            continue
        if not isinstance(visit, str) or (found is not None and found.visit != visit):
            return Unresolved.SHARED
        found = found or Resolved(visit, window)
    return found or Unresolved.UNKNOWN
