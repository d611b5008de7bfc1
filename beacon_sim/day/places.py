"""What the places of a day are called in its site: which line a department is, which room a doctor sits in, who tests what.

The people of a day know departments, doctors and errands; a site knows lines, points and services. This is the one place
where the two meet, so that the same people may live a day in a hospital of any site file.
"""

from dataclasses import dataclass

from beacon_sim.day.draw import Drawn
from beacon_sim.day.model import Levers
from beacon_sim.day.site import clinic_id, doctor_id, room_id, site_of
from queue_server.core import site as s


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
