"""The columns of an export, by their English and Chinese names, and what a row of it says.

One row for each thing that was done (or was booked and not come to); the rows of one visit carry the same `visit`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a row is about."""

    FIRST = "first"
    RETURN = "return"
    BLOOD = "blood"
    DROP = "drop"
    EXAM = "exam"
    CASHIER = "cashier"
    PHARMACY = "pharmacy"


KINDS: Final = {
    **{kind.value: kind for kind in Kind},
    "首诊": Kind.FIRST,
    "初诊": Kind.FIRST,
    "复诊": Kind.FIRST,
    "回诊": Kind.RETURN,
    "采血": Kind.BLOOD,
    "留样": Kind.DROP,
    "检查": Kind.EXAM,
    "收费": Kind.CASHIER,
    "药房": Kind.PHARMACY,
}
"""How a kind may be written. 复诊 is a follow-up on another day: a first consult of that day."""

COLUMNS: Final = {
    "visit": ("就诊", "就诊号", "就诊ID"),
    "kind": ("类别", "环节"),
    "department": ("科室",),
    "doctor": ("指定医生",),
    "room": ("诊室",),
    "booked_slot": ("预约时段",),
    "arrived": ("到院时间", "到院"),
    "checked_in": ("签到时间", "签到"),
    "called": ("叫号时间", "叫号"),
    "started": ("开始时间", "接诊时间", "开始"),
    "finished": ("结束时间", "结束"),
    "ordered": ("医嘱", "开单项目"),
    "result_at": ("报告时间", "报告"),
}
"""Each column and what else it may be called."""
NEEDED: Final = ("visit", "kind")
TIMES: Final = (
    "booked_slot",
    "arrived",
    "checked_in",
    "called",
    "started",
    "finished",
    "result_at",
)

SERVICES: Final = {
    "blood": "blood",
    "血": "blood",
    "血常规": "blood",
    "urine": "urine",
    "尿": "urine",
    "尿常规": "urine",
    "stool": "stool",
    "便": "stool",
    "便常规": "stool",
    "exam": "exam",
    "检查": "exam",
    "drugs": "drugs",
    "药": "drugs",
}
"""What may stand in `ordered`; anything else is counted as it is and changes nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read. Times are of the hospital's clock."""

    line: int
    visit: str
    kind: Kind
    department: str = ""
    doctor: str = ""
    room: str = ""
    booked_slot: datetime | None = None
    arrived: datetime | None = None
    checked_in: datetime | None = None
    called: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    ordered: frozenset[str] = frozenset()
    result_at: datetime | None = None

    @property
    def came(self) -> datetime | None:
        """When the family was first seen."""
        return self.arrived or self.checked_in or self.called or self.started or self.finished

    @property
    def took(self) -> float | None:
        """Minutes of the service."""
        if self.started is None or self.finished is None:
            return None
        return (self.finished - self.started).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that could not be used, and why."""

    line: int
    why: str
