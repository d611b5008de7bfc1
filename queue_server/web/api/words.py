"""Words for the fields of models that come from `protocol`, which OpenAPI shows beside ours."""

from collections.abc import Mapping
from typing import Any, Final

_TEXT: Final = {"zh": "In Chinese.", "en": "In English."}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "Text": _TEXT,
    "Stand": {
        "visit": "Id of the visit.",
        "ticket": "The number people read.",
        "alias": "A kiosk's provisional number of the same visit; both slips work.",
        "masked_name": "The name as strangers may see it.",
        "state": "State of the step that `group`, `place` and `ahead` speak of.",
        "group": "Name of the line.",
        "place": "Where to go, in words.",
        "ahead": "How many may be called before; null when not waiting.",
        "wait": "How long it will probably be; null when not waiting.",
        "room": "Where to go: set while called, served, or asked to wait at the door.",
        "slot": "Booked hour, local time of the site.",
        "is_return": "Back with results (回诊).",
        "already": "An earlier scan had checked this visit in.",
        "steps": "All that the visit has to do, in order.",
        "offer": "Tests before the consult that are offered and not yet answered.",
        "to_pay": "Something that was ordered must be paid before it is done.",
        "pay_at": "With `to_pay`, where to go first: a cashier and where it is.",
        "way": "How to get there from the kiosk that asked; null elsewhere, and without a map.",
        "pay": "With `to_pay`, where it can be paid by phone.",
    },
    "Way": {
        "place": "Where it leads.",
        "summary": "Minutes, metres, and the floor when it is another one; or why there is no way.",
        "seconds": "How long one walks and rides.",
        "metres": "How far one walks.",
        "steps": "Sentence by sentence; none where there is no way.",
        "levels": "Floors, in the order of travel.",
        "notes": "Why it is another way than usual.",
        "ticket": "Short lines for paper.",
        "end": "Where it leads, as the map or the site file names it.",
        "token": "Opaque, good for twelve hours: for `/way/{token}` and its pictures.",
        "url": "The phone's page; empty where phones can't reach the server.",
    },
    "WayStep": {
        "icon": "A turn's side, `lift`, `stairs`, `escalator`, `ramp`, `arrive` or `wait`.",
        "level": "Id of the floor on which it begins.",
        "text": "To be read.",
        "said": "To be spoken.",
    },
    "WayLevel": {"id": "Id on the map.", "name": "What it is called."},
    "ChildChoice": {
        "visit": "Id of the visit: send it to say that it is this child.",
        "masked_name": "The name as strangers may see it.",
        "group": "Name of the line.",
        "slot": "Booked hour, local time of the site.",
        "ticket": "The number, when checked in already.",
    },
    "WaitRange": {
        "low": "In minutes: one in ten waits less.",
        "high": "In minutes: one in ten waits longer.",
    },
    "StepView": {
        "group": "Name of the line.",
        "place": "Where it is, in words.",
        "state": "State of the step.",
        "is_return": "Back with results (回诊).",
        "ticket": "The number for this step, when it has its own.",
    },
    "BoardView": {
        "area": "Id of the area.",
        "name": "Name of the area.",
        "revision": "The journal's position at which it changed last; only grows.",
        "points": "Rooms and windows.",
        "missed": "Numbers that were called and not there.",
        "at_lab": "How many are away for tests and keep their place.",
        "notices": "Messages for everybody here, the newest first.",
        "preparing": "Numbers whose drugs are being prepared.",
        "voice": "How calls are read out here; null: as usual.",
    },
    "PointView": {
        "point": "Id of the room or window.",
        "name": "Its name.",
        "staff": "Who sits there.",
        "open": "Whether it takes families.",
        "group": "Name of its line.",
        "kind": "Of its line: `clinic`, `lab`, `exam`, `cashier`, `pharmacy`.",
        "serving": "Who is being served.",
        "called": "Who is called to it.",
        "next": "Who is to wait at its door.",
        "waiting": "How many wait who may be called here.",
        "reason": "Why it takes nobody, as a member of staff wrote it.",
    },
    "Called": {
        "ticket": "The number people read.",
        "masked_name": "The name as strangers may see it; empty when two here have the same.",
        "is_return": "Back with results (回诊).",
        "times": "1 for the call, 2 and more for recalls.",
        "at": "When called last.",
        "badge": "Character of the priority class; empty without one.",
        "badge_en": "The same where English is read.",
        "urgent": "Of an emergency level: read out before all others.",
        "add_on": "Added beyond the slots (加号).",
        "at_door": "Asked to wait at the door of the room.",
    },
    "PayRequest": {
        "id": "The bill's: the same as long as the same things are owed.",
        "items": "What is to be paid.",
        "amount_fen": "In fen (1/100 yuan); null where this hospital does not tell.",
        "url": "The page that takes the money; empty where money is taken at windows only.",
    },
    "VoiceRules": {
        "languages": "In this order.",
        "times": "How often each call is read.",
        "volume": "In percent of the loudest.",
        "quiet": "Spans of the day, local time, in which nothing is read out.",
        "doors": "Whether calls to the door of a room (二次候诊) are read out too.",
        "notices": "Whether messages for everybody are read out once.",
        "readings": "What stands in a sentence, and what is read instead.",
    },
    "AgentHealth": {
        "outbox_waiting": "Events that it has not yet had acknowledged.",
        "outbox_oldest_s": "Age of the oldest of them, in seconds.",
        "scans": "Scans since it started.",
        "parts": "Its parts: camera, scanner, Bluetooth, card lists, outbox.",
    },
    "PartHealth": {
        "part": "Name of the part.",
        "ok": "Whether it works.",
        "sentence": "What is wrong with it, and what to do.",
        "text": "The same in both languages, where somebody on the spot must do something.",
    },
}


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Add our words to the schemas of an OpenAPI document, where they have none."""
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        for field, shape in schema.get("properties", {}).items():
            words = WORDS.get(name, {}).get(field)
            if words and "description" not in shape:
                shape["description"] = words
    return document
