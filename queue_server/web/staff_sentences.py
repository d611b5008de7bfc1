"""What staff are told when a command is refused."""

from typing import Final

from protocol import Text
from queue_server.core.commands import Reason, Refused

SENTENCES: Final[dict[Reason, tuple[str, str]]] = {
    Reason.BAD_CARD: ("这张就诊卡不能用（{detail}）。", "This card can't be used ({detail})."),
    Reason.NOT_FOUND: ("没有查到。", "Nothing was found."),
    Reason.TOO_MANY_TRIES: ("查得太频繁。", "Too many searches in a row."),
    Reason.UNKNOWN_CARD: ("没有登记过这张就诊卡。", "This card is not known here."),
    Reason.NO_VISIT: ("今天没有挂号。", "There is no registration for today."),
    Reason.NOT_TODAY: ("预约不在今天，是 {day}。", "The registration is for {day}, not today."),
    Reason.WRONG_CAMPUS: (
        "预约在另一个院区（{detail}）。",
        "The registration is for another campus ({detail}).",
    ),
    Reason.CANCELLED: ("这个号已经退了。", "This registration was given back."),
    Reason.TOO_EARLY: ("还没到签到时间。", "It is too early to check in."),
    Reason.STALE_SCAN: ("这次扫码是以前的。", "This scan is from an earlier day."),
    Reason.OTHER_AREA: ("不在这个诊区就诊。", "The visit is not in this area."),
    Reason.SHARED_PHONE: (
        "两个就诊的手机令牌相同，请核对身份后扫码签到。",
        "Two visits have the same phone token: check who it is, then scan the card.",
    ),
    Reason.TWO_PLACES: (
        "同一手机令牌同时出现在两处，可能被转发，请核对身份后扫码签到。",
        "The same phone token was in two places at once, it may be relayed: check who it is, then scan the card.",
    ),
    Reason.UNCLEAR_PLACE: (
        "分不清手机在哪个诊区门口，请扫码签到。",
        "It is not clear at which door the phone is: scan the card.",
    ),
    Reason.PROOF_MISSING: (
        "手机没有回答蓝牙证明，请扫码签到。",
        "The phone gave no proof over Bluetooth: scan the card.",
    ),
    Reason.PROOF_WRONG: (
        "手机的蓝牙证明不对，可能是重放，请核对身份后扫码签到。",
        "The phone's proof was wrong, it may be a replay: check who it is, then scan the card.",
    ),
    Reason.TOO_MANY_MISSES: (
        "过号次数已满，请护士处理。",
        "Missed too often: a nurse must decide.",
    ),
    Reason.UNKNOWN_VISIT: ("没有这个就诊记录。", "There is no such visit."),
    Reason.UNKNOWN_GROUP: ("没有这个队列：{detail}。", "There is no such line: {detail}."),
    Reason.UNKNOWN_POINT: (
        "没有这个诊室或窗口：{point}。",
        "There is no such room or window: {point}.",
    ),
    Reason.UNKNOWN_DOCTOR: (
        "这个科室没有这位医生：{detail}。",
        "No such doctor sits in this department: {detail}.",
    ),
    Reason.VISIT_DIFFERS: (
        "这个就诊号已有不同的登记。",
        "This visit is registered already, with other details.",
    ),
    Reason.CARD_TAKEN: ("这张就诊卡属于另一位患儿。", "This card belongs to another child."),
    Reason.PAST_DAY: ("不能登记过去的日子（{day}）。", "A past day ({day}) can't be registered."),
    Reason.CLOSED_DAY: (
        "{day} 不开诊，请换一天。",
        "There are no clinics on {day}: choose another day.",
    ),
    Reason.BAD_SLOT: (
        "时段不对：开始要早于结束，并在就诊当天。",
        "The slot is wrong: it must begin before it ends, on the day of the visit.",
    ),
    Reason.NOBODY_WAITING: ("现在没有人在等候。", "Nobody is waiting."),
    Reason.POINT_BUSY: (
        "{ticket} 在这里（可能是同事刚叫的），请先接诊、结束或标记过号。",
        "{ticket} is here, perhaps just called by a colleague: start, finish or mark as missed first.",
    ),
    Reason.POINT_PAUSED: ("已暂停，请先开诊。", "Paused: open first."),
    Reason.MOVED_ON: (
        "同事刚刚处理过，这里已经变了，请看清后再点。",
        "A colleague was quicker and things have changed here; please look again.",
    ),
    Reason.NOBODY_CALLED: (
        "还没有叫号，或者别人已经处理了。",
        "Nobody is called here, or somebody else has dealt with it.",
    ),
    Reason.NOBODY_SERVED: (
        "还没有接诊，或者别人已经处理了。",
        "Nobody is being served here, or somebody else has dealt with it.",
    ),
    Reason.NOT_A_TEST: ("{detail} 不是检验或检查。", "{detail} is not a test."),
    Reason.NOT_MISSED: ("{ticket} 没有过号。", "{ticket} is not missed."),
    Reason.NOT_WAITING: ("{ticket} 现在不在等候。", "{ticket} is not waiting."),
    Reason.NOT_HELD: ("{ticket} 没有保留号位。", "The place of {ticket} is not being kept."),
    Reason.NOT_READY: ("还没到这一步。", "It is not time for this step yet."),
    Reason.UNPAID: ("还没有缴费，请先缴费。", "Not paid yet: please pay first."),
    Reason.SCREENING_MISSING: (
        "没有有效的流调问卷，请先填写。",
        "There is no valid screening form: please fill it in first.",
    ),
    Reason.SCREENED_OUT: (
        "流调问卷异常，请按发热流程处理。",
        "The screening form is abnormal: follow the fever route.",
    ),
    Reason.NO_WALK_INS: (
        "这个科室只看预约，请医生加号或换科室。",
        "This clinic sees appointments only: ask the doctor to add the child, or choose another clinic.",
    ),
    Reason.UNKNOWN_SERVICE: ("没有地方做：{detail}。", "Nobody here does this: {detail}."),
    Reason.UNKNOWN_CLASS: ("没有这个优先类别：{detail}。", "No such priority class: {detail}."),
    Reason.UNKNOWN_ORDER: ("没有这个医嘱：{detail}。", "There is no such order: {detail}."),
    Reason.UNKNOWN_AREA: ("没有这个诊区：{detail}。", "There is no such area: {detail}."),
    Reason.UNKNOWN_PATIENT: ("没有这位患儿：{detail}。", "There is no such child: {detail}."),
    Reason.NO_REASON: ("请写明原因。", "Please give the reason."),
    Reason.BAD_TEXT: ("文字太长，请不超过 200 字。", "Too long: 200 characters at most, please."),
    Reason.BAD_LENGTH: (
        "时间或位数不对：时间要在 1 分钟到 24 小时之间，并且还没过。",
        "The time or count is wrong: from 1 minute to 24 hours, and not in the past.",
    ),
    Reason.IN_FUTURE: ("报告时间在将来。", "The report is from the future."),
    Reason.ELSEWHERE: (
        "{ticket} 一家正在别的诊室或窗口，请稍后再叫。",
        "The family of {ticket} is at another room just now: please call later.",
    ),
    Reason.HELD: (
        "{ticket} 的号位正在保留（{detail}），请先恢复再叫。",
        "The place of {ticket} is being kept ({detail}): release it before you call.",
    ),
    Reason.WRONG_LINE: (
        "{ticket} 不在这个队列，请先转诊。",
        "{ticket} waits in another line: transfer first.",
    ),
    Reason.SAME_LINE: ("{ticket} 已在这个队列。", "{ticket} is in this line already."),
    Reason.BEING_SERVED: (
        "{ticket} 正在就诊，请先结束。",
        "{ticket} is being served: finish first.",
    ),
    Reason.NOTHING_TO_UNDO: ("没有可以撤销的操作。", "There is nothing of yours to undo."),
    Reason.UNDO_TOO_LATE: (
        "超过 10 分钟，不能撤销了。",
        "More than ten minutes ago: it can't be undone any more.",
    ),
    Reason.NO_OFFER: ("{ticket} 没有诊前检验。", "No tests were offered to {ticket}."),
    Reason.OFFER_OVER: (
        "{ticket} 的诊前检验已不能再改。",
        "The offer of tests to {ticket} can't be changed any more.",
    ),
    Reason.NOT_ORDERED: (
        "{ticket} 没有需要这样处理的项目。",
        "Nothing ordered for {ticket} needs this.",
    ),
    Reason.NEED_NOT_YET: (
        "{ticket} 还没有审方或缴费，先不要配药。",
        "{ticket}: not reviewed or not paid yet, so don't prepare the drugs.",
    ),
    Reason.NO_DELIVERY: (
        "{ticket} 没有可以配送的药。",
        "{ticket} has no drugs that could be sent home.",
    ),
    Reason.NOT_HERE: ("{ticket} 还没有签到，或已退号。", "{ticket} is not checked in, or gone."),
    Reason.SITE_IN_USE: (
        "新的院区文件不能用：{detail}",
        "The new site file can't take over: {detail}",
    ),
}

MISSING: Final = frozenset({Reason.UNKNOWN_VISIT, Reason.UNKNOWN_POINT})
"""Answered as 404; every other refusal as 409."""


def sentence_for_staff(refused: Refused) -> Text:
    """The refusal in both languages."""
    facts = {
        "detail": refused.detail,
        "day": refused.day,
        "point": refused.point or "",
        "ticket": refused.ticket or refused.visit or "",
    }
    zh, en = SENTENCES[refused.reason]
    return Text(zh=zh.format(**facts), en=en.format(**facts))
