"""The rules that a hospital may choose (规则): set for the site, overridden for an area, then for a group.

Every figure here has the default of the design; a site file that says nothing gets all of them.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Order(StrEnum):
    """In which order a line is called (叫号顺序). Priority classes stand above each of them."""

    CHECK_IN = "check_in"  # 先到先看
    NUMBER = "number"  # 按挂号序号
    SLOT = "slot"  # 按预约时段，再按签到
    BOOKED_FIRST = "booked_first"  # 预约优先
    RETURNS_FIRST = "returns_first"  # 回诊优先
    INTERLEAVE = "interleave"  # 间隔插入 (k+1)
    ACCUMULATING = "accumulating"  # 累积优先级


class Late(StrEnum):
    """What becomes of a family that is late for its slot (迟到)."""

    AS_NORMAL = "as_normal"  # 照常
    LOSES_SLOT = "loses_slot"  # 按签到时间
    EVERY_NTH = "every_nth"  # 每隔 n 位插入一位
    PERIOD_END = "period_end"  # 本时段末尾
    HALF_DAY_END = "half_day_end"  # 半日末尾


class BackAt(StrEnum):
    """Where somebody comes back in."""

    PLACES = "places"  # 隔 n 位
    LINE = "line"  # by the line's own order
    PERIOD_END = "period_end"  # 本时段末尾
    HALF_DAY_END = "half_day_end"  # 半日末尾
    VOID = "void"  # 作废


@dataclass(frozen=True, slots=True)
class Back:
    """Where a missed family, or one with results, comes back in."""

    at: BackAt
    places: int = 0
    """With `PLACES`: behind so many calls."""


def places(count: int) -> Back:
    """Back in after `count` others."""
    return Back(BackAt.PLACES, count)


class Presence(StrEnum):
    """What is made of a waiting family whose phone is heard at another area (在场感知)."""

    OFF = "off"  # 不用
    SHOW = "show"  # 只给工作人员看
    SKIP = "skip"  # 暂时跳过,号位保留


class HoldUntil(StrEnum):
    """How long the place in the clinic's line is kept for a pre-visit lab test."""

    COLLECTED = "collected"  # 采样后
    RESULT = "result"  # 报告出来后


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one line."""

    order: Order = Order.ACCUMULATING

    early: timedelta | None = None
    """How long before the slot one may check in; zero: not before it; None: any time of the day."""
    late_after: timedelta = timedelta(minutes=15)
    """After slot end plus this one is late."""
    late: Late = Late.LOSES_SLOT
    late_every: int = 3
    """With `EVERY_NTH`: a late family after every so many others."""
    walk_ins: bool = True
    """Whether families without appointment may check in here."""
    walk_in_wait: timedelta = timedelta(minutes=10)
    """A walk-in counts as having come so much later."""
    choose_doctor: bool = False
    """Whether the family may choose a doctor when it checks in."""
    pay_first: bool = False
    """Whether the registration must be paid before check-in."""

    screening: bool = False
    """Whether a screening form (流调问卷) is asked for at check-in."""
    screening_valid: timedelta = timedelta(hours=24)
    fever_group: str | None = None
    """Where families with an abnormal form are sent."""

    return_weight: float = 3.0
    """With `ACCUMULATING`: how much faster a return's score grows than a first visit's."""
    first_overdue: timedelta = timedelta(minutes=60)
    """With `ACCUMULATING`: a first visit so long past its time outranks returns."""
    return_overdue: timedelta = timedelta(minutes=30)
    """With `ACCUMULATING`: a return that has been ready so long stands above overdue first visits as well."""
    own_doctor_for: timedelta | None = None
    """A return waits so long for its own doctor, then any doctor of the group may call it; None: for ever."""
    interleave: int = 2
    """With `INTERLEAVE`: so many first visits, then one return (and one missed)."""
    interleave_even: bool = True
    """With `INTERLEAVE`: one to one as soon as more returns than first visits wait."""
    returns: Back = Back(BackAt.LINE)
    """Where a family comes back in with its results."""
    overtake_cap: int = 30
    """Whoever was overtaken so often is next; emergencies excepted."""

    missed: tuple[Back, ...] = (places(3), places(3), Back(BackAt.HALF_DAY_END), Back(BackAt.VOID))
    """Where one comes back in after the first, second … miss; the last stands for all further ones."""
    transfer_keeps: bool = True
    """Whether a family that is sent to another line keeps the waiting it has earned."""

    two_stage: int = 0
    """So many families are asked to wait at the door of each room (二次候诊); 0: all wait in the hall."""
    auto_call: bool = False
    """Whether the next family is called as soon as a point is free."""

    hold_until: HoldUntil = HoldUntil.RESULT
    hold_limit: timedelta = timedelta(minutes=120)
    """A place is kept so long at most; then the family stands in its line again."""
    results_reported: bool = False
    """Lab, exam: a laboratory system says when the result is ready. Otherwise it is when the family is done here."""
    brings_specimen: bool = False
    """Lab: the family stands in line only when it brings the specimen it has collected itself (自留样本)."""
    prepare_first: bool = False
    """Pharmacy: the family stands in line only when its drugs are prepared."""
    phone_proof: bool = False
    """Whether a phone must prove that it holds the visit's key before it checks in; a token alone can be recorded."""
    presence: Presence = Presence.SHOW
    """Whether a family whose phone is heard in another area is shown so, and called only when nobody else can be."""
    presence_fresh: timedelta = timedelta(minutes=5)
    """With `SKIP`: so long after it was last heard elsewhere a family is passed by."""
    presence_limit: timedelta = timedelta(minutes=15)
    """With `SKIP`: so long altogether until its next call; then it is called wherever it is heard."""
    service_minutes: float = 6.0
    """How long one family takes from the call until it is done, until the line has been measured."""


USUAL_RULES: Final = Rules()
"""What is in force where a site file says nothing."""
