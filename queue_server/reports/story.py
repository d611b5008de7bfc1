"""The story of a visit (就诊经过): every event in plain words, with local time, who did it, and why a call was made. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import singledispatch
from typing import Final

from queue_server.core import events as e
from queue_server.core.explain import Explanation, explained
from queue_server.core.steps import StepPlan
from queue_server.core.vocabulary import Name, Way
from queue_server.reports.folding import Kept
from queue_server.reports.places import Places
from queue_server.reports.story_words import (
    DID,
    EXPIRED,
    HELD,
    LANES,
    NEEDS,
    NOT_OFFERED,
    REFUSED,
    RULES,
)
from queue_server.reports.taken_back import taken_back

LATE_RECEIPT: Final = timedelta(minutes=1)
"""A scan that took longer to come in is told as such."""
AUTOMATIC: Final = frozenset({"", "auto"})


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened."""

    position: int
    """Of the event in the journal."""
    at: datetime
    kind: str
    """Name of the event's class."""
    clock: str
    """Local time, `09:42`."""
    day: date
    """Local day."""
    words: Name
    by: str
    """Account, agent or `auto`; empty when the rules did it."""
    taken_back: bool = False
    """It was undone later."""
    why: Explanation | None = None
    """With a call: why this family."""


@dataclass(frozen=True, slots=True)
class Story:
    """A visit from its registration to its last event; times never run backwards."""

    visit: str
    patient: str
    day: date
    ticket: str | None
    lines: tuple[StoryLine, ...]


def story(events: Sequence[Kept], places: Places, zone: tzinfo) -> Story | None:
    """Tell what happened.

    Args:
        events: all events of one visit in the order of the journal.
        places: names of lines, rooms, doctors and classes.
        zone: of the site; times are local.

    Returns:
        None when there is no registration among them.
    """
    registered = next((ev for _, ev in events if isinstance(ev, e.VisitRegistered)), None)
    if registered is None:
        return None
    gone = taken_back([event for _, event in events])
    told = _Telling(places, zone)
    lines: list[StoryLine] = []
    for index, (position, event) in enumerate(events):
        told.note(event)
        lines.append(told.line(position, event, index in gone))
    lines.sort(key=lambda line: (line.at, line.position))
    return Story(registered.visit, registered.patient, registered.day, told.ticket, tuple(lines))


class _Telling:
    """What the words of an event need to know besides the event."""

    def __init__(self, places: Places, zone: tzinfo) -> None:
        self.places, self.zone = places, zone
        self.plans: dict[str, StepPlan] = {}
        self.groups: dict[str, str] = {}
        self.ticket: str | None = None

    def note(self, event: e.Event) -> None:
        """Remember what later lines speak of."""
        match event:
            case e.VisitRegistered(plan=plan) | e.StepsPlanned(plan=plan):
                self._plan(plan)
            case e.Transferred(plan=one):
                self._plan((one,))
            case e.StepQueued(step=step, group=group) if group:
                self.groups[step] = group
            case e.CheckedIn(ticket=ticket):
                self.ticket = ticket
            case _:
                pass

    def _plan(self, plan: Iterable[StepPlan]) -> None:
        self.plans |= {each.step: each for each in plan}
        self.groups |= {each.step: each.group for each in plan}

    def line(self, position: int, event: e.Event, gone: bool) -> StoryLine:
        local = event.at.astimezone(self.zone)
        return StoryLine(
            position,
            event.at,
            type(event).__name__,
            f"{local:%H:%M}",
            local.date(),
            _words(event, self),
            str(getattr(event, "by", "") or getattr(event, "agent", "")),
            gone,
            self._why(event),
        )

    def _why(self, event: e.Event) -> Explanation | None:
        if not isinstance(event, e.Called | e.AskedToDoor) or not event.choice.policy:
            return None
        room = self.places.point(event.point)
        full = explained(event, self.ticket or "", room, self.zone)
        return Explanation(
            full.zh[1:], full.en[1:]
        )  # the first line says who and where, as ours does

    def line_of(self, step: str) -> Name:
        """The line of a step; a return is called one."""
        group = self.places.group(self.groups.get(step, ""))
        plan = self.plans.get(step)
        if plan and plan.is_return:
            return Name(f"{group.zh}（回诊）", f"{group.en} (return)")
        return group

    def list_of(self, plans: Iterable[StepPlan]) -> Name:
        """Several steps in words."""
        names = [self.line_of(each.step) for each in plans]
        return Name("、".join(each.zh for each in names), ", ".join(each.en for each in names))

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M}"


Slot = Name | str | int


def _say(zh: str, en: str, **slots: Slot) -> Name:
    """A sentence in both languages; names among the slots come in each one's own."""
    in_zh = {key: slot.zh if isinstance(slot, Name) else slot for key, slot in slots.items()}
    in_en = {key: slot.en if isinstance(slot, Name) else slot for key, slot in slots.items()}
    return Name(zh.format(**in_zh), en.format(**in_en))


def _who(by: str) -> Name:
    return RULES if by in AUTOMATIC else Name(by, by)


def _known(words: Mapping[str, Name], code: str) -> Name:
    return words.get(code) or Name(code, code)


def _because(reason: str) -> Name:
    return Name(f"，原因：{reason}", f"; reason: {reason}") if reason else Name("", "")


# ---- each event ---------------------------------------------------------------------------------


@singledispatch
def _words(ev: e.Event, _told: _Telling) -> Name:
    """An event that has no words of its own is called by its name: nothing is left out of a story."""
    return Name(type(ev).__name__, type(ev).__name__)


@_words.register
def _registered(ev: e.VisitRegistered, told: _Telling) -> Name:
    slot = Name("现场号", "not booked")
    if ev.slot:
        hours = f"{told.clock(ev.slot.start)}–{told.clock(ev.slot.end)}"
        slot = Name(f"预约 {hours}", f"booked {hours}")
    if ev.add_on:
        slot = Name(f"{slot.zh}，加号", f"{slot.en}, add-on")
    doctor = ev.plan[0].doctor if ev.plan else None
    wanted = told.places.doctor(doctor) if doctor else None
    chosen = Name(f"，{wanted.zh}", f", {wanted.en}") if wanted else Name("", "")
    return _say(
        "挂号：{line}{doctor}，{slot}。",
        "Registered for {line}{doctor}, {slot}.",
        line=told.list_of(ev.plan),
        doctor=chosen,
        slot=slot,
    )


@_words.register
def _cancelled(ev: e.VisitCancelled, _told: _Telling) -> Name:
    return _say(
        "{by} 退号或取消就诊{why}。",
        "Given back or dropped by {by}{why}.",
        by=_who(ev.by),
        why=_because(ev.reason),
    )


@_words.register
def _checked_in(ev: e.CheckedIn, told: _Telling) -> Name:
    late = Name("", "")
    if ev.received_at - ev.at > LATE_RECEIPT:
        clock = told.clock(ev.received_at)
        late = Name(f"（{clock} 才收到）", f" (received at {clock})")
    if ev.way is Way.DESK:
        return _say(
            "服务台签到，号码 {ticket}，{line}（{lane}）。",
            "Checked in at the desk, number {ticket}, {line} ({lane}).",
            ticket=ev.ticket,
            line=told.line_of(ev.step),
            lane=LANES[ev.rank.lane],
        )
    if ev.way is Way.PHONE:
        return _say(
            "手机在 {agent} 感应签到{late}，号码 {ticket}，{line}（{lane}）。",
            "Checked in by phone at {agent}{late}, number {ticket}, {line} ({lane}).",
            agent=ev.agent,
            late=late,
            ticket=ev.ticket,
            line=told.line_of(ev.step),
            lane=LANES[ev.rank.lane],
        )
    return _say(
        "在 {agent} 扫码签到{late}，号码 {ticket}，{line}（{lane}）。",
        "Checked in by card at {agent}{late}, number {ticket}, {line} ({lane}).",
        agent=ev.agent,
        late=late,
        ticket=ev.ticket,
        line=told.line_of(ev.step),
        lane=LANES[ev.rank.lane],
    )


@_words.register
def _scanned_earlier(_ev: e.ScannedEarlier, _told: _Telling) -> Name:
    return Name(
        "另一台设备这时已扫过码，后来才收到：按这次排位。",
        "Another device had scanned the card at this time, which came in later: the place is by this scan.",
    )


@_words.register
def _phone_seen(ev: e.PhoneSeen, told: _Telling) -> Name:
    return _say(
        "手机在{area}（{agent}）。",
        "The phone is heard in {area} ({agent}).",
        area=told.places.area(ev.area),
        agent=ev.agent,
    )


@_words.register
def _scan_refused(ev: e.ScanRefused, _told: _Telling) -> Name:
    return _say(
        "在 {agent} 扫码，未签到：{why}。",
        "Scanned at {agent} and not checked in: {why}.",
        agent=ev.agent,
        why=_known(REFUSED, ev.reason),
    )


@_words.register
def _alias(ev: e.AliasGiven, _told: _Telling) -> Name:
    return _say(
        "离线时发的临时号 {alias} 也是这个就诊。",
        "The slip {alias}, given while a kiosk was cut off, is for this visit too.",
        alias=ev.alias,
    )


@_words.register
def _planned(ev: e.StepsPlanned, told: _Telling) -> Name:
    return _say(
        "{by} 开出：{steps}。",
        "{by} ordered: {steps}.",
        by=_who(ev.by),
        steps=told.list_of(ev.plan),
    )


@_words.register
def _queued(ev: e.StepQueued, told: _Telling) -> Name:
    return _say("进入队列：{line}。", "Came into the line: {line}.", line=told.line_of(ev.step))


@_words.register
def _to_door(ev: e.AskedToDoor, told: _Telling) -> Name:
    return _say(
        "请到 {room} 门口候诊。",
        "Asked to wait at the door of {room}.",
        room=told.places.point(ev.point),
    )


@_words.register
def _to_hall(ev: e.BackToHall, told: _Telling) -> Name:
    return _say(
        "{room} 暂停，回到大厅原来的位置。",
        "{room} has paused: back to the hall, to the old place.",
        room=told.places.point(ev.point),
    )


@_words.register
def _called(ev: e.Called, told: _Telling) -> Name:
    return _say(
        "{by} 叫号：{line}，请到 {room}。",
        "Called by {by}: {line}, to {room}.",
        by=_who(ev.by),
        line=told.line_of(ev.step),
        room=told.places.point(ev.point),
    )


@_words.register
def _recalled(ev: e.Recalled, told: _Telling) -> Name:
    return _say(
        "{by} 第 {times} 次叫号，请到 {room}。",
        "Called again by {by} (call {times}), to {room}.",
        by=_who(ev.by),
        times=ev.times,
        room=told.places.point(ev.point),
    )


@_words.register
def _confirmed(ev: e.ArrivalConfirmed, told: _Telling) -> Name:
    return _say(
        "{by} 确认已到 {room}。",
        "{by} saw the family at {room}.",
        by=_who(ev.by),
        room=told.places.point(ev.point),
    )


@_words.register
def _missed(ev: e.Missed, told: _Telling) -> Name:
    return _say(
        "{by} 标记过号（{room}）。",
        "Marked as missed by {by} ({room}).",
        by=_who(ev.by),
        room=told.places.point(ev.point),
    )


@_words.register
def _requeued(ev: e.Requeued, told: _Telling) -> Name:
    return _say(
        "过号后重新排队（{by}）：{line}，{lane}。",
        "Back in the line after a missed call ({by}): {line}, {lane}.",
        by=_who(ev.by),
        line=told.line_of(ev.step),
        lane=LANES[ev.rank.lane],
    )


@_words.register
def _started(ev: e.Started, told: _Telling) -> Name:
    room = told.places.point(ev.point)
    return _say("{by} 在 {room} 接诊。", "Seen at {room} by {by}.", by=_who(ev.by), room=room)


@_words.register
def _finished(ev: e.Finished, told: _Telling) -> Name:
    due = Name("，报告稍后出", "; the result comes later") if ev.result_due else Name("", "")
    return _say(
        "{room} 完成{due}（{by}）。",
        "Finished at {room} by {by}{due}.",
        by=_who(ev.by),
        room=told.places.point(ev.point),
        due=due,
    )


@_words.register
def _result(ev: e.ResultReady, told: _Telling) -> Name:
    return _say("报告已出：{line}。", "The result is ready: {line}.", line=told.line_of(ev.step))


@_words.register
def _kept_place(ev: e.Held | e.Parked, told: _Telling) -> Name:
    until = told.clock(ev.until) if ev.until else ""
    return _say(
        "{by} 保留号位：{line}（{why}{until}）。",
        "Place kept by {by}: {line} ({why}{until}).",
        by=_who(ev.by),
        line=told.line_of(ev.step),
        why=_known(HELD, ev.reason.value),
        until=Name(f"，到 {until}", f", until {until}") if until else "",
    )


@_words.register
def _released(ev: e.Released, told: _Telling) -> Name:
    return _say(
        "恢复排队，位置不变：{line}（{by}）。",
        "Back in the line at the same place: {line} ({by}).",
        by=_who(ev.by),
        line=told.line_of(ev.step),
    )


@_words.register
def _expired(ev: e.StepExpired, told: _Telling) -> Name:
    return _say(
        "{line} 不再进行：{why}。",
        "{line} is over: {why}.",
        line=told.line_of(ev.step),
        why=_known(EXPIRED, ev.reason),
    )


@_words.register
def _need_met(ev: e.NeedMet, told: _Telling) -> Name:
    return _say(
        "{line}：{need}（{by}）。",
        "{line}: {need} ({by}).",
        line=told.line_of(ev.step),
        need=NEEDS[ev.need],
        by=_who(ev.by),
    )


@_words.register
def _paid(ev: e.VisitPaid, _told: _Telling) -> Name:
    return _say("挂号费已缴（{by}）。", "The registration was paid ({by}).", by=_who(ev.by))


@_words.register
def _screened(ev: e.Screened, _told: _Telling) -> Name:
    found = Name("异常", "abnormal") if ev.abnormal else Name("正常", "nothing abnormal")
    return _say(
        "流调问卷：{found}（{by}）。",
        "Screening form: {found} ({by}).",
        found=found,
        by=_who(ev.by),
    )


@_words.register
def _priority(ev: e.PriorityGiven, told: _Telling) -> Name:
    given = told.places.priority(ev.priority) if ev.priority else Name("无", "none")
    return _say(
        "{by} 设优先类别：{given}{why}。",
        "Priority class set by {by}: {given}{why}.",
        by=_who(ev.by),
        given=given,
        why=_because(ev.reason),
    )


@_words.register
def _moved(ev: e.Moved, told: _Telling) -> Name:
    return _say(
        "{by} 调整位置：{line}，{lane}{why}。",
        "Moved in its line by {by}: {line}, {lane}{why}.",
        by=_who(ev.by),
        line=told.line_of(ev.step),
        lane=LANES[ev.rank.lane],
        why=_because(ev.reason),
    )


@_words.register
def _doctor(ev: e.DoctorAssigned, told: _Telling) -> Name:
    chosen = told.places.doctor(ev.doctor) if ev.doctor else Name("任何医生", "any doctor")
    return _say(
        "{by} 指定医生：{doctor}{why}。",
        "Doctor set by {by}: {doctor}{why}.",
        by=_who(ev.by),
        doctor=chosen,
        why=_because(ev.reason),
    )


@_words.register
def _transferred(ev: e.Transferred, told: _Telling) -> Name:
    return _say(
        "{by} 改诊：{old} → {new}{why}。",
        "Sent on by {by}: {old} → {new}{why}.",
        by=_who(ev.by),
        old=told.line_of(ev.step),
        new=told.line_of(ev.plan.step),
        why=_because(ev.reason),
    )


@_words.register
def _delivery(ev: e.DeliveryChosen, _told: _Telling) -> Name:
    return _say("选择药品配送（{by}）。", "The drugs go by express ({by}).", by=_who(ev.by))


@_words.register
def _guardian(ev: e.GuardianChanged, _told: _Telling) -> Name:
    return _say(
        "换了另一位家长陪同（{by}）。",
        "Another guardian goes on with the child ({by}).",
        by=_who(ev.by),
    )


@_words.register
def _offered(ev: e.LabOffered, told: _Telling) -> Name:
    names = [told.places.group(each) for each in ev.services]
    return Name(
        f"建议就诊前先做：{'、'.join(each.zh for each in names)}。",
        f"Tests before the consult were offered: {', '.join(each.en for each in names)}.",
    )


@_words.register
def _answered(ev: e.LabAnswered, _told: _Telling) -> Name:
    said = Name("同意", "accepted") if ev.accepted else Name("不做", "declined")
    return _say(
        "诊前检验：{said}（{by}）。",
        "Tests before the consult: {said} ({by}).",
        said=said,
        by=_who(ev.by),
    )


@_words.register
def _not_offered(ev: e.LabNotOffered, _told: _Telling) -> Name:
    return _say(
        "没有建议诊前检验：{why}。",
        "No tests before the consult were offered: {why}.",
        why=_known(NOT_OFFERED, ev.reason),
    )


@_words.register
def _undone(ev: e.Undone, _told: _Telling) -> Name:
    return _say(
        "{by} 撤销了：{what}。", "{by} took back {what}.", by=_who(ev.by), what=_known(DID, ev.what)
    )
