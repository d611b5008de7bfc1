"""A way told in full: every step in both languages and all registers, ready for a screen, a voice, a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from unicodedata import east_asian_width

from nav_maps.model import Labels, PathwayMode
from nav_maps.route import Metres, Route
from nav_maps.words.building import Guide
from nav_maps.words.steps import Arrive, Step, TakeRide, Turn
from nav_maps.words.telling import LANGUAGES, Register, Teller

TICKET_COLUMNS: Final = 48
"""Half-width columns of an 80 mm ticket: 24 Chinese characters."""
_RIDES: Final = {
    PathwayMode.ELEVATOR: "lift",
    PathwayMode.STAIRS: "stairs",
    PathwayMode.ESCALATOR: "escalator",
    PathwayMode.RAMP: "ramp",
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step. `icon` is a turn's side, `lift`, `stairs`, `escalator`, `ramp` or `arrive`; texts by language.

    `at` is the place (metres, in the map's frame) on `level` where it ends; `from_m` and `to_m` are along the route.
    """

    icon: str
    level: str
    at: Metres
    from_m: float
    to_m: float
    reading: Labels
    speech: Labels
    ticket: Labels


@dataclass(frozen=True, slots=True)
class Way:
    """A route in words. `notes` come before (why it is another way), `wait` after (wait here for your number)."""

    metres: float
    seconds: float
    summary: Labels
    instructions: tuple[Instruction, ...]
    notes: tuple[Labels, ...] = ()
    wait: Labels = field(default_factory=dict)

    def said(self, language: str) -> tuple[str, ...]:
        """All of it for reading aloud, sentence by sentence."""
        sentences = [note[language] for note in self.notes]
        sentences += [each.speech[language] for each in self.instructions]
        return (*sentences, *([self.wait[language]] if self.wait else []))

    def ticket_lines(self, language: str, columns: int = TICKET_COLUMNS) -> tuple[str, ...]:
        """Numbered lines for a ticket; what is longer than `columns` half-width columns goes on in the next, indented."""
        lines: list[str] = []
        for number, each in enumerate(self.instructions, start=1):
            lines += wrapped(f"{number}. {each.ticket[language]}", columns)
        return tuple(lines)


def tell(guide: Guide, route: Route, *, wait: bool = False, notes: Iterable[Labels] = ()) -> Way:
    """Put a route into words. `wait`: the family waits at its end until it is called."""
    tellers = {
        register: {lang: Teller(lang, register, guide.map.levels) for lang in LANGUAGES}
        for register in Register
    }
    reading = tellers[Register.READING]
    other_floor = route.end.level if route.end.level != route.start.level else None
    return Way(
        route.metres,
        route.seconds,
        {
            lang: each.summary(route.metres, route.seconds, other_floor)
            for lang, each in reading.items()
        },
        tuple(_instruction(step, tellers) for step in guide.steps(route)),
        tuple(notes),
        {lang: each.wait() for lang, each in reading.items()} if wait else {},
    )


def rerouted(guide: Guide, names: Labels, why: Labels) -> Labels:
    """The note that something is closed and the way another one."""
    return {
        lang: Teller(lang, Register.READING, guide.map.levels).rerouted(names, why)
        for lang in LANGUAGES
    }


def icon(step: Step) -> str:
    """What a picture beside the step shows."""
    match step.action:
        case Turn(side):
            return side.value
        case TakeRide(mode=mode):
            return _RIDES.get(mode, "ramp")
        case Arrive():
            return "arrive"


def _instruction(step: Step, tellers: dict[Register, dict[str, Teller]]) -> Instruction:
    texts = {
        register: {lang: teller.step(step) for lang, teller in by_language.items()}
        for register, by_language in tellers.items()
    }
    return Instruction(
        icon(step),
        step.level,
        step.at,
        step.from_m,
        step.to_m,
        texts[Register.READING],
        texts[Register.SPEECH],
        texts[Register.TICKET],
    )


def columns_of(text: str) -> int:
    """Half-width columns that a text takes: two for each Chinese character or sign."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


_NOT_FIRST: Final = "，。、；：！？）」》,.;:!?)"
"""No line begins with one of these."""


def wrapped(text: str, columns: int, indent: str = "   ") -> list[str]:
    """A text in lines of at most `columns`: broken at spaces in Latin text, anywhere between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if columns_of(line + piece.rstrip()) > columns and line.strip():
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """The smallest parts that stay together."""
    pieces: list[str] = []
    for c in text:
        wide = east_asian_width(c) in "WF"
        glued = bool(pieces) and (c in _NOT_FIRST or (not wide and not _ends_a_piece(pieces[-1])))
        if glued:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _ends_a_piece(piece: str) -> bool:
    return piece.endswith(" ") or east_asian_width(piece[-1]) in "WF"
