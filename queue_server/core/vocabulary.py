"""The nouns of the queue. Names are those of the glossary; the Chinese term stands beside each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class StepKind(StrEnum):
    """What is done at a step (服务)."""

    CLINIC = "clinic"  # 门诊
    LAB = "lab"  # 检验
    EXAM = "exam"  # 检查
    CASHIER = "cashier"  # 收费
    PHARMACY = "pharmacy"  # 药房


TESTS = frozenset({StepKind.LAB, StepKind.EXAM})
"""Steps whose results bring a family back to the doctor."""


class StepState(StrEnum):
    """Where a step (环节) stands; `transitions` says which state follows which."""

    PLANNED = "planned"  # 未到
    READY = "ready"  # 可签到
    WAITING = "waiting"  # 候诊
    AT_DOOR = "at_door"  # 二次候诊
    HELD = "held"  # 保留号位
    CALLED = "called"  # 已叫号
    SERVING = "serving"  # 就诊中
    DONE = "done"  # 已完成
    MISSED = "missed"  # 过号
    CANCELLED = "cancelled"  # 退号
    NO_SHOW = "no_show"  # 爽约
    TRANSFERRED = "transferred"  # 改诊


class HoldReason(StrEnum):
    """Why a place is kept (保留号位)."""

    AT_LAB = "at_lab"
    AWAY = "away"
    PAYING = "paying"
    NAP = "nap"
    FEEDING = "feeding"
    PARKED = "parked"  # 暂放
    DELAYED = "delayed"  # 稍后再叫


class Way(StrEnum):
    """How a family checked in (签到方式)."""

    QR = "qr"
    PHONE = "phone"
    """By Bluetooth: the phone was held up at a door or kiosk."""
    DESK = "desk"
    SEARCH = "search"
    """At a kiosk, by the end of the phone number and the birthday."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name or place in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A booked hour (号源时段); both ends are aware."""

    start: datetime
    end: datetime


class Need(StrEnum):
    """What must be true before a family may stand in a line for a step."""

    PAID = "paid"  # 已缴费
    FASTING = "fasting"  # 空腹
    SPECIMEN = "specimen"  # 已留样
    REVIEWED = "reviewed"  # 已审方
    PREPARED = "prepared"  # 已配药


class Lane(StrEnum):
    """What kind of entry stands in a line. Inside a lane the order never changes; rules choose between lanes."""

    BOOKED = "booked"  # 预约
    WALK_IN = "walk_in"  # 现场号
    LATE = "late"  # 迟到
    RETURN = "return"  # 回诊
    MISSED = "missed"  # 过号
    PLACED = "placed"  # put in after so many calls


FIRSTS = frozenset({Lane.BOOKED, Lane.WALK_IN})
"""Lanes that count as first visits where first visits and others take turns."""


class Why(StrEnum):
    """Why a family was called before others (叫号原因)."""

    FIRST = "first"  # nobody in this line counts as having come earlier
    DOOR = "door"  # first at the door
    CLASS = "class"  # priority class
    CAP = "cap"  # overtaken as often as the rules allow
    RETURN_SCORE = "return_score"
    RETURN_FIRST = "return_first"
    INTERLEAVE = "interleave"
    OVERDUE = "overdue"
    BOOKED = "booked"
    NUMBER = "number"
    BACK_IN = "back_in"  # its turn after so many others
    MISSED_TURN = "missed_turn"
    LATE_TURN = "late_turn"
    SCORE = "score"
    BY_NAME = "by_name"  # a member of staff chose it, and said why


class Rank(NamedTuple):
    """A place in a line; in one lane the smaller is called first.

    At check-in it is a pure function of the visit, of the rules, and of when it was scanned, never of the order in which
    messages arrived, so that a disturbed day calls in the order of an undisturbed one.
    """

    turn: int
    """`PLACED`: due when so many calls have been made in this line. By number: the registration's number. Else 0."""
    ref: datetime
    """From when on the waiting counts: slot, check-in, or the moment a return became ready."""
    since: datetime
    """The check-in, or when the family came to this line."""
    step: str
    lane: Lane = Lane.WALK_IN
    tier: int = 100
    """Of the priority class; 100 without one."""
