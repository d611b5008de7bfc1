"""The vocabulary of a floor plan: rooms side by side along a corridor."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

DoorKind = Literal["door", "wide", "staff", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A room in a row. `share` is its width in metres before the row is stretched to its length.

    `places` are the queue server's names for it: one for a room, several for the windows of a counter. `area` and `group` are
    those of the families who wait here.
    """

    key: str
    zh: str
    en: str
    share: float = 4.0
    category: str = "room"
    door: DoorKind = "door"
    numbered: bool = True
    places: tuple[str, ...] = ()
    area: str = ""
    group: str = ""
    department: str = ""
    amenity: str = ""
    staff_only: bool = False
    seats: int = 0
    """Rows of seats."""


@dataclass(frozen=True, slots=True)
class Department:
    """Who has a place in the hospital, and its line at the queue server."""

    key: str
    zh: str
    en: str
    rooms: int


@dataclass(slots=True)
class Rows:
    """The rows of one floor, by their place in the shell (`shell.ROWS`)."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)

    def row(self, name: str, *parts: Cell | Sequence[Cell]) -> "Rows":
        """Put rooms into a row, from west to east."""
        self.cells[name] = [
            cell for part in parts for cell in ((part,) if isinstance(part, Cell) else part)
        ]
        return self


def clinic(department: Department, rooms: int | None = None, wait: float = 7.5) -> list[Cell]:
    """A department: where one waits, its nurses' desk in it, the consulting rooms, one for treatment."""
    key, zh, en = department.key, department.zh, department.en
    cells = [
        Cell(
            f"{key}-wait",
            f"{zh}候诊区",
            f"{en} waiting area",
            wait,
            "waitingroom",
            "wide",
            numbered=False,
            area=key,
            department=key,
            seats=3,
        )
    ]
    count = department.rooms if rooms is None else rooms
    cells += [
        Cell(
            f"{key}-{n}",
            f"{zh}{n}诊室",
            f"{en}, room {n}",
            3.9,
            places=(f"{key}-{n}",),
            department=key,
        )
        for n in range(1, count + 1)
    ]
    treat = f"{key}-treat"
    cells.append(
        Cell(treat, f"{zh}治疗室", f"{en}, treatment", 3.6, places=(treat,), department=key)
    )
    return cells


def office(key: str, zh: str, en: str, share: float = 4.0) -> Cell:
    """A room for staff."""
    return Cell(key, zh, en, share, "office", "staff", staff_only=True)


def store(key: str, zh: str = "库房", en: str = "Store", share: float = 3.0) -> Cell:
    """A room that nobody looks for."""
    return Cell(key, zh, en, share, "storage", "staff", staff_only=True)


def windows(
    key: str,
    zh: str,
    en: str,
    share: float,
    places: Sequence[str],
    department: str = "",
    *,
    area: str = "",
    group: str = "",
) -> Cell:
    """A counter hall: open to the corridor, several windows at its far side."""
    cell = Cell(key, zh, en, share, "waitingroom", "wide", numbered=False, places=tuple(places))
    return replace(cell, department=department, seats=2, area=area, group=group)
