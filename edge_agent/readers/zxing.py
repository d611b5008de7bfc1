"""The main engine: zxing-cpp, QR codes only (looking for every symbology costs forty times as much)."""

from typing import Final

import structlog
import zxingcpp

from edge_agent.readers.port import Grey, Reading

_log = structlog.get_logger()
_FORMATS: Final = zxingcpp.barcode_formats_from_str("QRCode")
LOCAL: Final = zxingcpp.Binarizer.LocalAverage
GLOBAL: Final = zxingcpp.Binarizer.GlobalHistogram


class Zxing:
    """zxing-cpp with one of its binarizers: `local` bears uneven light, `global` bears bends and low contrast."""

    def __init__(self, binarizer: zxingcpp.Binarizer = LOCAL) -> None:
        self.name = "zxing"
        self._binarizer = binarizer

    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        """See `Decoder`."""
        try:
            found = zxingcpp.read_barcodes(
                grey,
                formats=_FORMATS,
                binarizer=self._binarizer,
                text_mode=zxingcpp.TextMode.Plain,
            )
        except (RuntimeError, ValueError) as error:
            _log.warning("reader_failed", reader=self.name, error=str(error))
            return ()
        return tuple(Reading(_payload(code), self.name) for code in found if code.valid)


def _payload(code: zxingcpp.Barcode) -> bytes:
    if code.content_type in (zxingcpp.ContentType.Binary, zxingcpp.ContentType.UnknownECI):
        return bytes(code.bytes)
    return str(code.text).encode()
