"""Registrations known beforehand: in the site file, or in a CSV beside it."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from protocol import Name as WireName
from queue_server.core import commands as c
from queue_server.core.site import Site
from queue_server.core.vocabulary import Slot
from queue_server.file_problems import Problems, sentence_of
from queue_server.site_file.values import BirthDay, Day, Reference, Span, Words

VisitId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
PersonId = VisitId
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
CardId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{20}|[a-z]+:[0-9a-z]{1,64})$")]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 -]{0,20}[0-9]{4}$")]
_YES_NO: Final = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}


def _yes_no(given: object) -> bool:
    if isinstance(given, bool):
        return given
    meant = _YES_NO.get(given.strip().lower()) if isinstance(given, str) else None
    if meant is None:
        raise ValueError("write true or false (in a list: yes or no, 是 or 否)")
    return meant


def _reasons(given: object) -> object:
    """`cough; fever` in one cell of a list → two reasons."""
    if isinstance(given, str):
        return [each.strip() for each in re.split("[;；、]", given) if each.strip()]
    return given


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Reasons = Annotated[tuple[Words, ...], BeforeValidator(_reasons)]


class Appointment(BaseModel):
    """One registration as a file has it. Without a day it is entered anew every day, for demonstrations."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    visit: VisitId
    patient: PersonId
    name: PersonName
    group: WireName
    day: Day | None = None
    slot: Span | None = None
    doctor: Reference | None = None
    card: CardId | None = None
    campus: WireName | None = None
    guardian: PersonId | None = None
    guardian_card: CardId | None = None
    number: Annotated[int, Field(ge=0, le=99_999)] | None = None
    paid: YesNo = True
    priority: Reference | None = None
    reasons: Reasons = ()
    born: BirthDay | None = None
    add_on: YesNo = False
    guardian_phone: PhoneNumber | None = None

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
            guardian=self.guardian,
            guardian_card=self.guardian_card,
            serial=self.number,
            paid=self.paid,
            priority=self.priority,
            reasons=self.reasons,
            born=self.born,
            add_on=self.add_on,
            phone_tail=self.guardian_phone[-4:] if self.guardian_phone else None,
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
    except (OSError, csv.Error, ValueError) as error:
        problems.add(file, 1, f"it can't be read: {error}")
    return []


def _rows(reader: "csv.DictReader[str]", file: str, problems: Problems) -> Iterator[Placed]:
    unknown = sorted(set(reader.fieldnames or ()) - set(COLUMNS))
    if unknown:
        known = ", ".join(COLUMNS)
        problems.add(file, 1, f"unknown columns {', '.join(unknown)}; known are {known}")
        return
    if not reader.fieldnames:
        problems.add(
            file, 1, f"it is empty; the first line names the columns: {', '.join(COLUMNS)}"
        )
        return
    for row in reader:
        if None in row:
            problems.add(
                file, reader.line_num, "it has more cells than there are columns; quote commas"
            )
        cells = {key: cell.strip() for key, cell in row.items() if key and cell and cell.strip()}
        try:
            yield Placed(Appointment.model_validate(cells), file, reader.line_num)
        except ValidationError as error:
            for detail in error.errors():
                problems.add(file, reader.line_num, sentence_of(detail))
