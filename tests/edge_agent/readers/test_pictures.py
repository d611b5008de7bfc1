"""Pictures of every sort, and what is no picture."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge_agent.readers import BadPicture, Grey, grey_picture, read_pictures, read_still
from protocol.card import qr

TEXT = "EVC1-A-PICTURE-OF-A-CARD"
CODE: Grey = np.where(np.array(qr.matrix(TEXT)), 0, 255).astype(np.uint8).repeat(6, 0).repeat(6, 1)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def coloured(dark: tuple[int, int, int], light: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.where(CODE[:, :, None] > 0, np.array(light), np.array(dark)).astype(np.uint8)


def payloads(data: bytes) -> list[bytes]:
    return [found.payload for found in read_still(grey_picture(data))]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_common_formats_are_read(kind: str) -> None:
    assert payloads(saved(Image.fromarray(CODE), kind)) == [TEXT.encode()]


def test_a_transparent_picture_stands_on_white() -> None:
    clear = np.zeros((*CODE.shape, 4), np.uint8)
    clear[:, :, 3] = 255 - CODE
    assert payloads(saved(Image.fromarray(clear), "PNG")) == [TEXT.encode()]


def test_sixteen_bits_a_pixel_are_read() -> None:
    deep = cv2.imencode(".png", CODE.astype(np.uint16) * 257)[1].tobytes()
    assert payloads(deep) == [TEXT.encode()]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_read_however_the_camera_was_held(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert payloads(saved(Image.fromarray(CODE), "JPEG", exif=exif)) == [TEXT.encode()]


def test_red_on_a_green_of_the_same_brightness_is_read(tmp_path: Path) -> None:
    path = tmp_path / "colours.png"
    path.write_bytes(saved(Image.fromarray(coloured((255, 0, 0), (0, 130, 0))), "PNG"))
    assert not payloads(path.read_bytes())
    (result,) = read_pictures([path])
    assert [found.payload for found in result.readings] == [TEXT.encode()]


def test_all_codes_in_a_picture_are_told_once() -> None:
    other = np.where(np.array(qr.matrix("EVC1-ANOTHER")), 0, 255).astype(np.uint8)
    other = other.repeat(6, 0).repeat(6, 1)
    both = np.full((CODE.shape[0], CODE.shape[1] * 2 + other.shape[1]), 255, np.uint8)
    both[:, : CODE.shape[1]] = both[:, CODE.shape[1] : 2 * CODE.shape[1]] = CODE
    both[: other.shape[0], -other.shape[1] :] = other
    assert sorted(found.payload for found in read_still(both)) == [b"EVC1-A-PICTURE-OF-A-CARD", b"EVC1-ANOTHER"]  # fmt: skip


def test_chinese_is_utf_8_whatever_the_code_says_inside() -> None:
    code = np.where(np.array(qr.matrix("张小宝")), 0, 255).astype(np.uint8).repeat(6, 0)
    assert [found.payload for found in read_still(code.repeat(6, 1))] == ["张小宝".encode()]


def test_a_telephones_largest_picture_is_read() -> None:
    large = np.full((8000, 9000), 255, np.uint8)
    code = CODE.repeat(8, 0).repeat(8, 1)
    large[3000 : 3000 + code.shape[0], 3000 : 3000 + code.shape[1]] = code
    jpeg = cv2.imencode(".jpg", large)[1].tobytes()
    assert max(grey_picture(jpeg).shape) <= 4000
    assert payloads(jpeg) == [TEXT.encode()]


def claimed_png(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it is enormous."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = (
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each))
        for each in (header, data, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [9_000, 40_000, 2_000_000])
def test_a_small_file_that_claims_to_be_enormous_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(BadPicture, match=r"too large|megapixels"):
        grey_picture(claimed_png(side, side))


def test_a_file_of_100_mib_is_refused() -> None:
    with pytest.raises(BadPicture, match="at most"):
        grey_picture(bytes(100 << 20))


def test_what_can_not_be_opened_is_an_answer_and_the_rest_is_read(tmp_path: Path) -> None:
    good = tmp_path / "good.png"
    good.write_bytes(saved(Image.fromarray(CODE), "PNG"))
    missing, folder, text = tmp_path / "missing.png", tmp_path / "folder", tmp_path / "a.png"
    folder.mkdir()
    text.write_text("hello")
    results = list(read_pictures([missing, folder, text, good]))
    assert [bool(result.error) for result in results] == [True, True, True, False]
    assert results[0].error == "The picture can't be opened: No such file or directory."
    assert results[3].readings[0].payload == TEXT.encode()
