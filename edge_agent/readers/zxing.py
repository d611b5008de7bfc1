"""The main engine: zxing-cpp, QR codes only (looking for every symbology costs forty times as much)."""

from typing import Final

import zxingcpp

from edge_agent.readers.port import Grey, Reading

MODELS: Final = zxingcpp.barcode_formats_from_str("QRCodeModel1,QRCodeModel2")
FAMILY: Final = zxingcpp.barcode_formats_from_str("QRCode")
"""Micro QR and rMQR too. Their few check bits let noise pass for a code now and then: for still pictures only."""
LOCAL: Final = zxingcpp.Binarizer.LocalAverage
GLOBAL: Final = zxingcpp.Binarizer.GlobalHistogram


class Zxing:
    """zxing-cpp with one of its binarizers: `local` bears uneven light, `global` bears bends and low contrast.

    Looking for light codes on dark ground as well (`inverted`) costs half as much again where there is nothing.
    """

    def __init__(
        self,
        binarizer: zxingcpp.Binarizer = LOCAL,
        formats: zxingcpp.BarcodeFormats = MODELS,
        *,
        inverted: bool = True,
    ) -> None:
        self.name = "zxing"
        self._inverted = inverted
        self._binarizer = binarizer
        self._formats = formats

    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        """See `Decoder`. A code within a code comes first: it was put there to be read."""
        found = zxingcpp.read_barcodes(
            grey,
            formats=self._formats,
            binarizer=self._binarizer,
            try_invert=self._inverted,
            text_mode=zxingcpp.TextMode.Plain,
        )
        valid = sorted((code for code in found if code.valid), key=_diagonal)
        return tuple(Reading(_payload(code), self.name) for code in valid)


def _diagonal(code: zxingcpp.Barcode) -> float:
    one, other = code.position.top_left, code.position.bottom_right
    return float((one.x - other.x) ** 2 + (one.y - other.y) ** 2)


def _payload(code: zxingcpp.Barcode) -> bytes:
    if code.content_type in (zxingcpp.ContentType.Binary, zxingcpp.ContentType.UnknownECI):
        return bytes(code.bytes)
    return str(code.text).encode()
