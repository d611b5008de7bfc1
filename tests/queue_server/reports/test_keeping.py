"""The tables while a server runs: kept by themselves, never in the way, let go at once."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from queue_server.core import events as e
from queue_server.errors import JournalError
from queue_server.journal import Batch, SqliteJournal
from queue_server.program import open_server
from queue_server.reports import ReportKeeper, catch_up, kept_up, opened_to_write
from queue_server.settings import ServerSettings
from tests.queue_server.core.makers import NINE, ZONE

SITE = Path(__file__).parents[3] / "daozhen" / "sites" / "small.toml"


def position(keeper: ReportKeeper) -> int:
    with keeper.read() as db:
        if not db["report_about"].exists():
            return 0
        rows = db.query("SELECT value FROM report_about WHERE key = 'position'")
        return next((int(row["value"]) for row in rows), 0)


async def until(condition: object) -> None:
    assert callable(condition)
    give_up = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.02)


def test_they_follow_the_journal(journal: Path) -> None:
    keeper = ReportKeeper(journal, lambda: ZONE)

    async def run() -> None:
        async with kept_up(keeper, every_s=0.05):
            await until(lambda: position(keeper) > 100)
            before = position(keeper)
            writer = SqliteJournal(journal, "test")
            writer.append(Batch(NINE, (e.HelpAsked(NINE, "k1"),)))
            writer.close()
            await until(lambda: position(keeper) == before + 1)

    asyncio.run(run())


def test_a_server_ends_at_once_and_the_rest_is_done_later(journal: Path) -> None:
    keeper = ReportKeeper(journal, lambda: ZONE)

    async def run() -> float:
        async with kept_up(keeper):
            await asyncio.sleep(0.05)
            return time.monotonic()

    began = asyncio.run(run())
    assert time.monotonic() - began < 1
    ReportKeeper(journal, lambda: ZONE).refresh()
    assert position(keeper) > 100


def test_a_page_does_not_wait_for_a_long_count(journal: Path) -> None:
    keeper = ReportKeeper(journal, lambda: ZONE)
    assert keeper.refresh(until=time.monotonic() + 0.01) is None
    done = keeper.refresh()
    assert done is not None
    assert done.events > 100


def test_two_keepers_of_one_journal_take_turns(journal: Path) -> None:
    keepers = [ReportKeeper(journal, lambda: ZONE) for _ in range(2)]
    threads = [threading.Thread(target=keeper.refresh) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened_to_write(journal) as db:
        assert catch_up(db, journal, ZONE).events == 0


def test_while_another_program_counts_what_is_there_is_shown(journal: Path) -> None:
    ReportKeeper(journal, lambda: ZONE).refresh()
    began = time.monotonic()
    with opened_to_write(journal), ReportKeeper(journal, lambda: ZONE).up_to_date() as db:
        assert db["report_visits"].count
    assert time.monotonic() - began < 5


def test_what_goes_wrong_is_tried_again(tmp_path: Path, journal: Path) -> None:
    missing = tmp_path / "later" / "journal.db"
    keeper = ReportKeeper(missing, lambda: ZONE)

    async def run() -> None:
        async with kept_up(keeper, every_s=0.02):
            await asyncio.sleep(0.1)
            missing.parent.mkdir()
            missing.write_bytes(journal.read_bytes())
            await until(lambda: position(keeper) > 100)

    asyncio.run(run())
    with pytest.raises(JournalError, match="no journal"):
        ReportKeeper(tmp_path / "nothing.db", lambda: ZONE).refresh()


def test_a_running_server_keeps_them(tmp_path: Path) -> None:
    settings = ServerSettings(site=SITE, data=tmp_path, port=0)

    async def run() -> None:
        async with open_server(settings):
            keeper = ReportKeeper(settings.journal, lambda: ZONE)
            await until(lambda: position(keeper) > 0)
            with keeper.read() as db:
                names = {
                    row["service_group"]: row["en"]
                    for row in db.query("SELECT * FROM report_groups")
                }
        assert names["resp"] == "Respiratory clinic"

    asyncio.run(run())
