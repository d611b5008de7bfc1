"""The desk of the phones as the settings want it, and the upkeep that learns the receivers' offsets."""

import asyncio
from typing import Final

import structlog

from queue_server.desk import Desk
from queue_server.errors import ServerStopped
from queue_server.phones import PhoneDesk
from queue_server.receivers_file import read_receivers
from queue_server.settings import ServerSettings
from queue_server.visit_keys import keys_in
from queue_server.whereabouts import Arbitration, Following, calibrate

log = structlog.get_logger(__name__)

LEARN_EVERY_S: Final = 60.0


def phone_desk(settings: ServerSettings) -> PhoneDesk | None:
    """Make it; None where phones shall not check in.

    Raises:
        SettingsError: the secret or the receivers' file can't be used.
    """
    if not settings.phones:
        return None
    keys = keys_in(settings.phone_secret)
    if settings.receivers is None:
        return PhoneDesk(keys)
    hung = read_receivers(settings.receivers)
    return PhoneDesk(keys, Arbitration(spots=hung.spots()), Following(hung.tracker()))


async def learning(following: Following, desk: Desk, every_s: float = LEARN_EVERY_S) -> None:
    """Learn the receivers' offsets from what was heard, on a thread of its own; never ends by itself."""
    while True:
        await asyncio.sleep(every_s)
        try:
            traffic = await desk.ask(lambda _hospital: following.traffic())
            if traffic.count:
                following.offsets = await asyncio.to_thread(
                    calibrate, following.tracker, traffic, following.offsets
                )
        except ServerStopped:
            return
        except Exception:
            log.exception("receivers_not_calibrated")
