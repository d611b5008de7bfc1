"""What everybody can see, through a whole day: no full name, birthday, phone number, id, or reason of anybody's visit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from queue_server.core import commands as c
from queue_server.core.vocabulary import HoldReason
from tests.queue_server.core.makers import TODAY, clock
from tests.queue_server.reports.days import REASONS, BusyDay
from tests.queue_server.web.desks import Clinic, served

BORN = date(2019, 5, 17)
FILLED = {"area": "east", "point": "resp-1", "level": "L1", "lang": "zh", "kind": "call"}
"""For parameters of paths; whatever else a path wants to know is made up, and must not be guessed."""
MOMENTS = (clock(8, 40), clock(10, 5), clock(11, 30), clock(14, 20), clock(16, 10))


class PrivateDay(BusyDay):
    """A busy day on which much is known of every family."""

    def __init__(self, visits: int) -> None:
        self.names: set[str] = set()
        super().__init__(visits)

    def do(self, command: c.Command, after: timedelta = timedelta()) -> c.Answer:
        if isinstance(command, c.Register):
            n = int(command.patient.removeprefix("p"))
            self.names.add(command.name)
            command = replace(
                command,
                patient=f"patient-{n:05}",
                guardian=f"guardian-{n // 2:05}",
                guardian_card=f"guardian-card-{n // 2:05}",
                born=BORN,
                phone_tail="7391",
                reasons=("whooping-cough",),
            )
        return super().do(command, after)

    def secrets(self) -> Iterator[str]:
        yield from self.names
        yield from REASONS
        yield from (
            "2019-05-17",
            "20190517",
            "2019年5月17日",
            "7391",
            "whooping",
            "card-0",
            "guardian-",
        )
        yield from ("patient-0", "@2026-03-02")


@pytest.fixture
def day() -> PrivateDay:
    return PrivateDay(90)


def public_paths(app: FastAPI) -> list[str]:
    """Every address that answers GET; those that need a sign-in turn away by themselves."""
    return sorted(
        re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: FILLED.get(name[1], "S-0001"), route.path)
        for route in _all(app.routes)
        if "GET" in (route.methods or ())
    )


def _all(routes: Iterable[object]) -> Iterator[APIRoute]:
    """Those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _all(inner.routes)


def read(client: httpx.Client, path: str) -> str:
    """A page, or the first event of a stream; empty where one must sign in."""
    with client.stream("GET", path) as answer:
        if answer.status_code != 200:
            return ""
        if "event-stream" not in answer.headers["content-type"]:
            answer.read()
            return answer.text if not answer.headers["content-type"].startswith("audio") else ""
        said: list[str] = []
        for line in answer.iter_lines():
            said.append(line)
            if not line and any(each.startswith("data:") for each in said):
                break
        return "\n".join(said)


def test_nothing_private_is_on_any_public_page_of_a_whole_day(
    clinic: Clinic, day: PrivateDay
) -> None:
    clinic.desk.day = day
    app = clinic.app()
    paths = public_paths(app)
    assert "/board/east" in paths
    seen: dict[str, int] = {}
    with served(app) as url, httpx.Client(base_url=url, timeout=20) as client:
        for moment in MOMENTS:
            day.live(moment)
            _happen(day)
            secrets = tuple(day.secrets())
            for path in (each for one in paths for each in _both_languages(one)):
                said = read(client, path)
                seen[path] = seen.get(path, 0) + len(said)
                for secret in secrets:
                    assert secret not in said, (path, secret)
    shown = {path for path, length in seen.items() if length}
    for each in ("/board/east?lang=zh", "/board/east/stream?lang=en", "/door/resp-1?lang=zh"):
        assert each in shown
    staff = {path for path in shown if path.startswith(("/console", "/desk", "/history"))}
    assert all(seen[path] < 80 * len(MOMENTS) for path in staff), "no more than: sign in"


def _both_languages(path: str) -> tuple[str, ...]:
    return (f"{path}?lang=zh", f"{path}?lang=en")


def _happen(day: PrivateDay) -> None:
    """What staff write down of families must not come out either."""
    waiting = [v for v in day.hospital.visits.values() if v.ticket and v.day == TODAY][:4]
    for visit, reason in zip(waiting, REASONS, strict=False):
        day.do(c.SetPriority(visit.id, "level-2", "nurse", reason))
        day.do(c.Hold(visit.id, "nurse", HoldReason.FEEDING))
