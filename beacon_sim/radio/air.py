"""What radios hear of phones that advertise: the whole chain from a seed, with numpy, fast enough for a hall of 500 phones.

phone → interval, jitter → place, body → distance, receiver, shadow, walls, fading → collisions, sensitivity → dBm
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from beacon_sim.radio.fields import Fading, Shadow
from beacon_sim.radio.model import PhoneModel, RadioModel, Wall
from beacon_sim.radio.paths import Walk
from queue_server.whereabouts import Floats, Ints, Receiver

NDArrayBool = NDArray[np.bool_]

NEAREST_M: Final = 0.3
FLOOR_M: Final = 4.2
FLOOR_LOSS_DB: Final = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Phone:
    """A phone that is carried about."""

    walk: Walk
    model: PhoneModel = field(default_factory=PhoneModel)
    floor: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What all receivers heard, in the order of time: four arrays of one length."""

    at_s: Floats
    phone: Ints
    receiver: Ints
    rssi_dbm: Ints

    def __len__(self) -> int:
        return len(self.at_s)

    def __iter__(self) -> Iterator[tuple[float, int, int, int]]:
        """(seconds, phone, receiver, dBm), one advert after the other: the fast path into an agent's core."""
        columns = (self.at_s, self.phone, self.receiver, self.rssi_dbm)
        return zip(*(each.tolist() for each in columns), strict=True)


class Air:
    """The radio of one building: what is drawn once of a seed, and holds for all phones.

    Args:
        receivers: where agents hang.
        model: figures.
        seed: another seed, another building.
        walls: on the plan.
        offsets_db: what each receiver adds; drawn when left out.
    """

    def __init__(
        self,
        receivers: Sequence[Receiver],
        model: RadioModel | None = None,
        seed: int = 1,
        walls: Sequence[Wall] = (),
        offsets_db: Floats | None = None,
    ) -> None:
        self.model = model or RadioModel()
        self.receivers = tuple(receivers)
        self._rng = np.random.default_rng(seed)
        self._walls = tuple(walls)
        count = len(self.receivers)
        drawn = self._rng.normal(0, self.model.receiver_sd_db, count)
        self.offsets_db: Floats = drawn if offsets_db is None else offsets_db
        self._spots = np.array(
            [(each.x_m, each.y_m, each.height_m + FLOOR_M * each.floor) for each in self.receivers]
        )
        self._floors = np.array([each.floor for each in self.receivers])
        self._shadow = Shadow(self._rng, count, self.model.shadow_sd_db, self.model.shadow_m)
        self._room = Shadow(self._rng, count, self.model.room_sd_db, self.model.room_m)
        self._phases = self._rng.uniform(0, 3 * self.model.scan_s, count)
        """Scanners are not in step."""

    def receive(self, phones: Sequence[Phone], from_s: float, until_s: float) -> Received:
        """All that is heard of some phones from one moment until another."""
        adverts, levels, channels = [], [], []
        for number, phone in enumerate(phones):
            at_s = self._adverts(phone, from_s, until_s)
            channel = self._channels(at_s)
            adverts.append(np.column_stack([at_s, np.full(len(at_s), float(number))]))
            levels.append(self._levels(phone, at_s, channel))
            channels.append(channel)
        if not adverts:
            nothing = np.empty(0)
            return Received(nothing, *(nothing.astype(np.int64),) * 3)
        sent, level, channel = (np.concatenate(each) for each in (adverts, levels, channels))
        order = np.argsort(sent[:, 0], kind="stable")
        sent, level, channel = sent[order], level[order], channel[order]
        heard = self._heard(sent[:, 0], level, channel)
        look, column = np.nonzero(heard)
        return Received(
            sent[look, 0],
            sent[look, 1].astype(np.int64),
            column.astype(np.int64),
            np.rint(level[look, column]).astype(np.int64),
        )

    # ---- sending ----

    def _adverts(self, phone: Phone, from_s: float, until_s: float) -> Floats:
        interval = phone.model.interval_s
        count = int((until_s - from_s) / interval) + 2
        gaps = interval + self._rng.uniform(0, self.model.jitter_s, count)
        at_s = from_s + self._rng.uniform(0, interval) + np.cumsum(gaps) - gaps[0]
        found: Floats = at_s[at_s < until_s]
        return found

    def _channels(self, at_s: Floats) -> Floats:
        """On which of the three channels each receiver listens: (adverts, receivers)."""
        turns = (at_s[:, None] + self._phases[None]) // self.model.scan_s
        found: Floats = turns % 3
        return found

    # ---- on the way ----

    def _levels(self, phone: Phone, at_s: Floats, channel: Floats) -> Floats:
        """dBm: (adverts, receivers)."""
        model = self.model
        xyz = phone.walk.at(at_s)
        xyz[:, 2] += FLOOR_M * phone.floor
        away = np.linalg.norm(xyz[:, None] - self._spots[None], axis=2)
        louder = phone.model.louder_db + self._rng.normal(0, phone.model.louder_sd_db)
        level = model.at_1m_dbm + louder + self.offsets_db[None]
        level = level - 10 * model.exponent * np.log10(np.maximum(away, NEAREST_M))
        level -= FLOOR_LOSS_DB * abs(self._floors - phone.floor)[None]
        level += self._shadow.at(xyz) + self._room.at(xyz)
        level -= self._body(phone, at_s, xyz) + self._through_walls(phone, xyz)
        fading = Fading(self._rng, len(self.receivers), model.rician_k, model.fade_m, model.fade_s)
        found: Floats = level + fading.at(at_s, xyz, channel)
        return found

    def _body(self, phone: Phone, at_s: Floats, xyz: Floats) -> Floats:
        """The carrier stands behind the phone: full loss backwards, none to the front."""
        if not phone.model.body_db:
            return np.zeros((len(at_s), len(self.receivers)))
        towards = self._spots[None, :, :2] - xyz[:, None, :2]
        length = np.maximum(np.linalg.norm(towards, axis=2), 1e-6)
        facing = phone.walk.facing(at_s)
        ahead = (towards * facing[:, None]).sum(axis=2) / length
        found: Floats = phone.model.body_db * ((1 - ahead) / 2) ** 2
        return found

    def _through_walls(self, phone: Phone, xyz: Floats) -> Floats:
        loss = np.zeros((len(xyz), len(self.receivers)))
        for wall in self._walls:
            if wall.floor == phone.floor:
                loss += wall.loss_db * _crosses(xyz[:, None, :2], self._spots[None, :, :2], wall)
        return loss

    # ---- arriving ----

    def _heard(self, at_s: Floats, level: Floats, channel: Floats) -> NDArrayBool:
        model = self.model
        over = (level - model.sensitivity_dbm) / model.sensitivity_sd_db
        # the normal curve, by the logistic one
        audible = model.heard / (1 + np.exp(np.clip(-1.702 * over, -60, 60)))
        found: NDArrayBool = self._rng.random(level.shape) < audible
        begins = at_s[:, None] + channel * model.channel_gap_s
        return found & ~self._collided(begins, level, channel)

    def _collided(self, begins: Floats, level: Floats, channel: Floats) -> NDArrayBool:
        """Whether another advert on the same channel, nearly as strong or stronger, overlaps: (adverts, receivers).

        All receivers' adverts are in the order of their events; events further apart than an advert with all its channels
        can't overlap.
        """
        model = self.model
        lost = np.zeros(level.shape, dtype=bool)
        widest = model.airtime_s + 2 * model.channel_gap_s
        first = begins.min(axis=1)
        for shift in range(1, len(level)):
            close = first[shift:] - first[:-shift] < widest
            if not close.any():
                break
            rows = np.flatnonzero(close)
            one, two = rows, rows + shift
            overlap = abs(begins[one] - begins[two]) < model.airtime_s
            overlap &= channel[one] == channel[two]
            difference = level[one] - level[two]
            lost[one] |= overlap & (difference < model.capture_db)
            lost[two] |= overlap & (difference > -model.capture_db)
        return lost


def _crosses(start: Floats, end: Floats, wall: Wall) -> Floats:
    """Whether the line between two points on the plan crosses a wall: 0 or 1."""
    one, two = np.array([wall.x1_m, wall.y1_m]), np.array([wall.x2_m, wall.y2_m])
    apart = _side(one, two, start) * _side(one, two, end) < 0
    between = _side(start, end, one) * _side(start, end, two) < 0
    found: Floats = (apart & between).astype(np.float64)
    return found


def _side(start: Floats, end: Floats, point: Floats) -> Floats:
    """On which side of the line from start to end a point lies: its sign; (…, 2) each."""
    along, to = end - start, point - start
    found: Floats = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    return found
