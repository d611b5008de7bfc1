"""One busy day, lived once; and journals of it."""

from pathlib import Path

import pytest

from tests.queue_server.reports.days import BusyDay, kept


@pytest.fixture(scope="session")
def busy_day() -> BusyDay:
    return BusyDay(220).live()


@pytest.fixture(scope="session")
def _busy_journal(busy_day: BusyDay, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kept(busy_day.events, tmp_path_factory.mktemp("journal")).read_bytes()


@pytest.fixture
def journal(_busy_journal: bytes, tmp_path: Path) -> Path:
    """A journal of the busy day, of one's own."""
    path = tmp_path / "journal.db"
    path.write_bytes(_busy_journal)
    return path
