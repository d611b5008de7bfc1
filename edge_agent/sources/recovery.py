"""Opening again, with patience: what every device needs."""

from collections.abc import Callable
from threading import Event
from typing import Final

from edge_agent.sources.port import Report, SourceHealth

FIRST_S: Final = 0.5
LONGEST_S: Final = 15.0


def keep_open(use: Callable[[Callable[[], None]], None], report: Report, stop: Event) -> None:
    """Call `use` again and again until `stop` is set.

    Args:
        use: opens the device and uses it until it ends or raises `OSError`; calls its argument when it is open.
        report: told of every change.
        stop: ends it all.
    """
    delay_s = FIRST_S

    def opened() -> None:
        nonlocal delay_s
        delay_s = FIRST_S
        report(SourceHealth(True, ""))

    while not stop.is_set():
        try:
            use(opened)
            sentence = "It ended; it will be opened again."
        except Exception as error:  # a source that dies of a surprise is never opened again
            sentence = (
                f"{_sentence(error)} It is tried again every {LONGEST_S:.0f} s at the latest."
            )
        if stop.is_set():
            return
        report(SourceHealth(False, sentence))
        stop.wait(delay_s)
        delay_s = min(delay_s * 2, LONGEST_S)


def _sentence(error: Exception) -> str:
    said = str(error).strip() or type(error).__name__
    return said if said[-1] in ".?!" else f"{said}."
