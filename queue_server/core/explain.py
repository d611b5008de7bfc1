"""Why this family and not another: a call in words, from what was kept with it. Nothing is recomputed.

The event holds the candidates, their scores and the version of the rules, so a call of last year reads as it did then.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from queue_server.core.events import AskedToDoor, Called, Choice, Considered, PassedBy
from queue_server.core.vocabulary import Lane, Name, Why

POLICIES: Final[Mapping[str, Name]] = {
    "check_in": Name("先到先看", "in the order of check-in"),
    "number": Name("按挂号序号", "by registration number"),
    "slot": Name("按预约时段，再按签到", "by slot, then by check-in"),
    "booked_first": Name("预约优先", "booked families before walk-ins"),
    "returns_first": Name("回诊优先", "returns before first visits"),
    "interleave": Name("初诊与回诊间隔", "first visits and returns taking turns"),
    "accumulating": Name("累积优先级", "by accumulated priority"),
}
LANES: Final[Mapping[Lane, Name]] = {
    Lane.BOOKED: Name("预约", "booked"),
    Lane.WALK_IN: Name("现场", "not booked"),
    Lane.LATE: Name("迟到", "late"),
    Lane.RETURN: Name("回诊", "return with results"),
    Lane.MISSED: Name("过号重排", "missed, and back"),
    Lane.PLACED: Name("按位插入", "put in after so many"),
}
NOT_CALLED: Final[Mapping[str, Name]] = {
    "at_lab": Name("在做检验", "having tests done"),
    "away": Name("暂时离开", "away for a while"),
    "paying": Name("在缴费", "paying"),
    "nap": Name("孩子在睡觉", "the child is asleep"),
    "feeding": Name("在喂奶", "feeding"),
    "parked": Name("暂放", "put aside"),
    "delayed": Name("稍后再叫", "to be called later"),
    "elsewhere": Name("在别的诊室或窗口", "at another room or window"),
    "heard_elsewhere": Name("手机在别的区域", "its phone is heard in another area"),
}
_WHY: Final[Mapping[Why, Name]] = {
    Why.FIRST: Name(
        "在可以叫的家庭里，{ticket} 最先到，没有越过任何人。",
        "Of those who could be called, {ticket} counts as having come first; nobody was overtaken.",
    ),
    Why.DOOR: Name(
        "{ticket} 已在诊室门口候诊，排在门口第一位。",
        "{ticket} was waiting at the door of the room, the first there.",
    ),
    Why.CLASS: Name(
        "{ticket} 的优先类别更高，先于其他人。",
        "{ticket} has a higher priority class and goes before the others.",
    ),
    Why.CAP: Name(
        "{ticket} 已被越过 {overtaken} 次，达到上限，必须先叫。",
        "{ticket} had been overtaken {overtaken} times, as often as the rules allow, and had to be next.",
    ),
    Why.RETURN_SCORE: Name(
        "{ticket} 是回诊，等待按倍数累积：得分 {score}，高于 {next_ticket} 的 {next_score}。",
        "{ticket} is a return, whose waiting counts several times: {score} points, more than the {next_score} of {next_ticket}.",
    ),
    Why.RETURN_FIRST: Name(
        "{ticket} 是回诊，这个队列回诊优先。",
        "{ticket} is a return, and in this line returns go first.",
    ),
    Why.INTERLEAVE: Name(
        "初诊与回诊轮流叫号，轮到 {ticket}（{lane}）。",
        "First visits and returns take turns here; it was the turn of {ticket} ({lane}).",
    ),
    Why.OVERDUE: Name(
        "{ticket} 已超过预约时间很久，先于回诊。",
        "{ticket} was long past its time and goes before returns.",
    ),
    Why.BOOKED: Name(
        "{ticket} 有预约，这个队列预约先于现场号。",
        "{ticket} is booked, and in this line booked families go first.",
    ),
    Why.NUMBER: Name(
        "{ticket} 的挂号序号最小。",
        "{ticket} has the smallest registration number.",
    ),
    Why.BACK_IN: Name(
        "{ticket} 按规则隔位插入，已轮到。",
        "{ticket} had been put in behind a number of others, and they have been called.",
    ),
    Why.MISSED_TURN: Name(
        "{ticket} 过号后重新签到，轮到叫过号的一位。",
        "{ticket} had missed a call and signed in again; it was the turn of one such family.",
    ),
    Why.LATE_TURN: Name(
        "{ticket} 迟到，按规则每隔几位插入一位，已轮到。",
        "{ticket} was late; one late family is taken after every few others, and it was its turn.",
    ),
    Why.SCORE: Name(
        "按规则 {ticket} 得分 {score} 最高；{next_ticket} 是 {next_score}。",
        "By the rules {ticket} has most points: {score}; {next_ticket} has {next_score}.",
    ),
    Why.BY_NAME: Name(
        "工作人员 {by} 指定叫 {ticket}，原因：{reason}。",
        "{by} chose {ticket} by hand and gave the reason: {reason}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A call in words: the first line is the answer, the others what stands behind it."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def explained(
    call: Called | AskedToDoor, ticket: str, room: Name, zone: tzinfo, shown: int = 6
) -> Explanation:
    """Say why a family was called (or asked to a door).

    Args:
        call: the event.
        ticket: the family's number.
        room: name of the room.
        zone: of the site; times are local.
        shown: how many of those who were not called are named.
    """
    return Explanation(
        tuple(_lines(call, ticket, room.zh, zone, shown, _zh)),
        tuple(_lines(call, ticket, room.en, zone, shown, _en)),
    )


Say = Callable[[Name], str]
"""One language."""


def _zh(name: Name) -> str:
    return name.zh


def _en(name: Name) -> str:
    return name.en


_HEAD: Final = {
    Called: Name("{clock} {ticket} 被叫到{room}。", "{clock}: {ticket} was called to {room}."),
    AskedToDoor: Name(
        "{clock} {ticket} 被请到{room}门口候诊。",
        "{clock}: {ticket} was asked to the door of {room}.",
    ),
}
_POLICY: Final = Name("叫号顺序：{policy}；规则版本 {rules}。", "Order: {policy}; rules {rules}.")
_OVERTOOK: Final = Name("越过了 {count} 位先到的家庭。", "It went before {count} who came earlier.")
_OTHER: Final = Name(
    "可叫而未叫：{ticket}（{lane}，{clock} 起，{score} 分，被越过 {overtaken} 次）。",
    "Not called: {ticket} ({lane}, counting from {clock}, {score} points, overtaken {overtaken} times).",
)
_PASSED: Final = Name(
    "先到但不能叫：{ticket}（{why}），号位保留。",
    "Earlier, but could not be called: {ticket} ({why}); its place is kept.",
)


def _lines(
    call: Called | AskedToDoor, ticket: str, room: str, zone: tzinfo, shown: int, say: Say
) -> Iterator[str]:
    choice = call.choice
    yield say(_HEAD[type(call)]).format(clock=_clock(call.at, zone), ticket=ticket, room=room)
    yield _reason(choice, ticket, call.by, say)
    if choice.overtook:
        yield say(_OVERTOOK).format(count=choice.overtook)
    for other in choice.candidates[1 : shown + 1]:
        yield _other(other, zone, say)
    for passed in choice.passed_by[:shown]:
        yield _passed(passed, say)
    if choice.policy:
        policy = POLICIES.get(choice.policy, Name(choice.policy, choice.policy))
        yield say(_POLICY).format(policy=say(policy), rules=choice.rules or "–")


def _reason(choice: Choice, ticket: str, by: str, say: Say) -> str:
    best = choice.candidates[0] if choice.candidates else None
    other = choice.candidates[1] if len(choice.candidates) > 1 else None
    lane = LANES[best.lane] if best else Name("", "")
    return say(_WHY[choice.why]).format(
        ticket=ticket,
        by=by,
        reason=choice.reason,
        lane=say(lane),
        overtaken=best.overtaken if best else 0,
        score=_points(best),
        next_ticket=other.ticket if other else "–",
        next_score=_points(other),
    )


def _points(each: Considered | None) -> str:
    """A score as the rules have it: minutes that count."""
    return "–" if each is None else f"{each.score:,.1f}"


def _other(each: Considered, zone: tzinfo, say: Say) -> str:
    return say(_OTHER).format(
        ticket=each.ticket,
        lane=say(LANES[each.lane]),
        clock=_clock(each.ref, zone),
        score=_points(each),
        overtaken=each.overtaken,
    )


def _passed(each: PassedBy, say: Say) -> str:
    why = NOT_CALLED.get(each.reason, Name(each.reason, each.reason))
    return say(_PASSED).format(ticket=each.ticket, why=say(why))


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"
