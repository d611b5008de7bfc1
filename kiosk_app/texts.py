"""Every word of the kiosk, in both languages."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "show_code": ("请出示就诊二维码", "Show your visit code"),
    "how_1": (
        "把手机或纸卡放到摄像头前，约一个手掌远",
        "Hold your phone or paper card a hand's width from the camera",
    ),
    "how_2": ("把屏幕调亮，拿稳一秒钟", "Turn the screen bright and hold still for a second"),
    "how_3": ("听到“叮”一声就好了", "You will hear a chime when it is done"),
    "drop": ("也可以选一张二维码图片", "Or choose a picture of the code"),
    "reading": ("读到了，正在签到……", "Got it, checking you in …"),
    "checked_in": ("签到成功", "You are checked in"),
    "already": ("您已签过到", "You had checked in already"),
    "your_number": ("您的号码", "Your number"),
    "ahead": ("前面还有", "Ahead of you"),
    "people": ("人", "families"),
    "next_up": ("就要轮到您了", "You are next"),
    "slot": ("预约时段", "Booked for"),
    "go_to": ("请去", "Go to"),
    "go_in": ("请现在到", "Please go now to"),
    "wait_there": (
        "在候诊区坐着等，大屏叫到您的号再进去。",
        "Take a seat there; go in when the board calls your number.",
    ),
    "being_served": ("正在就诊", "You are being seen"),
    "missed": ("刚才叫过您的号了", "Your number was called"),
    "missed_hint": (
        "请到护士台，她会安排您。",
        "Please go to the nurse's desk; she will help you.",
    ),
    "held": ("您的号位一直保留着", "Your place is being kept"),
    "all_done": ("今天的就诊都完成了，祝宝宝早日康复！", "All done for today. Get well soon!"),
    "steps": ("今天的流程", "Today's steps"),
    "return_word": ("回诊", "return"),
    "provisional": (
        "网络暂时不通，先给您一个临时号",
        "The network is down, so here is a number for now",
    ),
    "provisional_hint": (
        "请拍下或记住这个号。网络恢复后自动签到，先来后到的次序不变；大屏上会显示正式号码。",
        "Please note it. You will be checked in by itself when the network is back, and keep your turn.",
    ),
    "provisional_go": (
        "请先到候诊区，有问题找护士。",
        "Please go to your waiting area; the nurse can help.",
    ),
    "trouble": ("没有签到", "Not checked in"),
    "what_now": ("接下来", "What to do"),
    "print": ("打印小票", "Print ticket"),
    "printed": ("小票正在打印", "Your ticket is being printed"),
    "not_printed": (
        "打印机不可用，请拍下号码",
        "The printer is not available; please take a photo of the number",
    ),
    "done": ("完成", "Done"),
    "back_in": ("秒后返回", "s left"),
    "help": ("请人帮忙", "Call a person"),
    "help_coming": ("已通知工作人员，请稍等", "A member of staff has been called"),
    "large": ("大字", "Large type"),
    "normal": ("标准字", "Normal type"),
    "other_language": ("English", "中文"),
    "offline": ("离线：可以签到，给临时号", "Offline: check-in works, with a number for now"),
    "calling": ("正在叫号", "Now calling"),
    "lost": ("屏幕正在重新连接……", "The screen is reconnecting …"),
    "no_code": (
        "图片里没有找到二维码，请换一张。",
        "No code was found in that picture; try another.",
    ),
    "bad_picture": ("这个文件不是能读的图片。", "That file is not a picture that can be read."),
    "camera_off": ("摄像头没有画面", "The camera gives no picture"),
    "frame_hint": ("对准这个框", "Aim for the frame"),
    "state_planned": ("之后", "later"),
    "state_ready": ("之后", "later"),
    "state_waiting": ("等候中", "waiting"),
    "state_held": ("号已保留", "place kept"),
    "state_called": ("请进", "called"),
    "state_serving": ("就诊中", "now"),
    "state_done": ("已完成", "done"),
    "state_missed": ("过号", "missed"),
    "state_cancelled": ("已取消", "cancelled"),
    "state_no_show": ("未到", "not attended"),
}

LANGUAGES: Final = ("zh", "en")


def word(key: str, lang: str) -> str:
    """One word or sentence.

    Raises:
        KeyError: it is in no catalogue.
    """
    return TEXTS[key][LANGUAGES.index(lang)]
