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
    HELD = "held"  # 保留号位
    CALLED = "called"  # 已叫号
    SERVING = "serving"  # 就诊中
    DONE = "done"  # 已完成
    MISSED = "missed"  # 过号
    CANCELLED = "cancelled"  # 退号
    NO_SHOW = "no_show"  # 爽约


class HoldReason(StrEnum):
    """Why a place is kept (保留号位)."""

    AT_LAB = "at_lab"
    AWAY = "away"
    PAYING = "paying"


class Way(StrEnum):
    """How a family checked in (签到方式)."""

    QR = "qr"
    DESK = "desk"


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


class Rank(NamedTuple):
    """A place in a line; the smaller is called first.

    At check-in it is a pure function of the visit and of when it was scanned, never of the order in which messages
    arrived, so that a disturbed day calls in the order of an undisturbed one.
    """

    ref: datetime
    """Slot start, or check-in, or the moment a return became ready."""
    since: datetime
    """The check-in."""
    anchor: str
    """One's own step, or that of the family right behind which one was put in."""
    behind: int
    """0; more for an entry that was put in behind its anchor."""
    step: str
