"""What stands on a slip of paper, in Chinese and English, before anybody decides how it looks. Pure."""

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from protocol import Print, Stand, Text


class Size(Enum):
    """How large a line is set."""

    NUMBER = auto()
    """The number of a visit: to be read from a lap, by somebody without glasses."""
    LARGE = auto()
    PLAIN = auto()
    SMALL = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words, wrapped where it is too long."""

    words: str
    size: Size = Size.PLAIN


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper, between two matters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, at most as wide as the paper."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip.

    Attributes:
        ticket: the number on it; also its name in a folder.
        parts: from the top down.
    """

    ticket: str
    parts: tuple[Line | Rule | Picture, ...]

    @property
    def words(self) -> str:
        """All that can be read on it, a line each."""
        return "".join(f"{part.words}\n" for part in self.parts if isinstance(part, Line))


_CALLED: Final = Text(zh="轮到您了", en="It is your turn")
_MISSED: Final = Text(zh="过号了，请找护士台", en="Your call was missed: see the nurse's desk")
_HELD: Final = Text(
    zh="号给您留着，回来不用重新排队", en="Your place is kept: no need to queue again"
)
_DONE: Final = Text(zh="今天的就诊都完成了", en="All done for today")
_IN_STATE: Final = {
    "called": _CALLED,
    "serving": _CALLED,
    "missed": _MISSED,
    "held": _HELD,
    "done": _DONE,
}


def slip_of(command: Print, title: Text, moment: datetime) -> Slip:
    """What a family takes along from a kiosk.

    Args:
        command: where the visit stands, and the way drawn; a picture that is no base64 is left out.
        title: the hospital's name.
        moment: now, in the hospital's own time.
    """
    stand = command.stand
    parts: list[Line | Rule | Picture] = [
        *_head(title, moment),
        Line(stand.ticket, Size.NUMBER),
        Line(stand.masked_name, Size.LARGE),
    ]
    if stand.alias:
        parts.append(Line(f"临时号 {stand.alias} 也有效 · {stand.alias} stays valid", Size.SMALL))
    parts += [Rule(), *_where(stand), *_waiting(stand)]
    if stand.way:
        parts += [
            Rule(),
            Line(stand.way.summary.zh),
            *(Line(row) for row in stand.way.ticket.zh.splitlines()),
            Line(stand.way.summary.en, Size.SMALL),
            *(Line(row, Size.SMALL) for row in stand.way.ticket.en.splitlines()),
        ]
    picture = _decoded(command.picture)
    if picture:
        parts.append(Picture(picture))
    parts += [Rule(), *_both(Text(zh="叫号以大屏为准", en="Watch the screens for your number"))]
    return Slip(stand.ticket, tuple(parts))


def provisional_slip(ticket: str, title: Text, moment: datetime) -> Slip:
    """A number given while the server is away, and what to do with it."""
    return Slip(
        ticket,
        (
            *_head(title, moment),
            Line(ticket, Size.NUMBER),
            *_both(Text(zh="临时号", en="Number for now"), Size.LARGE),
            Rule(),
            *_both(
                Text(
                    zh="请留好这张小票，先到候诊区等。",
                    en="Keep this slip and go to your waiting area.",
                )
            ),
            *_both(
                Text(
                    zh="网络一通就自动签到，先后次序不变，不用再扫一次。",
                    en="Once the network is back you are checked in by itself and keep your turn.",
                )
            ),
            *_both(
                Text(zh="不知道去哪里？问服务台。", en="Not sure where? Ask at the service desk.")
            ),
        ),
    )


def _head(title: Text, moment: datetime) -> list[Line | Rule | Picture]:
    when = f"{moment.year}-{moment.month:02}-{moment.day:02} {moment:%H:%M}"
    return [Line(title.zh), Line(f"{title.en} · {when}", Size.SMALL)]


def _both(text: Text, size: Size = Size.PLAIN) -> list[Line | Rule | Picture]:
    return [Line(text.zh, size), Line(text.en, Size.SMALL)]


def _where(stand: Stand) -> list[Line | Rule | Picture]:
    return [
        Line(stand.group.zh, Size.LARGE),
        Line(stand.group.en, Size.SMALL),
        *_both(stand.room or stand.place, Size.LARGE),
    ]


def _waiting(stand: Stand) -> list[Line | Rule | Picture]:
    told = _IN_STATE.get(stand.state)
    parts: list[Line | Rule | Picture] = [Rule(), *_both(told)] if told else []
    if stand.ahead is not None and not told:
        zh, en = _ahead(stand)
        parts += [Rule(), Line(zh), Line(en, Size.SMALL)]
    if stand.slot:
        parts.append(Line(f"预约时段 Booked for {stand.slot}", Size.SMALL))
    if stand.pay_at:
        parts += _both(Text(zh=f"请先缴费：{stand.pay_at.zh}", en=f"Pay first: {stand.pay_at.en}"))
    elif stand.to_pay:
        parts += _both(Text(zh="请先缴费", en="Please pay first"))
    return parts


def _ahead(stand: Stand) -> tuple[str, str]:
    count = stand.ahead or 0
    zh = f"前面还有 {count} 人" if count else "下一个就是您"
    en = "You are next" if not count else f"{count} {'family' if count == 1 else 'families'} ahead"
    if not stand.wait:
        return zh, en
    low, high = stand.wait.low, stand.wait.high
    minutes = f"{low}" if low == high else f"{low}–{high}"
    return f"{zh}，约 {minutes} 分钟", f"{en}, about {minutes} min"


def _decoded(picture: str) -> bytes:
    try:
        return base64.b64decode(picture, validate=True)
    except ValueError:  # binascii.Error is one
        return b""
