"""The story of a visit: every event in words, in both languages, in the order of time."""

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.steps import StepPlan, VisitImage
from queue_server.core.vocabulary import HoldReason, Lane, Need, Rank, Slot, StepKind, Way, Why
from queue_server.journal.reports import opened
from queue_server.reports import NOWHERE, Places, Story, events_of, found, name_of, places_in, story
from tests.queue_server.core.makers import NINE, TODAY, ZONE, Day, minutes, slot
from tests.queue_server.reports.days import BusyDay, kept
from tests.queue_server.reports.test_catching_up import brought_up
from tests.queue_server.reports.test_folding import by_visit

OF_VISITS = sorted(
    name for name, kind in e.EVENTS.items() if "visit" in {field.name for field in fields(kind)}
)


def told(day: Day, visit: str) -> Story:
    found = story(by_visit(day)[visit], Places.of_site(day.hospital.site), ZONE)
    assert found is not None
    return found


def in_words(day: Day, visit: str, lang: str = "en") -> list[str]:
    lines = told(day, visit).lines
    return [f"{line.clock} {line.words.en if lang == 'en' else line.words.zh}" for line in lines]


def test_a_visit_from_the_door_to_the_door() -> None:
    day = Day()
    day.arrive("1", slot=slot(9))
    day.now += minutes(10)
    day.call()
    day.do(c.Start("a1", "wang"), minutes(1))
    day.do(c.Finish("a1", "wang", ("lab",)), minutes(7))
    assert in_words(day, "v-1") == [
        "09:00 Registered for 呼吸内科, booked 09:00–10:00.",
        "09:00 Checked in by card at k1, number A001, 呼吸内科 (as booked).",
        "09:10 Called by nurse: 呼吸内科, to 1 诊室.",
        "09:11 Seen at 1 诊室 by wang.",
        "09:18 Finished at 1 诊室 by wang.",
        "09:18 wang ordered: 检验科, 呼吸内科 (return).",
        "09:18 Came into the line: 检验科.",
    ]
    assert in_words(day, "v-1", "zh")[2] == "09:10 nurse 叫号：呼吸内科，请到 1 诊室。"


def test_a_call_says_why_this_family_and_not_another() -> None:
    day = Day()
    for child in "12":
        day.arrive(child)
        day.now += minutes(1)
    day.do(c.CallOne("a1", "v-2", "nurse", "高热"))
    (why,) = [line.why for line in told(day, "v-2").lines if line.why]
    assert "高热" in why.zh[0]
    assert "gave the reason: 高热" in why.en[0]
    assert len(why.zh) == len(why.en)


def test_what_was_taken_back_is_told_and_struck_out() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    day.do(c.Miss("a1", "nurse"), minutes(1))
    day.do(c.Undo("nurse"), minutes(1))
    lines = told(day, "v-1").lines
    assert [line.kind for line in lines if line.taken_back] == ["Missed"]
    assert lines[-1].words.en == "nurse took back the missed call."


def test_an_earlier_scan_that_came_in_late_stands_where_it_happened() -> None:
    day = Day()
    day.arrive("1")
    day.do(c.Scan("k2", day.now - minutes(5), True, "card-1"), minutes(1))
    lines = told(day, "v-1").lines
    assert [line.kind for line in lines] == ["ScannedEarlier", "VisitRegistered", "CheckedIn"]


@pytest.mark.parametrize("seed", [1, 2])
def test_times_never_run_backwards_and_nothing_is_left_out(seed: int) -> None:
    day = BusyDay(100, seed=seed, thorough=True).live()
    kept_events = by_visit(day)
    for visit in day.hospital.visits:
        lines = told(day, visit).lines
        assert len(lines) == len(kept_events[visit])
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        for line in lines:
            assert line.words.zh.endswith("。")
            assert line.words.en.endswith(".")
            assert "{" not in line.words.zh + line.words.en
            assert line.why is None or line.kind in ("Called", "AskedToDoor")


@pytest.mark.parametrize("name", OF_VISITS)
@pytest.mark.parametrize("places", ["known", "unknown"])
def test_every_kind_of_event_has_words_in_both_languages(name: str, places: str) -> None:
    registered = made(e.VisitRegistered)
    event = made(e.EVENTS[name])
    known = Places.of_site(Day().hospital.site) if places == "known" else NOWHERE
    kept_events: list[tuple[int, e.Event]] = [(1, registered), (2, event)]
    telling = story(kept_events, known, ZONE)
    assert telling is not None
    line = next(line for line in telling.lines if line.position == 2)
    assert line.words.zh.endswith("。")
    assert re.search(r"[一-鿿]", line.words.zh)
    assert line.words.en != name
    assert not re.search(r"[一-鿿]", line.words.en.replace("呼吸内科", "").replace("诊室", ""))


def made(kind: type) -> Any:
    """An event of a kind, its fields filled by their types."""
    values: dict[str, Any] = {}
    hints = _hints(kind)
    for field in fields(kind):
        values[field.name] = _value(field.name, hints[field.name])
    return kind(**values)


def _hints(kind: type) -> dict[str, Any]:

    return get_type_hints(kind)


_KNOWN: dict[Any, Any] = {
    str: "resp",
    int: 2,
    bool: True,
    float: 1.5,
    Lane: Lane.BOOKED,
    datetime: NINE,
    date: TODAY,
    HoldReason: HoldReason.NAP,
    Need: Need.PAID,
    Way: Way.QR,
    Why: Why.FIRST,
    Rank: Rank(0, NINE, NINE, "s1", Lane.BOOKED),
    Slot: Slot(NINE, NINE + timedelta(hours=1)),
    StepPlan: StepPlan("s1", StepKind.CLINIC, "resp"),
    VisitImage: VisitImage(()),
}
_BY_NAME = {
    "point": "a1",
    "visit": "v-1",
    "step": "s1",
    "what": "Miss",
    "by": "nurse",
    "agent": "k1",
}


def _value(name: str, hint: Any) -> Any:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if get_origin(hint) is UnionType:
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        return (_value(name, get_args(hint)[0]),)
    if hint in _KNOWN:
        return _KNOWN[hint]
    assert is_dataclass(hint), (name, hint)
    return made(hint)  # type: ignore[arg-type]  # a class


# ---- search -------------------------------------------------------------------------------------


@pytest.fixture
def searched(tmp_path: Path) -> Path:
    day = Day()
    day.arrive("1", guardian="g1", guardian_card="his:guardian-7")
    day.arrive("2", guardian="g1")
    day.do(c.Register("v-old", "1", "张大一", "resp", TODAY + timedelta(days=3)))
    day.do(c.Register("v-bell", "bell", "Anna Bell", "resp", TODAY))
    path = kept(day.events, tmp_path)
    brought_up(path)
    return path


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        ("card-1", ["v-old", "v-1"]),
        ("his:guardian-7", ["v-1", "v-2"]),
        ("A002", ["v-2"]),
        ("a002", ["v-2"]),
        ("v-bell", ["v-bell"]),
        ("anna", ["v-bell"]),
        ("小2", ["v-2"]),
        ("张小1", ["v-old", "v-1"]),
        ("大一", ["v-old", "v-1"]),
        ("nobody", []),
        ("%", []),
        ("'", []),
        ("  ", []),
    ],
)
def test_visits_are_found(searched: Path, text: str, visits: list[str]) -> None:
    with opened(searched) as db:
        assert [row.visit for row in found(db, text)] == visits


def test_a_day_narrows_the_search_and_alone_lists_the_day(searched: Path) -> None:
    with opened(searched) as db:
        assert [row.visit for row in found(db, "张", TODAY)] == ["v-1", "v-2"]
        assert [row.visit for row in found(db, "", TODAY)] == ["v-1", "v-2", "v-bell"]
        assert [row.name for row in found(db, "v-old")] == ["张大一"]
        assert [row.name for row in found(db, "v-1")] == ["张大一"]


def test_at_most_so_many_are_found(journal: Path) -> None:
    brought_up(journal)
    with opened(journal) as db:
        assert len(found(db, "", TODAY, most=20)) == 20


def test_a_journal_without_tables_finds_nothing_but_tells_stories(tmp_path: Path) -> None:
    day = Day()
    day.arrive("1")
    path = kept(day.events, tmp_path)
    with opened(path) as db:
        assert found(db, "A001") == []
        telling = story(events_of(db, "v-1"), places_in(db), UTC)
        assert telling is not None
        assert telling.ticket == "A001"
        assert name_of(db, telling.patient) == ""
        assert story(events_of(db, "nobody"), NOWHERE, UTC) is None
