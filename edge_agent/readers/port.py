"""What a decoder is: a grey picture in, readings out."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""A picture of shape (height, width), 0 is black."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One code that was read.

    Attributes:
        payload: text as UTF-8, or the very bytes where the code says that it holds bytes.
        reader: which engine and which pass read it, e.g. `zxing/half`.
    """

    payload: bytes
    reader: str


class Decoder(Protocol):
    """An engine. It never raises: what it can't do is nothing read."""

    name: str

    def decode(self, grey: Grey) -> tuple[Reading, ...]:
        """All QR codes found in a picture."""
        ...
