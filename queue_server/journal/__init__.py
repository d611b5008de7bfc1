"""The journal (事件日志): the append-only truth of a site.

Read in this order: `port` (what a journal is), `codec` (events as JSON), `schema`, `sqlite`, `rejected`, `lock`, `memory`,
`reports` (for people who look in).
"""

from queue_server.journal.codec import decode_event, encode_event
from queue_server.journal.memory import MemoryJournal
from queue_server.journal.port import Batch, Journal, Mark, MarkChange, Rejected
from queue_server.journal.sqlite import SqliteJournal

__all__ = [
    "Batch",
    "Journal",
    "Mark",
    "MarkChange",
    "MemoryJournal",
    "Rejected",
    "SqliteJournal",
    "decode_event",
    "encode_event",
]
