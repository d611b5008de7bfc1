"""The hospitals that `daozhen demo` can run: which site file and map, which kiosks and doors, how many families."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from beacon_sim.day import DayModel, Windows

_SITES: Final = Path(__file__).parent / "sites"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk of the demo: its agent's id, the area whose calls it repeats, and where it stands."""

    agent: str
    area: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """A hospital to be run."""

    site: Path
    kiosks: tuple[Kiosk, ...]
    """They run as programs, with simulated cameras."""
    doors: tuple[str, ...]
    """Agents at the doors, where families show their phones; they run in the demo's own process."""
    board: str
    """Area of the board that visitors are shown first."""
    model: DayModel
    """Whose families come; how many departments and rooms there are is the site's."""
    rooms: Mapping[str, int] | None = None
    """How many rooms of a clinic are staffed; one of each that is not named. All when left out."""
    on_sample_map: bool = False
    """Whether its map is that of `nav-maps sample`: kiosks and phones tell ways, and families walk on it."""

    @property
    def agents(self) -> tuple[str, ...]:
        """Ids of the kiosks."""
        return tuple(kiosk.agent for kiosk in self.kiosks)

    def rooms_of(self, clinic: str) -> int | None:
        """How many rooms of a clinic are staffed; None: all."""
        return None if self.rooms is None else self.rooms.get(clinic, 1)


SMALL: Final = DemoChoice(
    site=_SITES / "small.toml",
    kiosks=(
        Kiosk("k01", "east", "门诊大厅 1 号机", "Main hall, kiosk 1"),
        Kiosk("k02", "east", "门诊大厅 2 号机", "Main hall, kiosk 2"),
    ),
    doors=("door-1", "door-2"),
    board="east",
    # five doctors are busy with them in the morning, and get some rest in the afternoon
    model=DayModel(
        visits=210,
        first_means=(6.5, 7.0),
        other_test=0.0,
        phone=0.5,
        windows=Windows(kiosks=2, desks=1, preparers=4),
    ),
)
SAMPLE: Final = DemoChoice(
    site=_SITES / "hospital.toml",
    kiosks=(
        Kiosk("kiosk-01", "resp", "一层大厅 1 号机", "Ground floor hall, kiosk 1"),
        Kiosk("kiosk-07", "lab", "二层大厅 7 号机", "Second floor hall, kiosk 7"),
    ),
    doors=("door-main", "door-north"),
    board="resp",
    model=DayModel(visits=1_200, phone=0.5, windows=Windows(kiosks=2, desks=6, preparers=8)),
    rooms={"resp": 3, "er": 2, "gi": 2, "ent": 2, "derm": 2},
    on_sample_map=True,
)
HOSPITALS: Final = {"small": SMALL, "sample": SAMPLE}
