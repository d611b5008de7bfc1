"""The outbox on a real disk."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from edge_agent import OutboxUnusable
from edge_agent.core.vocabulary import Provisionals, Store
from edge_agent.outbox import Outbox


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o.db") as outbox:
        outbox.put(Store(1, "card", b"one"))
        outbox.put(Store(2, "card", b"two", Provisionals(date(2026, 3, 2), 7)))
        install = outbox.install
    with Outbox(tmp_path / "o.db") as outbox:
        restored = outbox.restored()
        assert (restored.next_seq, restored.waiting, restored.provisionals.count) == (3, (1, 2), 7)
        assert outbox.get(2) == ("card", b"two")
        assert outbox.install == install


def test_numbers_never_come_back_even_when_everything_was_acknowledged(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o.db") as outbox:
        outbox.put(Store(1, "card", b"one"))
        outbox.forget(1)
    with Outbox(tmp_path / "o.db") as outbox:
        assert (outbox.restored().next_seq, outbox.restored().waiting) == (2, ())


def test_each_start_is_a_new_birth(tmp_path: Path) -> None:
    births = []
    for _ in range(3):
        with Outbox(tmp_path / "o.db") as outbox:
            births.append(outbox.birth)
    assert births == [1, 2, 3]


def test_a_damaged_file_is_set_aside_and_a_new_life_begins(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    with Outbox(path) as outbox:
        first = outbox.install
    path.write_bytes(b"this is no database" * 500)
    with Outbox(path) as outbox:
        assert outbox.install != first
    assert [each for each in tmp_path.iterdir() if "damaged" in each.name]


def test_a_folder_that_cant_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxUnusable, match="check that the folder exists"):
        Outbox(tmp_path / "file" / "o.db")


WRITER = """
import sys
from pathlib import Path
from edge_agent.core.vocabulary import Store
from edge_agent.outbox import Outbox
with Outbox(Path(sys.argv[1])) as outbox:
    first = outbox.restored().next_seq
    for seq in range(first, first + 100_000):
        outbox.put(Store(seq, "card", b"x" * 300))
        print(seq, flush=True)
"""


@pytest.mark.programs
def test_a_kill_loses_nothing_that_was_put(tmp_path: Path) -> None:
    path, said = tmp_path / "o.db", 0
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout
        for line, _ in zip(child.stdout, range(50), strict=False):
            said = int(line)
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        said = max([said, *map(int, rest[:-1])])
        with Outbox(path) as outbox:
            waiting = outbox.restored().waiting
        assert waiting == tuple(range(1, len(waiting) + 1))
        assert len(waiting) >= said
