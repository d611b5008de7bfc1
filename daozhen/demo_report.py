"""How a demo went: as a sentence, and as JSON."""

import json
import statistics
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from beacon_sim.live import numbers_given_twice
from daozhen.demo_day import DemoDays


@dataclass(frozen=True, slots=True)
class Report:
    """How a demo went."""

    ok: bool
    ended_at: str
    hospital_time: str
    """What the hospital's own clock said at the end."""
    minutes: float
    speed: float
    broker: str
    families_came: int
    families_shown: int
    """Held their card up to a camera."""
    checked_in: int
    """Of those, by it."""
    not_checked_in: list[str]
    checked_in_twice: list[str]
    numbers_given_twice: list[str]
    check_in_s_median: float | None
    check_in_s_max: float | None
    called: int
    served: int
    missed: int
    by_people: int
    """Acts at rooms and windows by whoever joined in."""
    refused: int
    """Acts that the server did not understand; that the rules said no is not counted."""
    problem: str

    def as_json(self) -> str:
        """The report as text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def report_of(days: DemoDays, minutes: float, speed: float, broker: str) -> Report:
    """Sum a demo up."""
    tally = days.tally
    twice = sorted(visit for visit, times in tally.check_ins.items() if times > 1)
    numbers = list(numbers_given_twice(days.state, days.today)) if days.state else []
    failed = sum(days.programs.tally.failed.values())
    problem = days.problem or ("" if tally.came or not minutes else "Nobody came.")
    return Report(
        ok=not (problem or twice or numbers or failed or tally.not_checked_in)
        and tally.checked_in == tally.shown,
        ended_at=datetime.now(UTC).isoformat(timespec="seconds"),
        hospital_time=days.clock.now().astimezone(days.site.timezone).isoformat(timespec="seconds"),
        minutes=minutes,
        speed=speed,
        broker=broker,
        families_came=tally.came,
        families_shown=tally.shown,
        checked_in=tally.checked_in,
        not_checked_in=tally.not_checked_in,
        checked_in_twice=twice,
        numbers_given_twice=numbers,
        check_in_s_median=round(statistics.median(tally.check_in_s), 3)
        if tally.check_in_s
        else None,
        check_in_s_max=round(max(tally.check_in_s), 3) if tally.check_in_s else None,
        called=tally.called,
        served=tally.served,
        missed=tally.missed,
        by_people=tally.by_people,
        refused=failed,
        problem=problem,
    )


def told(report: Report, days: DemoDays) -> str:
    """The report in a sentence or two."""
    families = (
        f"{report.families_came} families came, {report.families_shown} of them held a card up to a camera and "
        f"{report.checked_in} were checked in by it (median {report.check_in_s_median or 0:.1f} s from the first frame); "
        f"{report.called} calls, {report.served} served, {report.missed} missed, {report.by_people} acts by visitors. "
    )
    if report.ok:
        return families + "All is well."
    wrong = {
        "not checked in by the camera": report.not_checked_in,
        "checked in twice": report.checked_in_twice,
        "numbers given twice": report.numbers_given_twice,
        "not understood by the server": dict(days.programs.tally.failed),
    }
    found = "; ".join(f"{what}: {which}" for what, which in wrong.items() if which)
    waiting = report.families_shown - report.checked_in - len(report.not_checked_in)
    still = f"{waiting} still at a camera. " if waiting else ""
    return families + still + (report.problem or found)
