"""The model of a day from a hospital's own timestamps.

Read in this order: `columns`, `reading`, `fitting`, `model_file`, `export`, `command`.
"""

from beacon_sim.fit.columns import COLUMNS, BadRow, Kind, Row
from beacon_sim.fit.errors import FitError
from beacon_sim.fit.export import export_rows, write_export
from beacon_sim.fit.fitting import Figure, Fit, fit, told
from beacon_sim.fit.model_file import read_model, write_model
from beacon_sim.fit.reading import Export, read_export

__all__ = [
    "COLUMNS",
    "BadRow",
    "Export",
    "Figure",
    "Fit",
    "FitError",
    "Kind",
    "Row",
    "export_rows",
    "fit",
    "read_export",
    "read_model",
    "told",
    "write_export",
    "write_model",
]
