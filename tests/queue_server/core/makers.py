"""A small hospital, and a driver that decides and applies as the server does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from queue_server.core import Hospital, carry_out
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import Area, Group, Point, Site
from queue_server.core.vocabulary import Name, Slot, StepKind, StepState

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE).astimezone(UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def clock(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=ZONE).astimezone(UTC)


def name(word: str) -> Name:
    return Name(word, word)


def small_site(**rules: object) -> Site:
    """Clinic A (rooms a1 of Dr Wang, a2 of Dr Chen) with these rules, lab L (two windows), pharmacy P."""
    clinic = replace(USUAL_RULES, **rules)  # type: ignore[arg-type]  # by name
    groups = [
        Group("resp", name("呼吸内科"), StepKind.CLINIC, "east", "A", clinic),
        Group("lab", name("检验科"), StepKind.LAB, "west", "L"),
        Group("xray", name("放射科"), StepKind.EXAM, "west", "X"),
        Group("drugs", name("药房"), StepKind.PHARMACY, "west", "P"),
    ]
    points = [
        Point("a1", name("1 诊室"), "resp", name("王医生"), "wang"),
        Point("a2", name("2 诊室"), "resp", name("陈医生"), "chen"),
        Point("l1", name("采血 1 窗"), "lab"),
        Point("l2", name("采血 2 窗"), "lab"),
        Point("x1", name("放射 1 室"), "xray"),
        Point("p1", name("取药 1 窗"), "drugs"),
    ]
    areas = [
        Area("east", name("东区"), name("2 楼东侧")),
        Area("west", name("西区"), name("1 楼西侧")),
    ]
    return Site(
        "test",
        name("儿童医院"),
        ZONE,
        {area.id: area for area in areas},
        {group.id: group for group in groups},
        {point.id: point for point in points},
        {"south": name("南院")},
        "v1",
    )


class Day:
    """A hospital and its clock; `do` decides and applies, and keeps every event."""

    def __init__(self, site: Site | None = None, now: datetime = NINE) -> None:
        self.hospital = Hospital(site or small_site())
        self.now = now
        self.events: list[e.Event] = []
        self.do(c.OpenDay())

    def do(self, command: c.Command, after: timedelta = timedelta()) -> c.Answer:
        self.now += after
        decision = carry_out(self.hospital, command, self.now)
        self.events += decision.events
        return decision.answer

    def register(self, child: str, **more: object) -> str:
        """Register a child for the clinic; visit `v-child`, card `card-child`."""
        given: dict[str, object] = {"group": "resp", "day": TODAY, "card": f"card-{child}"}
        answer = self.do(c.Register(f"v-{child}", child, f"张小{child}", **{**given, **more}))  # type: ignore[arg-type]  # by name
        assert answer == c.Accepted(), answer
        return f"v-{child}"

    def scan(self, child: str, at: datetime | None = None, agent: str = "k1") -> c.Answer:
        return self.do(c.Scan(agent, at or self.now, True, f"card-{child}"))

    def arrive(self, child: str, **more: object) -> str:
        """Register and scan; returns the ticket."""
        visit = self.register(child, **more)
        answer = self.scan(child)
        assert isinstance(answer, c.Stood), answer
        return self.ticket(visit)

    def ticket(self, visit: str) -> str:
        return self.hospital.visits[visit].ticket or ""

    def call(self, point: str = "a1") -> str:
        """Call next; returns the ticket, or the reason why nobody was called."""
        answer = self.do(c.CallNext(point, "nurse"))
        return self.ticket(answer.visit) if isinstance(answer, c.CallAnswer) else _reason(answer)

    def serve(
        self, point: str = "a1", tests: tuple[str, ...] = (), then: tuple[str, ...] = ()
    ) -> str:
        """Call, start and finish; returns the ticket."""
        ticket = self.call(point)
        self.do(c.Start(point, "doctor"))
        self.do(c.Finish(point, "doctor", tests, then))
        return ticket

    def states(self, visit: str) -> list[StepState]:
        return [step.state for step in self.hospital.visits[visit].steps.values()]


def _reason(answer: c.Answer) -> str:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def slot(hour: int) -> Slot:
    return Slot(clock(hour), clock(hour + 1))
