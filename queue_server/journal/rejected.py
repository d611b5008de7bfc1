"""Keeping messages that could not be used: all are counted, the latest of each agent are kept whole.

The same payload again only raises a count, and each agent has so many places: a flood of rubbish costs the disk no
more than its bound.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Final

from queue_server.journal.port import Rejected
from queue_server.journal.timestamps import timestamp

KEPT_OF_AGENT: Final = 100
KEPT_IN_ALL: Final = 5_000
PAYLOAD_KEPT: Final = 16 * 1024
"""Bytes of each payload that are kept; `bytes` says how many there were."""
TOPIC_KEPT: Final = 200
AGENTS_COUNTED: Final = 2_000
"""Beyond so many names, which can only be invented, all further agents are counted together as ''."""

_UPSERT: Final = """
    INSERT INTO rejected
        (agent, topic, reason, detail, install, seq, first_at, last_at, count, bytes, digest, payload)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
    ON CONFLICT (agent, reason, digest) DO UPDATE SET count = count + 1, last_at = excluded.last_at
"""
_COUNT: Final = """
    INSERT INTO rejected_totals (agent, reason, count, first_at, last_at) VALUES (?, ?, 1, ?, ?)
    ON CONFLICT (agent, reason) DO UPDATE SET count = count + 1, last_at = excluded.last_at
"""
_TRIM_AGENT: Final = """
    DELETE FROM rejected WHERE agent = ? AND id <=
        (SELECT id FROM rejected WHERE agent = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
"""
_TRIM_ALL: Final = """
    DELETE FROM rejected WHERE id <= (SELECT id FROM rejected ORDER BY id DESC LIMIT 1 OFFSET ?)
"""


def keep_rejected(db: sqlite3.Connection, rejected: Iterable[Rejected]) -> None:
    """Keep and count messages, within the transaction that is open."""
    agents = set()
    for message in rejected:
        agent = _counted_as(db, message.agent or "")
        agents.add(agent)
        _keep(db, agent, message)
    for agent in agents:
        db.execute(_TRIM_AGENT, (agent, agent, KEPT_OF_AGENT))
    if agents:
        db.execute(_TRIM_ALL, (KEPT_IN_ALL,))


def _counted_as(db: sqlite3.Connection, agent: str) -> str:
    known = db.execute("SELECT 1 FROM rejected_totals WHERE agent = ? LIMIT 1", (agent,)).fetchone()
    if known:
        return agent
    agents = db.execute("SELECT count(DISTINCT agent) FROM rejected_totals").fetchone()[0]
    return agent if agents < AGENTS_COUNTED else ""


def _keep(db: sqlite3.Connection, agent: str, message: Rejected) -> None:
    at = timestamp(message.received_at)
    digest = hashlib.sha256(message.payload).digest()[:16]
    db.execute(_COUNT, (agent, message.reason, at, at))
    db.execute(
        _UPSERT,
        (
            agent,
            message.topic[:TOPIC_KEPT],
            message.reason,
            message.detail,
            message.install,
            message.seq,
            at,
            at,
            len(message.payload),
            digest,
            message.payload[:PAYLOAD_KEPT],
        ),
    )
