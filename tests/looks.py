"""What a screen looks like, compared with the picture of it in `docs/pictures`.

To add a screen: bring a page to a moment that is the same each time (a fake clock, fixed data, `reduced_motion="reduce"`, no
caret, no countdown in view or one that is masked), and

1. where the documents' pictures are taken (a module `pictures.py` beside the tests):
   `keep(page.screenshot(), folder / "name.png")`; run that module once and look at the picture;
2. in a test: `same_look(page.screenshot(), "name")`.

Both pictures are brought to the reference's size, softened, and compared pixel by pixel; a share of pixels may differ, for
another machine draws letters a little differently. When they differ by more, the new picture and a map of the differences
(red) are left in the system's temporary folder and named in the message. If the change is meant, take the picture again.
"""

import io
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

PICTURES: Final = Path(__file__).parents[1] / "docs" / "pictures"
SHARE: Final = 0.5
"""Pictures are kept at half their size."""
SOFTENED_PX: Final = 2.0
STEP: Final = 28
"""So far a channel (0 to 255) may be off, after softening, before a pixel differs."""
MOST: Final = 0.006
"""So many of the pixels may differ: on one of 540×960 a square of 55 pixels."""

Mask = tuple[float, float, float, float]
"""Left, top, right, bottom of what is not compared, as shares of the picture."""


def keep(png: bytes, file: Path, share: float = SHARE) -> None:
    """Keep a screenshot, made smaller and in 256 colours."""
    picture = _opened(png)
    size = round(picture.width * share), round(picture.height * share)
    small = picture.resize(size, Image.Resampling.LANCZOS)
    colours = small.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    colours.save(file, optimize=True)


def difference(png: bytes, reference: Path, masks: tuple[Mask, ...] = ()) -> float:
    """The share of pixels that differ, from 0 to 1; 1 when the shape is another."""
    return float(_differing(_opened(png), Image.open(reference).convert("RGB"), masks).mean())


def same_look(png: bytes, name: str, masks: tuple[Mask, ...] = (), most: float = MOST) -> None:
    """Hold a screenshot against `docs/pictures/{name}.png`.

    Raises:
        AssertionError: it looks different; the message says by how much, and where to look.
    """
    reference = PICTURES / f"{name}.png"
    assert reference.is_file(), (
        f"There is no {reference.name} yet: take it (see the docstring of {__name__})."
    )
    kept = Image.open(reference).convert("RGB")
    differing = _differing(_opened(png), kept, masks)
    share = float(differing.mean())
    if share > most:
        seen = _left_behind(_opened(png), differing, name)
        raise AssertionError(
            f"{name} looks different: {share:.2%} of its pixels, {most:.2%} may. See {seen}. "
            "If it is meant to, take the picture again."
        )


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def _differing(
    picture: Image.Image, reference: Image.Image, masks: tuple[Mask, ...]
) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    width, height = reference.size
    if abs(picture.width / picture.height - width / height) > 0.01:
        return np.ones((height, width), np.bool_)
    small = picture.resize(reference.size, Image.Resampling.LANCZOS)
    soft = [
        np.asarray(each.filter(ImageFilter.GaussianBlur(SOFTENED_PX)), np.int16)
        for each in (small, reference)
    ]
    differing: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = (
        np.abs(soft[0] - soft[1]).max(axis=2) > STEP
    )
    for left, top, right, bottom in masks:
        rows = slice(int(top * height), int(bottom * height) + 1)
        differing[rows, int(left * width) : int(right * width) + 1] = False
    return differing


def _left_behind(
    picture: Image.Image,
    differing: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]",
    name: str,
) -> Path:
    folder = Path(tempfile.gettempdir()) / "daozhen-looks"
    folder.mkdir(exist_ok=True)
    height, width = differing.shape
    seen = np.array(picture.resize((width, height), Image.Resampling.LANCZOS))
    picture.save(folder / f"{name}.png")
    seen[differing] = (230, 0, 0)
    Image.fromarray(seen).save(folder / f"{name}-differs.png")
    return folder / f"{name}-differs.png"
