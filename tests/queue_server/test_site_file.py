"""The site file: what it gives, and how it says what is wrong."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.core.vocabulary import StepKind
from queue_server.errors import SiteFileError
from queue_server.site_file import SitePlan, read_site_file, read_site_text

GOOD = """\
[site]
id = "test"
name = { zh = "医院", en = "Hospital" }
timezone = "Asia/Shanghai"

[areas.east]
name = { zh = "东区", en = "East" }
place = { zh = "二楼", en = "Floor 2" }

[groups.resp]
name = { zh = "呼吸内科", en = "Respiratory" }
kind = "clinic"
area = "east"
prefix = "A"
rules = { early_minutes = 30 }

[points.a1]
name = { zh = "1诊室", en = "Room 1" }
group = "resp"
doctor = "lin"

[[appointments]]
visit = "V1"
patient = "p1"
name = "张小宝"
group = "resp"
day = 2026-03-02
slot = "09:00-10:00"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.toml"


def read(path: Path, text: str) -> SitePlan:
    path.write_text(text, encoding="utf-8")
    return read_site_file(path)


def refusal(path: Path, text: str) -> str:
    with pytest.raises(SiteFileError) as refused:
        read(path, text)
    return str(refused.value).replace(str(path.parent) + "/", "")


def test_a_site_file_gives_a_site_and_its_registrations(path: Path) -> None:
    plan = read(path, GOOD)
    assert plan.site.groups["resp"].kind is StepKind.CLINIC
    assert plan.site.groups["resp"].rules.early == timedelta(minutes=30)
    assert plan.site.area_of("resp").place.zh == "二楼"
    (command,) = plan.registrations(date(2026, 3, 1))
    assert command.slot
    assert command.slot.start == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert list(plan.registrations(date(2026, 3, 3))) == []


def test_any_change_of_the_rules_is_another_version_and_its_text_is_kept(path: Path) -> None:
    first, second = read(path, GOOD).site, read(path, GOOD.replace("30", "20")).site
    assert first.version != second.version
    assert "early_minutes = 20" in second.text


def test_registrations_are_no_part_of_the_rules_and_no_name_of_a_child_is_kept(path: Path) -> None:
    first = read(path, GOOD).site
    second = read(
        path, GOOD.replace("张小宝", "李小宝") + '\n[campuses.south]\nzh = "南院"\nen = "South"\n'
    ).site
    assert "小宝" not in first.text + second.text
    assert "campuses.south" in second.text
    assert read(path, GOOD.replace("张小宝", "王小宝")).site.version == first.version
    assert read_site_text(second.text, "version 2") == second


def test_an_appointment_without_a_day_is_for_every_day_under_an_id_of_its_own(path: Path) -> None:
    plan = read(path, GOOD.replace("day = 2026-03-02\n", ""))
    visits = [each.visit for day in (2, 3) for each in plan.registrations(date(2026, 3, day))]
    assert visits == ["V1@2026-03-02", "V1@2026-03-03"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "clinic"', 'kind = "clinc"', "site.toml, line 12: groups.resp.kind is 'clinc'"),
        ('area = "east"', 'area = "esat"', "line 13: groups.resp.area is 'esat', which is not there; did you mean 'east'?"),
        ('prefix = "A"', 'prefix = "a1"', "line 14: groups.resp.prefix is 'a1'; use one to three capitals"),
        ('prefix = "A"\n', "", "line 10: groups.resp.prefix is missing; add it"),
        ("early_minutes = 30", "early_minutes = -5", "line 15: groups.resp.rules.early_minutes is -5"),
        ("early_minutes", "erly_minutes", "groups.resp.rules.erly_minutes is not known here; did you mean 'early_minutes'?"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Atlantis"', "line 4: site.timezone 'Asia/Atlantis'"),
        ('timezone = "Asia/Shanghai"', 'timezone = "../x"', "line 4: site.timezone '../x'"),
        ('zh = "东区", ', "", "line 7: areas.east.name.zh is missing"),
        ('group = "resp"\ndoctor', 'group = "ent"\ndoctor', "line 19: points.a1.group is 'ent'"),
        ('[points.a1]', '[points.A1]', "line 17: points.A1"),
        ('group = "resp"\nday', 'group = "ent"\nday', "line 22: visit V1 is for the group 'ent'"),
        ('slot = "09:00-10:00"', 'slot = "10:00-09:00"', "line 28: appointments.0.slot is"),
        ('slot = "09:00-10:00"', 'slot = "nine"', "line 28: appointments.0.slot"),
        ('slot = "09:00-10:00"', 'doctor = "who"', "line 22: visit V1 names the doctor 'who'"),
        ('slot = "09:00-10:00"', 'campus = "moon"', "line 22: visit V1 is for the campus 'moon'"),
        ('slot = "09:00-10:00"', 'card = "12"', "line 28: appointments.0.card is '12'; use 20 hex digits"),
        ("[points.a1]", "[points.a1", "site.toml, line 17: it is not TOML: Expected ']'"),
    ],
)  # fmt: skip
def test_an_error_names_the_file_the_line_and_what_to_do(
    path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    assert told in refusal(path, GOOD.replace(old, new))


def test_all_errors_are_told_at_once(path: Path) -> None:
    text = GOOD.replace('prefix = "A"', 'prefix = "a"').replace('kind = "clinic"', 'kind = "x"')
    assert refusal(path, text).count("\n") == 1


def test_a_prefix_belongs_to_one_line_and_every_line_needs_a_point(path: Path) -> None:
    second = GOOD[GOOD.index("[groups.resp]") : GOOD.index("[points")].replace("resp", "ent")
    told = refusal(path, GOOD.replace("[points.a1]", second + "[points.a1]"))
    assert "groups.ent.prefix 'A' is taken by resp" in told
    assert "groups.ent has no point" in told


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(SiteFileError, match=r"site\.toml can't be read.*--site"):
        read_site_file(path)


def test_a_file_in_another_encoding_is_pointed_at(path: Path) -> None:
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SiteFileError, match="line 7: it is not UTF-8"):
        read_site_file(path)


# ---- a list beside it ---------------------------------------------------------------------------

LISTED = GOOD.replace("timezone =", 'appointments_file = "list.csv"\ntimezone =')
CSV = "visit,patient,name,group,day,slot,card\nV2,p2,李沐阳,resp,2026-03-02,09:00–10:00,his:4711\n"


def with_list(path: Path, content: bytes) -> SitePlan:
    path.with_name("list.csv").write_bytes(content)
    return read(path, LISTED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_longer_list_can_stand_in_a_csv(path: Path, encoding: str) -> None:
    plan = with_list(path, CSV.encode(encoding))
    assert [each.visit for each in plan.registrations(date(2026, 3, 2))] == ["V1", "V2"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (CSV.encode("gb18030"), "list.csv, line 1: it is not UTF-8"),
        (CSV.replace("slot", "hour").encode(), "list.csv, line 1: unknown columns hour; known are visit, patient"),
        (CSV.replace("2026-03-02", "2.3.").encode(), "list.csv, line 2: day is '2.3.'"),
        (CSV.replace("p2", "").encode(), "list.csv, line 2: patient is missing"),
        (CSV.replace("V2", "V1").encode(), "list.csv, line 2: visit V1 stands on line 23"),
    ],
)  # fmt: skip
def test_errors_of_the_list_name_its_line(path: Path, content: bytes, told: str) -> None:
    with pytest.raises(SiteFileError) as refused:
        with_list(path, content)
    assert told in str(refused.value)


def test_a_missing_list_is_named(path: Path) -> None:
    assert "list.csv, line 1: it can't be read" in refusal(path, LISTED)
