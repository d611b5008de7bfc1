"""Three cartoon guides, drawn by us in one hand: a bear, a rabbit and an elephant, each in several poses.

An area of the hospital has a guide: the bear leads through the clinics, the rabbit to laboratory and examinations, the elephant
to cashier, pharmacy and the way out. All are busts in a circle of 240 by 240; what they share (paws, eyes, scarf, phone) is
drawn once.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from design.errors import NotDrawn

DARK: Final = "#35261c"
CREAM: Final = "#fff4e3"
BLUSH: Final = "#f19a83"


@dataclass(frozen=True, slots=True)
class Animal:
    """What is an animal's own; the rest is common to all. Markup is SVG on 240 by 240."""

    fur: str
    pad: str
    scarf: str
    star: str
    ears: str
    head: str
    muzzle: str
    nose: str
    eye_y: int = 98
    eye_x: int = 36
    """How far the eyes are from the middle."""
    mouth_y: int = 136
    mouth_x: int = 0
    """How far the mouth is from the middle; a trunk needs the room."""
    cheek_y: int = 128


def _path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def _line(d: str, stroke: str = DARK, width: float = 5) -> str:
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>'


def _dot(x: float, y: float, r: float, fill: str, opacity: str = "") -> str:
    seen = f' opacity="{opacity}"' if opacity else ""
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"{seen}/>'


def _oval(x: float, y: float, rx: float, ry: float, fill: str, turn: int = 0) -> str:
    turned = f' transform="rotate({turn} {x} {y})"' if turn else ""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"{turned}/>'


_NOSE: Final = _path("M120 128c-9 0-15-5-15-10s7-8 15-8 15 3 15 8-6 10-15 10z", DARK)
_ANIMALS: Final = {
    "bear": Animal(
        fur="#e7b27a",
        pad="#f6d4ab",
        scarf="#d8553f",
        star="#ffd978",
        ears=_dot(58, 52, 27, "#e7b27a")
        + _dot(59, 54, 15, "#f6d4ab")
        + _dot(182, 52, 27, "#e7b27a")
        + _dot(181, 54, 15, "#f6d4ab"),
        head=_path(
            "M120 30c50 0 84 30 84 74 0 42-36 70-84 70s-84-28-84-70c0-44 34-74 84-74z", "#e7b27a"
        ),
        muzzle=_oval(120, 132, 42, 32, CREAM),
        nose=_NOSE + _line("M120 128v8"),
    ),
    "rabbit": Animal(
        fur="#d3cfe0",
        pad="#f7c9c4",
        scarf="#2f7fb0",
        star="#ffe08a",
        ears=_oval(88, 48, 20, 46, "#d3cfe0", -10)
        + _oval(89, 52, 10, 33, "#f7c9c4", -10)
        + _path(
            "M136 84C132 40 144 8 162 10c12 2 16 14 12 30 20 4 30 22 20 38-4 6-12 4-16-4-6-10-8-16-14-22-4 10-8 20-10 32z",
            "#d3cfe0",
        )
        + _path("M148 76c0-26 6-48 13-50 5 0 6 8 2 20-6 8-11 18-15 30z", "#f7c9c4"),
        head=_path(
            "M120 62c44 0 76 24 76 60 0 34-34 56-76 56s-76-22-76-56c0-36 32-60 76-60z", "#d3cfe0"
        ),
        muzzle=_oval(120, 145, 36, 25, "#fdf6f4"),
        nose=_path("M120 139c-6 0-11-5-11-8s5-5 11-5 11 2 11 5-5 8-11 8z", "#e07a80")
        + _line("M120 138v7", width=4),
        eye_y=112,
        eye_x=34,
        mouth_y=145,
        cheek_y=140,
    ),
    "elephant": Animal(
        fur="#9fb9d8",
        pad="#d3e0f0",
        scarf="#e59a2f",
        star="#fff2c2",
        ears=_oval(43, 98, 38, 48, "#8faccd", 8)
        + _oval(46, 100, 24, 34, "#d7c3d6", 8)
        + _oval(197, 98, 38, 48, "#8faccd", -8)
        + _oval(194, 100, 24, 34, "#d7c3d6", -8),
        head=_path(
            "M120 34c44 0 70 28 70 68 0 42-28 72-70 72s-70-30-70-72c0-40 26-68 70-68z", "#9fb9d8"
        )
        + _path("M106 38q-4-16 8-20-2 10 6 16 2-12 14-14-6 8-2 18z", "#7f9cc0"),
        muzzle="",
        nose=_line("M119 116C121 150 114 172 92 172", "#7f9cc0", 36)
        + _line("M119 112C121 150 114 172 92 172", "#abc3df", 31)
        + _oval(84, 172, 7, 11, "#7f9cc0", -8)
        + _line("M108 134q11 5 23 0M107 147q11 5 23 1", "#7f9cc0", 3.5),
        eye_y=98,
        eye_x=34,
        mouth_y=140,
        mouth_x=34,
        cheek_y=126,
    ),
}
ANIMALS: Final = tuple(_ANIMALS)
"""Names of the guides."""
POSES: Final = ("wave", "phone", "read", "happy", "left", "right", "sleep", "worry", "cheer")
"""`wave`, `phone`: waves and shows a phone; `read`: looks at its phone; `happy`; `left`, `right`: points there, as seen;
`sleep`: waits; `worry`; `cheer`: both paws up."""
AREAS: Final = {"clinic": "bear", "lab": "rabbit", "pharmacy": "elephant"}
"""Which guide belongs to which area of the hospital."""

_EYES: Final = {"happy": "glad", "cheer": "glad", "sleep": "closed", "read": "down"}


def _eyes(who: Animal, pose: str) -> str:
    y, sides = who.eye_y, (120 - who.eye_x, 120 + who.eye_x)
    match _EYES.get(pose, "open"):
        case "glad":
            return "".join(_line(f"M{x - 12} {y + 4}q12-15 24 0") for x in sides)
        case "closed":
            return "".join(_line(f"M{x - 12} {y + 1}q12 11 24 0") for x in sides)
        case "down":
            return "".join(
                _dot(x, y + 3, 10, DARK) + _dot(x - 3, y + 7, 3.5, "#fff") for x in sides
            )
        case _:
            aside = -4 if pose in ("left", "right") else 0
            return "".join(
                _dot(x + aside, y, 10, DARK)
                + _dot(x + aside + (3 if not aside else -4), y - 4, 3.5, "#fff")
                for x in sides
            )


def _mouth(who: Animal, pose: str) -> str:
    x, y = 120 + who.mouth_x, who.mouth_y
    if pose == "worry":
        return _line(f"M{x - 13} {y + 11}q13-9 26 0")
    if pose == "sleep":
        return _oval(x, y + 8, 6, 5, DARK)
    if pose == "cheer":
        return _path(f"M{x - 16} {y - 1}q16 6 32 0 0 22-16 22t-16-22z", "#7a2f27") + _path(
            f"M{x - 9} {y + 15}q9-8 18 0-3 6-9 6t-9-6z", "#f08a80"
        )
    if who.mouth_x:
        return _line(f"M{x - 14} {y}q12 14 26-2")
    return _line(f"M{x - 20} {y}q4 14 20 2 16 12 20-2")


def _brows(who: Animal, pose: str) -> str:
    if pose != "worry":
        return ""
    y, x = who.eye_y - 18, who.eye_x
    return (
        _line(f"M{120 - x - 14} {y + 3}l20-9")
        + _line(f"M{120 + x + 14} {y + 3}l-20-9")
        + _path("M203 66c7 10 10 15 10 20a10 10 0 0 1-20 0c0-5 3-10 10-20z", "#7cc4e8")
    )


def _arms_behind(who: Animal, pose: str) -> str:
    up = _line("M178 196Q206 182 214 142", who.fur, 36) + _dot(215, 138, 8, who.pad)
    if pose in ("wave", "phone"):
        return f'<g class="waving">{up}</g>'
    if pose == "cheer":
        return up + _line("M62 196Q34 182 26 142", who.fur, 36) + _dot(25, 138, 8, who.pad)
    return ""


def _arms_before(who: Animal, pose: str) -> str:
    if pose in ("phone", "read"):
        return _phone(who)
    if pose in ("left", "right"):
        return (
            '<g class="pointing">'
            + _line("M76 206Q54 208 40 190", who.fur, 34)
            + _line("M40 188L14 166", who.fur, 17)
            + _line("M46 200q-8 2-13-3M54 192q-6 0-10-4", "#00000033", 3)
            + "</g>"
        )
    if pose == "sleep":
        return _line("M172 58h18l-18 20h18", "#5f8f95", 5).replace(
            "<path", '<path class="breath"'
        ) + _line("M198 28h13l-13 15h13", "#5f8f95", 4).replace("<path", '<path class="breath"')
    if pose == "worry":
        return (
            _dot(92, 206, 17, who.fur)
            + _dot(148, 206, 17, who.fur)
            + _line("M84 200q4-3 8 0M140 200q4-3 8 0", "#00000033", 3)
        )
    return ""


def _phone(who: Animal) -> str:
    return (
        '<rect x="24" y="140" width="52" height="80" rx="9" fill="#16323a"/><rect x="29" y="147" width="42" height="62" rx="3" fill="#fff"/>'
        + _path(
            "M34 152h13v13h-13zM53 152h13v13h-13zM34 171h13v13h-13zM53 171h5v5h-5zM61 171h5v13h-5zM53 180h5v5h-5zM34 190h5v5h-5zM43 190h10v5h-10zM57 190h9v5h-9z",
            "#16323a",
        )
        + _path("M38 156h5v5h-5zM57 156h5v5h-5zM38 175h5v5h-5z", "#fff")
        + _dot(78, 198, 17, who.fur)
        + _line("M70 192q4-3 7 0M70 199q4-3 8 0", "#00000033", 3)
    )


def _body(who: Animal) -> str:
    return _path(
        "M50 232C48 184 78 164 120 164s72 20 70 68A116 116 0 0 1 50 232z", who.fur
    ) + _path("M84 234c0-30 14-46 36-46s36 16 36 46A116 116 0 0 1 84 234z", CREAM)


def _scarf(who: Animal) -> str:
    return _path("M66 168q54 30 108 0 8 10 4 20-58 30-116 0-4-10 4-20z", who.scarf) + _path(
        "M120 178l5 10 11 2-8 8 2 11-10-5-10 5 2-11-8-8 11-2z", who.star
    )


def _head(who: Animal, pose: str) -> str:
    cheeks = "".join(
        _oval(120 + side * 58, who.cheek_y, 14, 12, BLUSH).replace("/>", ' opacity=".55"/>')
        for side in (-1, 1)
    )
    drawn = (
        who.ears
        + who.head
        + who.muzzle
        + cheeks
        + _eyes(who, pose)
        + _brows(who, pose)
        + who.nose
        + _mouth(who, pose)
    )
    return f'<g transform="rotate(5 120 180)">{drawn}</g>' if pose == "sleep" else drawn


def _drawn(who: Animal, pose: str) -> str:
    head, scarf = _head(who, pose), _scarf(who)
    above = scarf + head if who.mouth_x else head + scarf  # a trunk hangs over the scarf
    arms, body = _arms_behind(who, pose), _body(who)
    behind = (
        body + above + arms if who.mouth_x else arms + body + above
    )  # wide ears would hide them
    whole = behind + _arms_before(who, pose)
    return f'<g transform="matrix(-1 0 0 1 240 0)">{whole}</g>' if pose == "right" else whole


@lru_cache(128)
def guide(animal: str, pose: str, label: str = "", halo: bool = True) -> Markup:
    """A guide as inline SVG (classes `guide`, its name and its pose).

    Args:
        animal: one of `ANIMALS`, or an area of `AREAS`.
        pose: one of `POSES`.
        label: what it says to those who can't see it; without one it is decoration.
        halo: whether it stands before a circle (`.halo`, whose colour a page may change).

    Raises:
        NotDrawn: there is no such guide or pose.
    """
    name = AREAS.get(animal, animal)
    if name not in _ANIMALS or pose not in POSES:
        raise NotDrawn(
            f"There is no guide {animal!r} that does {pose!r}. Guides: {', '.join(ANIMALS)}; poses: {', '.join(POSES)}."
        )
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    ring = '<circle class="halo" cx="120" cy="120" r="116" fill="#d9efec"/>' if halo else ""
    return Markup(  # noqa: S704  # drawn above, from our own numbers
        f'<svg class="guide {name} {pose}" viewBox="0 0 240 240" {said}>{ring}{_drawn(_ANIMALS[name], pose)}</svg>'
    )


def guide_file(animal: str, pose: str) -> bytes:
    """The same as a file of its own, for `<img>`.

    Raises:
        NotDrawn: there is no such guide or pose.
    """
    inline = str(guide(animal, pose))
    return inline.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()
