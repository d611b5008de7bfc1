"""The comparing of pictures itself: it lets through what another machine does to letters, and nothing that a person would see."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests import looks


def screen(shift: int = 0, button: str = "#0a6a63", colour: str = "#10303a") -> bytes:
    picture = Image.new("RGB", (540, 960), "#eef5f4")
    draw = ImageDraw.Draw(picture)
    for row in range(10):
        draw.rectangle((40 + shift, 100 + row * 45, 350 + shift, 103 + row * 45), fill=colour)
    draw.rounded_rectangle((40, 800, 500, 880), 20, fill=button)
    return png(picture)


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    looks.keep(screen(), tmp_path / "kept.png", 1.0)
    return tmp_path / "kept.png"


def test_the_same_screen_and_one_a_hair_off_look_the_same(kept: Path) -> None:
    assert looks.difference(screen(), kept) == 0
    assert looks.difference(screen(shift=1), kept) <= looks.MOST


@pytest.mark.parametrize(
    "other", [screen(button="#c2451e"), screen(shift=30), screen(colour="#eef5f4")]
)
def test_another_colour_another_place_or_something_gone_is_seen(kept: Path, other: bytes) -> None:
    assert looks.difference(other, kept) > looks.MOST


def test_what_is_masked_is_not_compared_and_another_shape_is_all_different(kept: Path) -> None:
    red = screen(button="#c2451e")
    assert looks.difference(red, kept, ((0.0, 0.8, 1.0, 1.0),)) == 0
    assert looks.difference(png(Image.new("RGB", (1920, 1080))), kept) == 1


def test_a_difference_says_where_to_look_and_what_to_do(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PICTURES", kept.parent)
    looks.same_look(screen(), "kept")
    with pytest.raises(AssertionError, match=r"kept looks different: .* take the picture again"):
        looks.same_look(screen(button="#c2451e"), "kept")
    with pytest.raises(AssertionError, match=r"There is no other\.png yet"):
        looks.same_look(screen(), "other")
