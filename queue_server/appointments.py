"""Registrations known beforehand: in the site file, or in a CSV beside it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    field_validator,
)

from protocol import Name as WireName
from queue_server.core import commands as c
from queue_server.core.site import Site
from queue_server.core.vocabulary import Slot
from queue_server.file_problems import Problems, sentence_of

VisitId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
PersonId = VisitId
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
CardId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{20}|[a-z]+:[0-9a-z]{1,64})$")]


def _slot_times(given: object) -> object:
    """`09:00-10:00` → two times of day; anything else is left for the model to refuse."""
    if isinstance(given, str):
        start, dash, end = given.replace("–", "-").partition("-")
        if dash:
            return (start.strip(), end.strip())
    return given


SlotTimes = Annotated[tuple[time, time], BeforeValidator(_slot_times)]


class Appointment(BaseModel):
    """One registration as a file has it. Without a day it is entered anew every day, for demonstrations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    visit: VisitId
    patient: PersonId
    name: PersonName
    group: WireName
    day: date | None = None
    slot: SlotTimes | None = None
    doctor: str | None = None
    card: CardId | None = None
    campus: WireName | None = None

    @field_validator("slot")
    @classmethod
    def _slot_has_length(cls, slot: tuple[time, time] | None) -> tuple[time, time] | None:
        if slot and slot[0] >= slot[1]:
            raise ValueError("the slot must begin before it ends, as 09:00-10:00")
        return slot

    def registration(self, site: Site, today: date) -> c.Register:
        """The command that enters it."""
        day = self.day or today
        return c.Register(
            visit=self.visit if self.day else f"{self.visit}@{today.isoformat()}",
            patient=self.patient,
            name=self.name,
            group=self.group,
            day=day,
            card=self.card,
            doctor=self.doctor,
            slot=_slot(self.slot, day, site) if self.slot else None,
            campus=self.campus,
        )


def _slot(times: tuple[time, time], day: date, site: Site) -> Slot:
    start, end = (datetime.combine(day, moment, site.timezone).astimezone(UTC) for moment in times)
    return Slot(start, end)


@dataclass(frozen=True, slots=True)
class Placed:
    """An appointment, and where it stands: the file, and the line."""

    appointment: Appointment
    file: str
    line: int


def registrations(site: Site, placed: Iterable[Placed], today: date) -> Iterator[c.Register]:
    """The commands for everything from `today` on."""
    for each in placed:
        if each.appointment.day is None or each.appointment.day >= today:
            yield each.appointment.registration(site, today)


COLUMNS: Final = tuple(Appointment.model_fields)


def read_appointments(path: Path, problems: Problems) -> list[Placed]:
    """Read a CSV (UTF-8) whose first line names the columns; empty cells are left out."""
    file = str(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(_rows(csv.DictReader(lines), file, problems))
    except UnicodeDecodeError:
        problems.add(file, 1, "it is not UTF-8; save it as 'CSV UTF-8'")
    except (OSError, csv.Error) as error:
        problems.add(file, 1, f"it can't be read: {error}")
    return []


def _rows(reader: "csv.DictReader[str]", file: str, problems: Problems) -> Iterator[Placed]:
    unknown = sorted(set(reader.fieldnames or ()) - set(COLUMNS))
    if unknown:
        known = ", ".join(COLUMNS)
        problems.add(file, 1, f"unknown columns {', '.join(unknown)}; known are {known}")
        return
    for row in reader:
        cells = {key: cell.strip() for key, cell in row.items() if key and cell and cell.strip()}
        try:
            yield Placed(Appointment.model_validate(cells), file, reader.line_num)
        except ValidationError as error:
            for detail in error.errors():
                problems.add(file, reader.line_num, sentence_of(detail))
