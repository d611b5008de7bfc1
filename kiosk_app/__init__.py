"""The touch screen of a kiosk: a local page on top of an edge agent in the same process.

In reading order: `settings`, `views`, `guide` and `screen` (what is shown now), `texts`, `pages`, `kiosk`, `fence`, `app`,
`serving`, `cli`.
"""

from kiosk_app.app import create_app
from kiosk_app.errors import KioskError
from kiosk_app.kiosk import Agent, Kiosk
from kiosk_app.serving import run, serving
from kiosk_app.settings import KioskSettings

__all__ = ["Agent", "Kiosk", "KioskError", "KioskSettings", "create_app", "run", "serving"]
