"""Every word of the kiosk, in both languages. What the server or the agent says comes with its own two."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # nobody is here
    "show_code": ("请出示就诊二维码", "Show your visit code"),
    "how_camera": (
        "手机或纸卡都可以，放到摄像头前",
        "On your phone or on paper: hold it up to the camera",
    ),
    "how_scanner": (
        "手机或纸卡都可以，对准扫码口",
        "On your phone or on paper: hold it to the scanner",
    ),
    "how_picture": (
        "选一张二维码图片，或把图片拖到这里",
        "Choose a picture of it, or drop one here",
    ),
    "tip_bright": ("屏幕调亮", "Screen bright"),
    "tip_far": ("隔一个手掌", "A hand away"),
    "tip_hear": ("听“叮”一声", "Wait for the chime"),
    "no_card": ("没有二维码？请到服务台。", "No code? Please go to the service desk."),
    "drop": ("选一张二维码图片", "Choose a picture of the code"),
    "aim": ("把二维码放进框里", "Put the code inside the frame"),
    # an answer is on its way
    "reading": ("读到了，正在签到", "Got it, checking you in"),
    "one_moment": ("请稍等一下……", "One moment, please …"),
    # a card for several children
    "which_child": ("请问是哪个孩子？", "Which child?"),
    "which_child_hint": (
        "这张卡是几个孩子共用的，请点孩子的名字",
        "This card is for several children: touch the name",
    ),
    "checked_in_as": ("已签到 {ticket}", "checked in, {ticket}"),
    # tests before the consult
    "offer": ("等的时候可以先做检查", "You can have tests while you wait"),
    "offer_hint": (
        "您的号保留，做完回来不用重新排队",
        "Your place is kept; no need to queue again",
    ),
    "offer_yes": ("好，先去做", "Yes, tests first"),
    "offer_no": ("不用了", "No, thank you"),
    "to_pay": (
        "请先缴费：手机或收费窗口",
        "Please pay first: on your phone or at the cashier",
    ),
    # the way
    "way": ("怎么走", "Show me the way"),
    "way_to": ("从这里去", "From here to"),
    "way_phone": ("扫码带走路线", "Take it along: scan"),
    "way_speak": ("念给我听", "Read it to me"),
    "way_floor": ("楼层", "Floor"),
    "way_picture": ("路线图", "Map of the way"),
    "way_back": ("返回", "Back"),
    "find": ("找地方", "Find a place"),
    "find_title": ("您要去哪里？", "Where do you want to go?"),
    "find_type": ("输入拼音首字母或门牌号", "Type a name or room number"),
    "find_nothing": (
        "没有找到，换几个字母试试，或问服务台。",
        "Nothing found: try other letters, or ask at the service desk.",
    ),
    "key_back": ("删一个", "Delete one"),
    "key_clear": ("清空", "Clear"),
    "step_free": ("推车、轮椅：不走台阶", "Stroller or wheelchair: no steps"),
    "note_no_step_free": (
        "没有不走台阶的路，请问服务台",
        "There is no way without steps; please ask at the service desk",
    ),
    "find_near": ("最近的", "The nearest"),
    "note_no_voice": ("这台机器没有声音", "This machine has no voice"),
    # where a family stands
    "over_waiting": ("签到成功", "You are checked in"),
    "over_already": ("您已经签过到了", "You are already checked in"),
    "over_at_door": ("请到诊室门口等候", "Please wait at the door of"),
    "over_held": ("号位为您保留着", "Your place is being kept"),
    "over_called": ("轮到您了，请现在到", "Your turn! Please go now to"),
    "over_serving": ("正在就诊", "You are being seen"),
    "over_missed": ("刚才叫过您的号了", "Your number was called"),
    "over_done": ("今天的就诊都完成了", "All done for today"),
    "over_other": ("您的号码", "Your number"),
    "now_go_to": ("现在请去", "Go to"),
    "pay_first": ("请先缴费", "Pay first"),
    "then_go": ("缴费后请去", "Then go to"),
    "where": ("在这里", "You will find it here"),
    "what_now": ("接下来这样做", "What to do now"),
    "wait_there": (
        "坐着等就好，大屏叫到 {ticket} 再进去。",
        "Take a seat; go in when {ticket} is called.",
    ),
    "ahead": ("前面还有", "Ahead of you"),
    "people": ("人", "families"),
    "person": ("人", "family"),
    "range": ("约 {low}–{high} 分钟", "about {low}–{high} min"),
    "range_one": ("约 {low} 分钟", "about {low} min"),
    "next_up": ("下一个就是您", "You are next"),
    "slot": ("预约时段", "Booked for"),
    "missed_todo": (
        "请到护士台，护士会重新安排。",
        "Please go to the nurse's desk; you keep a place.",
    ),
    "held_todo": (
        "先办好眼下的事，回来不用重新排队。",
        "Finish what you are at; you need not queue again.",
    ),
    "done_todo": ("祝宝宝早日康复！", "Get well soon!"),
    "steps": ("今天的流程", "Today, step by step"),
    "return_word": ("回诊", "with results"),
    "alias": ("临时号 {alias} 也有效", "Number {alias} stays valid too"),
    "several": ("您今天有 {count} 个号", "{count} visits today"),
    # without the server
    "over_provisional": ("网络不通，先给您一个临时号", "No network: here is a number for now"),
    "provisional_go": (
        "请记下或拍下这个号，先到候诊区等。",
        "Note it or take a photo, then go to your waiting area.",
    ),
    "provisional_keep": (
        "网络一通就自动签到，先后次序不变，不用再扫一次。",
        "You are checked in by itself once the network is back, and keep your turn. No need to scan again.",
    ),
    "provisional_ask": ("不知道去哪里？问服务台。", "Not sure where? Ask at the service desk."),
    "offline": (
        "现在离线：仍可签到，先给临时号",
        "Offline: you can still check in and get a number for now",
    ),
    # it did not work
    "over_trouble": ("还没有签到", "Not checked in yet"),
    # for the operator
    "lists": ("卡名单 {when}", "card lists of {when}"),
    # buttons
    "print": ("打印小票", "Print ticket"),
    "print_off": ("打印机停了，请拍照留号", "Printer off: take a photo"),
    "done": ("完成", "Done"),
    "cancel": ("取消", "Cancel"),
    "back_in": ("秒后返回", "s left"),
    "help": ("请人帮忙", "Call a person"),
    "large": ("大字", "Large type"),
    "normal": ("标准字", "Normal type"),
    "other_language": ("English", "中文"),
    "again": ("再扫一次", "Scan again"),
    # short notes
    "note_printed": ("小票正在打印", "Your ticket is being printed"),
    "note_not_printed": (
        "打印机没有反应，请拍下号码",
        "The printer does not answer; please take a photo of the number",
    ),
    "note_help": ("已通知工作人员，请稍等", "A member of staff has been called"),
    "note_help_offline": (
        "网络不通，叫不到人，请直接到服务台",
        "No network, so nobody could be told: please go to the service desk",
    ),
    "note_looking": ("正在看图片……", "Looking at the picture …"),
    "note_no_code": ("图片里没有找到二维码，请换一张。", "No code in that picture; try another."),
    "note_bad_picture": ("这个文件打不开，请换一张图片。", "That is no picture; try another file."),
    "note_too_large": ("图片太大了（最多 8 MB）。", "That picture is too large (8 MB at most)."),
    "lost": ("屏幕正在重新连接", "The screen is reconnecting"),
    "lost_todo": (
        "请稍等，或用旁边的机器。",
        "Please wait a moment, or use the next machine.",
    ),
    "calling": ("正在叫号", "Now calling"),
    # states of steps
    "state_planned": ("", ""),
    "state_ready": ("", ""),
    "state_waiting": ("等候中", "waiting"),
    "state_at_door": ("门口候诊", "at the door"),
    "state_held": ("号已保留", "place kept"),
    "state_called": ("请进", "go in"),
    "state_serving": ("就诊中", "now"),
    "state_done": ("已完成", "done"),
    "state_missed": ("过号", "missed"),
    "state_cancelled": ("已取消", "cancelled"),
    "state_no_show": ("未到", "not attended"),
}

LANGUAGES: Final = ("zh", "en")


def word(key: str, lang: str, **slots: object) -> str:
    """One word or sentence, its slots filled.

    Raises:
        KeyError: it is in no catalogue, or a slot is missing.
    """
    return TEXTS[key][LANGUAGES.index(lang)].format(**slots)
