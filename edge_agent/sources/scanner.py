"""Hardware scanners on a serial line (USB-CDC): the preferred kind, for it types into nothing else."""

import errno
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Final

import serial

from edge_agent.sources.port import Report, ScannedText, Take
from edge_agent.sources.recovery import keep_open

MOST_BYTES: Final = 1024
"""No card is longer. What is longer is handed over cut, one byte too long, so that it is refused as what it is."""
GAP_S: Final = 0.15
"""A scanner without a terminator ends a code by silence."""


class Assembler:
    """Puts bytes together into codes: by terminator (CR, LF, Tab), by silence, and never longer than `MOST_BYTES`."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._last_s = 0.0

    def feed(self, data: bytes, at_s: float) -> list[bytes]:
        """Take bytes that came at `at_s`; give the codes that are complete."""
        self._last_s = at_s
        complete = []
        for byte in data:
            if byte in b"\r\n\t":
                complete += self._take()
            elif len(self._held) <= MOST_BYTES:
                self._held.append(byte)
        return complete

    def silence(self, at_s: float) -> list[bytes]:
        """Give what is held when nothing has come for `GAP_S`."""
        return self._take() if at_s - self._last_s >= GAP_S else []

    def _take(self) -> list[bytes]:
        code = bytes(self._held)
        self._held.clear()
        return [code] if code else []


class SerialScanner:
    """A scanner at a serial device; give it by `/dev/serial/by-id/…`, for those names stay."""

    def __init__(self, device: str, baud: int = 9600) -> None:
        self.name = f"scanner {device}"
        self._device = device
        self._baud = baud

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        keep_open(lambda opened: self._use(take, opened, stop), report, stop)

    def _use(self, take: Take, opened: Callable[[], None], stop: Event) -> None:
        try:
            # exclusive: of two readers, each would get half a card
            with serial.Serial(self._device, self._baud, timeout=GAP_S / 3, exclusive=True) as line:
                opened()
                self._listen(line, take, stop)
        except serial.SerialException as error:
            raise OSError(_why(self._device, error)) from error

    def _listen(self, line: serial.Serial, take: Take, stop: Event) -> None:
        assembler = Assembler()
        while not stop.is_set():
            data = line.read(line.in_waiting or 1)
            now_s = monotonic()
            codes = assembler.feed(data, now_s) if data else assembler.silence(now_s)
            for code in codes:
                take(ScannedText(code, now_s))


def _why(device: str, error: serial.SerialException) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return f"The scanner at {device} may not be read: add this user to the group dialout"
        case errno.EAGAIN | errno.EBUSY:
            return f"The scanner at {device} is in use by another program: stop that one"
        case _:
            return f"The scanner at {device} can't be read: is it plugged in?"
