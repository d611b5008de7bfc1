"""Hard pictures of QR codes from a seed: what paper, screens, cloth and cheap cameras do to a code, two to four at a time.

| effect | range |
|---|---|
| size | 2.2–8 pixels a module |
| turn, tilt | any, up to 40° about both axes |
| bend | one fold or roll of up to 1.5 modules |
| blur, motion | up to 0.6 module, up to 1.2 modules |
| light | contrast down to 25 %, one side up to 70 % darker, a spot of glare beside or on a fifth of the code |
| grain | up to 25 grey levels, JPEG quality down to 15 |
| print | dots instead of squares, light on dark, a label over up to 6 % |
"""

from collections.abc import Callable
from typing import Final, cast

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M

from edge_agent.readers import Grey

Floats = NDArray[np.float32]
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PX: Final = 12


def hard_picture(seed: int) -> tuple[Grey, bytes]:
    """A picture and what stands in it."""
    random = np.random.default_rng(seed)
    text = _text(random)
    level = (ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_H)[int(random.integers(3))]
    code = qrcode.QRCode(error_correction=level, border=4)
    code.add_data(text)
    code.make()
    modules = ~np.array(code.get_matrix(), dtype=bool)
    names = random.choice(len(EFFECTS), int(random.integers(2, 5)), replace=False)
    picture = _printed(modules, dots=bool(0 in names))
    for number in sorted(int(each) for each in names):
        picture = EFFECTS[number](picture, random)
    return _photographed(picture, random, jpeg=bool(len(EFFECTS) - 1 in names)), text.encode()


def _text(random: np.random.Generator) -> str:
    match int(random.integers(4)):
        case 0:
            return "EVC1" + "".join(random.choice(list(LETTERS), 130))
        case 1:
            return "".join(random.choice(list("0123456789abcdef"), 64))
        case 2:
            return "https://example.org/v/" + "".join(random.choice(list(LETTERS), 20))
        case _:
            return "".join(random.choice(list("0123456789"), 18))


def _printed(modules: NDArray[np.bool_], *, dots: bool) -> Floats:
    squares = np.where(modules, 1, 0).astype(np.float32).repeat(PX, axis=0).repeat(PX, axis=1)
    if not dots:
        return squares
    row, column = np.mgrid[0 : squares.shape[0], 0 : squares.shape[1]] % PX
    inside = (row - PX / 2 + 0.5) ** 2 + (column - PX / 2 + 0.5) ** 2 < (0.46 * PX) ** 2
    return np.where((squares == 0) & inside, 0, 1).astype(np.float32)


def _same(picture: Floats, _: np.random.Generator) -> Floats:
    return picture


def _label(picture: Floats, random: np.random.Generator) -> Floats:
    side = picture.shape[0]
    half = int(side * random.uniform(0.05, 0.12))
    picture[side // 2 - half : side // 2 + half, side // 2 - half : side // 2 + half] = 0.8
    return picture


def _light_on_dark(picture: Floats, _: np.random.Generator) -> Floats:
    return 1 - picture


def _bend(picture: Floats, random: np.random.Generator) -> Floats:
    row, column = (np.asarray(each, np.float32) for each in np.indices(picture.shape))
    along = column if random.random() < 0.5 else row
    wave = np.sin(2 * np.pi * random.uniform(0.4, 1.3) * along / along.max() + random.uniform(0, 6))
    moved = (PX * random.uniform(0.4, 1.5) * wave).astype(np.float32)
    x = np.asarray(column if along is column else column + moved, np.float32)
    y = np.asarray(row + moved if along is column else row, np.float32)
    return _floats(cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _turn(picture: Floats, random: np.random.Generator) -> Floats:
    return _seen_from(picture, 0.0, 0.0, random.uniform(0, 2 * np.pi))


def _tilt(picture: Floats, random: np.random.Generator) -> Floats:
    return _seen_from(picture, random.uniform(-0.7, 0.7), random.uniform(-0.7, 0.7), 0.0)


def _seen_from(picture: Floats, about_x: float, about_y: float, about_z: float) -> Floats:
    side = picture.shape[0]
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float64) * side / 2
    turn = cv2.Rodrigues(np.array([about_x, 0, 0]))[0] @ cv2.Rodrigues(np.array([0, about_y, 0]))[0]
    placed = corners @ (turn @ cv2.Rodrigues(np.array([0, 0, about_z]))[0]).T
    seen = placed[:, :2] * (3 * side / (3 * side + placed[:, 2:]))
    seen -= seen.min(axis=0)
    width, height = (int(most) + 1 for most in seen.max(axis=0))
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    to_seen = cv2.getPerspectiveTransform(square, seen.astype(np.float32))
    beside = float(picture[0, 0])
    return _floats(cv2.warpPerspective(picture, to_seen, (width, height), borderValue=(beside,)))


def _uneven(picture: Floats, random: np.random.Generator) -> Floats:
    slope = np.linspace(1, random.uniform(0.3, 0.8), picture.shape[1], dtype=np.float32)
    return np.asarray(picture * slope[None, :], np.float32)


def _pale(picture: Floats, random: np.random.Generator) -> Floats:
    contrast = random.uniform(0.25, 0.7)
    return (picture - 0.5) * np.float32(contrast) + np.float32(random.uniform(0.3, 0.7))


def _glare(picture: Floats, random: np.random.Generator) -> Floats:
    height, width = picture.shape
    row, column = np.indices(picture.shape)
    middle = random.uniform(0.1, 0.9, 2)
    reach = random.uniform(0.08, 0.2)
    away = ((row / height - middle[0]) ** 2 + (column / width - middle[1]) ** 2) / reach**2
    return np.asarray(picture + np.exp(-away) * random.uniform(0.4, 1.0), np.float32)


def _blur(picture: Floats, random: np.random.Generator) -> Floats:
    return _floats(cv2.GaussianBlur(picture, (0, 0), PX * random.uniform(0.2, 0.6)))


def _motion(picture: Floats, random: np.random.Generator) -> Floats:
    length = int(PX * random.uniform(0.4, 1.2)) | 1
    kernel = np.zeros((length, length), np.float32)
    angle, half = random.uniform(0, np.pi), length // 2
    across, down = round(half * np.cos(angle)), round(half * np.sin(angle))
    cv2.line(kernel, (half - across, half - down), (half + across, half + down), (1.0,))
    return _floats(cv2.filter2D(picture, -1, kernel / kernel.sum()))


EFFECTS: Final[tuple[Callable[[Floats, np.random.Generator], Floats], ...]] = (
    _same,  # dots: while it is printed
    _label,
    _light_on_dark,
    _bend,
    _turn,
    _tilt,
    _uneven,
    _pale,
    _glare,
    _blur,
    _motion,
    _same,  # grain and JPEG: while it is photographed
)


def _photographed(picture: Floats, random: np.random.Generator, *, jpeg: bool) -> Grey:
    scale = random.uniform(2.2, 8) / PX
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grain = random.normal(0, random.uniform(3, 25) if jpeg else 2, small.shape)
    grey = (small * 220 + 15 + grain).clip(0, 255).astype(np.uint8)
    if not jpeg:
        return grey
    quality = int(random.integers(15, 70))
    coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cast(Grey, cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE))


def _floats(picture: object) -> Floats:
    return cast(Floats, picture)  # what OpenCV makes of floats are floats
