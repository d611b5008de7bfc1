"""Drawing a card as a QR code: level M, alphanumeric mode where the text allows it."""

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from qrcode.util import QRData


def _code(text: str) -> "qrcode.QRCode[object]":
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(QRData(text.encode()), optimize=0)
    code.make(fit=True)
    return code


def matrix(text: str) -> list[list[bool]]:
    """Modules, True is dark, with the quiet zone of four around."""
    return [[bool(module) for module in row] for row in _code(text).get_matrix()]


def version(text: str) -> int:
    """The QR version (1–40) that a text needs."""
    return int(_code(text).version or 0)


def png(text: str, module_px: int = 8) -> bytes:
    """A black-and-white picture."""
    code = _code(text)
    code.box_size = module_px
    picture = io.BytesIO()
    code.make_image().save(picture, format="PNG")
    return picture.getvalue()


def svg(text: str) -> str:
    """A drawing that stays sharp at any size."""
    drawing = io.BytesIO()
    _code(text).make_image(image_factory=SvgPathImage).save(drawing)
    return drawing.getvalue().decode()


def terminal(text: str) -> str:
    """Two modules a character, for a terminal with light letters on a dark ground."""
    rows = matrix(text)
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return "\n".join(
        "".join(blocks[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
