"""What the places of a day are called in its site: which line a department is, which room a doctor sits in, who tests what.

The people of a day know departments, doctors and errands; a site knows lines, points and services. This is the one place
where the two meet, so that the same people may live a day in a hospital of any site file.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

import numpy as np

from beacon_sim.day.draw import Drawn
from beacon_sim.day.model import DayModel, Levers, Session
from beacon_sim.day.site import clinic_id, doctor_id, governed, room_id, site_of
from queue_server.core import StepKind
from queue_server.core import site as s


class NotADay(Exception):
    """No day can be lived in a site: something that every family needs is not there. The message says what."""


@dataclass(frozen=True, slots=True)
class Places:
    """A site, and where the people of a day go in it."""

    site: s.Site
    clinics: tuple[str, ...]
    """Line of each department."""
    rooms: tuple[str, ...]
    """Point of each room of `Drawn.rooms`; two half days may share one."""
    doctors: tuple[str | None, ...]
    """Who sits there."""
    blood: tuple[str, ...]
    """Services or lines that draw blood; families are spread evenly over several, here and below."""
    drop: tuple[str, ...]
    """That take in what a family has collected itself."""
    exam: tuple[str, ...]
    """Other tests; with none there are no such tests here."""
    cash: tuple[str, ...]
    """Cashiers."""
    drugs: tuple[str, ...]
    """Pharmacies."""
    drawing: frozenset[str]
    """Lines at which blood is drawn; at the other lines of laboratories specimens are taken in."""


def own_places(drawn: Drawn, levers: Levers, site: s.Site | None = None) -> Places:
    """The hospital that is made for a day.

    Args:
        drawn: the day.
        levers: what the hospital does.
        site: the same site as it was read from a file; without it, it is made.
    """
    site = site or site_of(drawn, levers)

    def spread(service: str) -> tuple[str, ...]:
        return (service,) if levers.pooled else site.serving[service]

    rooms = range(len(drawn.rooms.department))
    return Places(
        site,
        tuple(clinic_id(number) for number in range(drawn.model.departments)),
        tuple(room_id(index) for index in rooms),
        tuple(doctor_id(index) for index in rooms),
        blood=spread("blood"),
        drop=spread("drop"),
        exam=("exam",),
        cash=spread("cash"),
        drugs=spread("drugs"),
        drawing=frozenset(site.serving["blood"]),
    )


def places_in(
    site: s.Site,
    model: DayModel,
    day: date,
    *,
    most_rooms: Callable[[str], int | None] = lambda _clinic: None,
) -> Places:
    """The hospital of a site file: all its clinics, the first cashier and pharmacy, and what tests there are.

    Args:
        site: as it was read.
        model: whose half days there are.
        day: on which doctors sit where their sessions say.
        most_rooms: how many rooms of a clinic are used; all when left out.

    Raises:
        NotADay: there is no clinic, laboratory, cashier or pharmacy.
    """
    clinics = _of(site, StepKind.CLINIC)
    rooms = [room for clinic in clinics for room in _rooms(site, clinic)[: most_rooms(clinic)]]
    laboratories = [each for each in _of(site, StepKind.LAB) if site.groups[each].serves]
    laboratories = laboratories or _of(site, StepKind.LAB)
    taken_in = [each for each in laboratories if site.groups[each].rules.brings_specimen]
    drawing = [each for each in laboratories if each not in taken_in] or laboratories
    return Places(
        site,
        tuple(clinics),
        tuple(room.id for _ in model.sessions for room in rooms),
        tuple(_doctor(site, room, half, day) for half in model.sessions for room in rooms),
        blood=(_service(site, drawing[0], 0),),
        drop=(_service(site, (taken_in or drawing)[0], -1),),
        exam=tuple(_examinations(site)),
        cash=(_of(site, StepKind.CASHIER)[0],),
        drugs=(_of(site, StepKind.PHARMACY)[0],),
        drawing=frozenset(drawing),
    )


def under(places: Places, levers: Levers) -> Places:
    """The same hospital with the rules of some levers in its clinics, and their tests before the consult."""
    return replace(places, site=governed(places.site, levers, places.blood[0], places.drop[0]))


def doctors_in(places: Places, model: DayModel) -> tuple[int, ...]:
    """How many doctors each clinic has in a half day."""
    half = places.rooms[: len(places.rooms) // len(model.sessions)]
    groups = [places.site.points[room].group for room in half]
    return tuple(groups.count(clinic) for clinic in places.clinics)


def visits_for(model: DayModel, doctors: tuple[int, ...]) -> int:
    """So many families give these doctors the load of the model in the busier half day."""
    means = np.linspace(*model.first_means, len(doctors))
    mean = len(doctors) / float((1 / means).sum())
    back = model.labs + model.other_test - model.labs * model.other_test
    each = mean + back * (model.return_base + model.return_share * mean)
    room = min((half.end - half.start) / half.share for half in model.sessions)
    return round(model.load * sum(doctors) * room / each)


def _of(site: s.Site, kind: StepKind) -> list[str]:
    found = [group.id for group in site.groups.values() if group.kind is kind]
    if not found:
        raise NotADay(f"The site {site.id} has no {kind.value}; families of a day need one.")
    return found


def _rooms(site: s.Site, clinic: str) -> list[s.Point]:
    """Those that are for everybody, if there are any."""
    points = list(site.points_of[clinic])
    return [point for point in points if not point.classes] or points


def _doctor(site: s.Site, room: s.Point, half: Session, day: date) -> str | None:
    """Who sits there at the beginning of a half day."""
    hour, minute = divmod(int(half.start), 60)
    start = time(hour, minute)
    on = [each for each in site.sessions_at.get(room.id, ()) if each.on(day)]
    here = [each.doctor for each in on if each.start <= start < each.end]
    return here[0] if here else room.doctor


def _service(site: s.Site, laboratory: str, which: int) -> str:
    return (site.groups[laboratory].serves or (laboratory,))[which]


def _examinations(site: s.Site) -> list[str]:
    """Those whose results are reported; at the others something is done."""
    groups = site.groups.values()
    return [g.id for g in groups if g.kind is StepKind.EXAM and g.rules.results_reported]
