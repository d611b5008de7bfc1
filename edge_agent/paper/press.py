"""One that minds the printer: a slip at a time, and always a sentence for why there is none."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog

from edge_agent.paper.printers import Paper, Printer, PrinterError
from edge_agent.paper.slip import Slip
from protocol import PartHealth, Text

LOOK_EVERY_S: Final = 20.0
"""How often a printer that fares well is asked."""
LOOK_AGAIN_S: Final = 3.0
"""How often one that does not is asked: whoever refills it waits for that."""
PATIENCE_S: Final = 12.0
"""A slip is printed by then or not at all: its family has gone, and the next must not find it."""
_log = structlog.get_logger()

_TROUBLE: Final = {
    Paper.OUT: (
        "The printer is out of paper: put in a roll of 80 mm.",
        Text(zh="打印机没纸了，请装一卷 80 毫米热敏纸", en="Out of paper: put in a roll of 80 mm"),
    ),
    Paper.OFFLINE: (
        "The printer takes nothing: close its cover, look for jammed paper.",
        Text(
            zh="打印机停了，请合上盖子、看看有没有卡纸", en="The printer stands still: cover, jam?"
        ),
    ),
    Paper.GONE: (
        "The printer is not there: is it switched on, its cable in place?",
        Text(zh="找不到打印机，请看看电源和线", en="No printer found: power, cable?"),
    ),
}
_LOW: Final = Text(zh="打印纸快用完了", en="The paper is nearly used up")


class Press:
    """Prints, in order, on a thread of its own.

    Args:
        printer: None: there is no paper here.
        changed: called from that thread when the printer fares otherwise than before.
    """

    def __init__(self, printer: Printer | None, changed: Callable[[], None]) -> None:
        self._printer = printer
        self._changed = changed
        self._paper = Paper.UNKNOWN
        self._refused = ""
        self._hands = ThreadPoolExecutor(1, "paper")
        self._closing = threading.Event()
        if printer:
            self._watch = threading.Thread(target=self._look, name="paper watch", daemon=True)
            self._watch.start()

    @property
    def there(self) -> bool:
        """Whether paper is to be had here at all."""
        return self._printer is not None

    @property
    def trouble(self) -> bool:
        """Whether nothing would be printed now."""
        return self._paper in _TROUBLE or bool(self._refused)

    def submit(self, slip: Slip) -> "Future[bool]":
        """Print after what is being printed; the result tells whether the family holds it."""
        asked_s = time.monotonic()
        if self._printer is None or self._closing.is_set():
            none: Future[bool] = Future()
            none.set_result(False)
            return none
        return self._hands.submit(self._print, self._printer, slip, asked_s)

    def parts(self) -> list[PartHealth]:
        """How it fares, for the staff; nothing where there is no printer."""
        if self._printer is None:
            return []
        if self._paper in _TROUBLE:
            sentence, text = _TROUBLE[self._paper]
            return [PartHealth(part="printer", ok=False, sentence=sentence, text=text)]
        if self._refused:
            return [PartHealth(part="printer", ok=False, sentence=self._refused)]
        if self._paper is Paper.LOW:
            return [PartHealth(part="printer", ok=True, sentence=_LOW.en, text=_LOW)]
        return [PartHealth(part="printer", ok=True)]

    def stop(self) -> None:
        """End; what is being printed is finished, what waits is not begun."""
        self._closing.set()
        self._hands.shutdown(wait=True, cancel_futures=True)

    def _print(self, printer: Printer, slip: Slip, asked_s: float) -> bool:
        if time.monotonic() - asked_s > PATIENCE_S:
            return False
        try:
            printer.print(slip)
        except PrinterError as error:
            _log.warning("slip_not_printed", printer=printer.name, why=str(error))
            self._take(printer.paper(), f"The last slip was not printed: {error}"[:300])
            return False
        except Exception as error:  # a driver's own fault must not end the press
            _log.exception("printer_stumbled", printer=printer.name)
            self._take(printer.paper(), f"The last slip was not printed: {error!r}"[:300])
            return False
        self._take(self._paper if self._paper not in _TROUBLE else Paper.UNKNOWN, "")
        return True

    def _look(self) -> None:
        while not self._closing.is_set():
            try:
                self._hands.submit(self._ask).result()
            except RuntimeError:  # closed meanwhile
                return
            self._closing.wait(LOOK_AGAIN_S if self.trouble else LOOK_EVERY_S)

    def _ask(self) -> None:
        if self._printer is None:
            return
        paper = self._printer.paper()
        self._take(paper, "" if paper in (Paper.FINE, Paper.LOW) else self._refused)

    def _take(self, paper: Paper, refused: str) -> None:
        if (paper, refused) == (self._paper, self._refused):
            return
        self._paper, self._refused = paper, refused
        _log.info("printer", paper=paper.value, refused=refused)
        self._changed()
