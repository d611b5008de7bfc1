"""A whole day in a children's hospital, driven through the rules by a small generator; and its journal on disk."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import USUAL_RULES
from queue_server.core.site import Area, Doctor, Group, Point, Site
from queue_server.core.vocabulary import HoldReason, Name, Need, Slot, StepKind
from queue_server.journal import Batch, SqliteJournal
from tests.queue_server.core.makers import TODAY, ZONE, Day, clock, minutes

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN = (
    "小宝",
    "沐阳",
    "一诺",
    "子涵",
    "梓萱",
    "浩宇",
    "欣怡",
    "俊杰",
    "雨桐",
    "思远",
    "若曦",
    "嘉懿",
)
REASONS = ("孩子高热 39.5 度", "医生请回来补开药", "带着两个孩子的奶奶", "家属从外地赶火车")

CLINICS = {
    "resp": (Name("呼吸内科", "Respiratory clinic"), "A", 6),
    "ent": (Name("耳鼻喉科", "Ear, nose and throat clinic"), "B", 4),
    "derm": (Name("皮肤科", "Dermatology"), "C", 2),
}


def hospital() -> Site:
    """Three clinics, a laboratory, X-ray, a cashier and a pharmacy."""
    areas = {
        "east": Area("east", Name("二楼候诊区", "Second floor"), Name("二楼", "Floor 2")),
        "west": Area("west", Name("一楼医技区", "Ground floor"), Name("一楼", "Ground floor")),
    }
    groups = {
        id: Group(id, name, StepKind.CLINIC, "east", prefix, replace(USUAL_RULES, interleave=2))
        for id, (name, prefix, _) in CLINICS.items()
    }
    others = (
        ("lab", Name("检验科", "Laboratory"), StepKind.LAB, "L"),
        ("xray", Name("放射科", "X-ray"), StepKind.EXAM, "X"),
        ("cashier", Name("收费处", "Cashier"), StepKind.CASHIER, "K"),
        ("drugs", Name("药房", "Pharmacy"), StepKind.PHARMACY, "P"),
    )
    groups |= {id: Group(id, name, kind, "west", prefix) for id, name, kind, prefix in others}
    points: dict[str, Point] = {}
    for id, (_, _, rooms) in CLINICS.items():
        for n in range(1, rooms + 1):
            point = f"{id}-{n}"
            room = Name(f"{n} 诊室", f"Room {n}")
            points[point] = Point(
                point, room, id, Name(f"{id} 医生 {n}", f"Dr {id} {n}"), f"dr-{point}"
            )
    for id, count, zh, en in (
        ("lab", 3, "采血", "Blood window"),
        ("xray", 1, "放射室", "X-ray room"),
        ("cashier", 3, "收费窗", "Till"),
        ("drugs", 4, "取药窗", "Pharmacy window"),
    ):
        for n in range(1, count + 1):
            points[f"{id}-{n}"] = Point(f"{id}-{n}", Name(f"{zh} {n}", f"{en} {n}"), id)
    doctors = {p.doctor: Doctor(p.doctor, p.staff) for p in points.values() if p.doctor and p.staff}
    return Site(
        "test",
        Name("星河儿童医院", "Xinghe Children's Hospital"),
        ZONE,
        areas,
        groups,
        points,
        {},
        "v1",
        doctors=doctors,
    )


class BusyDay(Day):
    """Drives a day minute by minute: arrivals, calls, services, and what staff do besides."""

    def __init__(
        self, visits: int = 500, seed: int = 7, site: Site | None = None, thorough: bool = False
    ) -> None:
        self.thorough = thorough
        super().__init__(site or hospital(), clock(7, 30))
        self.random = random.Random(seed)
        self.busy_until: dict[str, datetime] = {}
        self.arrivals = self._registered(visits)

    def _registered(self, visits: int) -> list[tuple[datetime, str]]:
        arrivals: list[tuple[datetime, str]] = []
        for n in range(visits):
            child = f"{n:04}"
            hour = self.random.choices(range(8, 17), (9, 12, 11, 8, 2, 6, 8, 7, 4))[0]
            booked = self.random.random() < 0.7
            group = self.random.choices(list(CLINICS), (5, 3, 2))[0]
            doctor = f"dr-{group}-1" if booked and self.random.random() < 0.2 else None
            name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
            slot = Slot(clock(hour), clock(hour + 1)) if booked else None
            self.do(
                c.Register(
                    f"S-{child}@2026-03-02",
                    f"p{n}",
                    name,
                    group,
                    TODAY,
                    f"card-{child}",
                    doctor,
                    slot,
                )
            )
            if self.random.random() < 0.96:
                early = self.random.gauss(-12, 18) if booked else self.random.uniform(0, 60)
                arrivals.append((max(clock(7, 31), clock(hour) + minutes(early)), child))
        return sorted(arrivals)

    def live(self, until: datetime | None = None) -> "BusyDay":
        """Live the day to its end, or until then."""
        end = until or clock(18, 30)
        while self.now < end:
            self.now += timedelta(seconds=30)
            while self.arrivals and self.arrivals[0][0] <= self.now:
                _, child = self.arrivals.pop(0)
                self.do(c.Scan("kiosk-1", self.now, True, f"card-{child}"))
            self._rooms()
            if self.random.random() < 0.12:
                self._something()
            self.do(c.Tick())
        return self

    def _rooms(self) -> None:
        for point in self.hospital.site.points.values():
            until = self.busy_until.get(point.id)
            if until and until > self.now:
                continue
            current = self.hospital.current(point.id)
            if current is None:
                self._call(point.id)
            elif current.started_at is None or current.started_at < (current.called_at or self.now):
                self._answer(point.id, current.plan.kind)
            else:
                self._finish(point)

    def _call(self, point: str) -> None:
        self.do(c.CallNext(point, "nurse"))
        self.busy_until[point] = self.now + timedelta(seconds=self.random.uniform(20, 90))

    def _answer(self, point: str, kind: StepKind) -> None:
        lot = self.random.random()
        if lot < 0.05:
            self.do(c.Miss(point, "nurse"))
        elif lot < 0.10:
            self.do(c.Recall(point, "nurse"))
            self.busy_until[point] = self.now + minutes(1)
        else:
            self.do(c.Start(point, "doctor"))
            mean = {StepKind.CLINIC: 7.0, StepKind.LAB: 2.5, StepKind.EXAM: 4.0}.get(kind, 1.5)
            self.busy_until[point] = self.now + minutes(self.random.lognormvariate(0, 0.4) * mean)

    def _finish(self, point: Point) -> None:
        kind = self.hospital.site.groups[point.group].kind
        current = self.hospital.current(point.id)
        tests: tuple[str, ...] = ()
        then: tuple[str, ...] = ()
        if kind is StepKind.CLINIC and current:
            if not current.plan.is_return and self.random.random() < 0.4:
                tests = ("lab",) if self.random.random() < 0.8 else ("lab", "xray")
            if self.random.random() < 0.7:
                then = ("cashier", "drugs")
        self.do(c.Finish(point.id, "doctor", tests, then))
        if self.random.random() < 0.01:
            self.do(c.Undo("doctor"))
            self.busy_until[point.id] = self.now + minutes(2)

    def _something(self) -> None:
        waiting = [v.id for v in self.hospital.visits.values() if v.here()]
        if not waiting:
            return
        visit, point = self.random.choice(waiting), self.random.choice(list(CLINICS)) + "-1"
        reason = self.random.choice(REASONS)
        deeds: list[c.Command] = [
            c.Hold(visit, "nurse", HoldReason.NAP, minutes(15)),
            c.Release(visit, "nurse"),
            c.Move(visit, c.MoveTo.FRONT, "nurse", reason),
            c.SetPriority(visit, "level-2", "nurse", reason),
            c.Transfer(visit, "ent", "nurse", "走错科室"),
            c.CallOne(point, visit, "nurse", reason),
            c.PutBack(visit, "nurse"),
            c.PutBack(visit, "nurse"),
            c.PutBack(visit, "nurse"),
            c.PausePoint(point, "doctor", "会诊"),
            *(c.OpenPoint(f"{group}-1", "doctor") for group in CLINICS),
            c.Drop(visit, "nurse", "家属要求") if self.random.random() < 0.1 else c.Undo("nurse"),
            c.Undo("nurse"),
        ]
        self.do(self.random.choice(deeds))
        if self.thorough:
            self._everything_else(visit)

    def _everything_else(self, visit: str) -> None:
        """Acts that are rare on a usual day, each often taken back at once."""
        somebody = self.random.choice(list(self.hospital.visits))
        point = self.random.choice(list(self.hospital.site.points))
        acts: list[c.Command] = [
            c.CheckInAtDesk(somebody, "nurse"),
            c.ConfirmArrival(point, "nurse"),
            c.Park(point, "nurse"),
            c.Park(point, "nurse", minutes(5)),
            c.PutBack(visit, "nurse", minutes(5)),
            c.AssignDoctor(visit, "dr-resp-1", "nurse"),
            c.Pay(visit, "nurse"),
            c.Order(visit, ("lab", "xray"), "nurse", unpaid=True),
            c.Order(visit, ("drugs",), "nurse"),
            c.MeetNeed(visit, Need.PAID, "nurse"),
            c.ChooseDelivery(visit, "nurse"),
            c.Start(point, "nurse"),
            c.Miss(point, "nurse"),
            c.Finish(point, "nurse", then=("cashier", "drugs"), unpaid=True),
            c.Drop(visit, "nurse", "家属要求"),
        ]
        self.do(self.random.choice(acts), timedelta(seconds=1))
        if self.random.random() < 0.6:
            self.do(c.Undo("nurse"), timedelta(seconds=self.random.choice((0, 0, 1))))


def kept(
    events: Iterable[e.Event], folder: Path, written_at: datetime | None = None, batch: int = 500
) -> Path:
    """Write events to a journal; gives its path. Goes on with one that is there."""
    path = folder / "journal.db"
    journal = SqliteJournal(path, "test")
    all_of_them = list(events)
    for first in range(0, len(all_of_them), batch):
        some = tuple(all_of_them[first : first + batch])
        journal.append(Batch(written_at or some[-1].at, some))
    journal.close()
    return path


def next_day(day: Day, to: date) -> None:
    """Midnight passes."""
    day.now = datetime(to.year, to.month, to.day, 0, 0, 5, tzinfo=ZONE)
    day.do(c.OpenDay())
