"""What a screen may show: frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from protocol import ChildChoice, Stand, Text, Way


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is here: show your code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A card was read; its answer is on the way."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The card is for several children: which is it about?"""

    scan: UUID
    choices: tuple[ChildChoice, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a family stands; one for each of its visits today."""

    stands: tuple[Stand, ...]
    scan: UUID | None = field(default=None, compare=False)
    """The scan that this answers; None when nothing can be said to it any more."""


@dataclass(frozen=True, slots=True)
class Provisional:
    """A number of this kiosk's own."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what to do next."""

    what: Text
    todo: Text


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be looked for: what the server is asked for, its name, and what stands on its door."""

    id: str
    name: Text
    number: str = ""


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor, and what can be looked for on it."""

    name: Text
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be gone to: conveniences of which the nearest is found, and rooms by floor."""

    kinds: tuple[Place, ...]
    floors: tuple[Floor, ...]
    step_free: bool = False
    """Whether ways are to be without a step, for a pram or a wheelchair."""
    back: "Provisional | None" = None
    """What was shown before; nothing: nobody was here."""


@dataclass(frozen=True, slots=True)
class Guiding:
    """The way from this kiosk. `back` is what was shown before: where a family stands, or the list of places."""

    way: Way
    back: "Standing | Finding | None" = None
    step_free: bool = False
    """Whether it is one without a step."""


View = Attract | Reading | Choosing | Standing | Provisional | Trouble | Finding | Guiding


@dataclass(frozen=True, slots=True)
class Calling:
    """One call of the strip: a number, and where it is to go. `times` rises with each recall."""

    ticket: str
    room: Text
    times: int


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is on the screen at one moment."""

    view: View
    online: bool
    calling: tuple[Calling, ...]
    lists: datetime | None
    """When the list was made by which lost cards are refused; None when there is none."""
    guides: bool = False
    """Whether ways to places can be asked for."""
    prints: bool = True
    """Whether a slip would be printed now."""


NOT_KEPT: Final = Trouble(
    Text(zh="这台机器暂时不能签到。", en="This machine can't check you in at the moment."),
    Text(
        zh="请用旁边的机器，或到服务台。",
        en="Please use the next machine, or go to the service desk.",
    ),
)
NO_MAP: Final = Trouble(
    Text(zh="现在查不到路线。", en="The map can't be reached just now."),
    Text(
        zh="请看墙上的指示牌，或问服务台。",
        en="Please look for the signs, or ask at the service desk.",
    ),
)
NO_ANSWER: Final = Trouble(
    Text(zh="这次没有签到成功。", en="That did not work."),
    Text(
        zh="请再出示一次二维码；还是不行，请到服务台。",
        en="Please show the code once more; if it fails again, go to the service desk.",
    ),
)
