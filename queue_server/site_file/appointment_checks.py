"""Registrations known beforehand: each names what is there, and a visit of its own."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from queue_server.core.site import Site
from queue_server.file_problems import remedy, shown
from queue_server.site_file.appointments import Appointment, Placed, read_appointments
from queue_server.site_file.checks import Check


def placed(check: Check, folder: Path) -> list[Placed]:
    """All appointments: of the file itself, and of the list it names."""
    here = [
        Placed(appointment, check.path, check.line_of(("appointments", number)))
        for number, appointment in enumerate(check.file.appointments)
    ]
    named = check.file.site.appointments_file
    return here + read_appointments(folder / named, check.problems) if named else here


def check_appointments(check: Check, site: Site, appointments: Iterable[Placed]) -> None:
    """All of this module; `site` is what the rest of the file comes to."""
    seen: dict[str, Placed] = {}
    for each in appointments:
        for sentence in _wrong_with(each.appointment, site):
            check.problems.add(each.file, each.line, sentence)
        first = seen.setdefault(each.appointment.visit, each)
        if first is not each:
            check.problems.add(
                each.file,
                each.line,
                f"visit {each.appointment.visit} stands on line {first.line} already",
            )


def _wrong_with(appointment: Appointment, site: Site) -> Iterator[str]:
    who, group = f"visit {appointment.visit}", appointment.group
    if group not in site.groups:
        yield f"{who} is for the group {shown(group)}, which is not there; {remedy(group, site.groups)}"
    elif appointment.doctor and appointment.doctor not in site.doctors_of(group):
        yield (
            f"{who} names the doctor {shown(appointment.doctor)}, who sits at no point of {group}; "
            f"{remedy(appointment.doctor, site.doctors_of(group))}"
        )
    if appointment.campus and appointment.campus not in site.campuses:
        yield (
            f"{who} is for the campus {shown(appointment.campus)}, which is not there; "
            f"{remedy(appointment.campus, site.campuses)}"
        )
    if appointment.priority and appointment.priority not in site.classes:
        yield (
            f"{who} has the priority {shown(appointment.priority)}, which is not there; "
            f"{remedy(appointment.priority, site.classes)}"
        )
