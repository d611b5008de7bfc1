"""中文说法。Every sentence of a way in Chinese; `{…}` are slots, the same as in `en.py`.

A key that begins with `speech.` or `ticket.` is said instead of the plain one in that register.
"""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    # how it begins; what follows is where one walks to
    "head.device.ahead": "从{thing}旁边往前",
    "head.device.slight_left": "面对{thing}，往左前方",
    "head.device.left": "面对{thing}，往左手边",
    "head.device.sharp_left": "背对{thing}，往右前方",
    "head.device.slight_right": "面对{thing}，往右前方",
    "head.device.right": "面对{thing}，往右手边",
    "head.device.sharp_right": "背对{thing}，往左前方",
    "head.device.back": "背对{thing}，往前",
    "head.beside": "面对{thing}，",
    "head.towards": "面向{thing}，往前",
    "head.out.ahead": "出{thing}直行，",
    "head.out.slight_left": "出{thing}往左前方，",
    "head.out.left": "出{thing}左转，",
    "head.out.sharp_left": "出{thing}往左后方拐，",
    "head.out.slight_right": "出{thing}往右前方，",
    "head.out.right": "出{thing}右转，",
    "head.out.sharp_right": "出{thing}往右后方拐，",
    "head.out.back": "出{thing}往回走，",
    "head.off": "下{thing}后往前，",
    # where one walks to
    "leg.steps": "走几步，",
    "leg.metres": "走约{metres}{past}，",
    "leg.steps_there": "走几步，",
    "leg.metres_there": "走约{metres}{past}，",
    "leg.end": "走到头{far}",
    "leg.end_at": "走到头{far}，在{thing}旁",
    "leg.at": "走到{thing}{far}",
    "leg.past": "走过{thing}{far}，",
    "leg.at_once": "马上",
    "pass.thing": "经过{thing}",
    "pass.door": "穿过门",
    "pass.glass": "穿过玻璃门",
    "pass.gate": "过闸口",
    "passing": "{passed}，{leg}",
    "past": "，经过{thing}",
    "far": "（约{metres}）",
    # what one does there
    "turn.ahead": "直行",
    "turn.slight_left": "往左前方走",
    "turn.left": "左转",
    "turn.sharp_left": "往左后方拐",
    "turn.slight_right": "往右前方走",
    "turn.right": "右转",
    "turn.sharp_right": "往右后方拐",
    "turn.back": "掉头",
    "junction.left": "走到{count}路口左转",
    "junction.right": "走到{count}路口右转",
    "count.1": "第一个",
    "count.2": "第二个",
    "count.3": "第三个",
    # changing floors
    "ride.elevator": "乘{side}{thing}到{floor}",
    "ride.escalator.up": "乘{side}{thing}上到{floor}",
    "ride.escalator.down": "乘{side}{thing}下到{floor}",
    "ride.escalators.up": "连乘{rides}段{thing}上到{floor}",
    "ride.escalators.down": "连乘{rides}段{thing}下到{floor}",
    "ride.stairs.up": "从{side}{thing}上到{floor}",
    "ride.stairs.down": "从{side}{thing}下到{floor}",
    "ride.ramp.up": "沿{side}{thing}上到{floor}",
    "ride.ramp.down": "沿{side}{thing}下到{floor}",
    "beside.ahead": "",
    "beside.slight_left": "左前方的",
    "beside.left": "左手边的",
    "beside.sharp_left": "左后方的",
    "beside.slight_right": "右前方的",
    "beside.right": "右手边的",
    "beside.sharp_right": "右后方的",
    "beside.back": "身后的",
    # there
    "arrive.ahead": "前面就是{thing}",
    "arrive.slight_left": "{thing}在您左前方",
    "arrive.left": "{thing}在您左手边",
    "arrive.sharp_left": "{thing}在您左后方",
    "arrive.slight_right": "{thing}在您右前方",
    "arrive.right": "{thing}在您右手边",
    "arrive.sharp_right": "{thing}在您右后方",
    "arrive.back": "{thing}在您身后",
    "arrive.here": "{thing}就在这里",
    # how parts come together
    "join.leg_action": "{leg}{action}",
    "join.moves": "{first}，{second}",
    "join.moves_there": "{first}，{second}",
    "sentence": "{text}。",
    # what things are called
    "thing.landmark": "{name}",
    "thing.room": "{name}",
    "thing.hall": "{name}",
    "thing.numbered": "{name}（{number}）",
    "thing.number": "{number}室",
    "at.landmark": "{name}旁",
    "at.room": "{name}门口",
    "at.hall": "{name}",
    "at.amenity": "{name}旁",
    "at.lift": "{name}口",
    "at.stairs": "{name}口",
    "at.escalator": "{name}口",
    "at.ramp": "{name}口",
    "at.device": "{name}旁",
    "name.lift": "电梯",
    "name.stairs": "楼梯",
    "name.escalator": "扶梯",
    "name.ramp": "坡道",
    "name.room": "房间",
    "name.hall": "大厅",
    "name.landmark": "标志物",
    "name.amenity": "设施",
    "name.device": "自助机",
    "out.room": "门",
    "out.hall": "门",
    "floor.above": "{number}楼",
    "floor.below": "{number}层",
    "metres": "{number}米",
    # around a way
    "wait": "请在这里等候叫号。",
    "rerouted": "{thing}停用，已为您换了一条路。",
    "rerouted.why": "{thing}停用（{why}），已为您换了一条路。",
    "summary": "步行约{minutes}分钟，{metres}",
    "summary.soon": "步行不到1分钟，{metres}",
    "summary.floor": "{summary}，到{floor}",
    # spoken: no brackets, floors and numbers in words
    "speech.far": "",
    "speech.thing.numbered": "{name}，{number}室，",
    "speech.arrive.ahead": "前面就是{thing}",
    "speech.rerouted.why": "{thing}因{why}停用，已为您换了一条路。",
    # on a ticket: short
    "ticket.far": "",
    "ticket.head.device.back": "背对{thing}往前",
    "ticket.head.device.left": "面对{thing}往左",
    "ticket.head.device.right": "面对{thing}往右",
    "ticket.leg.metres": "走{metres}{past}，",
    "ticket.leg.metres_there": "走{metres}{past}，",
    "ticket.passing": "{leg}",
    "ticket.past": "",
    "ticket.arrive.left": "{thing}在左侧",
    "ticket.arrive.right": "{thing}在右侧",
    "ticket.arrive.slight_left": "{thing}在左前方",
    "ticket.arrive.slight_right": "{thing}在右前方",
    "ticket.sentence": "{text}",
}

DIGITS: Final = "零一二三四五六七八九"


def spoken_number(number: int) -> str:
    """A whole number from 0 to 9999 in words: 二十, 一百零五."""
    if number < 10:
        return DIGITS[number]
    if number < 20:
        return "十" + (DIGITS[number - 10] if number > 10 else "")
    text, left, missing = "", number, False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十")):
        digit, left = divmod(left, unit)
        if digit:
            text += ("零" if missing else "") + DIGITS[digit] + word
            missing = False
        elif text:
            missing = True
    if left:
        text += ("零" if missing else "") + DIGITS[left]
    return text


def spoken_digits(text: str) -> str:
    """What stands on a door, figure by figure: 二零五."""
    return "".join(DIGITS[int(c)] if c.isascii() and c.isdigit() else c for c in text)
