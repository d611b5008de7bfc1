"""What is done where, in words: the services that doctors and rules order."""

from collections.abc import Mapping
from typing import Final

from protocol import Text
from queue_server.core import views
from queue_server.core.site import Site

_USUAL: Final[Mapping[str, tuple[str, str]]] = {
    "blood": ("血常规", "Blood count"),
    "crp": ("C 反应蛋白", "CRP"),
    "urine": ("尿常规", "Urine"),
    "stool": ("便常规", "Stool"),
    "allergy": ("过敏原", "Allergens"),
    "chest-xray": ("胸片", "Chest X-ray"),
    "bone-xray": ("骨片", "Bone X-ray"),
    "ultrasound": ("超声", "Ultrasound"),
}
"""Names of services with the usual ids; a site file names lines, not services."""


def service_name(site: Site, service: str) -> Text:
    """What a service is called; the line's name when the id is a line's, the id itself when nobody knows it."""
    if service in _USUAL:
        zh, en = _USUAL[service]
        return Text(zh=zh, en=en)
    group = site.groups.get(service)
    return views.text(group.name) if group else Text(zh=service, en=service)
