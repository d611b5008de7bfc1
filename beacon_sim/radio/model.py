"""The figures of the simulated radio. Levels in dB and dBm, lengths in metres, times in seconds."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RadioModel:
    """One building's air. The usual figures are those fitted to recorded tracks; see docs/bluetooth.md."""

    at_1m_dbm: float = -60.0
    exponent: float = 1.7
    receiver_sd_db: float = 3.0
    shadow_sd_db: float = 2.8
    """Of furniture, people, walls: a field over space, another one for each receiver."""
    shadow_m: float = 0.8
    """Where its correlation has fallen to 1/e."""
    room_sd_db: float = 1.3
    """The same, slowly varying: what a room does to a whole corner."""
    room_m: float = 4.0
    rician_k: float = 1.7
    """Power of the direct path against all scattered ones."""
    fade_m: float = 0.1
    """Where scattered paths no longer add up as before: a wavelength is 0.12 m."""
    fade_s: float = 6.0
    """The same in time, for a phone that stands still while people move."""
    heard: float = 0.86
    """Share of adverts that a radio hears that is strong enough: between scans and channels the rest is lost."""
    sensitivity_dbm: float = -97.0
    sensitivity_sd_db: float = 1.5
    jitter_s: float = 0.01
    """After each interval comes up to so much more, as the standard wants it."""
    airtime_s: float = 0.000376
    """Of one advert of 31 bytes on one channel at 1 Mbit/s."""
    channel_gap_s: float = 0.0004
    """Between the three channels of one advert."""
    scan_s: float = 0.1
    """A scanner stays so long on a channel."""
    capture_db: float = 6.0
    """Of two that collide the stronger is heard when it leads by so much."""


@dataclass(frozen=True, slots=True)
class PhoneModel:
    """How a phone advertises, and how it is carried."""

    interval_s: float = 0.25
    louder_db: float = 0.0
    louder_sd_db: float = 3.0
    """Between phones of one model, cases and hands included."""
    body_db: float = 6.0
    """Loss straight through the person who carries it; 3 in an outstretched hand, 15 in a back pocket."""


PHONES: Final = {
    "low-latency": PhoneModel(0.1, 0.0),
    "balanced": PhoneModel(0.25, -2.0),
    "low-power": PhoneModel(1.0, -6.0),
    "pocket": PhoneModel(0.25, -4.0, body_db=15.0),
    "beacon": PhoneModel(0.45, 0.0, 0.0, 0.0),
}
"""The first three are the modes of Android's advertiser; what other systems choose lies between them."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A straight wall on the plan, and what a level loses through it."""

    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    loss_db: float = 4.0
    floor: int = 0
