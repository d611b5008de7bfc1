"""`queue-server forecast` on a journal of a few short days."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.journal import Batch, SqliteJournal
from queue_server.learned import FOLDER, LearnedForecast, files, forecaster_in, shown_by
from queue_server.site_file import read_site_file
from queue_server.steady import SteadyForecast
from tests.queue_server.core.makers import NINE, TODAY
from tests.queue_server.test_cli import run

SMALL = Path(__file__).parents[3] / "daozhen" / "sites" / "small.toml"
DAYS = 3
FAMILIES = 70


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three mornings of one clinic, busy enough for lines."""
    folder = tmp_path_factory.mktemp("data")
    site = read_site_file(SMALL).site
    clinic = next(g for g in site.groups.values() if g.kind == "clinic")
    points = [point.id for point in site.points_of[clinic.id]]
    h, random = Hospital(site), Random(1)
    journal = SqliteJournal(folder / "journal.db", site.id)
    now = NINE

    def do(command: c.Command) -> None:
        events = carry_out(h, command, now).events
        if events:
            journal.append(Batch(now, events))

    do(c.NoteSite(site.version, site.text))
    for day in range(DAYS):
        begin = NINE + timedelta(days=day)
        ends: dict[str, int] = {}
        for minute in range(240):
            now = begin + timedelta(minutes=minute)
            if minute == 0:
                do(c.OpenDay())
            if minute < FAMILIES * 2 and minute % 2 == 0:
                visit = f"{day}-{minute}"
                date = TODAY + timedelta(days=day)
                do(c.Register(visit, f"p{visit}", "张小宝", clinic.id, date))
                do(c.CheckInAtDesk(visit, "nurse"))
            for point in points:
                if ends.get(point) == minute:
                    do(c.Finish(point, "doctor"))
                if h.current(point) is None:
                    do(c.CallNext(point, "doctor"))
                    do(c.Start(point, "doctor"))
                    ends[point] = minute + random.randrange(3, 16)
    journal.close()
    return folder


def test_a_forecast_is_learned_shown_and_taken_by_the_server(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("forecast", "show", "--data", data) == 2
    assert "no learned forecast" in capsys.readouterr().err
    assert run("forecast", "train", "--data", data) == 2
    assert "has 3 days" in capsys.readouterr().err
    assert run("forecast", "train", "--data", data, "--least", "3", "--anyway") == 0
    said = capsys.readouterr().out
    assert "from 3 days, 2026-03-0" in said
    assert "the last 1 days were held out" in said
    assert len(files(data / FOLDER)) == 1
    assert run("forecast", "show", "--data", data) == 0
    assert "off by" in capsys.readouterr().out
    (data / FOLDER / "20200101.npz").write_bytes(b"x")
    assert run("forecast", "show", "--data", data) == 1
    chosen = forecaster_in(data / FOLDER)
    assert isinstance(chosen, LearnedForecast)
    h = Hospital(read_site_file(SMALL).site)
    assert shown_by(h) == "first_day"
    h.forecast = SteadyForecast(chosen)
    assert shown_by(h) == "learned"


def test_without_a_journal_there_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("forecast", "train", "--data", tmp_path) == 2
    assert capsys.readouterr().err.strip()
