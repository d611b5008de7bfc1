"""English. Every sentence of a way; `{…}` are slots, the same as in `zh.py`.

A key that begins with `speech.` or `ticket.` is said instead of the plain one in that register.
"""

import re
from typing import Final

TEXTS: Final[dict[str, str]] = {
    # how it begins; what follows is where one walks to
    "head.device.ahead": "Walk on past {thing}. ",
    "head.device.slight_left": "Facing {thing}, bear left and ",
    "head.device.left": "Facing {thing}, turn left and ",
    "head.device.sharp_left": "With your back to {thing}, bear right and ",
    "head.device.slight_right": "Facing {thing}, bear right and ",
    "head.device.right": "Facing {thing}, turn right and ",
    "head.device.sharp_right": "With your back to {thing}, bear left and ",
    "head.device.back": "With your back to {thing}, ",
    "head.beside": "Facing {thing}, ",
    "head.towards": "Facing {thing}, ",
    "head.out.ahead": "Go straight out of {thing}. ",
    "head.out.slight_left": "Bear left out of {thing}. ",
    "head.out.left": "Turn left out of {thing}. ",
    "head.out.sharp_left": "Turn sharp left out of {thing}. ",
    "head.out.slight_right": "Bear right out of {thing}. ",
    "head.out.right": "Turn right out of {thing}. ",
    "head.out.sharp_right": "Turn sharp right out of {thing}. ",
    "head.out.back": "Turn back beside {thing}. ",
    "head.off": "Step off {thing}. ",
    # where one walks to
    "leg.steps": "walk a few steps, then ",
    "leg.metres": "walk about {metres}{past}, then ",
    "leg.steps_there": "walk a few steps: ",
    "leg.metres_there": "walk about {metres}{past}: ",
    "leg.end": "go to the end{far} and ",
    "leg.end_at": "go to the end{far} and, at {thing}, ",
    "leg.at": "go to {thing}{far} and ",
    "leg.past": "go past {thing}{far}, then ",
    "leg.at_once": "straight away ",
    "pass.thing": "pass {thing}",
    "pass.door": "go through the door",
    "pass.glass": "go through the glass door",
    "pass.gate": "go through the gate",
    "passing": "{passed}, then {leg}",
    "past": ", past {thing}",
    "far": " (about {metres})",
    # what one does there
    "turn.ahead": "keep straight on",
    "turn.slight_left": "bear left",
    "turn.left": "turn left",
    "turn.sharp_left": "turn sharp left",
    "turn.slight_right": "bear right",
    "turn.right": "turn right",
    "turn.sharp_right": "turn sharp right",
    "turn.back": "turn round",
    "junction.left": "take the {count} corridor on your left",
    "junction.right": "take the {count} corridor on your right",
    "count.1": "first",
    "count.2": "second",
    "count.3": "third",
    # changing floors
    "ride.elevator": "take {thing}{side} to {floor}",
    "ride.escalator.up": "take {thing}{side} up to {floor}",
    "ride.escalator.down": "take {thing}{side} down to {floor}",
    "ride.escalators.up": "take {rides} escalators, beginning with {thing}, up to {floor}",
    "ride.escalators.down": "take {rides} escalators, beginning with {thing}, down to {floor}",
    "ride.stairs.up": "take {thing}{side} up to {floor}",
    "ride.stairs.down": "take {thing}{side} down to {floor}",
    "ride.ramp.up": "follow {thing}{side} up to {floor}",
    "ride.ramp.down": "follow {thing}{side} down to {floor}",
    "beside.ahead": "",
    "beside.slight_left": " ahead on your left",
    "beside.left": " on your left",
    "beside.sharp_left": ", behind you on your left,",
    "beside.slight_right": " ahead on your right",
    "beside.right": " on your right",
    "beside.sharp_right": ", behind you on your right,",
    "beside.back": ", behind you,",
    # there
    "arrive.ahead": "{thing} is straight ahead",
    "arrive.slight_left": "{thing} is ahead on your left",
    "arrive.left": "{thing} is on your left",
    "arrive.sharp_left": "{thing} is behind you on your left",
    "arrive.slight_right": "{thing} is ahead on your right",
    "arrive.right": "{thing} is on your right",
    "arrive.sharp_right": "{thing} is behind you on your right",
    "arrive.back": "{thing} is behind you",
    "arrive.here": "{thing} is right here",
    # how parts come together
    "join.leg_action": "{leg}{action}",
    "join.moves": "{first}, then {second}",
    "join.moves_there": "{first}: {second}",
    "sentence": "{text}.",
    # what things are called
    "thing.landmark": "{name}",
    "thing.room": "{name}",
    "thing.hall": "{name}",
    "thing.numbered": "{name} ({number})",
    "thing.number": "room {number}",
    "at.landmark": "{name}",
    "at.room": "{name}",
    "at.hall": "{name}",
    "at.amenity": "{name}",
    "at.lift": "{name}",
    "at.stairs": "{name}",
    "at.escalator": "{name}",
    "at.ramp": "{name}",
    "at.device": "{name}",
    "name.lift": "the lift",
    "name.stairs": "the stairs",
    "name.escalator": "the escalator",
    "name.ramp": "the ramp",
    "name.room": "the room",
    "name.hall": "the hall",
    "name.landmark": "the landmark",
    "name.amenity": "the facility",
    "name.device": "the kiosk",
    "out.room": "the door",
    "out.hall": "the door",
    "floor.above": "floor {number}",
    "floor.below": "{number}",
    "metres": "{number} m",
    # around a way
    "wait": "Please wait here for your number.",
    "rerouted": "{thing} is closed, so here is another way.",
    "rerouted.why": "{thing} is closed ({why}), so here is another way.",
    "summary": "About {minutes} min on foot, {metres}",
    "summary.soon": "Less than a minute on foot, {metres}",
    "summary.floor": "{summary}, to {floor}",
    # spoken: no brackets, floors and numbers in words
    "speech.far": "",
    "speech.thing.numbered": "{name}, room {number},",
    "speech.arrive.ahead": "straight ahead is {thing}",
    "speech.rerouted.why": "{thing} is closed because of {why}, so here is another way.",
    # on a ticket: short
    "ticket.far": "",
    "ticket.head.device.back": "Back to {thing}: ",
    "ticket.head.device.left": "Facing {thing}, left, ",
    "ticket.head.device.right": "Facing {thing}, right, ",
    "ticket.leg.metres": "{metres}{past}, then ",
    "ticket.leg.metres_there": "{metres}{past}: ",
    "ticket.passing": "{leg}",
    "ticket.past": "",
    "ticket.arrive.left": "{thing} on the left",
    "ticket.arrive.right": "{thing} on the right",
    "ticket.arrive.slight_left": "{thing} ahead, left",
    "ticket.arrive.slight_right": "{thing} ahead, right",
    "ticket.sentence": "{text}",
}

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)  # fmt: skip
_TENS: Final = (
    *("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)  # fmt: skip
_RIDES: Final = frozenset({"lift", "stairs", "stair", "escalator", "elevator", "ramp"})
_COMMON: Final = frozenset(
    {
        *("area", "bay", "bench", "bridge", "cafe", "canteen", "centre", "center", "clock", "corner", "counter"),
        *("desk", "door", "entrance", "exit", "fountain", "garden", "gate", "hall", "laboratory", "lobby"),
        *("lounge", "office", "pharmacy", "plaza", "room", "shop", "sculpture", "slide", "station", "statue"),
        *("toilet", "toilets", "tree", "ward", "wall", "kiosk", "machine", "lift", "stairs", "escalator", "ramp"),
    }
)  # fmt: skip
"""A name that ends in one of these is spoken of with an article."""


def with_article(name: str, landmark: bool) -> str:
    """A name as it stands in a sentence: "the blue whale", "Radiology", "lift 2"."""
    words = name.split()
    if not words or words[0].lower() in {"the", "a", "an"}:
        return name[:1].lower() + name[1:]
    if words[-1].lower() in _RIDES or words[0].lower() in _RIDES:
        name = name[:1].lower() + name[1:]
    if re.search(r"\d", name) or len(words[-1]) == 1:
        return name
    plain = not any(c.isupper() for c in name[1:])
    if landmark and plain:
        name = name[:1].lower() + name[1:]
    return f"the {name}" if landmark or words[-1].lower() in _COMMON else name


def spoken_number(number: int) -> str:
    """A whole number from 0 to 9999 in words: twenty, one hundred and five."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, left = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {spoken_number(left)}" if left else "")
    thousands, left = divmod(number, 1000)
    return f"{spoken_number(thousands)} thousand" + (f" {spoken_number(left)}" if left else "")


def spoken_digits(text: str) -> str:
    """What stands on a door, figure by figure: two oh five."""
    words = [
        ("oh" if c == "0" else _ONES[int(c)]) if c.isdigit() else c for c in text if c.isascii()
    ]
    return " ".join(words)
