"""Presence: from adverts to what is worth telling. Values in, values out; times are those of the steady clock.

`hear` takes one advert, `due` gives what is to be told now: a report of all phones in hearing at most once every
`report_every_s` and of at most `most_a_report` phones, and once a stay a phone that has come near.
A phone comes near when its smoothed level stays at or above `near_dbm` for `dwell_s`, and leaves when it falls below
`near_dbm - hysteresis_db` or nothing was heard for `gone_s`.
"""

from dataclasses import dataclass

from edge_agent.core.budget import Budget
from edge_agent.core.levels import Levels, Statistics, believed
from edge_agent.core.phones import Phone, Phones
from protocol import PhoneNear, PresenceReported, Sighting
from protocol.checkin_token import Carried, Flags


@dataclass(frozen=True, slots=True)
class Heard:
    """One advert that carried check-in tokens; `address` is whatever tells devices apart here."""

    at_s: float
    address: str
    rssi_dbm: int
    tokens: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How an agent judges.

    `offset_db` is by how much its radio hears better than the usual one; it is taken off every level.
    """

    offset_db: float = 0.0
    near_dbm: float = -65.0
    hysteresis_db: float = 6.0
    dwell_s: float = 1.5
    gone_s: float = 8.0
    adverts: int = 3
    """Fewer adverts than this in the last seconds say nothing about being near."""
    report_every_s: float = 1.0
    most_a_report: int = 128


class Presence:
    """The state of one radio."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.disbelieved = 0
        self._phones = Phones()
        self._report_s = float("-inf")
        self._judged_s = float("-inf")
        self._stays = Budget(burst=60, per_s=4)

    def __len__(self) -> int:
        return len(self._phones)

    def hear(self, heard: Heard) -> None:
        """Take up one advert."""
        if not heard.tokens or not believed(heard.rssi_dbm):
            self.disbelieved += 1
            return
        phone = self._phones.heard(heard.address, heard.tokens, heard.at_s)
        phone.levels.add(heard.at_s, heard.rssi_dbm - self.reach.offset_db)

    def address_of(self, token: str) -> str | None:
        """Where the phone is that advertises a token, so that it can be asked."""
        phone = self._phones.by_token(bytes.fromhex(token))
        return max(phone.addresses, key=phone.addresses.__getitem__) if phone else None

    def due(self, now_s: float) -> tuple[list[PhoneNear], PresenceReported | None]:
        """What is to be told; call it a few times a second."""
        self._phones.forget(now_s)
        near = [told for phone in self._phones for told in self._judged(phone, now_s)]
        if now_s - self._report_s < self.reach.report_every_s:
            return near, None
        window_s = min(now_s - self._report_s, 60.0)
        self._report_s = now_s
        return near, self._report(now_s, window_s)

    # ---- near or not ----

    def _judged(self, phone: Phone, now_s: float) -> list[PhoneNear]:
        level = phone.levels.smoothed(now_s)
        if phone.near_since_s is not None:
            if self._has_left(phone.levels, level, now_s):
                phone.near_since_s = phone.within_since_s = None
                phone.told = False
        elif level is None or level < self.reach.near_dbm:
            phone.within_since_s = None
        elif phone.within_since_s is None:
            phone.within_since_s = now_s
        elif self._has_stayed(phone, now_s):
            phone.near_since_s = phone.within_since_s
        return self._stay(phone, level, now_s)

    def _has_left(self, levels: Levels, level: float | None, now_s: float) -> bool:
        if level is None:
            return now_s - levels.last_s > self.reach.gone_s
        return level < self.reach.near_dbm - self.reach.hysteresis_db

    def _has_stayed(self, phone: Phone, now_s: float) -> bool:
        since_s = phone.within_since_s
        return (
            since_s is not None
            and now_s - since_s >= self.reach.dwell_s
            and phone.levels.recent >= self.reach.adverts
        )

    def _stay(self, phone: Phone, level: float | None, now_s: float) -> list[PhoneNear]:
        since_s = phone.near_since_s
        if since_s is None or phone.told or level is None or not phone.levels.unreported:
            return []
        if not self._stays.spend(now_s):
            return []  # forged tokens fill no disk; a real phone is told a little later
        phone.told = True
        statistics = phone.levels.seen()  # the next report has them too
        return [
            PhoneNear(sighting=sighting, near_s=max(0.0, round(now_s - since_s, 2)))
            for sighting in self._sightings(phone, statistics, level, now_s)
        ]

    # ---- reports ----

    def _report(self, now_s: float, window_s: float) -> PresenceReported | None:
        waiting = sorted(
            (phone for phone in self._phones if phone.levels.unreported),
            key=lambda phone: (phone.near_since_s is None, phone.reported_s),
        )
        sightings: list[Sighting] = []
        left_out = 0
        for phone in waiting:
            if len(sightings) + len(phone.tokens) > self.reach.most_a_report:
                left_out += 1
                continue
            level = phone.levels.smoothed(now_s)
            statistics = phone.levels.taken()
            sightings += self._sightings(
                phone, statistics, statistics.median_dbm if level is None else level, now_s
            )
            phone.reported_s = now_s
        if not sightings:
            return None
        return PresenceReported(
            window_s=round(window_s, 2),
            offset_db=self.reach.offset_db,
            sightings=tuple(sightings),
            left_out=left_out,
        )

    def _sightings(
        self, phone: Phone, statistics: Statistics, level: float, now_s: float
    ) -> list[Sighting]:
        return [_sighting(carried, phone, statistics, level, now_s) for carried in phone.tokens]


def _sighting(
    carried: Carried, phone: Phone, statistics: Statistics, level: float, now_s: float
) -> Sighting:
    return Sighting(
        token=carried.token.text,
        carrier=carried.carrier,
        track=phone.track,
        can_prove=Flags.CAN_PROVE in carried.token.flags,
        count=statistics.count,
        addresses=max(1, phone.heard_from(phone.reported_s)),
        rssi_median_dbm=round(statistics.median_dbm, 1),
        rssi_mean_dbm=round(statistics.mean_dbm, 1),
        rssi_max_dbm=round(statistics.max_dbm, 1),
        level_dbm=round(level, 1),
        first_s=max(0.0, round(now_s - statistics.first_s, 2)),
        last_s=max(0.0, round(now_s - statistics.last_s, 2)),
        near=phone.near_since_s is not None,
    )
