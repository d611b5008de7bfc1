"""A D-Bus connection that waits: whoever sends faster than the bus takes is told so, and nothing is dropped.

dbus-fast's own writer gives the connection up when the socket's buffer is full, so ours takes its place. Of dbus-fast's
inside it uses the three things named in `PatientWriter`; `tests/beacon_sim/bluez/test_wire.py` notices when they change.
"""

import asyncio
import struct
from collections import deque
from typing import Any, Final, cast

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio.message_bus import MessageBus

ENOUGH: Final = 256 * 1024
"""So many bytes may wait here before a sender is asked to wait."""
_ONE_SEND: Final = 64 * 1024


class PatientWriter:
    """Takes the place of `MessageBus._writer`: the bus calls `schedule_write`, messages give `_marshall`."""

    def __init__(self, bus: MessageBus) -> None:
        inside = cast("Any", bus)  # the socket and its loop have no public name
        self._sock, self._fd = inside._sock, inside._fd
        self._loop: asyncio.AbstractEventLoop = inside._loop
        self._lost = inside._finalize
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._due = False
        self._blocked = False
        self._room = asyncio.Event()
        self._room.set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.sent = 0

    def schedule_write(
        self, message: Message | None = None, future: asyncio.Future[None] | None = None
    ) -> None:
        """What the bus calls for every message."""
        if message is not None:
            self.put(cast("Any", message)._marshall(False))
        if future is not None and not future.done():
            future.set_result(None)

    def put(self, data: bytes) -> None:
        """Send these bytes, after all that waits."""
        self._waiting.append(data)
        self._bytes += len(data)
        self._empty.clear()
        if self._bytes > ENOUGH:
            self._room.clear()
        if not self._due and not self._blocked:
            self._due = True
            self._loop.call_soon(self._flush)

    async def room(self) -> None:
        """Wait until the bus has taken most of what was put."""
        await self._room.wait()

    async def drained(self) -> None:
        """Wait until the bus has taken everything."""
        await self._empty.wait()

    def _flush(self) -> None:
        self._due = False
        try:
            while self._waiting:
                piece = self._piece()
                taken = self._sock.send(piece)
                self.sent += taken
                self._bytes -= taken
                if taken < len(piece):
                    self._waiting.appendleft(piece[taken:])
                    self._block(True)
                    break
            else:
                self._block(False)
        except BlockingIOError:
            self._waiting.appendleft(piece)
            self._block(True)
        except OSError as error:
            self._waiting.clear()
            self._bytes = 0
            self._block(False)
            self._lost(error)
        if self._bytes <= ENOUGH:
            self._room.set()
        if not self._bytes:
            self._empty.set()

    def _piece(self) -> bytes:
        size, parts = 0, []
        while self._waiting and size < _ONE_SEND:
            parts.append(self._waiting.popleft())
            size += len(parts[-1])
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _block(self, blocked: bool) -> None:
        if blocked and not self._blocked:
            self._loop.add_writer(self._fd, self._flush)
        elif self._blocked and not blocked:
            self._loop.remove_writer(self._fd)
        self._blocked = blocked


class PatientBus(MessageBus):
    """A connection to a bus whose sending waits; see `room`."""

    def __init__(self, address: str) -> None:
        super().__init__(bus_address=address)

    async def connect(self) -> MessageBus:
        """See `MessageBus.connect`."""
        await super().connect()
        inside = cast("Any", self)
        inside._writer = PatientWriter(self)
        return self

    @property
    def writer(self) -> PatientWriter:
        """The writer that waits."""
        return cast("PatientWriter", cast("Any", self)._writer)


class RssiSignal:
    """`PropertiesChanged` of one device, marshalled once; only the level is written anew for each advert.

    Args:
        path: of the device.
        changed: what else is told with each advert.
    """

    def __init__(self, path: str, changed: dict[str, Variant]) -> None:
        one, other = (self._marshalled(path, changed, rssi) for rssi in (0x0101, 0x0202))
        self._at = next(at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        self._bytes = bytearray(one)

    def at(self, rssi: int) -> bytes:
        """The signal for a level in dBm."""
        struct.pack_into("<h", self._bytes, self._at, rssi)
        return bytes(self._bytes)

    @staticmethod
    def _marshalled(path: str, changed: dict[str, Variant], rssi: int) -> bytes:
        message = properties_changed(
            path, "org.bluez.Device1", {**changed, "RSSI": Variant("n", rssi)}
        )
        message.serial = 1
        return bytes(cast("Any", message)._marshall(False))


def properties_changed(
    path: str, interface: str, changed: dict[str, Variant], gone: tuple[str, ...] = ()
) -> Message:
    """The signal that tells of changed and vanished properties."""
    return Message(
        message_type=MessageType.SIGNAL,
        path=path,
        interface="org.freedesktop.DBus.Properties",
        member="PropertiesChanged",
        signature="sa{sv}as",
        body=[interface, changed, list(gone)],
    )
