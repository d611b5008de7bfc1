"""What staff can choose from when they act on a family: lines, doctors, priority classes, areas."""

from dataclasses import dataclass

from protocol import Text
from queue_server.core import Hospital, views
from queue_server.core.vocabulary import StepKind


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    id: str
    name: Text
    group: str = ""
    """Of a doctor: the line it belongs to."""
    kind: str = ""
    """Of a line."""
    badge: str = ""
    """Of a priority class."""
    badge_en: str = ""
    screening: bool = False
    """Of a line: whether it asks for a screening form at check-in."""


@dataclass(frozen=True, slots=True)
class Handles:
    """All that the dialogs of a site offer."""

    lines: tuple[Option, ...]
    doctors: tuple[Option, ...]
    classes: tuple[Option, ...]
    areas: tuple[Option, ...]


def handles(h: Hospital) -> Handles:
    """What there is at this site, in the order of the site file."""
    site = h.site
    groups = site.groups.values()
    return Handles(
        tuple(
            Option(each.id, views.text(each.name), kind=each.kind, screening=each.rules.screening)
            for each in groups
        ),
        tuple(
            Option(doctor, doctor_name(h, doctor), each.id)
            for each in groups
            if each.kind is StepKind.CLINIC
            for doctor in sorted(site.doctors_of(each.id))
        ),
        tuple(
            Option(each.id, views.text(each.name), badge=each.badge, badge_en=each.english_badge)
            for each in sorted(site.classes.values(), key=lambda each: each.tier)
        ),
        tuple(Option(each.id, views.text(each.name)) for each in site.areas.values()),
    )


def doctor_name(h: Hospital, doctor: str) -> Text:
    """A doctor's name: as the site file has it, or as it stands at the door of a room; else the id."""
    known = h.site.doctors.get(doctor)
    sits = (p.staff for p in h.site.points.values() if p.doctor == doctor and p.staff)
    name = known.name if known else next(sits, None)
    return views.text(name) if name else Text(zh=doctor, en=doctor)
