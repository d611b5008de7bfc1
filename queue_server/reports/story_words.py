"""The words of a story: codes that stand in events, in both languages."""

from collections.abc import Mapping
from typing import Final

from queue_server.core.vocabulary import Lane, Name, Need

RULES: Final = Name("系统", "the system")
"""Who did what nobody did."""

REFUSED: Final[Mapping[str, Name]] = {
    "not_found": Name("按手机尾号和生日没有查到", "nothing was found by phone number and birthday"),
    "unknown_card": Name("没有登记过这张卡", "the card is not known here"),
    "no_visit": Name("今天没有挂号", "no registration for that day"),
    "not_today": Name("预约不在当天", "registered for another day"),
    "wrong_campus": Name("预约在另一个院区", "registered at another campus"),
    "cancelled": Name("已退号", "given back before"),
    "too_early": Name("还没到签到时间", "too early"),
    "stale_scan": Name("是以前的扫码", "a scan of an earlier day"),
    "shared_phone": Name("手机令牌重复", "two visits had the same phone token"),
    "two_places": Name("手机令牌同时出现在两处", "the phone token was in two places at once"),
    "unclear_place": Name("分不清手机在哪个诊区", "it was not clear at which door the phone was"),
    "proof_missing": Name("手机没有回答蓝牙证明", "the phone gave no proof"),
    "proof_wrong": Name("手机的蓝牙证明不对", "the phone's proof was wrong"),
    "too_many_misses": Name("过号次数已满", "missed too often"),
    "unpaid": Name("未缴费", "not paid"),
    "screening_missing": Name("没有有效的流调问卷", "no valid screening form"),
    "screened_out": Name("流调问卷异常", "an abnormal screening form"),
    "no_walk_ins": Name("该科室只看预约", "this clinic takes bookings only"),
    "expired": Name("就诊卡已过期", "the card has expired"),
    "revoked": Name("就诊卡已停用", "the card was revoked"),
}
EXPIRED: Final[Mapping[str, Name]] = {
    "paid": Name("已缴费，不必再去窗口", "all is paid, so the window is not needed"),
    "too_late": Name("时间已过", "too late in the day"),
}
NOT_OFFERED: Final[Mapping[str, Name]] = {
    "other_reason": Name("就诊原因不符", "another reason for the visit"),
    "age": Name("年龄不符", "not of that age"),
    "age_unknown": Name("年龄未知", "the age is not known"),
    "ordered": Name("已经开过", "ordered already"),
    "recognised": Name("已有可互认的报告", "there is a recognised report"),
    "closed": Name("检验科没有开放", "the laboratory is closed"),
}
HELD: Final[Mapping[str, Name]] = {
    "at_lab": Name("去做检验", "gone for tests"),
    "away": Name("暂时离开", "away for a while"),
    "paying": Name("去缴费", "paying"),
    "nap": Name("孩子睡着了", "the child is asleep"),
    "feeding": Name("在喂奶", "feeding"),
    "parked": Name("暂放", "put aside"),
    "delayed": Name("稍后再叫", "to be called later"),
}
NEEDS: Final[Mapping[Need, Name]] = {
    Need.PAID: Name("已缴费", "paid"),
    Need.FASTING: Name("已确认空腹", "empty stomach confirmed"),
    Need.SPECIMEN: Name("已留样", "specimen brought"),
    Need.REVIEWED: Name("审方通过", "prescription reviewed"),
    Need.PREPARED: Name("药已配好", "drugs prepared"),
}
LANES: Final[Mapping[Lane, Name]] = {
    Lane.BOOKED: Name("预约", "as booked"),
    Lane.WALK_IN: Name("现场", "as not booked"),
    Lane.LATE: Name("迟到", "as late"),
    Lane.RETURN: Name("回诊", "as a return"),
    Lane.MISSED: Name("过号重排", "as missed before"),
    Lane.PLACED: Name("隔位插入", "behind a number of others"),
}
DID: Final[Mapping[str, Name]] = {
    "CallNext": Name("叫号", "the call"),
    "CallOne": Name("指定叫号", "the call by name"),
    "ConfirmArrival": Name("到诊确认", "the confirmed arrival"),
    "Miss": Name("过号", "the missed call"),
    "Start": Name("接诊", "the start"),
    "Finish": Name("结束就诊", "the finish"),
    "Park": Name("暂放", "the putting aside"),
    "PutBack": Name("重新排队", "the putting back"),
    "Hold": Name("保留号位", "the kept place"),
    "Release": Name("恢复排队", "the release"),
    "Move": Name("调整位置", "the move"),
    "AssignDoctor": Name("指定医生", "the assigned doctor"),
    "SetPriority": Name("优先类别", "the priority"),
    "Transfer": Name("改诊", "the transfer"),
    "Drop": Name("取消就诊", "the dropping"),
    "CheckInAtDesk": Name("服务台签到", "the check-in"),
    "Order": Name("开单", "the order"),
    "Pay": Name("缴费", "the payment"),
    "MeetNeed": Name("确认", "the confirmation"),
    "ChooseDelivery": Name("药品配送", "the delivery"),
}
"""Acts that can be taken back, by the name under which `Undone` keeps them."""
