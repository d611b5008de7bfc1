"""Every word of the server's own pages, in both languages."""

from collections.abc import Mapping
from typing import Final

_EVERYWHERE: Final = {
    "product": ("导诊", "Daozhen"),
    "weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "months": (
        "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
    "return_mark": ("回", "R"),
    "return_word": ("回诊", "return"),
    "paused": ("暂停", "Paused"),
    "missed": ("过号", "Missed"),
    "serving": ("就诊中", "In room"),
    "waiting": ("等候", "Waiting"),
    "people": ("人", ""),
    "minutes": ("分钟", "min"),
    "seconds": ("秒", "s"),
    "state_planned": ("未开始", "later"),
    "state_ready": ("未签到", "not checked in"),
    "state_waiting": ("候诊", "waiting"),
    "state_held": ("保留号位", "place kept"),
    "state_called": ("已叫号", "called"),
    "state_serving": ("就诊中", "being seen"),
    "state_done": ("已完成", "done"),
    "state_missed": ("过号", "missed"),
    "state_cancelled": ("已退号", "given back"),
    "state_no_show": ("未到", "did not come"),
}

_BOARD: Final = {
    "please_go": ("请到", "Please go to"),
    "room": ("诊室 / 窗口", "Room"),
    "now": ("现在", "Now"),
    "next": ("请到门口等候", "Wait at the door"),
    "please_enter": ("请进", "Come in"),
    "free": ("空闲", "Free"),
    "called_again": ("再次呼叫", "Called again"),
    "missed_hint": (
        "请在自助机重新扫码，或到护士台",
        "Scan again at a kiosk, or ask the nurse",
    ),
    "at_lab": ("检查中", "At tests"),
    "at_lab_hint": ("人，号码为您保留", "families, places are kept"),
    "return_hint": ("做完检查回来的孩子", "back with results"),
    "nobody_called": (
        "请在此稍坐，叫到您的号会显示在这里",
        "Please take a seat. Your number will appear here.",
    ),
    "stale": (
        "连接中断：这是 {age}前的内容，请留意现场叫号",
        "Connection lost: this is {age} old. Please listen for the nurse.",
    ),
    "no_points": ("这个诊区今天没有开放的诊室", "No room of this area is open today"),
}

_STAFF: Final = {
    "site_problem": ("新的院区文件尚未启用", "The new site file is not in force"),
    "site_problem_hint": (
        "原来的规则继续有效，没有家庭受影响。请管理员按下面的提示修改文件；文件改好（或相关家庭离开）后自动启用。",
        "The old rules go on, and no family is affected. An administrator should correct the file as said below; it takes "
        "over by itself once it is right, or once the families named have gone.",
    ),
    "sign_in": ("登录", "Sign in"),
    "sign_out": ("退出", "Sign out"),
    "account": ("账号", "Account"),
    "password": ("密码", "Password"),
    "staff_only": ("工作人员登录", "Staff sign-in"),
    "wrong_sign_in": (
        "账号或密码不对。连续输错几次后，要等几分钟才能再试。",
        "Account or password is wrong. After several wrong tries you must wait a few minutes.",
    ),
    "busy_sign_in": (
        "现在登录的人太多，请过几秒再试。",
        "Too many people are signing in; please try again in a moment.",
    ),
    "boards": ("叫号屏", "Boards"),
    "chinese": ("中文", "Chinese"),
    "english": ("英文", "English"),
    "both": ("双语", "Both"),
    "work": ("工作台", "Work"),
    "consoles": ("叫号台", "Consoles"),
    "choose_point": ("选择诊室或窗口", "Choose a room or window"),
    "other_role": ("由其他岗位负责，只能查看", "served by another role, to look at only"),
    "history": ("历史", "History"),
    "reports": ("报表", "Reports"),
    "desk": ("服务台", "Service desk"),
    "other_language": ("English", "中文"),
    "back": ("返回首页", "To the start page"),
    "error_title": ("没有成功", "That did not work"),
}

_CONSOLE: Final = {
    "nobody_here": ("当前没有患者", "Nobody here now"),
    "nobody_hint": ("按 N 叫下一位", "Press N to call the next"),
    "paused_here": ("已暂停叫号", "Calling is paused"),
    "paused_hint": ("开诊后才能叫号", "Open to call again"),
    "call_next": ("叫下一位", "Call next"),
    "recall": ("重呼", "Call again"),
    "start": ("接诊", "Start"),
    "miss": ("过号", "Not here"),
    "finish": ("结束就诊", "Finish"),
    "finish_tests": ("开检查，做完回诊", "Tests, then back here"),
    "finish_then": ("然后去", "Afterwards to"),
    "pause": ("暂停叫号", "Pause"),
    "open": ("开诊", "Open"),
    "times": ("次", "times"),
    "line": ("候诊队列", "Waiting line"),
    "line_empty": ("现在没有人等候", "Nobody is waiting"),
    "line_more": ("后面还有", "and more behind"),
    "kept": ("保留号位", "Places kept"),
    "at_tests": ("检查中，做完回诊", "At tests, coming back"),
    "put_back": ("重新排队", "Put back"),
    "hold": ("保留", "Hold"),
    "hold_hint": (
        "保留号位：暂不叫号，位置不变",
        "Keep the place: not called until back, loses nothing",
    ),
    "release": ("恢复", "Back"),
    "waited": ("已等", "waited"),
    "slot": ("预约", "booked"),
    "walk_in": ("现场号", "walk-in"),
    "alias": ("临时号", "slip"),
    "misses": ("过号次数", "missed"),
    "read_only": (
        "您只能查看：这个窗口由其他岗位负责。",
        "You may only look: this point is served by another role.",
    ),
}

_DESK: Final = {
    "search": ("号码、姓名、就诊号", "Number, name or visit"),
    "search_hint": ("今天的就诊", "Today's visits"),
    "check_in": ("签到", "Check in"),
    "give_back": ("退号", "Give back"),
    "give_back_sure": ("再点一次确认退号", "Click again to give back"),
    "nothing_found": ("没有找到", "Nothing found"),
    "ahead": ("前面", "ahead"),
    "new_walk_in": ("现场挂号", "Register a walk-in"),
    "child": ("患儿姓名", "Child's name"),
    "line_of": ("科室 / 队列", "Clinic or line"),
    "doctor": ("医生", "Doctor"),
    "any_doctor": ("不指定", "Any"),
    "card": ("就诊卡（可扫码枪）", "Visit card (scan it here)"),
    "optional": ("选填", "optional"),
    "register": ("挂号并签到", "Register and check in"),
    "registered": ("已签到", "Checked in"),
    "attention": ("请留意", "For attention"),
    "nothing_to_see": ("没有需要留意的事", "Nothing needs attention"),
    "help_done": ("已处理", "Seen to"),
    "see_desk": ("条其他提醒，见服务台", "more at the service desk"),
    "lost": (
        "连接中断，正在重连。显示的内容可能已经过时。",
        "Connection lost, trying again. What you see may be old.",
    ),
    "failed": (
        "没有成功：连不上服务器。请再试一次。",
        "That did not work: the server can't be reached. Please try again.",
    ),
    "agents": ("自助机", "Kiosks"),
    "kiosk_online": ("在线", "online"),
    "kiosk_offline": ("离线", "offline"),
    "kiosk_waiting": ("条待上传", "not yet sent"),
    "ScanRefused": ("扫码未签到", "Scan refused"),
    "ProvisionalUnmatched": ("临时号没有对应的就诊", "Slip without a visit"),
    "SequenceGap": ("自助机有记录丢失", "A kiosk has lost records"),
    "HelpAsked": ("有人需要帮助", "Somebody needs help"),
}

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    **_EVERYWHERE,
    **_BOARD,
    **_STAFF,
    **_CONSOLE,
    **_DESK,
}
LANGUAGES: Final = ("zh", "en")


def word(key: str, lang: str) -> str:
    """One word or sentence.

    Raises:
        KeyError: it is in no catalogue.
    """
    return TEXTS[key][LANGUAGES.index(lang)]
