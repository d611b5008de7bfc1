"""docs/site-file.md is that of the code: every key, every default, every word that may be written."""

import re
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from queue_server.core.rules import BackAt, HoldUntil, Late, Order, Presence, Rules
from queue_server.core.site import (  # fmt: skip
    AreaVoice,
    Doctor,
    Group,
    Hours,
    Per,
    Point,
    PrevisitRule,
    PriorityClass,
    Series,
    Session,
    usual_classes,
)
from queue_server.core.vocabulary import StepKind
from queue_server.site_file import tables
from queue_server.site_file.appointments import Appointment
from queue_server.site_file.summary import written

PAGE = (Path(__file__).parents[2] / "docs" / "site-file.md").read_text("utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "`[site]`": tables.SiteTable,
    "`[campuses.ID]`": tables.NameTable,
    "`[hours]`": tables.HoursTable,
    "Rules": tables.RulesTable,
    "`[areas.ID]`": tables.AreaTable,
    "`[areas.ID.voice]`": tables.VoiceTable,
    "`[groups.ID]`": tables.GroupTable,
    "`[points.ID]`": tables.PointTable,
    "`[doctors.ID]`": tables.DoctorTable,
    "`[[sessions]]`": tables.SessionTable,
    "`[series.ID]`": tables.SeriesTable,
    "`[classes.ID]`": tables.ClassTable,
    "`[[previsit]]`": tables.PrevisitTable,
    "Appointments": Appointment,
}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title} ")[1].split("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    """The table of keys of a section: key → its other cells."""
    found = {}
    for line in section(title).split("\n### ")[0].splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and (key := re.fullmatch(r"`(\w+)`", cells[0])):
            found[key[1]] = cells[1:]
    return found


@pytest.mark.parametrize("title", SECTIONS)
def test_every_key_is_documented_and_nothing_else(title: str) -> None:
    model = SECTIONS[title].model_fields
    assert list(rows(title)) == [field.alias or name for name, field in model.items()]


@pytest.mark.parametrize("title", SECTIONS)
def test_every_key_has_its_chinese_term_its_value_and_its_default(title: str) -> None:
    for key, (zh, value, default, _) in rows(title).items():
        assert re.search("[一-鿿]", zh), key
        assert value, key
        field = next(
            field
            for name, field in SECTIONS[title].model_fields.items()
            if key in (name, field.alias)
        )
        assert default.startswith("must be given") == (
            field.is_required() or (key in ("prefix", "series") and title == "`[groups.ID]`")
        ), key


def test_every_default_of_a_rule_is_the_one_in_force() -> None:
    usual = Rules()
    for name, field in tables.RulesTable.model_fields.items():
        given = getattr(usual, name)
        documented = rows("Rules")[field.alias or name][2]
        expected = "none" if name == "fever_group" else f"`{written(name, given)}`"
        assert documented == expected, name


def test_every_table_has_all_that_the_core_knows() -> None:
    """A field that is added to the core's site must be written somehow, or stand here."""
    pairs: list[tuple[type, type[BaseModel], set[str]]] = [
        (Rules, tables.RulesTable, set()),
        (Group, tables.GroupTable, {"id"}),
        (Point, tables.PointTable, {"id"}),
        (AreaVoice, tables.VoiceTable, {"readings"}),  # as `[readings]`
        (Doctor, tables.DoctorTable, {"id"}),
        (Series, tables.SeriesTable, {"id"}),
        (Hours, tables.HoursTable, set()),
        (PriorityClass, tables.ClassTable, {"id"}),
        (PrevisitRule, tables.PrevisitTable, set()),
        (Session, tables.SessionTable, {"start", "end", "weekdays"}),  # as `time` and `days`
    ]
    for known, table, otherwise in pairs:
        assert {each.name for each in fields(known)} - otherwise <= set(table.model_fields), known


@pytest.mark.parametrize("words", [Order, Late, BackAt, HoldUntil, Presence, Per, StepKind])
def test_every_word_that_may_be_written_is_documented(words: type[StrEnum]) -> None:
    for word in words:
        assert word is BackAt.PLACES or f'`"{word}"`' in PAGE, word


def test_the_usual_classes_are_named() -> None:
    assert all(f"`{each}`" in section("`[classes.ID]`") for each in usual_classes())
