"""A new version of the site file takes over while the server runs, if it loses nobody."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import structlog

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core.reload import reload_refusal
from queue_server.core.site import Site
from queue_server.desk import Desk
from queue_server.errors import JournalError, SiteFileError
from queue_server.journal import reports
from queue_server.journal.versions import site_version
from queue_server.site_file import SitePlan, read_site_file, read_site_text
from queue_server.site_file.watch import SiteFileWatch

log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
"""So many registrations of a new file are handed to the writer together."""


class SiteReload:
    """The site file in force, and what keeps a newer one from being.

    A file that can't be used changes nothing. One that would lose families changes nothing yet: it takes over as soon as
    they are gone.
    """

    def __init__(self, path: Path, start: "StartPlan") -> None:
        """`start` is in force."""
        self.plan = start.plan
        self.problem = start.problem
        self._watch = SiteFileWatch(path, None if start.problem else start.plan)
        self._waiting: SitePlan | None = None
        self._looking = asyncio.Lock()
        if start.problem:
            log.error("site_file_not_used", problem=start.problem)

    def registrations(self, today: date) -> Iterator[c.Register]:
        """Commands that enter what the file in force knows of a day and those after it."""
        return self.plan.registrations(today)

    async def look(self, desk: Desk, now: datetime, at_once: bool = False) -> bool:
        """Look at the file, and hand a new version to the writer; True when it has taken over."""
        async with self._looking:
            looked = await asyncio.to_thread(self._watch.look, at_once)
            if looked:
                self._waiting = looked.plan
                if looked.problem:
                    self._say(looked.problem)
            return self._waiting is not None and await self._hand_over(desk, now, self._waiting)

    async def _hand_over(self, desk: Desk, now: datetime, plan: SitePlan) -> bool:
        answer = await desk.submit(c.LoadSite(plan.site))
        if isinstance(answer, c.Refused):
            self._say(would_lose(answer.detail.splitlines()))
            return False
        before, self.plan = self.plan, plan
        self._waiting = self.problem = None
        log.info("site_file_in_force", version=plan.site.version, before=before.site.version)
        await self._register(desk, plan.site.day(now), before)
        return True

    async def _register(self, desk: Desk, today: date, before: SitePlan) -> None:
        known = set(before.registrations(today))
        new = [each for each in self.registrations(today) if each not in known]
        for start in range(0, len(new), AT_ONCE):
            for answer in await asyncio.gather(*map(desk.submit, new[start : start + AT_ONCE])):
                if isinstance(answer, c.Refused):
                    log.warning(
                        "registration_refused",
                        visit=answer.visit,
                        reason=answer.reason.value,
                        detail=answer.detail,
                    )

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            log.error("site_file_not_used", problem=problem)


def would_lose(problems: Sequence[str]) -> str:
    """Why a version that can be read is not in force, as staff and the log see it."""
    told = "\n".join(f"{problem}." for problem in problems)
    return f"The new site file is not used yet:\n{told}"


# ---- at the start -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartPlan:
    """With what a server starts, and why it is not the file on disk, if it is not."""

    plan: SitePlan
    problem: str | None = None


def plan_to_start(path: Path, journal: Path) -> StartPlan:
    """The file on disk; when it can't be used, the last version that the journal has kept.

    Raises:
        SiteFileError: the file is not there or can't be used, and no journal has kept one.
    """
    try:
        return StartPlan(read_site_file(path))
    except SiteFileError as error:
        kept = kept_site(journal) if path.is_file() else None
        if kept is None:
            raise
        return StartPlan(SitePlan(kept), str(error))


def settle_site(hospital: Hospital, start: StartPlan, journal: Path) -> StartPlan:
    """Put the site in force that loses nobody: that of the file, or else the one the journal has kept.

    Args:
        hospital: rebuilt from the journal; its site is changed if need be.
        start: from `plan_to_start`.
        journal: where the journal is.
    """
    version = start.plan.site.version
    kept = kept_site(journal) if hospital.site_version not in (None, version) else None
    if kept is None:
        return start
    hospital.site = kept
    problems = reload_refusal(hospital, start.plan.site)
    if problems:
        return StartPlan(SitePlan(kept), would_lose(problems))
    hospital.site = start.plan.site
    return start


def kept_site(journal: Path) -> Site | None:
    """The site of the last version in a journal; None when there is none that can still be read."""
    try:
        with reports.opened(journal) as db:
            kept = site_version(db)
        return read_site_text(kept.text, f"version {kept.version}") if kept and kept.text else None
    except (JournalError, SiteFileError):
        return None
