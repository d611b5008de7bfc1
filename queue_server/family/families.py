"""All that the families' pages need, put together once."""

from queue_server.desk import Desk
from queue_server.family.devices import Devices
from queue_server.family.handing import Handing
from queue_server.family.watching import Watching


class Families:
    """The families' pages of one server.

    Args:
        desk: the writer.
        handing: reads and makes addresses.
        devices: which phone holds which link.
    """

    def __init__(self, desk: Desk, handing: Handing, devices: Devices) -> None:
        self.handing = handing
        self.devices = devices
        self.watching = Watching(desk)
