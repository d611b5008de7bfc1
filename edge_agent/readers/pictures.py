"""Pictures from files and from bytes, made grey."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge_agent.readers.cascade import read_quickly, read_still
from edge_agent.readers.port import Grey, Reading
from edge_agent.readers.zbar import Zbar

MOST_BYTES: Final = 64_000_000
MOST_PIXELS: Final = 60_000_000
"""What is decoded at full size."""
MOST_PIXELS_JPEG: Final = 240_000_000
"""A JPEG can be decoded at half or a quarter of its size; the largest telephones take 200 megapixels."""
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
    """Decode PNG, JPEG, WebP, BMP, TIFF, GIF … of any depth; transparent is white.

    Raises:
        BadPicture: it can't be decoded, or is too large. Its size is looked at before it is decoded.
    """
    how = _smaller(data)
    grey = cast(Grey, _decoded(data, cv2.IMREAD_GRAYSCALE if how == 1 else _REDUCED_GREY[how]))
    if not data.startswith(_JPEG):
        whole = _decoded(data, cv2.IMREAD_UNCHANGED)
        if whole.ndim == 3 and whole.shape[2] == 4:
            grey = _on_white(grey, whole)
    return _shrunk(grey)


def colours(data: bytes) -> tuple[Grey, ...]:
    """Red, green and blue as pictures of their own: red on green may be no contrast at all in grey.

    Raises:
        BadPicture: as `grey_picture` does.
    """
    how = _smaller(data)
    picture = _decoded(data, cv2.IMREAD_COLOR if how == 1 else _REDUCED_COLOUR[how])
    channels = [cast(Grey, np.ascontiguousarray(picture[:, :, each])) for each in (2, 1, 0)]
    if all(np.array_equal(channels[0], other) for other in channels[1:]):
        return ()
    return tuple(_shrunk(each) for each in channels)


_JPEG: Final = b"\xff\xd8\xff"
_REDUCED_GREY: Final = {2: cv2.IMREAD_REDUCED_GRAYSCALE_2, 4: cv2.IMREAD_REDUCED_GRAYSCALE_4}
_REDUCED_COLOUR: Final = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}


def _smaller(data: bytes) -> int:
    """How many times smaller it must be decoded: 1, 2 or 4. The header is believed, nothing is decoded for it."""
    if len(data) > MOST_BYTES:
        raise BadPicture(
            f"The picture has {len(data) >> 20} MiB; at most {MOST_BYTES >> 20} are read."
        )
    pixels = _pixels(data)
    if data.startswith(_JPEG) and pixels <= MOST_PIXELS_JPEG:
        return 1 if pixels <= MOST_PIXELS else 2 if pixels <= 2 * MOST_PIXELS else 4
    if pixels > MOST_PIXELS:
        raise BadPicture(
            f"The picture has {pixels // 1_000_000} megapixels; at most {MOST_PIXELS // 1_000_000} are read. "
            "Take it smaller, or cut out the code."
        )
    return 1


def _pixels(data: bytes) -> int:
    """From the header; 0 for a format that only OpenCV knows, which has limits of its own."""
    try:
        with (
            warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
            Image.open(BytesIO(data)) as picture,
        ):
            return picture.width * picture.height
    except Image.DecompressionBombError as error:
        if data.startswith(_JPEG):
            return MOST_PIXELS_JPEG
        raise BadPicture("The picture is far too large; cut out the code.") from error
    except (OSError, ValueError, SyntaxError):  # what Pillow raises for what it does not know
        return 0


def _decoded(data: bytes, how: int) -> "NDArray[np.uint8] | NDArray[np.uint16]":
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), how) if data else None
    except cv2.error as error:
        raise BadPicture("The picture is damaged or far too large.") from error
    if picture is None:
        raise BadPicture("This is no picture that can be read; try PNG, JPEG or WebP.")
    return cast("NDArray[np.uint8]", picture)


def _on_white(grey: Grey, four: NDArray[np.uint8] | NDArray[np.uint16]) -> Grey:
    most = 255 if four.dtype == np.uint8 else 65535
    opacity = four[:, :, 3].astype(np.float32) / most
    if opacity.shape != grey.shape:
        return grey
    return np.asarray(grey * opacity + 255 * (1 - opacity), dtype=np.uint8)


def _shrunk(grey: Grey) -> Grey:
    longer = max(grey.shape)
    if longer <= SHRINK_TO_PX:
        return grey
    scale = SHRINK_TO_PX / longer
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return cast(Grey, cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def read_pictures(paths: Iterable[Path]) -> Iterator[PictureRead]:
    """Read files one by one; a file that can't be opened is an answer too."""
    late = Zbar()
    for path in paths:
        try:
            data = path.read_bytes()
            grey = grey_picture(data)
        except BadPicture as error:
            yield PictureRead(str(path), (), 0.0, str(error))
        except OSError as error:
            yield PictureRead(
                str(path), (), 0.0, f"The picture can't be opened: {error.strerror or error}."
            )
        else:
            began = perf_counter()
            readings = read_still(grey, late) or _in_colours(data)
            yield PictureRead(str(path), readings, (perf_counter() - began) * 1000)


def _in_colours(data: bytes) -> tuple[Reading, ...]:
    return next((found for each in colours(data) if (found := read_quickly(each))), ())
