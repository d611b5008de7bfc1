"""`edge-agent slip`: try a printer."""

import argparse
import sys
from datetime import datetime
from typing import Final

from edge_agent.paper.printers import Paper, PrinterError, open_printer
from edge_agent.paper.slip import provisional_slip
from protocol import Text

_SENTENCES: Final = {
    Paper.FINE: "It is there and has paper.",
    Paper.LOW: "It is there; its paper is nearly used up.",
    Paper.OUT: "It is out of paper.",
    Paper.OFFLINE: "It is there and takes nothing: is its cover open, its paper jammed?",
    Paper.GONE: "It is not there: is it switched on, its cable in place? (By USB, libusb-1.0-0 must be installed.)",
    Paper.UNKNOWN: "It does not say how it fares; print to see.",
}


def add_slip_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `slip` to the commands of `edge-agent`."""
    slip = commands.add_parser("slip", help="ask a printer how it fares, and print a slip to try")
    slip.add_argument("printer", help="as in the settings: net:10.0.0.9, usb:04b8:0e15, folder:x …")
    slip.add_argument("--ask", action="store_true", help="ask only, print nothing")
    slip.set_defaults(run=_slip)


def _slip(given: argparse.Namespace) -> int:
    """Status 1 when it can't print."""
    printer = open_printer(given.printer)
    paper = printer.paper()
    sys.stdout.write(f"{printer.name}: {_SENTENCES[paper]}\n")
    if not given.ask:
        title = Text(zh="试打一张", en="A slip to try")
        try:
            printer.print(provisional_slip("TEST-001", title, datetime.now().astimezone()))
        except PrinterError as error:
            sys.stdout.write(f"Not printed: {error}\n")
            return 1
        sys.stdout.write("A slip was printed.\n")
    return int(paper in (Paper.OUT, Paper.OFFLINE, Paper.GONE))
