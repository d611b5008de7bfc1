"""Steps put into sentences, in a language and a register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import ModuleType
from typing import Final

from nav_maps.labels import said
from nav_maps.model import Labels, Level, PathwayMode
from nav_maps.words import en, zh
from nav_maps.words.amounts import FEW_STEPS_M, floor_number, minutes, round_metres
from nav_maps.words.steps import (
    Action,
    Arrive,
    Head,
    HeadKind,
    Leg,
    Move,
    Step,
    TakeRide,
    Thing,
    ThingKind,
    Turn,
    UntilKind,
)

LANGUAGES: Final[Mapping[str, ModuleType]] = {"zh": zh, "en": en}
FAR_M: Final = 30.0
"""From here on a leg also says how far it is."""
NUMBERED: Final = frozenset({ThingKind.ROOM, ThingKind.HALL})


class Register(StrEnum):
    """For whom words are: somebody who reads a screen, listens, or holds a ticket."""

    READING = "reading"
    SPEECH = "speech"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells steps in one language and register. `levels` are the map's, for the names of floors."""

    language: str
    register: Register
    levels: Mapping[str, Level]

    def step(self, step: Step) -> str:
        """One step as a sentence."""
        first = step.moves[0]
        told = [self._move(self._set_out(step.head, first)), *map(self._move, step.moves[1:])]
        text = told[0]
        for move, following in zip(step.moves[1:], told[1:], strict=True):
            there = (
                "_there" if isinstance(move.action, Arrive) and not _leg_is_told(move.leg) else ""
            )
            text = self._say(f"join.moves{there}", first=text, second=following)
        head = self._head(step.head)
        return self._sentence(head + (_capital(text) if head.endswith(". ") else text))

    def _set_out(self, head: Head | None, first: Move) -> Move:
        """A head that gives a direction wants some steps in it, be they few, before a turn."""
        directed = head is not None and head.kind in (HeadKind.FROM_DEVICE, HeadKind.TOWARDS)
        if directed and first.leg.until is UntilKind.AT_ONCE and isinstance(first.action, Turn):
            return replace(first, leg=replace(first.leg, until=UntilKind.METRES))
        return first

    def thing(self, thing: Thing) -> str:
        """A thing's name as it stands in a sentence."""
        name = self._name(thing)
        number = thing.number
        if not number or number in name or thing.kind not in NUMBERED:
            return name
        spoken = self._digits(number)
        if not said(thing.names, self.language):
            return self._say("thing.number", number=spoken)
        return self._say("thing.numbered", name=name, number=spoken)

    def floor(self, level_id: str) -> str:
        """A floor as people say it."""
        level = self.levels.get(level_id)
        if level is None:
            return level_id
        number = floor_number(level)
        if number is None:
            return said(level.names, self.language) or said(level.short, self.language)
        return self._floor(number)

    def metres(self, metres: float) -> str:
        """A distance as people say it."""
        number = round_metres(metres)
        if self.register is not Register.SPEECH:
            return self._say("metres", number=number)
        if self.language == "en":
            return f"{self._number(number)} metres"
        return self._say("metres", number=self._number(number))

    def summary(self, metres: float, seconds: float, to_level: str | None) -> str:
        """A way in a few words: minutes, metres, and the floor when it is another one."""
        took = minutes(seconds)
        shown = self._number(took) if self.register is Register.SPEECH else str(took)
        key = "summary" if took else "summary.soon"
        slots = {"minutes": shown} if took else {}
        text = self._say(key, metres=self.metres(metres), **slots)
        return (
            self._say("summary.floor", summary=text, floor=self.floor(to_level))
            if to_level
            else text
        )

    def wait(self) -> str:
        """Said after an arrival where one waits to be called."""
        return self._say("wait")

    def rerouted(self, names: Labels, why: Labels) -> str:
        """Why the way is another one than before."""
        thing, reason = said(names, self.language), said(why, self.language)
        slots = {"why": reason} if reason else {}
        text = self._say("rerouted.why" if reason else "rerouted", thing=thing, **slots)
        return _capital(text)

    # ---- parts of a sentence -----------------------------------------------------------------------

    def _head(self, head: Head | None) -> str:
        if head is None:
            return ""
        thing = self._name(head.thing) if head.thing else ""
        match head.kind:
            case HeadKind.FROM_DEVICE:
                return self._say(f"head.device.{head.side}", thing=thing)
            case HeadKind.BESIDE | HeadKind.TOWARDS | HeadKind.OFF as kind:
                return self._say(f"head.{kind}", thing=thing)
            case HeadKind.OUT_OF:
                return self._say(f"head.out.{head.side}", thing=self._out_of(head.thing))

    def _out_of(self, thing: Thing | None) -> str:
        if thing is None or thing.kind is ThingKind.ROOM:
            return self._say("out.room")
        return self._name(thing)

    def _move(self, move: Move) -> str:
        leg, action = move.leg, move.action
        if leg.until is UntilKind.JUNCTION and isinstance(action, Turn):
            count = self._say(f"count.{leg.count}")
            return self._passing(leg, self._say(f"junction.{action.side}", count=count))
        joined = self._say(
            "join.leg_action", leg=self._leg(leg, action), action=self._action(action)
        )
        return self._passing(leg, joined)

    def _leg(self, leg: Leg, action: Action) -> str:
        stops = not isinstance(action, Turn)
        far = self._far(leg.metres)
        match leg.until:
            case UntilKind.AT_ONCE:
                return "" if stops else self._say("leg.at_once")
            case UntilKind.END if leg.thing:
                return self._say("leg.end_at", far=far, thing=self._name(leg.thing))
            case UntilKind.END:
                return self._say("leg.end", far=far)
            case UntilKind.AT if leg.thing:
                return self._say("leg.at", far=far, thing=self._at(leg.thing))
            case UntilKind.PAST if leg.thing:
                return self._say("leg.past", far=far, thing=self._name(leg.thing))
            case _:
                return self._plain_leg(leg, "_there" if isinstance(action, Arrive) else "")

    def _plain_leg(self, leg: Leg, to: str) -> str:
        if leg.metres < FEW_STEPS_M:
            return self._say(f"leg.steps{to}")
        past = "".join(self._say("past", thing=self._name(thing)) for thing in leg.passing)
        return self._say(f"leg.metres{to}", metres=self.metres(leg.metres), past=past)

    def _passing(self, leg: Leg, text: str) -> str:
        told = () if leg.until is UntilKind.METRES else leg.passing
        passed = [self._say("pass.thing", thing=self._name(thing)) for thing in told]
        passed += [self._say(f"pass.{door}") for door in dict.fromkeys(leg.doors)]
        for each in reversed(passed):
            text = self._say("passing", passed=each, leg=text)
        return text

    def _far(self, metres: float) -> str:
        return self._say("far", metres=self.metres(metres)) if metres >= FAR_M else ""

    def _action(self, action: Action) -> str:
        match action:
            case Turn(side):
                return self._say(f"turn.{side}")
            case TakeRide():
                return self._ride(action)
            case Arrive(thing, _, True):
                return self._say("arrive.here", thing=self.thing(thing))
            case Arrive(thing, side):
                return self._say(f"arrive.{side}", thing=self.thing(thing))

    def _ride(self, ride: TakeRide) -> str:
        floor, thing = self.floor(ride.to_level), self._name(ride.thing)
        side = self._say(f"beside.{ride.side}")
        way = "up" if ride.floors > 0 else "down"
        match ride.mode:
            case PathwayMode.ELEVATOR:
                return self._say("ride.elevator", side=side, thing=thing, floor=floor)
            case PathwayMode.ESCALATOR if ride.rides > 1:
                rides = self._number(ride.rides)
                return self._say(f"ride.escalators.{way}", rides=rides, thing=thing, floor=floor)
            case PathwayMode.ESCALATOR | PathwayMode.STAIRS as mode:
                return self._say(f"ride.{mode}.{way}", side=side, thing=thing, floor=floor)
            case _:
                return self._say(f"ride.ramp.{way}", side=side, thing=thing, floor=floor)

    # ---- names and numbers -------------------------------------------------------------------------

    def _name(self, thing: Thing) -> str:
        name = said(thing.names, self.language)
        if not name:
            return self._say(f"name.{thing.kind}")
        if self.language == "en":
            return en.with_article(name, thing.kind in {ThingKind.LANDMARK, ThingKind.AMENITY})
        return name

    def _at(self, thing: Thing) -> str:
        return self._say(f"at.{thing.kind}", name=self._name(thing))

    def _floor(self, number: int) -> str:
        speech = self.register is Register.SPEECH
        if number > 0:
            return self._say("floor.above", number=self._number(number) if speech else number)
        if not speech:
            return self._say("floor.below", number=f"B{-number}")
        return (
            f"负{self._number(-number)}楼"
            if self.language == "zh"
            else f"basement {self._number(-number)}"
        )

    def _number(self, number: int) -> str:
        spoken: Callable[[int], str] = LANGUAGES[self.language].spoken_number
        return spoken(number)

    def _digits(self, text: str) -> str:
        if self.register is not Register.SPEECH:
            return text
        spoken: Callable[[str], str] = LANGUAGES[self.language].spoken_digits
        return spoken(text)

    def _sentence(self, text: str) -> str:
        text = text.strip()
        return self._say("sentence", text=_capital(text))

    def _say(self, key: str, **slots: object) -> str:
        texts: Mapping[str, str] = LANGUAGES[self.language].TEXTS
        own = texts.get(f"{self.register}.{key}")
        return (texts[key] if own is None else own).format(**slots)


def _leg_is_told(leg: Leg) -> bool:
    return leg.until is not UntilKind.AT_ONCE


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
