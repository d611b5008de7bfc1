"""Every word of the day's report and of the history, in both languages."""

from collections.abc import Mapping
from typing import Final

from queue_server.core.vocabulary import Name

WORDS: Final[Mapping[str, Name]] = {
    "reports": Name("报表", "Reports"),
    "day_report": Name("日报", "Day report"),
    "history": Name("历史查询", "History"),
    "all_days": Name("所有日期", "All days"),
    "day_before": Name("前一天", "Day before"),
    "day_after": Name("后一天", "Day after"),
    "as_of": Name("数据截至", "As of"),
    "no_days": Name("还没有任何一天的数据。", "There is no day to report on yet."),
    "empty_day": Name(
        "这一天没有挂号，也没有叫号。", "Nobody was registered or called on this day."
    ),
    "registered": Name("挂号", "Registered"),
    "checked_in": Name("签到", "Checked in"),
    "finished": Name("完成就诊", "Finished"),
    "no_show": Name("爽约", "No-shows"),
    "cancelled": Name("退号", "Given back"),
    "left_line": Name("未就诊离开", "Left without being seen"),
    "open": Name("尚未结束", "Not over yet"),
    "calls": Name("叫号", "Calls"),
    "missed": Name("过号", "Missed"),
    "overtakes": Name("越位叫号", "Calls out of turn"),
    "wait_p50": Name("首诊等候（中位）", "Wait for the doctor, median"),
    "wait_p90": Name("首诊等候（九成以内）", "Wait for the doctor, 9 in 10"),
    "door_to_door": Name("签到到离开（中位）", "Check-in to leaving, median"),
    "minutes": Name("分钟", "min"),
    "hour_sign": Name("小时", "h"),
    "waits_title": Name("各队列等候时间", "Waiting by line and hour"),
    "waits_hint": Name(
        "按进入队列的钟点（横轴），单位分钟（纵轴）。深色：一半的家庭在此时间内被叫到；浅色：九成。保留号位的时间不计。各图纵轴不同。",
        "By the hour in which families came into the line; in minutes. Solid: half were called within this time; pale: "
        "9 in 10. Time for which a place was kept does not count. Each chart has a scale of its own.",
    ),
    "p50": Name("中位", "median"),
    "p90": Name("九成以内", "9 in 10"),
    "wait_note": Name(
        "一半 {p50} 分钟内，九成 {p90} 分钟内", "half ≤ {p50} min, 9 in 10 ≤ {p90} min"
    ),
    "p50_p90": Name("中位 / 九成以内（分钟）", "median / 9 in 10, minutes"),
    "flow_title": Name("每小时到院与就诊", "Arrivals and first consults by hour"),
    "flow_hint": Name(
        "到院按签到钟点；就诊按首诊结束钟点（不含回诊）。",
        "Arrivals by the hour of check-in; consults by the hour in which they ended, returns not counted.",
    ),
    "arrived": Name("到院签到", "Checked in"),
    "seen": Name("首诊完成", "First consults"),
    "served": Name("服务完成", "Served"),
    "called": Name("叫号", "Calls"),
    "missed_title": Name("过号", "Missed calls"),
    "missed_hint": Name(
        "叫到而未到的次数，占该队列叫号的比例。", "Calls that nobody came to, and their share."
    ),
    "overtakes_title": Name("越位叫号及原因", "Calls out of turn, and why"),
    "overtakes_hint": Name(
        "叫号时有更早的家庭还在等。每次叫号的依据都保存在日志里。",
        "Somebody who counts as earlier was still waiting. What each call was decided by is kept in the journal.",
    ),
    "times_families": Name("{calls} 次，越过 {families} 位", "{calls} calls, {families} overtaken"),
    "no_overtakes": Name("这一天没有越位叫号。", "Nobody was called out of turn."),
    "no_missed": Name("这一天没有过号。", "Nobody missed a call."),
    "by_hand_title": Name("人工调整", "Changes by hand"),
    "by_hand_hint": Name(
        "工作人员改变顺序时写下的原因。", "The reasons staff gave when they changed the order."
    ),
    "detail": Name("说明", "Details"),
    "detail_overtook": Name("{detail}，越过 {families} 位", "{detail}; {families} overtaken"),
    "rooms_title": Name("诊室与窗口", "Rooms and windows"),
    "rooms_hint": Name(
        "从当天第一个动作到最后一个动作。右侧：服务完成的人数。",
        "From a room's first sign of life to its last. On the right: families served.",
    ),
    "busy": Name("接诊", "Serving"),
    "calling": Name("等待被叫的家庭", "Waiting for the called"),
    "idle_waiting": Name("空闲，但有人在等", "Free while somebody waited"),
    "idle_empty": Name("空闲，无人等候", "Free, nobody waiting"),
    "paused": Name("暂停", "Paused"),
    "people": Name("人", "served"),
    "figures": Name("数据表", "Figures"),
    "download": Name("下载 CSV", "CSV"),
    "more_tables": Name("更多数据（CSV）", "More data (CSV)"),
    "line": Name("队列", "Line"),
    "room": Name("诊室/窗口", "Room"),
    "hour": Name("钟点", "Hour"),
    "time": Name("时间", "Time"),
    "ticket": Name("号码", "Number"),
    "what": Name("操作", "What"),
    "why": Name("原因", "Why"),
    "reason": Name("原因", "Reason"),
    "by": Name("操作人", "By"),
    "families": Name("被越过的家庭", "Overtaken"),
    "share": Name("占叫号", "Of calls"),
    "count": Name("人次", "Families"),
    "steps": Name("进入队列", "Came"),
    "date": Name("日期", "Day"),
    "wait_mean": Name("平均等候", "Mean wait"),
    "door_mean": Name("平均在院", "Mean stay"),
    "method": Name(
        "等候：从进入队列到被叫，含门口候诊；过号后重排的时间相加。中位与九成按最近秩。被撤销的操作不计。时间为本院当地时间。",
        "Waiting runs from coming into the line to being called, at the door as well; turns after a missed call add up. "
        "Percentiles are by nearest rank. Acts that were taken back do not count. Times are local.",
    ),
    # ---- history
    "search_hint": Name("就诊卡号、号码、就诊号或姓名", "Card, number, visit or name"),
    "search": Name("查询", "Search"),
    "on_day": Name("日期（选填）", "Day (optional)"),
    "nothing_found": Name("没有找到。", "Nothing was found."),
    "found_many": Name(
        "只显示最近的 {most} 条；请加日期缩小范围。",
        "Only the latest {most} are shown; give a day to narrow it down.",
    ),
    "search_empty": Name("请填写要查询的内容。", "Please say what to look for."),
    "visit": Name("就诊", "Visit"),
    "name": Name("姓名", "Name"),
    "check_in": Name("签到", "Check-in"),
    "state": Name("状态", "State"),
    "story": Name("就诊经过", "Story of the visit"),
    "taken_back": Name("已撤销", "taken back"),
    "why_this": Name("叫号依据", "Why this family"),
    "late_note": Name("{clock} 才收到", "received at {clock}"),
    "back_to_search": Name("返回查询", "Back to the search"),
    "unknown_visit": Name("没有这个就诊。", "There is no such visit."),
    "door_to_door_short": Name("在院", "Stay"),
    "not_checked_in": Name("未签到", "not checked in"),
}

WHY: Final[Mapping[str, Name]] = {
    "first": Name("先到先叫", "First in line"),
    "door": Name("门口候诊第一位", "First at the door"),
    "class": Name("优先类别", "Priority class"),
    "cap": Name("已被越过到上限", "Overtaken as often as allowed"),
    "return_score": Name("回诊累积优先", "Return, accumulated priority"),
    "return_first": Name("回诊优先", "Returns go first"),
    "interleave": Name("初诊回诊间隔", "First visits and returns in turn"),
    "overdue": Name("超过预约时间", "Long past its time"),
    "booked": Name("预约优先", "Booked before walk-ins"),
    "number": Name("按挂号序号", "By registration number"),
    "back_in": Name("隔位插入", "Put in after so many"),
    "missed_turn": Name("过号轮到", "A missed family's turn"),
    "late_turn": Name("迟到轮到", "A late family's turn"),
    "score": Name("按等候得分", "By waiting score"),
    "by_name": Name("工作人员指定", "Called by name"),
}
"""Why somebody was called, short."""

ACTS: Final[Mapping[str, Name]] = {
    "by_name": Name("指定叫号", "Called by name"),
    "move": Name("调整位置", "Moved in line"),
    "priority": Name("优先类别", "Priority class"),
    "doctor": Name("指定医生", "Doctor assigned"),
    "transfer": Name("改诊", "Sent to another line"),
    "cancel": Name("退号/取消", "Dropped"),
}
"""What staff did by hand."""

ENDED: Final[Mapping[str, Name]] = {
    "": Name("进行中", "going on"),
    "done": Name("已完成", "finished"),
    "cancelled": Name("已退号", "given back"),
    "no_show": Name("爽约", "did not come"),
    "left": Name("未就诊离开", "left"),
    "expired": Name("已过期", "expired"),
    "delivered": Name("配送", "delivered"),
    "transferred": Name("改诊", "sent on"),
    "not_reached": Name("未进行", "not reached"),
}
"""How a visit ended."""

TABLES: Final[Mapping[str, Name]] = {
    "visits": Name("就诊", "Visits"),
    "steps": Name("环节", "Steps"),
    "stays": Name("环节时段", "Stays"),
    "calls": Name("叫号", "Calls"),
    "acts": Name("人工操作", "Acts by hand"),
    "openings": Name("开诊与停诊", "Rooms opened and paused"),
    "points_day": Name("诊室与窗口", "Rooms and windows"),
    "groups": Name("队列名称", "Names of lines"),
    "points": Name("诊室名称", "Names of rooms"),
    "waits": Name("各队列等候", "Waiting by line"),
    "waits_hourly": Name("各队列每小时等候", "Waiting by line and hour"),
    "overtakes": Name("越位叫号", "Calls out of turn"),
    "hours": Name("每小时", "By hour"),
    "lines": Name("队列", "Lines"),
    "days": Name("每天", "Days"),
}
"""Names of the tables that can be downloaded."""


def word(key: str, lang: str) -> str:
    """One word or sentence.

    Raises:
        KeyError: it is in no catalogue.
    """
    return said(WORDS[key], lang)


def said(name: Name, lang: str) -> str:
    """A name in one language."""
    return name.en if lang == "en" else name.zh
