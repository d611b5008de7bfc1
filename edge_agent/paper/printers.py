"""Receipt printers, by python-escpos; and a folder that takes slips where there is none.

net:10.0.0.9[:9100]             in the network
usb:04b8:0e15                   by USB, vendor and product in hexadecimal (`lsusb`)
serial:/dev/ttyUSB0[@19200]     by a serial line
file:/dev/usb/lp0               a device that only takes
folder:PATH                     a picture and a text for each slip, for a print service or a rehearsal
"""

import contextlib
import re
import socket
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from escpos.constants import RT_STATUS_ONLINE, RT_STATUS_PAPER
from escpos.escpos import Escpos
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Serial, Usb

from edge_agent.errors import AgentError
from edge_agent.paper.raster import WIDTH, draw
from edge_agent.paper.slip import Slip

ANSWER_S: Final = 2.0
"""So long a printer may take to answer, or not to take more dots."""
_OFFLINE: Final = 0x08
_NEAR_END: Final = 0x0C
_AT_END: Final = 0x60
_MEDIA: Final = {"width": {"mm": 72, "pixels": WIDTH}}
_STATUS_MARK: Final = 0x12
"""Bits 1 and 4 of every real-time status byte are set, bits 0 and 7 are not: what else comes is no status."""


class BadPrinter(AgentError):
    """A printer was asked for in words that mean none."""


class PrinterError(Exception):
    """It did not take the slip: gone, switched off, its cover open."""


class Paper(Enum):
    """How a printer fares."""

    FINE = "fine"
    LOW = "low"
    OUT = "out"
    OFFLINE = "offline"
    """It answers, and takes nothing: the cover is open, or its paper is jammed."""
    GONE = "gone"
    UNKNOWN = "unknown"
    """It can't be asked."""


class Printer(Protocol):
    """What a slip is printed on."""

    name: str

    def paper(self) -> Paper:
        """How it fares now; never raises."""
        ...

    def print(self, slip: Slip) -> None:
        """Print and cut.

        Raises:
            PrinterError: it could not.
        """
        ...


def open_printer(spec: str) -> Printer:
    """The printer of a setting; nothing is asked of it yet, for it may be switched on later.

    Raises:
        BadPrinter: the words mean no printer.
    """
    kind, _, rest = spec.partition(":")
    match kind:
        case "folder" if rest:
            return FolderPrinter(Path(rest))
        case "file" if rest:
            return EscposPrinter(spec, lambda: File(rest), answers=False, device=Path(rest))
        case "net" if found := re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]+)(?::(\d{1,5}))?", rest):
            host, port = found[1].strip("[]"), int(found[2] or 9100)
            return EscposPrinter(spec, lambda: _Network(host, port, timeout=ANSWER_S))
        case "usb" if found := re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", rest):
            vendor, product = int(found[1], 16), int(found[2], 16)
            return EscposPrinter(spec, lambda: Usb(vendor, product, timeout=int(ANSWER_S * 1000)))
        case "serial" if found := re.fullmatch(r"([^@\s]+)(?:@(\d+))?", rest):
            line, rate = found[1], int(found[2] or 9600)
            return EscposPrinter(spec, lambda: Serial(line, rate, timeout=ANSWER_S))
        case _:
            raise BadPrinter(
                f"printer = {spec!r} means no printer. Write net:10.0.0.9, usb:04b8:0e15, serial:/dev/ttyUSB0, "
                "file:/dev/usb/lp0 or folder:tickets."
            )


class EscposPrinter:
    """A printer that speaks ESC/POS. It is opened for each slip and each question: so another may use it in between,
    and one that was switched off is simply there again.

    Args:
        name: as in the settings.
        make: a driver, not yet opened.
        answers: whether it can be asked how it fares.
        device: the file it is, where it is one.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], Escpos],
        *,
        answers: bool = True,
        device: Path | None = None,
    ) -> None:
        self.name = name
        self._make = make
        self._answers = answers
        self._device = device

    def paper(self) -> Paper:  # noqa: D102  # as Printer says
        if self._device and not self._device.exists():
            return Paper.GONE
        if not self._answers:
            return Paper.UNKNOWN
        try:
            with self._opened() as driver:
                return _judged(driver)
        except PrinterError:
            return Paper.GONE

    def print(self, slip: Slip) -> None:  # noqa: D102
        if self._device and not self._device.exists():
            raise PrinterError(f"{self._device} is not there")
        picture = draw(slip)
        with self._opened() as driver:
            driver.hw("INIT")
            driver.image(picture)
            driver.cut()
            left = _judged(driver) if self._answers else Paper.UNKNOWN
        if left in (Paper.OUT, Paper.OFFLINE):
            raise PrinterError("it stopped before the slip was whole")

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Escpos]:
        """Drivers raise what their libraries do (OSError, usb.core.USBError, serial errors): all of it means gone."""
        driver = None
        try:
            driver = self._make()
            driver.profile.profile_data = {**driver.profile.profile_data, "media": _MEDIA}
            driver.open()
            yield driver
        except (EscposError, OSError, AssertionError, RuntimeError, ValueError) as error:
            raise PrinterError(" ".join(str(error).split()) or repr(error)) from error
        finally:
            if driver is not None:
                with contextlib.suppress(Exception):
                    driver.close()


class _Network(Network):  # type: ignore[misc]  # the library publishes no types
    """Leaves no socket open when nobody answers, and knows IPv6."""

    def open(self, raise_not_found: bool = True) -> None:  # noqa: ARG002  # raises always
        self.device = socket.create_connection((self.host, self.port), self.timeout)


def _judged(driver: Escpos) -> Paper:
    """Ask by real-time status (DLE EOT), which a printer answers even while it stands still."""
    paper = _status(driver, RT_STATUS_PAPER)
    if paper is None:
        return Paper.UNKNOWN
    if paper & _AT_END:
        return Paper.OUT
    state = _status(driver, RT_STATUS_ONLINE)
    if state is not None and state & _OFFLINE:
        return Paper.OFFLINE
    return Paper.LOW if paper & _NEAR_END else Paper.FINE


def _status(driver: Escpos, question: bytes) -> int | None:
    try:
        answer = driver.query_status(question)
    except TimeoutError:
        return None
    if answer and answer[-1] & 0x93 == _STATUS_MARK:
        return int(answer[-1])
    return None


class FolderPrinter:
    """Writes each slip into a folder: `A023-1.png` and, after it, `A023-1.txt`."""

    def __init__(self, folder: Path) -> None:
        self.name = f"folder:{folder}"
        self._folder = folder

    def paper(self) -> Paper:  # noqa: D102  # as Printer says
        return Paper.FINE

    def print(self, slip: Slip) -> None:  # noqa: D102
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            safe = re.sub(r"[^\w-]", "_", slip.ticket)[:40]
            count = 1 + sum(1 for _ in self._folder.glob(f"{safe}-*.png"))
            draw(slip).save(self._folder / f"{safe}-{count}.png")
            (self._folder / f"{safe}-{count}.txt").write_text(slip.words, "utf-8")
        except OSError as error:
            raise PrinterError(str(error)) from error
