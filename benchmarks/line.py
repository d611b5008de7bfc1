"""(e) One line: how long a pick takes with many waiting, a place in line, a waiting time, and a board of 100 points.

    python -m benchmarks.line [--json FILE]

The line is a mixed one: walk-ins, booked and late families, returns to four doctors, missed ones, two priority classes,
every third of them with a sibling; every order of calling has its turn.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from benchmarks.large_site import eight, large_site
from benchmarks.rows import Row, add_json_option, report
from queue_server.core import Hospital, carry_out, views
from queue_server.core import commands as c
from queue_server.core.picking import ahead, pick
from queue_server.core.rules import Order
from queue_server.core.site import Site
from queue_server.core.vocabulary import Slot

CLINIC: Final = "clinic00"
DAY: Final = date(2026, 3, 2)
TIMES: Final = 300


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_json_option(options)
    given = options.parse_args()
    report("One line", list(measured()), given.json)


def measured() -> Iterator[Row]:
    """All figures; medians in milliseconds."""
    for order in Order:
        yield _row(f"pick, 200 waiting, {order}", _picking(waiting(200, order)), 1)
    hospital = waiting(1_500, Order.ACCUMULATING)
    point = hospital.site.points[f"{CLINIC}-1"]
    yield _row("pick, 1,500 waiting", lambda: pick(hospital, point, hospital.moment), 5)
    step = hospital.visits["v00700"].first_step()
    yield _row("place in line, 1,500 waiting", lambda: ahead(hospital, step, hospital.moment), 1)
    visit = hospital.visits["v00700"]
    yield _row("a family's stand, waiting time included", lambda: views.stand(hospital, visit), 1)
    busy = one_hall(100)
    yield _row("board of 100 points, 1,500 waiting", lambda: views.board(busy, "floor1"), 10)


def _picking(hospital: Hospital) -> Callable[[], object]:
    point = hospital.site.points[f"{CLINIC}-1"]
    return lambda: pick(hospital, point, hospital.moment)


def _row(name: str, what: Callable[[], object], goal_ms: float) -> Row:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        what()
        took.append(1_000 * (time.perf_counter() - began))
    return Row(name, statistics.median(took), "ms", goal=goal_ms, better="lower")


def waiting(count: int, order: Order) -> Hospital:
    """A clinic with so many families in its line, of all kinds."""
    site = large_site()
    groups = {
        id: replace(group, rules=replace(group.rules, order=order))
        for id, group in site.groups.items()
    }
    points = {
        id: replace(point, doctor=f"dr-{id}") if point.group == CLINIC else point
        for id, point in site.points.items()
    }
    return _filled(replace(site, groups=groups, points=points), count)


def _filled(site: Site, count: int) -> Hospital:
    hospital, now = Hospital(site), eight(DAY)
    doctors = [point.doctor for point in site.points_of[CLINIC]]

    def do(*commands: c.Command) -> None:
        for command in commands:
            carry_out(hospital, command, now)

    do(c.OpenDay())
    for n in range(count):
        now += timedelta(seconds=10)
        do(_registration(n, doctors[n % len(doctors)]))
        do(c.CheckInAtDesk(f"v{n:05}", "nurse"))
        if n % 10 == 5:
            point = f"{CLINIC}-{n // 10 % 4 + 1}"
            do(c.CallNext(point, "n"), c.Start(point, "n"), c.Finish(point, "n", ("lab",)))
            do(c.CallNext("lab-1", "n"), c.Start("lab-1", "n"), c.Finish("lab-1", "n"))
        if n % 25 == 7:
            point = f"{CLINIC}-1"
            do(c.CallNext(point, "n"), c.Miss(point, "n"))
            missed = next(iter(hospital.missed[CLINIC]), None)
            if missed:
                do(c.PutBack(hospital.steps[missed].visit, "n"))
        if n % 40 == 9:
            do(c.SetPriority(f"v{n:05}", "statutory", "n", "bench"))
    return hospital


def _registration(n: int, doctor: str | None) -> c.Register:
    hour = eight(DAY) + timedelta(hours=n % 4)
    return c.Register(
        f"v{n:05}",
        f"p{n:05}",
        f"张小{n}",
        CLINIC,
        DAY,
        slot=Slot(hour, hour + timedelta(hours=1)) if n % 3 else None,
        doctor=doctor if n % 7 == 3 else None,
        guardian=f"g{n // 2}" if n % 3 == 0 else None,
    )


def one_hall(points: int) -> Hospital:
    """All clinics in one area."""
    site = large_site()
    groups = {id: replace(group, area="floor1") for id, group in site.groups.items()}
    kept = [id for id in site.points if not id.startswith(("lab", "pharmacy"))][:points]
    few = {id: site.points[id] for id in (*kept, "lab-1", "pharmacy-1")}
    groups = {
        id: replace(group, area="lab") if id in ("lab", "pharmacy") else group
        for id, group in groups.items()
    }
    hospital = _filled(replace(site, groups=groups, points=few), 100)
    now = eight(DAY) + timedelta(hours=1)
    for n in range(1_400):
        id = f"w{n:05}"
        clinic = f"clinic{n % 25:02}"
        carry_out(hospital, c.Register(id, f"q{n}", f"李小{n}", clinic, DAY), now)
        carry_out(hospital, c.CheckInAtDesk(id, "nurse"), now)
    return hospital


if __name__ == "__main__":
    main()
