"""A forecast of waiting times that is learned from a hospital's own days.

Read in this order: `features`, `examples`, `trees`, `calibration`, `model`, `training`, `watching`, `forecaster`.
"""

from queue_server.learned.calibration import Calibration
from queue_server.learned.errors import ForecastError, ForecastFileError
from queue_server.learned.examples import Examples, examples, together
from queue_server.learned.features import FIGURES, NAMES, features
from queue_server.learned.forecaster import FOLDER, LearnedForecast, forecaster_in, shown_by
from queue_server.learned.model import About, Model, files, read, write
from queue_server.learned.training import LEAST_DAYS, split, train
from queue_server.learned.watching import Health, Watch

__all__ = [
    "FIGURES",
    "FOLDER",
    "LEAST_DAYS",
    "NAMES",
    "About",
    "Calibration",
    "Examples",
    "ForecastError",
    "ForecastFileError",
    "Health",
    "LearnedForecast",
    "Model",
    "Watch",
    "examples",
    "features",
    "files",
    "forecaster_in",
    "read",
    "shown_by",
    "split",
    "together",
    "train",
    "write",
]
