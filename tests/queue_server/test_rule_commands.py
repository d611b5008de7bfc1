"""`explain` and `whatif` on a journal of a short day."""

from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.journal import Batch, SqliteJournal
from queue_server.site_file import read_site_file
from tests.queue_server.core.makers import NINE, TODAY
from tests.queue_server.test_cli import run

SMALL = Path(__file__).parents[2] / "daozhen" / "sites" / "small.toml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Six families in one clinic, one of them called by name."""
    site = read_site_file(SMALL).site
    clinic = next(g for g in site.groups.values() if g.kind == "clinic")
    point = site.points_of[clinic.id][0].id
    h, now = Hospital(site), NINE
    journal = SqliteJournal(tmp_path / "journal.db", site.id)

    def do(command: c.Command) -> None:
        nonlocal now
        now += timedelta(minutes=1)
        events = carry_out(h, command, now).events
        if events:
            journal.append(Batch(now, events))

    do(c.NoteSite(site.version, site.text))
    do(c.OpenDay())
    for n in range(6):
        do(c.Register(f"v{n}", f"p{n}", f"张小{n}", clinic.id, TODAY))
        do(c.CheckInAtDesk(f"v{n}", "nurse"))
    do(c.CallOne(point, "v4", "nurse", "孩子抽搐"))
    for _ in range(6):
        do(c.Start(point, "doctor"))
        do(c.Finish(point, "doctor"))
        do(c.CallNext(point, "nurse"))
    journal.close()
    return tmp_path


def test_a_call_is_explained_by_id_or_number(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "v4/1#1", "--data", data, "--lang", "en") == 0
    by_id = capsys.readouterr().out
    assert "nurse chose" in by_id
    assert "孩子抽搐" in by_id
    assert run("explain", "v0", "--data", data, "--lang", "zh") == 0
    assert "最先到" in capsys.readouterr().out
    ticket = by_id.split()[1]
    assert run("explain", ticket, "--data", data, "--lang", "en") == 0
    assert capsys.readouterr().out == by_id


def test_an_unknown_call_is_said_to_be_unknown(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "A999", "--data", data) == 2
    assert "no call of 'A999'" in capsys.readouterr().err


def test_a_rule_is_tried_on_a_day(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "whatif.json"
    day = TODAY.isoformat()
    assert run("whatif", SMALL, "--day", day, "--data", data, "--json", written) == 0
    assert capsys.readouterr().out.startswith("6 families")
    assert written.read_text(encoding="utf-8").startswith("{")
    assert run("whatif", SMALL, "--day", "2020-01-01", "--data", data) == 2
    assert "nothing of 2020-01-01" in capsys.readouterr().err
