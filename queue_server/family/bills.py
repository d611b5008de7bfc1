"""What a visit owes: a bill whose id stays the same as long as the same things are owed. Pure."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from protocol import Text
from queue_server.core import Hospital, Step, Visit, views
from queue_server.core.itinerary import owed_steps
from queue_server.core.services import service_name

REGISTRATION: Final = Text(zh="挂号费", en="Registration")


@dataclass(frozen=True, slots=True)
class Bill:
    """Something to pay.

    Attributes:
        id: of the bill, for whoever takes the money: the same again for the same things.
        visit: whose.
        registration: whether the registration is among it.
        steps: ids of the steps that are paid for.
        items: what a person reads. They may tell what a child has: not for pages that strangers see.
    """

    id: str
    visit: str
    registration: bool
    steps: tuple[str, ...]
    items: tuple[Text, ...]


def bill_of(h: Hospital, visit: Visit) -> Bill | None:
    """All that a visit owes now; None when nothing."""
    owed = owed_steps(visit)
    owing = [step for id, step in visit.steps.items() if id in owed]
    if (visit.paid or visit.cancelled) and not owing:
        return None
    steps = tuple(each.plan.step for each in owing)
    items = [] if visit.paid else [REGISTRATION]
    items += [name for step in owing for name in _names(h, step)]
    digest = blake2b("\0".join((visit.id, str(visit.paid), *steps)).encode(), digest_size=6)
    return Bill(
        f"{visit.id}-{digest.hexdigest()}",
        visit.id,
        not visit.paid,
        steps,
        tuple(dict.fromkeys(items)),
    )


def _names(h: Hospital, step: Step) -> tuple[Text, ...]:
    services = step.plan.services or (step.plan.group,)
    return tuple(views.text(service_name(h.site, each)) for each in services)
