"""The families' pages as the settings want them."""

from queue_server.core.site import Site
from queue_server.family import Handing, Links, Prices, Seal, made_up
from queue_server.settings import ServerSettings
from queue_server.ways import key_in


def handing_of(settings: ServerSettings, site: Site) -> Handing:
    """Who hands out addresses for phones; its key lies in the data folder."""
    key = key_in(settings.data, "family.key")
    prices: Prices | None = made_up if settings.cashier == "simulated" else None
    return Handing(
        Links(Seal(key, "page"), site.timezone), Seal(key, "bill"), settings.public_url, prices
    )
