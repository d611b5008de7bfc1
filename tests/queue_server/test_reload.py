"""A new version of the site file while the server runs: it loses nobody, and a bad one changes nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server import QueueServer, ServerSettings, SiteFileError, open_server
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.reload import reload_refusal
from queue_server.core.site import Site
from queue_server.core.vocabulary import StepState
from queue_server.journal import reports
from queue_server.journal.versions import site_version, site_versions
from queue_server.site_file import read_site_file
from queue_server.site_file.watch import SiteFileWatch
from tests.queue_server.core.makers import NINE, Day, small_site

SITE = """\
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

[points.a1]
name = { zh = "1诊室", en = "Room 1" }
group = "resp"

[groups.ent]
name = { zh = "耳鼻喉科", en = "Ear, nose and throat" }
kind = "clinic"
area = "east"
prefix = "B"

[points.b1]
name = { zh = "2诊室", en = "Room 2" }
group = "ent"
"""
WITHOUT_ENT = SITE[: SITE.index("[groups.ent]")]
ANOTHER_ROOM = SITE + '\n[points.a2]\nname = { zh = "3诊室", en = "Room 3" }\ngroup = "resp"\n'


# ---- what would lose somebody -------------------------------------------------------------------


def changed(**parts: object) -> Site:
    given = {**vars(small_site()), **parts}
    names = Site.__dataclass_fields__
    return Site(**{name: value for name, value in given.items() if name in names})


def without(part: str, *ids: str) -> Site:
    kept = {id: each for id, each in getattr(small_site(), part).items() if id not in ids}
    return changed(**{part: kept})


def test_an_empty_hospital_may_become_any_other() -> None:
    assert reload_refusal(Day().hospital, without("groups", "resp", "lab")) == ()


def test_a_line_that_somebody_stands_in_stays() -> None:
    day = Day()
    ticket = day.arrive("1")
    (told,) = reload_refusal(day.hospital, without("groups", "resp"))
    assert told == f"the line resp would be gone, but {ticket} is there; transfer them first"


def test_of_many_families_a_few_are_named_by_their_numbers() -> None:
    day = Day()
    for child in range(8):
        day.arrive(str(child))
    (told,) = reload_refusal(day.hospital, without("groups", "resp"))
    assert "A001, A002, A003, A004, A005 and 3 more are there" in told


def test_a_line_that_somebody_has_booked_stays() -> None:
    day = Day()
    day.register("1")
    (told,) = reload_refusal(day.hospital, without("groups", "resp"))
    assert "1 registered for it have yet to come" in told


def test_a_line_does_not_change_its_kind_under_a_family() -> None:
    day = Day()
    day.arrive("1")
    groups = dict(small_site().groups)
    groups["resp"] = groups["lab"]
    (told,) = reload_refusal(day.hospital, changed(groups=groups))
    assert "would become a lab" in told


def test_a_room_that_somebody_is_in_stays() -> None:
    day = Day()
    ticket = day.arrive("1")
    day.call("a1")
    (told,) = reload_refusal(day.hospital, without("points", "a1"))
    assert told == f"the point a1 would be gone, but {ticket} is there; finish first"
    assert reload_refusal(day.hospital, without("points", "a2")) == ()


def test_a_doctor_whom_somebody_waits_for_stays() -> None:
    day = Day()
    ticket = day.arrive("1", doctor="wang")
    (told,) = reload_refusal(day.hospital, without("points", "a1"))
    assert told.startswith(f"the doctor wang would sit at no point of resp, but {ticket} is in")


def test_a_priority_class_that_somebody_has_stays() -> None:
    day = Day()
    day.arrive("1", priority="infant")
    (told,) = reload_refusal(day.hospital, without("classes", "infant"))
    assert told == "the priority class infant would be gone, but A001 is here with it"


def test_another_hospital_and_another_time_zone_need_another_start() -> None:
    assert "another site" in reload_refusal(Day().hospital, changed(id="other"))[0]
    told = reload_refusal(Day().hospital, changed(timezone=ZoneInfo("Asia/Tokyo")))
    assert "restart the server" in told[0]


def test_a_refused_version_is_an_answer_and_changes_nothing() -> None:
    day = Day()
    day.arrive("1")
    before = day.hospital.site
    answer = day.do(c.LoadSite(without("groups", "resp")))
    assert isinstance(answer, c.Refused)
    assert answer.reason is c.Reason.SITE_IN_USE
    assert "A001" in answer.detail
    assert day.hospital.site is before


@settings(max_examples=150, deadline=None)
@given(
    families=st.lists(st.sampled_from(["", "wang", "chen", "booked"]), max_size=6),
    called=st.lists(st.sampled_from(["a1", "a2"]), max_size=3),
    groups=st.sets(st.sampled_from(["resp", "lab", "xray", "drugs"])),
    points=st.sets(st.sampled_from(["a1", "a2", "l1", "x1"])),
)
def test_after_any_version_that_is_let_in_every_family_is_still_served(
    families: list[str], called: list[str], groups: set[str], points: set[str]
) -> None:
    day = Day()
    for child, wish in enumerate(families):
        if wish == "booked":
            day.register(str(child))
        else:
            day.arrive(str(child), doctor=wish or None)
    for point in called:
        day.call(point)
    old = small_site()
    kept = {id: each for id, each in old.points.items() if id not in points | groups}
    kept = {id: each for id, each in kept.items() if each.group not in groups}
    served = {point.group for point in kept.values()}  # a file's every line has a point
    lines = {id: each for id, each in old.groups.items() if id in served}
    new = changed(groups=lines, points=kept, version="v2")
    if isinstance(day.do(c.LoadSite(new)), c.Refused):
        return
    waiting = [visit for visit in day.hospital.visits.values() if visit.here()]
    for point in [*kept] * 8:
        day.do(c.CallNext(point, "nurse"))
        day.do(c.Start(point, "doctor"))
        day.do(c.Finish(point, "doctor"))
    assert all(day.states(visit.id) == [StepState.DONE] for visit in waiting)
    assert all("v-" + str(n) in day.hospital.visits for n in range(len(families)))


# ---- looking at the file ------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "site.toml", SITE)


def written(path: Path, text: str) -> Path:
    """Write a file so that its time of change differs, however quick the test is."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    after = max(path.stat().st_mtime_ns, before + 1_000_000)
    os.utime(path, ns=(after, after))
    return path


def test_a_change_counts_when_two_looks_have_found_the_same(path: Path) -> None:
    watch = SiteFileWatch(path, read_site_file(path))
    assert watch.look() is None
    written(path, ANOTHER_ROOM[:200])  # still being written
    assert watch.look() is None
    written(path, ANOTHER_ROOM)
    assert watch.look() is None
    found = watch.look()
    assert found
    assert found.plan
    assert "a2" in found.plan.site.points
    assert watch.look() is None


def test_who_asks_for_it_has_it_at_once(path: Path) -> None:
    watch = SiteFileWatch(path, read_site_file(path))
    written(path, ANOTHER_ROOM)
    found = watch.look(at_once=True)
    assert found
    assert found.plan
    assert watch.look() is None


def test_the_same_bytes_are_no_change(path: Path) -> None:
    watch = SiteFileWatch(path, read_site_file(path))
    written(path, SITE)
    assert (watch.look(), watch.look(), watch.look(at_once=True)) == (None, None, None)


def test_a_bad_file_and_a_missing_one_are_told_once(path: Path) -> None:
    watch = SiteFileWatch(path, read_site_file(path))
    written(path, SITE.replace("clinic", "clinc"))
    watch.look()
    found = watch.look()
    assert found
    assert "did you mean 'clinic'?" in str(found.problem)
    assert watch.look() is None
    path.unlink()
    watch.look()
    found = watch.look()
    assert found
    assert "can't be read" in str(found.problem)


def test_the_list_beside_it_is_looked_at_as_well(path: Path) -> None:
    listed = path.with_name("list.csv")
    row = "V1,p1,张小宝,resp,2026-03-02\n"
    listed.write_text(f"visit,patient,name,group,day\n{row}", encoding="utf-8")
    written(path, SITE.replace("timezone", 'appointments_file = "list.csv"\ntimezone'))
    watch = SiteFileWatch(path, read_site_file(path))
    written(listed, listed.read_text("utf-8") + row.replace("V1", "V2"))
    watch.look()
    found = watch.look()
    assert found
    assert found.plan
    assert len(list(found.plan.registrations(date(2026, 3, 2)))) == 2


# ---- a server -----------------------------------------------------------------------------------


def serve(path: Path, then: Callable[[QueueServer], Awaitable[None]]) -> None:
    """Run a server on a site file, and do something with it."""
    chosen = ServerSettings.load(site=path, data=path.parent / "data", port=0)

    async def main() -> None:
        async with open_server(chosen) as server:
            await then(server)

    asyncio.run(main())


async def replaced(server: QueueServer, path: Path, text: str) -> bool:
    """Write a new version, and have it looked at; whether it took over."""
    written(path, text)
    return await server.reload.look(server.desk, NINE, at_once=True)


async def arrive(server: QueueServer, child: str, group: str = "resp") -> None:
    day = await server.desk.ask(lambda h: h.day)
    assert day
    visit = f"v-{child}"
    register = c.Register(visit, f"p-{child}", "张小宝", group, day)
    for command in (register, c.CheckInAtDesk(visit, "nurse")):
        answer = await server.desk.submit(command)
        assert not isinstance(answer, c.Refused), answer


def test_a_new_version_is_in_force_and_in_the_journal(path: Path) -> None:
    async def then(server: QueueServer) -> None:
        assert await replaced(server, path, ANOTHER_ROOM)
        assert await server.desk.ask(lambda h: "a2" in h.site.points)
        with reports.opened(server.settings.journal) as db:
            first, second = site_versions(db)
            assert (first.text, second.text) == (SITE, ANOTHER_ROOM)
            assert site_version(db, first.version) == first
            assert site_version(db) == second

    serve(path, then)


def test_a_bad_version_changes_nothing_and_is_told(path: Path) -> None:
    async def then(server: QueueServer) -> None:
        assert not await replaced(server, path, SITE.replace("clinic", "clinc"))
        assert "did you mean 'clinic'?" in str(server.reload.problem)
        assert await server.desk.ask(lambda h: "b1" in h.site.points)
        assert await replaced(server, path, SITE)  # nothing new, but all is well again
        assert server.reload.problem is None

    serve(path, then)


def test_a_version_that_would_lose_a_family_waits_until_it_is_gone(path: Path) -> None:
    async def then(server: QueueServer) -> None:
        await arrive(server, "1", "ent")
        assert not await replaced(server, path, WITHOUT_ENT)
        assert "B001 is there" in str(server.reload.problem)
        for command in (c.CallNext("b1", "dr"), c.Start("b1", "dr"), c.Finish("b1", "dr")):
            await server.desk.submit(command)
        assert await server.reload.look(server.desk, NINE)
        assert server.reload.problem is None
        assert await server.desk.ask(lambda h: "ent" not in h.site.groups)

    serve(path, then)


def test_the_file_on_disk_is_in_force_after_a_restart_and_journaled(path: Path) -> None:
    async def nothing(_: QueueServer) -> None:
        pass

    async def then(server: QueueServer) -> None:
        assert await server.desk.ask(lambda h: "a2" in h.site.points)
        with reports.opened(server.settings.journal) as db:
            assert [each.text for each in site_versions(db)] == [SITE, ANOTHER_ROOM]

    serve(path, nothing)
    written(path, ANOTHER_ROOM)
    serve(path, then)


def test_a_restart_loses_nobody_either(path: Path) -> None:
    async def first(server: QueueServer) -> None:
        await arrive(server, "1", "ent")

    async def second(server: QueueServer) -> None:
        assert await server.desk.ask(lambda h: "ent" in h.site.groups)
        assert "B001 is there" in str(server.reload.problem)
        await server.desk.submit(c.Drop("v-1", "nurse", "went home"))
        assert await server.reload.look(server.desk, NINE, at_once=True)
        assert await server.desk.ask(lambda h: "ent" not in h.site.groups)

    serve(path, first)
    written(path, WITHOUT_ENT)
    serve(path, second)


def test_a_server_starts_again_with_the_last_good_version(path: Path) -> None:
    async def first(server: QueueServer) -> None:
        assert await replaced(server, path, ANOTHER_ROOM)

    async def second(server: QueueServer) -> None:
        assert await server.desk.ask(lambda h: "a2" in h.site.points)
        assert "did you mean 'clinic'?" in str(server.reload.problem)

    serve(path, first)
    written(path, SITE.replace("clinic", "clinc"))
    serve(path, second)


def test_the_first_start_with_a_bad_file_is_refused(path: Path) -> None:
    async def then(_: QueueServer) -> None:
        pytest.fail("it must not start")

    written(path, SITE.replace("clinic", "clinc"))
    with pytest.raises(SiteFileError, match="line 12"):
        serve(path, then)


def test_new_registrations_of_a_new_file_are_entered(path: Path) -> None:
    more = '\n[[appointments]]\nvisit = "S-1"\npatient = "p-1"\nname = "张小宝"\ngroup = "resp"\n'

    async def then(server: QueueServer) -> None:
        assert await server.reload.look(server.desk, NINE) is False
        day = await server.desk.ask(lambda h: h.day)
        assert day
        written(path, SITE + more)
        now = NINE + timedelta(days=(day - NINE.date()).days)
        assert await server.reload.look(server.desk, now, at_once=True)
        assert await server.desk.ask(lambda h: f"S-1@{day}" in h.visits)
        with reports.opened(server.settings.journal) as db:
            assert len(site_versions(db)) == 1

    serve(path, then)


def test_the_server_looks_by_itself_and_at_once_when_it_is_told_to(path: Path) -> None:
    async def then(server: QueueServer) -> None:
        written(path, ANOTHER_ROOM)
        server.look_now()
        for _ in range(200):
            if "a2" in (await server.desk.ask(lambda h: list(h.site.points))):
                return
            await asyncio.sleep(0.02)
        pytest.fail("the new file was not looked at")

    serve(path, then)


def test_a_reload_under_load_loses_nobody(path: Path) -> None:
    """Families come and are called while the file changes 20 times; each is served once, in the order of the numbers."""

    async def then(server: QueueServer) -> None:
        async def come() -> None:
            for child in range(60):
                await arrive(server, str(child))

        async def change() -> None:
            for count in range(20):
                wait = f"\n[groups.resp.rules]\nwalk_in_wait_minutes = {count}\n"
                assert await replaced(server, path, (SITE, ANOTHER_ROOM)[count % 2] + wait)
                await asyncio.sleep(0.01)

        async def call() -> list[str]:
            called: list[str] = []
            while len(called) < 60:
                answer = await server.desk.submit(c.CallNext("a1", "dr"))
                if isinstance(answer, c.CallAnswer):
                    called.append(answer.visit)
                    await server.desk.submit(c.Start("a1", "dr"))
                    await server.desk.submit(c.Finish("a1", "dr"))
                else:
                    await asyncio.sleep(0.005)
            return called

        _, _, called = await asyncio.gather(come(), change(), call())
        assert sorted(called) == sorted(f"v-{child}" for child in range(60))
        loaded = [event for event in server.journal.replay() if isinstance(event, e.SiteLoaded)]
        assert len(loaded) == 21

    serve(path, then)


@pytest.mark.programs
def test_the_real_server_looks_at_its_file_on_sighup(path: Path) -> None:
    command = [sys.executable, "-m", "queue_server", "run", "--port", "0"]
    command += ["--site", str(path), "--data", str(path.parent / "data")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout
            server.stdout.readline()
            written(path, ANOTHER_ROOM)
            server.send_signal(signal.SIGHUP)
            with reports.opened(path.parent / "data" / "journal.db") as db:
                for _ in range(500):
                    if len(site_versions(db)) == 2:
                        break
                    time.sleep(0.02)
                assert [each.text for each in site_versions(db)] == [SITE, ANOTHER_ROOM]
            server.send_signal(signal.SIGTERM)
            assert server.wait(20) == 0
        finally:
            server.kill()
