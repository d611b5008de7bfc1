"""The words of the families' pages that don't depend on where a child stands (those are `queue_server.family.words`)."""

from typing import Final

PHONE: Final = {
    "phone_title": ("我的就诊", "My visit"),
    "phone_large": ("大字", "Large type"),
    "phone_contrast": ("高对比", "High contrast"),
    "phone_ahead": ("前面还有", "Before you"),
    "phone_ahead_unit": ("人", ""),
    "phone_next": ("下一个就是您", "You are next"),
    "phone_wait": ("大约还要等", "About"),
    "phone_within": ("还要等，最多约", "At most about"),
    "phone_wait_for": ("还要等多久", "The wait"),
    "phone_minutes": ("分钟", "min"),
    "phone_no_wait": ("暂时估不准", "can't be told now"),
    "phone_free": ("可以先走开", "You may walk about"),
    "phone_free_by": ("{time} 前往回走", "set out for the hall by {time}"),
    "phone_free_in": ("还有约 {minutes} 分钟", "in about {minutes} min"),
    "phone_stay": ("请现在过去，不要走远", "Please go there now, and stay near"),
    "phone_alias": ("临时号", "Provisional number"),
    "phone_kept_until": ("保留到 {time}", "Kept until {time}"),
    "phone_kept": ("{line}的号位给您留着", "Your place at {line} is kept"),
    "phone_results": ("报告已出 {ready} / {all}", "Results ready: {ready} of {all}"),
    "phone_slot": ("预约 {slot}", "Booked {slot}"),
    "phone_way": ("怎么走", "The way"),
    "phone_floor": ("楼层", "Floor"),
    "phone_picture": ("路线图", "Map of the way,"),
    "phone_whole_way": ("全屏看，可放大、可朗读", "Full screen: enlarge it, have it read"),
    "phone_day": ("今天的流程", "Your day"),
    "phone_return": ("回诊", "again"),
    "phone_stop_done": ("已完成", "done"),
    "phone_stop_now": ("现在", "now"),
    "phone_stop_called": ("请过去", "go there"),
    "phone_stop_later": ("之后", "later"),
    "phone_nothing": ("今天没有就诊", "Nothing for today"),
    "phone_nothing_todo": (
        "挂号在别的卡上？请在自助机扫那张卡；或问服务台。",
        "Registered on another card? Hold that card at a kiosk, or ask at the service desk.",
    ),
    "phone_lost": (
        "网络断开，正在重连。显示的是 {age} 前的情况，叫号请看大屏。",
        "No connection, trying again. This is {age} old: please watch the boards.",
    ),
    "phone_seconds": ("秒", "s"),
    "phone_hours": ("小时", "h"),
    "phone_over": (
        "这个链接已失效（每个链接只用一天）。请在自助机再扫一次就诊卡，或问服务台。",
        "This link is no longer good: each is for one day. Hold your visit card at a kiosk again, or ask at the service desk.",
    ),
    "phone_over_title": ("链接已失效", "This link has ended"),
    "phone_private": (
        "本页只显示打码的名字，次日凌晨 3 点自动失效。请不要转发链接。",
        "Names are masked here, and the page ends at 3 at night. Please don't pass its address on.",
    ),
    "phone_more": ("更多", "More"),
    "phone_bell_off": ("叫号提醒我", "Alert me"),
    "phone_bell_on": ("提醒已开", "Alerts on"),
    "phone_bell_tried": (
        "开着这个页面，叫号时会响铃、振动。",
        "Keep this page open: it rings and vibrates when you are called.",
    ),
    "phone_looking": (
        "这个页面已在另一部手机上打开，这里只能看。要操作，请在自助机再扫一次就诊卡。",
        "Another phone holds this page; here you can only look. To act, hold your visit card at a kiosk again.",
    ),
    "phone_updated": ("{time} 更新", "as of {time}"),
}
"""By key: Chinese, English."""
