"""A full morning with the families' pages served: what their tests and pictures stand on."""

from dataclasses import dataclass

from queue_server.family import Devices, Families, Handing, Links, Seal, made_up
from tests.queue_server.core.makers import TODAY
from tests.queue_server.ways.maps import KIOSK, some_ways
from tests.queue_server.web.desks import Clinic, MemoryDesk, eventful_morning

KEY = bytes(range(32))


@dataclass
class PhoneStage:
    """A clinic on an eventful morning; children are numbered as in `eventful_morning`."""

    clinic: Clinic

    def token(self, person: str, card: str = "") -> str:
        """The token of a person's page, as the kiosk downstairs hands it out."""
        assert self.clinic.families
        return self.clinic.families.handing.links.new(person, TODAY, card, KIOSK)


def phone_stage(clinic: Clinic) -> PhoneStage:
    """Put the families' pages, and a map, into a clinic."""
    day = eventful_morning()
    clinic.desk = MemoryDesk(day)
    clinic.ways = some_ways(now=day.now)
    links = Links(Seal(KEY, "page"), day.hospital.site.timezone)
    handing = Handing(links, Seal(KEY, "bill"), "", made_up)
    clinic.families = Families(clinic.desk, handing, Devices(":memory:"))
    return PhoneStage(clinic)
