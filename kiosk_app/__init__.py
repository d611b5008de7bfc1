"""The touch screen of a kiosk: a local page on top of an edge agent in the same process.

In reading order: `settings`, `screen` (what is shown now), `texts`, `app`, `cli`.
"""

from kiosk_app.app import create_app
from kiosk_app.cli import run
from kiosk_app.settings import KioskSettings

__all__ = ["KioskSettings", "create_app", "run"]
