"""Passes: a change of the picture, then an engine. The changes are what hard codes need, not what pictures need.

| pass | for |
|---|---|
| half, quarter | moiré of a screen, grain, dotted modules: averaging joins them |
| global | low contrast and bends: one threshold for all |
| double | small or far: modules of two pixels |
| dark | overexposed: a gamma that brings the greys apart |
| sharp | out of focus |
| soft | noise, and modules with gaps |
| close, erode | light or dark specks |
| wide | seen from the side |
| bend … | paper and cloth that are not flat |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.readers.port import Decoder, Grey, Reading
from edge_agent.readers.zxing import GLOBAL, Zxing

MOST_PIXELS: Final = 6_000_000
"""No pass makes a larger picture than this."""

Change = Callable[[Grey], Grey]


@dataclass(frozen=True, slots=True)
class Pass:
    """A named change of the picture, and who looks at it afterwards."""

    name: str
    change: Change
    decoder: Decoder

    def read(self, grey: Grey) -> tuple[Reading, ...]:
        """What this pass reads."""
        changed = self.change(grey)
        if min(changed.shape) < 20 or changed.size > MOST_PIXELS:
            return ()
        name = f"{self.decoder.name}/{self.name}"
        return tuple(Reading(found.payload, name) for found in self.decoder.decode(changed))


def _scaled(across: float, down: float | None = None) -> Change:
    down = down or across

    def change(grey: Grey) -> Grey:
        if grey.size * across * down > MOST_PIXELS:
            return grey
        how = cv2.INTER_AREA if across * down < 1 else cv2.INTER_CUBIC
        return _grey(cv2.resize(grey, None, fx=across, fy=down, interpolation=how))

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


def _bent(size: float, waves: float, phase: float, *, down: bool) -> Change:
    """Shift rows sideways (or columns down) along a sine: undoes one fold, or a page that is rolled."""

    def change(grey: Grey) -> Grey:
        x, y = _bend_map(grey.shape[0], grey.shape[1], size, waves, phase, down)
        return _grey(cv2.remap(grey, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))

    return change


@lru_cache(maxsize=64)
def _bend_map(
    height: int, width: int, size: float, waves: float, phase: float, down: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if down:
        y = y + size * height * np.sin(2 * np.pi * waves * x / width + phase)
    else:
        x = x + size * width * np.sin(2 * np.pi * waves * y / height + phase)
    return x.astype(np.float32), y.astype(np.float32)


def _then(*changes: Change) -> Change:
    def change(grey: Grey) -> Grey:
        for each in changes:
            grey = each(grey)
        return grey

    return change


_LOCAL: Final = Zxing()
_GLOBAL: Final = Zxing(GLOBAL)

PLAIN: Final = Pass("plain", _same, _LOCAL)

LIVE_EXTRA: Final = (
    Pass("half", _scaled(0.5), _LOCAL),
    Pass("global", _same, _GLOBAL),
    Pass("sharp", _then(_scaled(0.5), _sharp), _LOCAL),
    Pass("dark", _dark, _LOCAL),
    Pass("quarter", _scaled(0.25), _LOCAL),
    Pass("wide", _scaled(0.9, 0.6), _LOCAL),
)
"""One of these in turn for each frame; at 30 frames a second all have looked within 0.2 s."""

_DOUBLE: Final = _scaled(2)

STILL_FLAT: Final = (
    *LIVE_EXTRA,
    Pass("double", _DOUBLE, _LOCAL),
    Pass("double-global", _DOUBLE, _GLOBAL),
    Pass("soft", _soft, _LOCAL),
    Pass("close", _close, _LOCAL),
    Pass("erode", _erode, _LOCAL),
    Pass("third", _scaled(1 / 3), _LOCAL),
    Pass("half-soft", _then(_scaled(0.5), _soft), _LOCAL),
    Pass("wide-double", _scaled(3, 2), _LOCAL),
    Pass("tall-double", _scaled(2, 3), _LOCAL),
    Pass("dark-double", _then(_DOUBLE, _dark), _LOCAL),
    Pass("turned", _then(_DOUBLE, _turned(10)), _GLOBAL),
    Pass("turned-back", _then(_DOUBLE, _turned(-10)), _GLOBAL),
)
"""For a still picture, cheap and likely ones first."""


def _bends() -> Iterator[Pass]:
    for size in (0.01, 0.02, 0.03, 0.045):
        for waves in (0.5, 1.0, 1.5):
            for eighth in range(0, 8, 2):
                for down in (True, False):
                    bend = _bent(size, waves, eighth * np.pi / 4, down=down)
                    name = f"bend-{size}-{waves}-{eighth}-{'down' if down else 'across'}"
                    for decoder in (_LOCAL, _GLOBAL):
                        yield Pass(name, _then(_DOUBLE, bend), decoder)


STILL_BENT: Final = tuple(_bends())
"""The last resort for cloth and crumpled paper; only on pictures small enough to be a code and little else."""
BENT_PIXELS: Final = 1_000_000
