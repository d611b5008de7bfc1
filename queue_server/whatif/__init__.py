"""What if (规则试算): a changed rule, tried on a day of the journal.

The families of that day come as they came, are ill as they were, take as long in each room as they took and come back
when they came back; only the order of calling is decided anew, once under the rules of that day and once under the
changed ones. Both runs are made alike, so their difference is the rule's. Read `trace`, `rerun`, `compare`.
"""

from queue_server.whatif.compare import Comparison, compared, told
from queue_server.whatif.rerun import Rerun, rerun
from queue_server.whatif.trace import DayTrace, NoSuchDay, traced

__all__ = [
    "Comparison",
    "DayTrace",
    "NoSuchDay",
    "Rerun",
    "compared",
    "rerun",
    "told",
    "traced",
]
