"""What is done where, in words: the services that doctors and rules order."""

from collections.abc import Mapping
from typing import Final

from queue_server.core.site import Site
from queue_server.core.vocabulary import Name

_USUAL: Final[Mapping[str, Name]] = {
    "blood": Name("血常规", "Blood count"),
    "crp": Name("C 反应蛋白", "CRP"),
    "urine": Name("尿常规", "Urine"),
    "stool": Name("便常规", "Stool"),
    "allergy": Name("过敏原", "Allergens"),
    "chest-xray": Name("胸片", "Chest X-ray"),
    "bone-xray": Name("骨片", "Bone X-ray"),
    "ultrasound": Name("超声", "Ultrasound"),
}
"""Names of services with the usual ids; a site file names lines, not services."""


def service_name(site: Site, service: str) -> Name:
    """What a service is called; the line's name when the id is a line's, the id itself when nobody knows it."""
    group = site.groups.get(service)
    usual = _USUAL.get(service, Name(service, service))
    return group.name if group else usual
