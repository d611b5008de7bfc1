"""Many clients at once over HTTP, the real server killed under them: no number is given twice, no family called twice."""

import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from benchmarks.http_client import Answer, Ask, Clients
from benchmarks.http_hospital import Doubled, doubled, groups, lay_out, points, serving

pytestmark = pytest.mark.programs

FAMILIES = 320
ROUNDS = 4
NOTHING_TWICE = Doubled(numbers=0, calls=0)
UNANSWERED = 0
"""The status of a request whose answer never came."""

Asked = list[tuple[Ask, Answer]]


class Crowd:
    """Client processes at one server, each with some of the connections."""

    def __init__(self, processes: Sequence[Clients]) -> None:
        self._processes = processes

    def begin(self, lanes: Sequence[Sequence[Ask]]) -> None:
        """Every lane is a client; they all start at once."""
        self._lanes = [list(lanes[n :: len(self._processes)]) for n in range(len(self._processes))]
        for process, its in zip(self._processes, self._lanes, strict=True):
            process.prepare(its)
        for process in self._processes:
            process.go()

    def end(self) -> Asked:
        """All that was asked, and what was answered."""
        return [
            (ask, answer)
            for process, lanes in zip(self._processes, self._lanes, strict=True)
            for asks, answers in zip(lanes, process.end().lanes, strict=True)
            for ask, answer in zip(asks, answers, strict=True)
        ]

    def run(self, lanes: Sequence[Sequence[Ask]]) -> Asked:
        """Both."""
        self.begin(lanes)
        return self.end()


@contextmanager
def crowd(port: int, token: str, processes: int) -> Iterator[Crowd]:
    with ExitStack() as stack:
        yield Crowd([stack.enter_context(Clients(port, token)) for _ in range(processes)])


def walk_in(name: str, number: int) -> Ask:
    body = {"visit": f"{name}-{number}", "name": f"王小{number}", "group": groups()[number % 25]}
    return "POST", "/api/v1/walk-ins", body


def act(point: str, what: str) -> Ask:
    return "POST", f"/api/v1/points/{point}/{what}", None


def twice_each(asks: Sequence[Ask], clients: int) -> list[list[Ask]]:
    """Every request is sent by two clients at about the same time."""
    return [[*asks[n::clients], *asks[(n + 1) % clients :: clients]] for n in range(clients)]


def numbers_of(asked: Iterable[tuple[Ask, Answer]]) -> dict[str, set[str]]:
    """The numbers that each family was told."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for ask, answer in asked:
        if answer.status == 201 and ask[1].endswith("/walk-ins"):
            found[answer.body["visit"]].add(answer.body["ticket"])
    return found


def calls_of(asked: Iterable[tuple[Ask, Answer]]) -> Counter[str]:
    """How often each family was called, as far as the callers were told."""
    return Counter(
        answer.body["stand"]["visit"]
        for ask, answer in asked
        if answer.status == 200 and ask[1].endswith("/call-next")
    )


def most(counts: Counter[str]) -> int:
    return max(counts.values(), default=0)


def statuses(asked: Iterable[tuple[Ask, Answer]]) -> set[int]:
    return {answer.status for _, answer in asked}


@pytest.mark.parametrize(
    ("clients", "processes"), [(8, 1), (8, 4), (64, 1), (64, 4)], ids=lambda n: str(n)
)
def test_no_number_is_given_twice_and_no_family_called_twice(
    tmp_path: Path, clients: int, processes: int
) -> None:
    site, token = lay_out(tmp_path)
    with serving(tmp_path, site) as server, crowd(server.port, token, processes) as many:
        given = many.run(twice_each([walk_in("w", n) for n in range(FAMILIES)], clients))
        assert statuses(given) == {201}
        tickets = numbers_of(given)
        assert len(tickets) == FAMILIES
        assert all(len(each) == 1 for each in tickets.values())
        assert len(set.union(*tickets.values())) == FAMILIES

        # all click at the same 25 rooms: each click has one outcome, and nobody is called twice
        rooms = points()[:25]
        clicks = [act(room, what) for room in rooms for what in ("call-next", "start", "finish")]
        shuffle = random.Random(clients * processes)
        lanes = [shuffle.sample(clicks, len(clicks)) * ROUNDS for _ in range(min(clients, 16))]
        clicked = many.run(lanes)
        assert statuses(clicked) <= {200, 409}
        calls = calls_of(clicked)
        assert len(calls) > 2 * len(rooms)
        assert most(calls) == 1
    assert doubled(tmp_path / "data" / "journal.db") == NOTHING_TWICE


def test_nothing_is_lost_or_doubled_when_the_server_is_killed_and_started_again(
    tmp_path: Path,
) -> None:
    site, token = lay_out(tmp_path)
    waiting = [walk_in("k", n) for n in range(1_200)]
    rooms = points()
    told: defaultdict[str, set[str]] = defaultdict(set)
    calls: Counter[str] = Counter()
    killed = 0
    while waiting:
        with serving(tmp_path, site) as server, crowd(server.port, token, 2) as many:
            registering = [waiting[n::12] for n in range(12)]
            calling = [
                [act(room, what) for room in rooms[n::4] for what in ("call-next", "start")]
                for n in range(4)
            ]
            many.begin([*registering, *calling])
            if killed < 3:
                time.sleep(0.15)
                server.process.kill()
                killed += 1
            asked = many.end()
        for visit, tickets in numbers_of(asked).items():
            told[visit] |= tickets
        calls += calls_of(asked)
        unanswered = [ask for ask, answer in asked if answer.status == UNANSWERED]
        # who got no answer asks again, as people do: with the same visit
        waiting = [ask for ask in unanswered if ask[1].endswith("/walk-ins")]

    assert killed == 3
    assert len(told) == 1_200
    assert all(len(tickets) == 1 for tickets in told.values())
    assert len(set.union(*told.values())) == 1_200
    assert most(calls) == 1
    assert doubled(tmp_path / "data" / "journal.db") == NOTHING_TWICE


def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    site, token = lay_out(tmp_path)
    with serving(tmp_path, site) as server, crowd(server.port, token, 1) as many:
        second = subprocess.run(
            [sys.executable, "-m", "queue_server", "run", "--config", tmp_path / "server.toml"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 2
        assert f"Another queue server (process {server.process.pid}) is using the journal" in (
            second.stderr
        )
        assert "Traceback" not in second.stderr
        # the first goes on as if nothing had been
        assert statuses(many.run([[walk_in("s", 1)]])) == {201}
