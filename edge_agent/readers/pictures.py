"""Pictures from files and from bytes, made grey."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.readers.cascade import read_still
from edge_agent.readers.port import Grey, Reading

MOST_BYTES: Final = 64_000_000
MOST_PIXELS: Final = 40_000_000
SHRINK_TO_PX: Final = 4000
"""The longer side of a picture is brought down to this; a code that needs more is not held up by a person."""


class BadPicture(Exception):
    """Not a picture, or too large a one; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class PictureRead:
    """What a picture held: readings, or why it could not be opened. `ms` is for reading alone."""

    file: str
    readings: tuple[Reading, ...]
    ms: float
    error: str = ""


def grey_picture(data: bytes) -> Grey:
    """Decode PNG, JPEG, WebP, BMP, TIFF … of any depth; turned as its camera says; transparent is white.

    Raises:
        BadPicture: it can't be decoded, or is too large.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture(
            f"The picture has {len(data) >> 20} MiB; at most {MOST_BYTES >> 20} are read."
        )
    try:
        coded = np.frombuffer(data, np.uint8)
        picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE) if coded.size else None
        alpha = cv2.imdecode(coded, cv2.IMREAD_UNCHANGED) if picture is not None else None
    except cv2.error as error:
        raise BadPicture("The picture is damaged or far too large.") from error
    if picture is None:
        raise BadPicture("This is no picture that can be read; try PNG, JPEG or WebP.")
    grey = cast(Grey, picture)
    if alpha is not None and alpha.ndim == 3 and alpha.shape[2] == 4:
        grey = _on_white(grey, cast("NDArray[np.uint8]", alpha))
    return _shrunk(grey)


def _on_white(grey: Grey, four: NDArray[np.uint8] | NDArray[np.uint16]) -> Grey:
    most = 255 if four.dtype == np.uint8 else 65535
    opacity = four[:, :, 3].astype(np.float32) / most
    if opacity.shape != grey.shape:
        return grey
    return np.asarray(grey * opacity + 255 * (1 - opacity), dtype=np.uint8)


def _shrunk(grey: Grey) -> Grey:
    longer = max(grey.shape)
    if grey.size > MOST_PIXELS or longer > SHRINK_TO_PX:
        scale = SHRINK_TO_PX / longer
        return cast(Grey, cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return grey


def read_pictures(paths: Iterable[Path]) -> Iterator[PictureRead]:
    """Read files one by one; a file that can't be opened is an answer too."""
    for path in paths:
        try:
            grey = grey_picture(path.read_bytes())
        except (BadPicture, OSError) as error:
            yield PictureRead(str(path), (), 0.0, str(error))
            continue
        began = perf_counter()
        readings = read_still(grey)
        yield PictureRead(str(path), readings, (perf_counter() - began) * 1000)
