"""The late opinion: zbar through pyzbar, where libzbar is installed.

It reads some bent and glaring codes that zxing-cpp does not. It is slow, it guesses encodings, and pyzbar raises on
some real pictures; so it is asked rarely, believed only for ASCII, and guarded.
"""

from edge_agent.readers.guard import guarded
from edge_agent.readers.port import Grey, Reading

HINT = "libzbar is missing, so there is no second opinion on hard codes: apt-get install libzbar0"


class Zbar:
    """pyzbar, or nothing: `available` says which, `sentence` what to do about it."""

    def __init__(self) -> None:
        self.name = "zbar"
        self.sentence = ""
        try:
            from pyzbar import pyzbar
        except ImportError:  # raised for the missing shared library too
            self._pyzbar = None
            self.sentence = HINT
        else:
            self._pyzbar = pyzbar

    @property
    def available(self) -> bool:
        """Whether it can be asked at all."""
        return self._pyzbar is not None

    @guarded
    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        """See `Decoder`."""
        if self._pyzbar is None:
            return ()
        # it raises on real pictures: "4294967295 is not a valid ZBarOrientation"
        found = self._pyzbar.decode(grey, symbols=[self._pyzbar.ZBarSymbol.QRCODE])
        return tuple(Reading(bytes(code.data), self.name) for code in found if code.data.isascii())
