"""Which phone it is: tokens and addresses both change, and memory is bounded whatever is in the air.

BlueZ only ever adds UUIDs to a device, so an old token stands beside the new one: only what is new counts. Where two
stand together from the beginning nobody can tell, and both are reported as one phone (one `track`).
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from edge_agent.core.levels import Levels
from protocol.checkin_token import Carried

FORGOTTEN_S: Final = 45.0
"""A phone that was silent for so long is another one when it comes back."""
SETTLED: Final = 3
"""From so many adverts on a phone is no passing stranger."""
MOST_SETTLED: Final = 2048
MOST_NEW: Final = 2048
"""Strangers, thousands of them with an address for each advert, only push out other strangers."""
TOKENS_KEPT: Final = 8
ADDRESSES_KEPT: Final = 4
SAME_PHONE_S: Final = 10.0
"""A token heard from two addresses within this time is perhaps a copy: then no token takes the place of another."""


@dataclass(slots=True, eq=False)
class Phone:
    """One phone as this agent knows it."""

    track: int
    tokens: tuple[Carried, ...]
    """What it advertises now: one, or several when it can't be told which is the newest."""
    old: tuple[bytes, ...] = ()
    """Tokens that it had before; they stand beside the new one for as long as BlueZ keeps the device."""
    addresses: dict[str, float] = field(default_factory=dict)
    """From where it was heard, and when last."""
    levels: Levels = field(default_factory=Levels)
    heard: int = 0
    near_since_s: float | None = None
    within_since_s: float | None = None
    """Since when its level has been high enough, before it is believed to be near."""
    told: bool = False
    """Whether the stay has been told."""
    reported_s: float = float("-inf")
    """When it was last reported; those that waited longest come first."""
    gone: bool = False

    def heard_from(self, since_s: float) -> int:
        """From how many addresses it was heard since then."""
        return sum(at_s >= since_s for at_s in self.addresses.values())

    def only_at(self, address: str, now_s: float) -> bool:
        """Whether nobody else has shown its token lately."""
        return all(
            each == address or now_s - at_s > SAME_PHONE_S for each, at_s in self.addresses.items()
        )


class Phones:
    """All phones in hearing. Look them up by what they advertise and from which address."""

    def __init__(self) -> None:
        self._new: OrderedDict[int, Phone] = OrderedDict()
        self._settled: OrderedDict[int, Phone] = OrderedDict()
        self._by_token: dict[bytes, Phone] = {}
        self._by_address: OrderedDict[str, Phone] = OrderedDict()
        self._tracks = 0

    def __len__(self) -> int:
        return len(self._new) + len(self._settled)

    def __iter__(self) -> Iterator[Phone]:
        yield from self._settled.values()
        yield from self._new.values()

    def by_token(self, value: bytes) -> Phone | None:
        """The phone that advertises this token now."""
        return self._by_token.get(value)

    def heard(self, address: str, tokens: tuple[Carried, ...], now_s: float) -> Phone:
        """The phone that an advert came from; `tokens` is not empty."""
        phone = self._by_address.get(address)
        if phone is None or phone.gone:
            phone = self._same_token(tokens) or self._welcome(tokens)
            self._at(address, phone)
        elif phone.tokens is not tokens:
            phone = self._now_has(address, phone, tokens, now_s)
        self._by_address.move_to_end(address)
        phone.heard += 1
        phone.addresses[address] = now_s
        if len(phone.addresses) > ADDRESSES_KEPT:
            del phone.addresses[min(phone.addresses, key=phone.addresses.__getitem__)]
        if phone.heard == SETTLED:
            self._settle(phone)
        else:
            (self._new if phone.heard < SETTLED else self._settled).move_to_end(phone.track)
        return phone

    def forget(self, now_s: float) -> None:
        """Let go of those that have been silent for long."""
        for phone in [each for each in self if now_s - each.levels.last_s > FORGOTTEN_S]:
            self._drop(phone)

    def _same_token(self, tokens: tuple[Carried, ...]) -> Phone | None:
        """A phone may change its address and keep its token."""
        known = [self._by_token.get(carried.token.value) for carried in tokens]
        return next((phone for phone in known if phone is not None), None)

    def _now_has(
        self, address: str, phone: Phone, tokens: tuple[Carried, ...], now_s: float
    ) -> Phone:
        """The phone at this address shows other tokens than a moment ago, or the same ones anew."""
        held = {carried.token.value for carried in phone.tokens}
        fresh = tuple(
            carried
            for carried in tokens
            if carried.token.value not in held and carried.token.value not in phone.old
        )
        if not fresh:
            left = tuple(carried for carried in tokens if carried.token.value in held)
            self._narrow(phone, left or phone.tokens)
            return phone
        other = self._same_token(fresh)
        if other is not None and other is not phone:
            self._at(address, other)
            return other
        if not phone.only_at(address, now_s):
            new = self._welcome(fresh)
            self._at(address, new)
            return new
        self._narrow(phone, ())
        phone.tokens = fresh
        self._by_token |= {carried.token.value: phone for carried in fresh}
        return phone

    def _narrow(self, phone: Phone, left: tuple[Carried, ...]) -> None:
        """Of the phone's tokens only these are its present ones."""
        gone = [carried.token.value for carried in phone.tokens if carried not in left]
        for value in gone:
            self._by_token.pop(value, None)
        phone.old = (*phone.old, *gone)[-TOKENS_KEPT:]
        phone.tokens = left

    def _welcome(self, tokens: tuple[Carried, ...]) -> Phone:
        self._tracks += 1
        phone = self._new[self._tracks] = Phone(self._tracks, tokens[:TOKENS_KEPT])
        self._by_token |= {carried.token.value: phone for carried in phone.tokens}
        if len(self._new) > MOST_NEW:
            self._drop(next(iter(self._new.values())))
        return phone

    def _settle(self, phone: Phone) -> None:
        del self._new[phone.track]
        self._settled[phone.track] = phone
        if len(self._settled) > MOST_SETTLED:
            self._drop(next(iter(self._settled.values())))

    def _at(self, address: str, phone: Phone) -> None:
        self._by_address[address] = phone
        if len(self._by_address) > MOST_NEW + MOST_SETTLED:
            self._by_address.popitem(last=False)

    def _drop(self, phone: Phone) -> None:
        phone.gone = True
        self._new.pop(phone.track, None)
        self._settled.pop(phone.track, None)
        for carried in phone.tokens:
            if self._by_token.get(carried.token.value) is phone:
                del self._by_token[carried.token.value]
