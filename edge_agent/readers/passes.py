"""Passes: a change of the picture, then an engine. The changes are what hard codes need, not what pictures need.

| pass | for |
|---|---|
| half, quarter | moiré of a screen, grain, dotted modules: averaging joins them |
| calm | grain |
| even | glare and shade |
| middle | far, out of focus; twice the size of the middle costs as much as the whole |
| global | low contrast and bends: one threshold for all |
| double | small or far: modules of two pixels |
| dark | overexposed: a gamma that brings the greys apart |
| sharp | out of focus |
| soft | noise, and modules with gaps |
| stretch | pale all over, or pale in parts |
| close, erode | light or dark specks |
| wide | seen from the side |
| flat | paper and cloth that are not |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np

from edge_agent.readers.flat import Flat
from edge_agent.readers.guard import guarded
from edge_agent.readers.port import Decoder, Grey, Reading
from edge_agent.readers.zxing import FAMILY, GLOBAL, Zxing

MOST_PIXELS: Final = 6_000_000
"""No picture is made larger than this."""
LEAST_SIDE: Final = 20
"""Pixels; the smallest code has 21 modules a side."""

Change = Callable[[Grey], Grey]


@dataclass(frozen=True, slots=True)
class Pass:
    """A named change of the picture, and who looks at it afterwards. `enlarges`: how many times more pixels it makes."""

    name: str
    change: Change
    decoder: Decoder
    enlarges: float = 1

    @guarded
    def read(self, grey: Grey) -> tuple[Reading, ...]:
        """What this pass reads."""
        if self.enlarges > 1 and grey.size * self.enlarges > MOST_PIXELS:
            return ()
        changed = self.change(grey)
        if min(changed.shape) < LEAST_SIDE:
            return ()
        name = f"{self.decoder.name}/{self.name}"
        return tuple(Reading(found.payload, name) for found in self.decoder.decode(changed))


def _scaled(across: float, down: float | None = None) -> Change:
    down = down or across
    how = cv2.INTER_AREA if across * down < 1 else cv2.INTER_CUBIC

    def change(grey: Grey) -> Grey:
        width, height = round(grey.shape[1] * across), round(grey.shape[0] * down)
        return _grey(cv2.resize(grey, (max(1, width), max(1, height)), interpolation=how))

    return change


def _grey(picture: object) -> Grey:
    return cast(Grey, picture)  # what OpenCV makes of a grey picture is one


def _same(grey: Grey) -> Grey:
    return grey


def _dark(grey: Grey) -> Grey:
    return _grey(cv2.LUT(grey, _GAMMA_2))


_GAMMA_2: Final = (255 * (np.arange(256) / 255) ** 2).astype(np.uint8)


def _sharp(grey: Grey) -> Grey:
    return _grey(cv2.addWeighted(grey, 2.5, cv2.GaussianBlur(grey, (0, 0), 2), -1.5, 0))


def _crisp(grey: Grey) -> Grey:
    """Against a wide blur, in a picture that was made larger first."""
    calm = cv2.blur(grey, (5, 5))
    return _grey(cv2.addWeighted(calm, 4, cv2.blur(calm, (15, 15)), -3, 0))


def _calm(grey: Grey) -> Grey:
    return _grey(cv2.blur(grey, (3, 3)))


def _even(grey: Grey) -> Grey:
    """The difference from what is around: glare and shade go, small codes of 3–8 pixels a module stay."""
    return _less_around(_calm(grey), 15)


def _even_wide(grey: Grey) -> Grey:
    return _less_around(_calm(grey), 41)


def _less_around(grey: Grey, size: int) -> Grey:
    return _grey(cv2.addWeighted(grey, 1.5, cv2.blur(grey, (size, size)), -1.5, 128))


def _middle(share: float) -> Change:
    """The middle of the picture, by its width and height: where a card is held up to."""

    def change(grey: Grey) -> Grey:
        height, width = grey.shape
        above, left = int(height * (1 - share) / 2), int(width * (1 - share) / 2)
        return np.ascontiguousarray(grey[above : height - above, left : width - left])

    return change


def _stretch(grey: Grey) -> Grey:
    """The darkest and lightest hundredth become black and white, in each part of the picture."""
    return _grey(cv2.createCLAHE(clipLimit=8.0, tileGridSize=(4, 4)).apply(grey))


def _soft(grey: Grey) -> Grey:
    return _grey(cv2.GaussianBlur(grey, (0, 0), 1.5))


def _close(grey: Grey) -> Grey:
    return _grey(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))


def _erode(grey: Grey) -> Grey:
    return _grey(cv2.erode(grey, np.ones((3, 3), np.uint8)))


def _turned(degrees: float) -> Change:
    def change(grey: Grey) -> Grey:
        height, width = grey.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return _grey(
            cv2.warpAffine(
                grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
            )
        )

    return change


def _then(*changes: Change) -> Change:
    def change(grey: Grey) -> Grey:
        for each in changes:
            grey = each(grey)
        return grey

    return change


_LOCAL: Final = Zxing()
_GLOBAL: Final = Zxing(GLOBAL)
_DARK_ON_LIGHT: Final = Zxing(inverted=False)

_EVERY_OTHER: Final = Pass("plain", _same, _DARK_ON_LIGHT)
_BETWEEN: Final = Pass("calm", _calm, _DARK_ON_LIGHT)
_EVEN: Final = Pass("even", _even, _DARK_ON_LIGHT)
_EVEN_MIDDLE: Final = Pass("even-middle", _then(_middle(0.75), _even), _DARK_ON_LIGHT)
_DOUBLED: Final = Pass("middle", _then(_middle(0.5), _scaled(2), _crisp), _DARK_ON_LIGHT)
_RARE: Final = (
    Pass("half", _scaled(0.5), _LOCAL),
    Pass("flat", _calm, Flat(most_modules=61, guess=False)),
    Pass("inverted", _calm, _LOCAL),
    Pass("wide", _scaled(0.9, 0.6), _DARK_ON_LIGHT),
    Pass("dark", _dark, _DARK_ON_LIGHT),
)


def _turns() -> Iterator[tuple[Pass, Pass]]:
    for rare in _RARE:
        yield _EVERY_OTHER, rare
        yield _BETWEEN, _EVEN
        yield _EVERY_OTHER, _DOUBLED
        yield _BETWEEN, _EVEN_MIDDLE


LIVE_TURNS: Final = tuple(_turns())
"""Two looks at each frame of a camera, in turn: what reads most comes round each second frame, the rest within 0.67 s."""

STILL_PLAIN: Final = Pass("plain", _same, Zxing(formats=FAMILY))

_DOUBLE: Final = _scaled(2)

STILL_EXTRA: Final = (
    Pass("half", _scaled(0.5), _LOCAL),
    Pass("global", _same, _GLOBAL),
    Pass("flat", _same, Flat(guess=False)),
    Pass("flat-global", _same, Flat(GLOBAL, guess=False)),
    Pass("sharp", _then(_scaled(0.5), _sharp), _LOCAL),
    Pass("dark", _dark, _LOCAL),
    Pass("quarter", _scaled(0.25), _LOCAL),
    Pass("wide", _scaled(0.9, 0.6), _LOCAL),
    Pass("double", _DOUBLE, _LOCAL, 4),
    Pass("double-global", _DOUBLE, _GLOBAL, 4),
    Pass("soft", _soft, _LOCAL),
    Pass("even", _even, _LOCAL),
    Pass("even-double", _then(_DOUBLE, _even_wide, _crisp), _LOCAL, 4),
    Pass("close", _close, _LOCAL),
    Pass("erode", _erode, _LOCAL),
    Pass("third", _scaled(1 / 3), _LOCAL),
    Pass("half-soft", _then(_scaled(0.5), _soft), _LOCAL),
    Pass("stretch", _then(_soft, _stretch), _LOCAL),
    Pass("double-sharp", _then(_DOUBLE, _crisp), _LOCAL, 4),
    Pass("wide-double", _scaled(3, 2), _LOCAL, 6),
    Pass("tall-double", _scaled(2, 3), _LOCAL, 6),
    Pass("dark-double", _then(_DOUBLE, _dark), _LOCAL, 4),
    Pass("turned", _then(_DOUBLE, _turned(10)), _GLOBAL, 4),
    Pass("turned-back", _then(_DOUBLE, _turned(-10)), _GLOBAL, 4),
    Pass("flat-double", _DOUBLE, Flat(), 4),
    Pass("flat-soft", _then(_DOUBLE, _soft, _soft), Flat(), 4),
    Pass("flat-stretch", _then(_soft, _stretch), Flat(GLOBAL)),
    Pass("flat-sharp", _then(_DOUBLE, _crisp), Flat(), 4),
    Pass("flat-half", _then(_scaled(0.5), _soft), Flat()),
    Pass("flat-turned", _then(_DOUBLE, _turned(10)), Flat(GLOBAL), 4),
)
"""For a still picture, cheap and likely ones first."""
