"""From a slip to dots: 80 mm paper, 72 mm printed at 203 dpi, so that no printer needs Chinese letters of its own."""

import re
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from edge_agent.paper.slip import Line, Picture, Rule, Size, Slip

WIDTH: Final = 576
"""Dots in a row."""
_EDGE: Final = 12
_DOTS: Final = {Size.NUMBER: 150, Size.LARGE: 46, Size.PLAIN: 32, Size.SMALL: 24}
"""Height of type. 24 dots are 3 mm: the smallest that an elderly reader can hold at arm's length."""
_BOLD: Final = frozenset({Size.NUMBER, Size.LARGE})
_TYPE: Final = {
    True: ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc"),
    False: ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "wqy-zenhei.ttc"),
}
"""Names of files with Chinese type, looked for where the system keeps its fonts."""
_NOT_AT_THE_START: Final = "，。：；、！？）》·,.:;!?)"
_CLAUSE: Final = re.compile(r"[^，。；：？！]*[，。；：？！]+|[^，。；：？！]+$")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(slip: Slip) -> Image.Image:
    """Draw a slip: mode `1`, `WIDTH` dots wide, as high as it must be. A picture that can't be read is left out."""
    pieces = [piece for part in slip.parts for piece in _pieces(part)]
    height = sum(piece.height for piece in pieces) + 2 * _EDGE
    paper = Image.new("L", (WIDTH, height), 255)
    y = _EDGE
    for piece in pieces:
        paper.paste(piece, ((WIDTH - piece.width) // 2, y))
        y += piece.height
    return paper.point(lambda shade: 255 if shade > 140 else 0).convert("1")


def _pieces(part: Line | Rule | Picture) -> list[Image.Image]:
    match part:
        case Line(words, size):
            return [_line(row, size) for row in _wrapped(words, size)]
        case Rule():
            ruled = Image.new("L", (WIDTH, 22), 255)
            ImageDraw.Draw(ruled).line((_EDGE, 11, WIDTH - _EDGE, 11), fill=0, width=2)
            return [ruled]
        case Picture(png):
            return _picture(png)


def _line(words: str, size: Size) -> Image.Image:
    dots = _DOTS[size]
    row = Image.new("L", (WIDTH, round(dots * 1.3)), 255)
    font = _font(size, dots)
    too_long = font.getlength(words) / (WIDTH - 2 * _EDGE)
    if too_long > 1:
        font = _font(size, int(dots / too_long))
    ImageDraw.Draw(row).text((WIDTH / 2, row.height / 2), words, fill=0, font=font, anchor="mm")
    return row


def _picture(png: bytes) -> list[Image.Image]:
    try:
        with Image.open(BytesIO(png)) as opened:
            picture = opened.convert("L")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return []
    picture.thumbnail((WIDTH, picture.height))
    return [picture]


def _wrapped(words: str, size: Size) -> list[str]:
    """As few rows as it takes: broken between clauses where that is enough, else all about as long, so that no
    character stands alone in the last.
    """
    pieces, font = _breakable(words), _font(size, _DOTS[size])
    low, high = 0, WIDTH - 2 * _EDGE
    fewest = len(_rows(pieces, font, high))
    clauses = _rows(_CLAUSE.findall(words), font, high)
    if len(clauses) <= fewest and all(font.getlength(row.strip()) <= high for row in clauses):
        return [row.strip() for row in clauses if row.strip()]
    while high - low > 8:
        middle = (low + high) // 2
        if len(_rows(pieces, font, middle)) > fewest:
            low = middle
        else:
            high = middle
    return [row.strip() for row in _rows(pieces, font, high) if row.strip()]


def _rows(pieces: list[str], font: Font, width: int) -> list[str]:
    rows = [""]
    for piece in pieces:
        if rows[-1].strip() and font.getlength((rows[-1] + piece).rstrip()) > width:
            rows.append(piece)
        else:
            rows[-1] += piece
    return rows


def _breakable(words: str) -> list[str]:
    """Where a row may end: after a space, and between Chinese characters, but never before a full stop."""
    pieces: list[str] = []
    for letter in words:
        new = not pieces or pieces[-1].endswith(" ") or _chinese(letter) or _chinese(pieces[-1][-1])
        if new and not (pieces and letter in _NOT_AT_THE_START):
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def _chinese(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\uffef"


@cache
def _font(size: Size, dots: int) -> Font:
    for name in _TYPE[size in _BOLD]:
        try:
            return ImageFont.truetype(name, dots)
        except OSError:
            continue
    return ImageFont.load_default(dots)
