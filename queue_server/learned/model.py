"""A learned forecast as a value, and as a file: arrays and a page about them, no code that would be run by reading it."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from queue_server.core.waiting import Estimate
from queue_server.learned.calibration import Calibration
from queue_server.learned.errors import ForecastFileError
from queue_server.learned.features import NAMES
from queue_server.learned.trees import Trees, trees_from

Floats = NDArray[np.float64]

FORMAT: Final = 1
SUFFIX: Final = ".npz"
KEPT: Final = 5
"""So many files are kept; older ones are deleted when a new one is written."""
DAY_ONE: Final = NAMES.index("day_one")
LINE_EACH: Final = NAMES.index("line_each")
UNTIL_SESSION: Final = NAMES.index("until_session")


@dataclass(frozen=True, slots=True)
class About:
    """Where a model comes from, and how it did on days that it was not grown on."""

    made_at: str
    """ISO 8601, UTC."""
    first_day: str
    last_day: str
    days: int
    days_held_out: int
    rows: int
    error: float
    """Mean absolute error on the held-out days, minutes."""
    error_day_one: float
    """The same of the forecast of the first day, on the same waits."""
    covered: float
    """Share of held-out waits inside the range, where the median exceeds five minutes; before calibration."""
    grown_by: str
    """Program and version."""


@dataclass(frozen=True, slots=True)
class Model:
    """Trees for the tenth, the fiftieth and the ninetieth of a hundred, and how their ends are moved."""

    trees: Trees
    calibration: Calibration
    about: About

    def estimate(self, row: Sequence[float] | Floats) -> Estimate:
        """The forecast for the figures of a step, in the order of `features.NAMES`."""
        start = beginning(np.asarray([row]))[0]
        low, median, high = (float(each) + start for each in self.trees(row))
        middle = max(0.0, median)
        low, high = self.calibration.ends(low, middle, high)
        return Estimate(middle, low, high)


def beginning(figures: Floats) -> Floats:
    """What the trees add to, by rows: the forecast of the first day, or what stands for it while no room is open."""
    day_one = figures[:, DAY_ONE]
    instead = figures[:, UNTIL_SESSION] + figures[:, LINE_EACH] / 2
    found: Floats = np.where(np.isnan(day_one), instead, day_one)
    return found


def write(model: Model, folder: Path) -> Path:
    """Keep a model in a folder, under the moment it was made; the oldest beyond `KEPT` go.

    Raises:
        ForecastFileError: it can't be written.
    """
    about = {
        "format": FORMAT,
        "figures": NAMES,
        "calibration": asdict(model.calibration),
        "about": asdict(model.about),
    }
    name = "".join(letter for letter in model.about.made_at[:19] if letter.isdigit())
    path, part = folder / f"{name}{SUFFIX}", folder / f"{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            arrays: dict[str, Any] = dict(model.trees.arrays())  # numpy's stub wants Any
            np.savez_compressed(file, about=np.array(json.dumps(about)), **arrays)
        part.replace(path)
        for old in files(folder)[KEPT:]:
            old.unlink()
    except OSError as error:
        raise ForecastFileError(f"{path} can't be written: {error.strerror}.") from error
    return path


def files(folder: Path) -> list[Path]:
    """The models in a folder, the newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


def read(path: Path) -> Model:
    """Read a model.

    Raises:
        ForecastFileError: it is damaged, or belongs to another version of this program.
    """
    try:
        # opened here, for numpy leaves a damaged file open
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        about = json.loads(str(arrays.pop("about")))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise ForecastFileError(
            f"The forecast {path} can't be read: {error}. Learn it again: queue-server forecast train."
        ) from error
    if not isinstance(about, dict) or (about.get("format"), about.get("figures")) != (
        FORMAT,
        list(NAMES),
    ):
        raise ForecastFileError(
            f"The forecast {path} was learned by another version of this program. "
            "Learn it again: queue-server forecast train."
        )
    try:
        shifts = {
            name: tuple(float(x) for x in each) for name, each in about["calibration"].items()
        }
        model = Model(trees_from(arrays), Calibration(**shifts), About(**about["about"]))
    except (KeyError, TypeError, ValueError, AttributeError, ForecastFileError) as error:
        raise ForecastFileError(f"The forecast {path} is damaged: {error}") from error
    _check(model, path)
    return model


def _check(model: Model, path: Path) -> None:
    bins = len(model.calibration.edges) + 1
    sides = (len(model.calibration.down), len(model.calibration.up))
    if (
        model.trees.roots.shape[0] != 3
        or model.trees.figures != len(NAMES)
        or sides != (bins, bins)
    ):
        raise ForecastFileError(f"The forecast {path} is damaged: its parts do not fit together.")
