"""The journal's process killed in the middle: what it had confirmed is there, and nothing is there by halves."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from queue_server.core import events as e
from queue_server.journal import SqliteJournal

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from queue_server.core.events import PatientNamed
from queue_server.journal import Batch, MarkChange, SqliteJournal

now = datetime(2026, 3, 2, tzinfo=UTC)
journal = SqliteJournal(Path(sys.argv[1]), "test")
seq = journal.position
while True:
    size = seq % 7 + 1
    named = tuple(PatientNamed(now, str(n), "x" * 200) for n in range(seq + 1, seq + size + 1))
    seq += size
    journal.append(Batch(now, named, (MarkChange("k1", "00112233445566aa", seq),)))
    print(seq, flush=True)
"""


@pytest.mark.parametrize("seed", range(2))
def test_what_was_confirmed_before_a_kill_is_there_and_a_batch_is_never_torn(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "journal.db"
    confirmed = 0
    for wait_s in random.Random(seed).choices((0.02, 0.05, 0.11, 0.2), k=3):
        confirmed = write_and_be_killed(path, wait_s)
        journal = SqliteJournal(path, "test")
        names = [event.patient for event in journal.replay() if isinstance(event, e.PatientNamed)]
        (mark,) = journal.marks()
        journal.close()
        assert names == [str(n) for n in range(1, len(names) + 1)]
        assert mark.contiguous == len(names) >= confirmed
    assert confirmed > 0


def write_and_be_killed(path: Path, wait_s: float) -> int:
    """Let a child append batches for a while, then kill it; returns the last position it had confirmed."""
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        first = writer.stdout.readline()
        time.sleep(wait_s)
        os.kill(writer.pid, signal.SIGKILL)
        complete = (first + writer.stdout.read()).rpartition(b"\n")[0]
    return int(complete.splitlines()[-1])
