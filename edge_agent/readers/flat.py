"""Codes on cloth, crumpled or rolled paper: found by zxing-cpp, but not read, because no plane goes through them.

The grid of modules is bent until it fits: every module is looked up a little beside its place, and the place is good
where the module is clearly dark or clearly light all over (and where the finder, timing and alignment patterns are as
they must be). What neighbours agree on is kept, in rounds from stiff to supple; after each round the modules are drawn
as a clean code and read again, so the error correction of the code itself is the judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Final, cast

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from edge_agent.readers.port import Grey, Reading
from edge_agent.readers.zxing import LOCAL, MODELS, Zxing

Floats = NDArray[np.float32]

PX: Final = 8
"""Pixels a module has in the picture that is bent."""
MARGIN: Final = 5
"""Modules around the code that stay in that picture: a bent code bulges."""
STIFF: Final = (4.0, 3.0, 2.0, 1.5, 1.5)
"""How far neighbours look at each other in each round, in modules (standard deviation)."""
BESIDE: Final = tuple(product(range(-8, 9, 2), repeat=2))
"""Pixels that a module is looked up beside its place in one round: up to a whole module."""
PULL_HOME: Final = 0.01
"""How much clearer a place half a module off must be to be preferred."""
CERTAIN: Final = 4
"""How much more a module counts whose colour is known."""
MOST_CODES: Final = 3
LIKELY_SIZES: Final = tuple(range(21, 74, 4))
MOST_GUESSES: Final = 2


Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A code that was found and could not be read.

    Attributes:
        corners: (x, y) in pixels, clockwise from its top left.
        modules: how many a side; 0 when not even that could be read.
    """

    corners: Corners
    modules: int = 0


class Flat:
    """Reads bent codes; slow only where there is one (2–30 ms each).

    Args:
        binarizer: with which codes are looked for.
        most_modules: larger codes are left alone.
        guess: try the likeliest sizes when a code does not tell its own (30 ms each).
    """

    def __init__(
        self,
        binarizer: zxingcpp.Binarizer = LOCAL,
        *,
        most_modules: int = 177,
        guess: bool = True,
    ) -> None:
        self.name = "zxing"
        self._binarizer = binarizer
        self._most_modules = most_modules
        self._guess = guess
        self._clean = Zxing()

    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        """See `Decoder`."""
        found = (self._read(grey, code) for code in islice(self._unread(grey), MOST_CODES))
        return tuple(reading for readings in found for reading in readings)

    def _unread(self, grey: Grey) -> Iterator[Unread]:
        for code in zxingcpp.read_barcodes(
            grey, formats=MODELS, binarizer=self._binarizer, return_errors=True
        ):
            if code.valid:
                continue
            at, modules = code.position, _modules(code)
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            if modules <= self._most_modules and (modules or self._guess):
                yield Unread(tuple((point.x, point.y) for point in corners), modules)

    def _read(self, grey: Grey, code: Unread) -> tuple[Reading, ...]:
        for modules in flattened(grey, code):
            if found := self._clean.decode(_drawn(modules)):
                return found
        return ()


def _modules(code: zxingcpp.Barcode) -> int:
    """From the version that was read beside the finders; 0 when there was none."""
    about = cast("dict[str, object] | None", code.extra) or {}
    version = str(about.get("Version", ""))
    return 17 + 4 * int(version) if version.isdecimal() else 0


def flattened(grey: Grey, code: Unread) -> Iterator[NDArray[np.bool_]]:
    """The modules of a code, True is light, after each round of bending."""
    sizes = (code.modules,) if code.modules else LIKELY_SIZES
    fits = [_fit(grey, code.corners, modules) for modules in sizes]
    fits.sort(key=lambda fit: -abs(fit.match))
    for fit in fits[:MOST_GUESSES]:
        # light on dark: what must be dark is light everywhere
        yield from _rounds(fit.clear if fit.match >= 0 else -fit.clear, fit.must)


def _rounds(clear: Floats, must: Floats) -> Iterator[NDArray[np.bool_]]:
    x, y = _places(len(must))
    yield _seen(clear, x, y, must) > 0
    for stiff in STIFF:
        x, y = _bent(clear, x, y, must, stiff)
        yield _seen(clear, x, y, must) > 0


@dataclass(frozen=True, slots=True)
class _Fit:
    """A size tried on a code: what is seen, what must be, and how well (−1 … 1) they match."""

    clear: Floats
    must: Floats
    match: float


def _fit(grey: Grey, corners: Corners, modules: int) -> _Fit:
    clear, must = _clearness(_squared(grey, corners, modules)), _patterns(modules)
    x, y = _places(modules)
    match = float((_looked_up(clear, x, y) * must).sum() / np.abs(must).sum())
    return _Fit(clear, must, match)


def _squared(grey: Grey, corners: Corners, modules: int) -> Grey:
    near, far = MARGIN * PX, (MARGIN + modules) * PX
    square = np.array([[near, near], [far, near], [far, far], [near, far]], np.float32)
    to_square = cv2.getPerspectiveTransform(np.array(corners, np.float32), square)
    side = far + near
    return cast(
        Grey,
        cv2.warpPerspective(
            grey, to_square, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
    )


def _clearness(square: Grey) -> Floats:
    """From −1 (dark over a whole module) to 1 (light), measured against five modules around."""
    around = (PX * 5, PX * 5)
    calm = cv2.GaussianBlur(square, (0, 0), 1.0)
    window = np.ones(around, np.uint8)
    darkest = cv2.blur(cv2.erode(calm, window).astype(np.float32), around)
    lightest = cv2.blur(cv2.dilate(calm, window).astype(np.float32), around)
    middle, reach = (darkest + lightest) / 2, np.maximum(lightest - darkest, 8) / 2
    return _floats(cv2.blur(np.clip((square - middle) / reach, -1, 1).astype(np.float32), (5, 5)))


def _places(modules: int) -> tuple[Floats, Floats]:
    middles = ((np.arange(modules) + MARGIN + 0.5) * PX - 0.5).astype(np.float32)
    x, y = np.meshgrid(middles, middles)
    return x, y


def _bent(clear: Floats, x: Floats, y: Floats, must: Floats, stiff: float) -> tuple[Floats, Floats]:
    """Move every module to where it and its neighbours are clearest, smoothly."""
    better = np.stack([_agreed(clear, x + dx, y + dy, must, stiff) for dx, dy in BESIDE])
    home = np.array([PULL_HOME * (dx * dx + dy * dy) / 16 for dx, dy in BESIDE], np.float32)
    best = (better - home[:, None, None]).argmax(axis=0)
    moves = np.array(BESIDE, np.float32)[best]
    home_x, home_y = _places(len(must))
    return (
        home_x + _smooth(x - home_x + moves[..., 0], max(1.0, stiff / 2)),
        home_y + _smooth(y - home_y + moves[..., 1], max(1.0, stiff / 2)),
    )


def _agreed(clear: Floats, x: Floats, y: Floats, must: Floats, stiff: float) -> Floats:
    """How good these places are, in the eyes of each module's neighbourhood."""
    seen = _looked_up(clear, x, y)
    good = np.where(must != 0, CERTAIN * must * seen, seen * seen).astype(np.float32)
    return _floats(cv2.GaussianBlur(good, (0, 0), stiff, borderType=cv2.BORDER_CONSTANT))


def _seen(clear: Floats, x: Floats, y: Floats, must: Floats) -> Floats:
    return np.where(must != 0, must, _looked_up(clear, x, y))


def _looked_up(clear: Floats, x: Floats, y: Floats) -> Floats:
    return _floats(cv2.remap(clear, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _smooth(moved: Floats, over: float) -> Floats:
    return _floats(cv2.GaussianBlur(moved, (0, 0), over))


def _floats(picture: object) -> Floats:
    return cast(Floats, picture)  # what OpenCV makes of floats are floats


@lru_cache(maxsize=40)
def _patterns(modules: int) -> Floats:
    """What must be dark (−1) and light (1) in a code of this size; 0 is data. ISO/IEC 18004, 6.3."""
    must = np.zeros((modules, modules), np.float32)
    must[6, :] = must[:, 6] = np.where(np.arange(modules) % 2 == 0, -1, 1)
    finder = np.pad(_rings(7), (0, 1), constant_values=1)
    must[:8, :8] = finder
    must[:8, -8:] = finder[:, ::-1]
    must[-8:, :8] = finder[::-1]
    for row, column in _alignments(modules):
        must[row - 2 : row + 3, column - 2 : column + 3] = _rings(5)
    return must


def _rings(size: int) -> Floats:
    """A dark square in a light one in a dark one."""
    row, column = np.indices((size, size))
    from_middle = np.maximum(abs(row - size // 2), abs(column - size // 2))
    return np.where(from_middle == size // 2 - 1, 1, -1).astype(np.float32)


def _alignments(modules: int) -> Iterator[tuple[int, int]]:
    """The middles of the alignment patterns: as evenly spread as even distances allow (ISO/IEC 18004, annex E)."""
    version = (modules - 17) // 4
    if version < 2:
        return
    number = version // 7 + 2
    apart = 26 if version == 32 else -(-(modules - 13) // (2 * (number - 1))) * 2
    lines = [6, *sorted(modules - 7 - apart * step for step in range(number - 1))]
    corners = {(6, 6), (6, lines[-1]), (lines[-1], 6)}
    yield from (place for place in product(lines, lines) if place not in corners)


def _drawn(modules: NDArray[np.bool_]) -> Grey:
    quiet = np.pad(np.where(modules, 255, 0).astype(np.uint8), 4, constant_values=255)
    return quiet.repeat(3, axis=0).repeat(3, axis=1)
