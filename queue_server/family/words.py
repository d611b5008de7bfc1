"""What a family reads about a child: what is now, what to do, and how urgent it looks. Pure; both languages at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from protocol import Text
from queue_server.core import HoldReason, StepKind
from queue_server.family.day import Child
from queue_server.family.situation import Situation


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a card.

    Attributes:
        now: what is, in a few words.
        todo: what to do, in a sentence.
        tone: `call` (a call and nothing else), `go` (walk now), `act` (something must be done), `calm`, `done`.
        guide: animal and pose of the cartoon beside it.
    """

    now: Text
    todo: Text
    tone: str
    guide: tuple[str, str]


Words = Callable[[Child], Told]


def told(child: Child) -> Told:
    """The words for a child."""
    return _WORDS[child.situation](child)


def _of(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def _room(child: Child) -> Text:
    return child.room or child.place


def _animal(child: Child) -> str:
    match child.kind:
        case StepKind.LAB | StepKind.EXAM:
            return "rabbit"
        case StepKind.PHARMACY | StepKind.CASHIER:
            return "elephant"
        case _:
            return "bear"


def _called(child: Child) -> Told:
    room = _room(child)
    return Told(
        _of(f"请马上到{room.zh}", f"Please go to {room.en} now"),
        _of("正在叫您的号，请直接进去。", "Your number is being called: please go straight in."),
        "call",
        (_animal(child), "left"),
    )


def _at_door(child: Child) -> Told:
    room = _room(child)
    return Told(
        _of(f"请到{room.zh}门口等候", f"Please wait at the door of {room.en}"),
        _of("很快就叫到您，请不要走开。", "You are called very soon; please stay there."),
        "go",
        (_animal(child), "left"),
    )


def _missed(child: Child) -> Told:
    return Told(
        _of("刚才叫号时您不在", "You were called and not there"),
        _of(
            f"请在自助机再扫一次就诊卡，就会重新排进{child.line.zh}的队列；或找护士。",
            f"Hold your visit card at a kiosk again to be put back into the line of {child.line.en}, or see the nurse.",
        ),
        "act",
        (_animal(child), "worry"),
    )


def _serving(child: Child) -> Told:
    room = _room(child)
    return Told(
        _of(f"正在{room.zh}", f"In {room.en}"),
        _of("结束后，这里会告诉您下一步。", "Afterwards this page tells you what comes next."),
        "calm",
        (_animal(child), "happy"),
    )


def _to_pay(_child: Child) -> Told:
    return Told(
        _of("请先缴费", "Please pay first"),
        _of(
            "缴费后才能进行下一步；号位不受影响。",
            "What comes next is open once it is paid. Your place does not suffer.",
        ),
        "act",
        ("elephant", "phone"),
    )


def _not_in(child: Child) -> Told:
    return Told(
        _of("还没有签到", "Not checked in yet"),
        _of(
            f"到医院后，请在自助机扫就诊卡签到，再去{child.place.zh}。",
            f"At the hospital, hold your visit card at a kiosk to check in; then go to {child.place.en}.",
        ),
        "act",
        ("bear", "wave"),
    )


def _fever(_child: Child) -> Told:
    return Told(
        _of("请走发热门诊通道", "Please use the fever clinic's entrance"),
        _of("请戴好口罩，找身边的护士带路。", "Please wear a mask; a nurse will show you the way."),
        "act",
        ("bear", "worry"),
    )


def _back(child: Child) -> Told:
    return Told(
        _of("报告都出来了，请回诊", "All results are there: see the doctor again"),
        _of(
            f"请回到{child.place.zh}等候叫号，不用再签到。",
            f"Please go back to {child.place.en} and wait to be called. No need to check in again.",
        ),
        "go",
        ("bear", "cheer"),
    )


def _test(child: Child) -> Told:
    todo = _of(f"请到{child.place.zh}等候叫号。", f"Please wait in {child.place.en} to be called.")
    if child.kept:
        todo = _of(
            f"{todo.zh}{child.kept.zh}的号位给您留着。",
            f"{todo.en} Your place at {child.kept.en} is kept.",
        )
    return Told(
        _of(f"在{child.line.zh}排队", f"In the line of {child.line.en}"),
        todo,
        "calm",
        ("rabbit", "wave"),
    )


def _waiting(child: Child) -> Told:
    return Told(
        _of(f"在{child.line.zh}排队", f"In the line of {child.line.en}"),
        _of(
            f"请在{child.place.zh}附近等候，叫到您时这里会提醒。",
            f"Please wait near {child.place.en}. This page tells you when you are called.",
        ),
        "calm",
        (_animal(child), "read"),
    )


def _collect(child: Child) -> Told:
    return Told(
        _of("药已备好，排队取药", "The medicine is ready: in line to collect it"),
        _of(
            f"请到{child.place.zh}等候叫号。",
            f"Please wait in {child.place.en} to be called.",
        ),
        "calm",
        ("elephant", "wave"),
    )


_HELD: Final[Mapping[HoldReason | None, Text]] = {
    HoldReason.AT_LAB: _of("请先去做检查，号位给您留着", "Tests come first; your place is kept"),
    HoldReason.NAP: _of("孩子在睡觉，号位给您留着", "Asleep; your place is kept"),
    HoldReason.FEEDING: _of("在喂奶，号位给您留着", "Feeding; your place is kept"),
    HoldReason.PAYING: _of("去缴费，号位给您留着", "Paying; your place is kept"),
    HoldReason.AWAY: _of("您走开了，号位给您留着", "You are away; your place is kept"),
}


def _held(child: Child) -> Told:
    now = _HELD.get(child.hold, _of("号位给您留着", "Your place is kept"))
    todo = _of(
        f"保留期间{child.line.zh}不会叫您。回来后请点“我回来了”。",
        f"{child.line.en} does not call you meanwhile. Press “I am back” when you are.",
    )
    if child.hold in (HoldReason.AT_LAB, HoldReason.PARKED):
        todo = _of(
            f"{child.line.zh}到时会再叫您，不用重新排队。",
            f"{child.line.en} will call you again; no need to queue anew.",
        )
    return Told(now, todo, "calm", (_animal(child), "sleep"))


def _results(_child: Child) -> Told:
    return Told(
        _of("检查做完了，等报告", "Tests are done, waiting for results"),
        _of(
            "报告出齐后自动回到医生的队列，这里会提醒您，可以先坐一坐。",
            "When all results are there you are in the doctor's line again by itself, and this page tells you.",
        ),
        "calm",
        ("rabbit", "read"),
    )


def _preparing(child: Child) -> Told:
    return Told(
        _of("药房正在配药", "The pharmacy prepares your medicine"),
        _of(
            f"备好后叫号，请到{child.place.zh}附近等。",
            f"You are called when it is ready; please wait near {child.place.en}.",
        ),
        "calm",
        ("elephant", "read"),
    )


def _later(child: Child) -> Told:
    return Told(
        _of(f"下一步：{child.line.zh}", f"Next: {child.line.en}"),
        _of("还不能开始，请稍等；有疑问请问护士。", "Not open yet; please wait, or ask a nurse."),
        "calm",
        (_animal(child), "read"),
    )


def _finished(_child: Child) -> Told:
    return Told(
        _of("今天都完成了", "All done for today"),
        _of("可以回家了，祝孩子早日康复。", "You can go home. Get well soon!"),
        "done",
        ("elephant", "wave"),
    )


def _cancelled(_child: Child) -> Told:
    return Told(
        _of("这个号已经退了", "This registration was given back"),
        _of("需要就诊请重新挂号。", "To be seen today, please register again."),
        "done",
        ("bear", "worry"),
    )


def _no_show(_child: Child) -> Told:
    return Told(
        _of("今天没有来就诊", "You did not come today"),
        _of("需要就诊请到服务台。", "To be seen, please ask at the service desk."),
        "done",
        ("bear", "worry"),
    )


_WORDS: Final[Mapping[Situation, Words]] = {
    Situation.CALLED: _called,
    Situation.AT_DOOR: _at_door,
    Situation.MISSED: _missed,
    Situation.SERVING: _serving,
    Situation.TO_PAY: _to_pay,
    Situation.NOT_IN: _not_in,
    Situation.FEVER: _fever,
    Situation.BACK: _back,
    Situation.TEST: _test,
    Situation.WAITING: _waiting,
    Situation.COLLECT: _collect,
    Situation.HELD: _held,
    Situation.RESULTS: _results,
    Situation.PREPARING: _preparing,
    Situation.LATER: _later,
    Situation.FINISHED: _finished,
    Situation.CANCELLED: _cancelled,
    Situation.NO_SHOW: _no_show,
}
