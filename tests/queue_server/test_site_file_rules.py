"""Every rule of a site file has a bad file here, and the sentence that is told about it."""

import random
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.core.rules import Back, BackAt, HoldUntil, Late, Order, Presence, Rules, places
from queue_server.core.site import Per, Site
from queue_server.errors import SiteFileError
from queue_server.site_file import SitePlan, read_site_file
from tests.queue_server.bad_site_files import BAD, BASE, session


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.toml"


def read(path: Path, text: str) -> SitePlan:
    path.write_text(text, encoding="utf-8")
    return read_site_file(path)


def rules(path: Path, written: str) -> Rules:
    """The rules of a line that says this."""
    text = BASE.replace('missed = [5, 5, "half_day_end", "void"]', written)
    return read(path, text).site.groups["resp"].rules


# ---- what can be written ------------------------------------------------------------------------


def test_rules_of_the_hospital_are_overridden_key_by_key_by_the_area_and_the_line(
    path: Path,
) -> None:
    site = read(path, BASE).site
    resp, lab, fever = (site.groups[id].rules for id in ("resp", "lab", "fever"))
    assert resp.early == lab.early == timedelta(minutes=60)
    assert resp.screening
    assert not fever.screening
    assert resp.missed[0] == places(5)
    assert lab.missed == Rules().missed


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        *[(f'order = "{each}"', "order", each) for each in Order],
        ("early_minutes = 30", "early", timedelta(minutes=30)),
        ('early_minutes = "any"', "early", None),
        ('early_minutes = "none"', "early", timedelta()),
        ("late_after_minutes = 0", "late_after", timedelta()),
        *[(f'late = "{each}"', "late", each) for each in Late],
        ("late_every = 2", "late_every", 2),
        ("walk_ins = false", "walk_ins", False),
        ("walk_in_wait_minutes = 20", "walk_in_wait", timedelta(minutes=20)),
        ("choose_doctor = true", "choose_doctor", True),
        ("pay_first = true", "pay_first", True),
        ("screening = false", "screening", False),
        ("screening_valid_hours = 12.5", "screening_valid", timedelta(hours=12.5)),
        ("return_weight = 2", "return_weight", 2.0),
        ("first_overdue_minutes = 45", "first_overdue", timedelta(minutes=45)),
        ("own_doctor_minutes = 15", "own_doctor_for", timedelta(minutes=15)),
        ('own_doctor_minutes = "forever"', "own_doctor_for", None),
        ("interleave = 3", "interleave", 3),
        ("interleave_even = false", "interleave_even", False),
        ('returns = "line"', "returns", Back(BackAt.LINE)),
        ("returns = 5", "returns", places(5)),
        ('returns = "period_end"', "returns", Back(BackAt.PERIOD_END)),
        ("overtake_cap = 10", "overtake_cap", 10),
        ('missed = [2, "line", "void"]', "missed", (places(2), Back(BackAt.LINE), Back(BackAt.VOID))),
        ("transfer_keeps = false", "transfer_keeps", False),
        ("two_stage = 3", "two_stage", 3),
        ("auto_call = true", "auto_call", True),
        *[(f'hold_until = "{each}"', "hold_until", each) for each in HoldUntil],
        ("hold_limit_minutes = 30", "hold_limit", timedelta(minutes=30)),
        ("results_reported = true", "results_reported", True),
        ("prepare_first = true", "prepare_first", True),
        ("phone_proof = true", "phone_proof", True),
        *[(f'presence = "{each}"', "presence", each) for each in Presence],
        ("presence_fresh_minutes = 2", "presence_fresh", timedelta(minutes=2)),
        ("presence_limit_minutes = 20", "presence_limit", timedelta(minutes=20)),
        ("service_minutes = 2.5", "service_minutes", 2.5),
    ],
)  # fmt: skip
def test_a_rule_is_read_as_it_is_written(
    path: Path, written: str, field: str, value: object
) -> None:
    assert getattr(rules(path, written), field) == value


def test_everything_else_is_read_as_it_is_written(path: Path) -> None:
    plan = read(path, BASE)
    site: Site = plan.site
    assert site.hours.period == timedelta(minutes=30)
    assert len(site.hours.closed) == 4
    assert site.groups["expert"].numbers.per is Per.DOCTOR
    assert site.serving["blood"] == ("lab",)
    assert list(site.classes) == ["urgent", "infant"]
    assert site.urgent_tiers == {2}
    assert site.points["r1"].shares == ("lin",)
    assert site.doctors["zhou"].prefix == "Z"
    assert site.sessions[0].weekdays == {0, 1, 2}
    assert (site.sessions[1].start, site.sessions[1].end) == (time(8), time(12))
    assert site.previsit[0].max_age_months == 72
    (register,) = plan.registrations(date(2026, 3, 1))
    assert register.born == date(2021, 1, 1)


# ---- one bad file a rule ------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "told"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told_with_its_line_and_the_remedy(
    path: Path, old: str, new: str, told: str
) -> None:
    assert old in BASE
    with pytest.raises(SiteFileError) as refused:
        read(path, BASE.replace(old, new, 1))
    sentences = str(refused.value)
    assert all(part in sentences for part in told.split("..., ")), sentences
    for sentence in sentences.splitlines():
        assert sentence.startswith(f"{path}, line "), sentence
        assert sentence.endswith((".", "?")), sentence


def test_the_line_is_that_of_the_key(path: Path) -> None:
    lines = BASE.splitlines()
    for old, new, _ in (
        BAD["tier twice"],
        BAD["order"],
        BAD["end before begin"],
        BAD["prefix twice"],
    ):
        with pytest.raises(SiteFileError) as refused:
            read(path, BASE.replace(old, new, 1))
        line = int(str(refused.value).split("line ")[1].split(":")[0])
        assert lines[line - 1] != BASE.replace(old, new, 1).splitlines()[line - 1]


def test_one_session_on_a_day_replaces_those_of_the_week(path: Path) -> None:
    once = session("zhou", "r1", "day = 2026-03-02")
    assert len(read(path, BASE.replace("[[previsit]]", once + "[[previsit]]")).site.sessions) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "张小宝"', f'name = "{"张小宝" * 30}"'),
        ("[[appointments]]", "[appointments]"),
        ("[[appointments]]", 'appointments = ["张小宝"]\n[[x]]'),
        ('name = "张小宝"', 'name = ["张小宝"]'),
    ],
)
def test_no_error_tells_the_name_of_a_child(path: Path, old: str, new: str) -> None:
    if new.startswith("appointments ="):
        text = 'appointments = ["张小宝"]\n' + BASE[: BASE.index("[[appointments]]")]
    else:
        text = BASE.replace(old, new)
    with pytest.raises(SiteFileError) as refused:
        read(path, text)
    assert "小宝" not in str(refused.value)


# ---- any file -----------------------------------------------------------------------------------

SAMPLES = [
    path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[2] / "daozhen" / "sites").glob("*.toml"))
]
PIECES = ["", "=", "[", "]]", "[[", '"', "'''", "\0", "\\", "nan", "-1", "99999999999999999999", "1e400", "2026-13-01", "true",
    "{ }", "[]", '"\\u0000"', "#", "a.b.c = 1", "[points.r1]", "[[groups.resp]]", "[rules.x]", "07:32:00",
    "é", "inf"]  # fmt: skip


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 4))
def test_any_mangled_file_is_a_site_or_an_error_with_a_line(
    tmp_path: Path, seed: int, changes: int
) -> None:
    chance = random.Random(seed)
    lines = chance.choice([BASE, *SAMPLES]).splitlines()
    for _ in range(changes):
        mangle(lines, chance)
    path = tmp_path / "site.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    told = ""
    try:
        read_site_file(path)
    except SiteFileError as error:
        told = str(error)
    assert all(", line " in each for each in told.splitlines() if each[0] != "…"), told


def mangle(lines: list[str], chance: random.Random) -> None:
    """Damage one line, as slips of the hand and of the keyboard do."""
    at = chance.randrange(len(lines))
    line = lines[at]
    cut = chance.randrange(len(line) + 1)
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, chance.choice(lines))
        case 2:
            lines[at] = line[:cut] + line[cut + 1 :]
        case 3:
            lines[at] = line[:cut] + chance.choice(PIECES) + line[cut:]
        case 4 if "=" in line:
            lines[at] = f"{line.partition('=')[0]}= {chance.choice(PIECES)}"
        case 5 if "=" in line:
            other = chance.choice([each for each in lines if "=" in each])
            lines[at] = f"{line.partition('=')[0]}={other.partition('=')[2]}"
        case _:
            lines[at] = chance.choice(PIECES)
