"""Paper for families: what stands on a slip, how it looks, the printers, and one that minds them."""

from edge_agent.paper.command import add_slip_command
from edge_agent.paper.press import Press
from edge_agent.paper.printers import BadPrinter, Paper, Printer, PrinterError, open_printer
from edge_agent.paper.raster import WIDTH, draw
from edge_agent.paper.slip import Slip, provisional_slip, slip_of

__all__ = [
    "WIDTH",
    "BadPrinter",
    "Paper",
    "Press",
    "Printer",
    "PrinterError",
    "Slip",
    "add_slip_command",
    "draw",
    "open_printer",
    "provisional_slip",
    "slip_of",
]
