"""A receipt printer in the network that is none: takes ESC/POS, keeps what it would have printed, answers how it fares."""

import socket
import threading
from typing import Final

import numpy as np
from PIL import Image

STATUS: Final = b"\x10\x04"
RASTER: Final = b"\x1dv0"
CUT: Final = b"\x1dV"


class FakePrinter:
    """Attributes `out`, `low`, `open` change how it fares; `slips` holds what was cut off so far."""

    def __init__(self) -> None:
        self.out = False
        self.low = False
        self.open = False
        self.silent = False
        self.slips: list[Image.Image] = []
        self._pieces: list[Image.Image] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.spec = f"net:127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Be switched off."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                self._listen(line)

    def _listen(self, line: socket.socket) -> None:
        held = b""
        while taken := line.recv(65536):
            held += taken
            while True:
                rest = self._understood(held, line)
                if rest is None:
                    break
                held = rest

    def _understood(self, held: bytes, line: socket.socket) -> bytes | None:
        """What is left after the first command; None when that is not whole yet."""
        if held.startswith(STATUS) and len(held) >= 3:
            if not self.silent:
                line.sendall(bytes([self._status(held[2])]))
            return held[3:]
        if held.startswith(RASTER) and len(held) >= 8:
            wide, high = int.from_bytes(held[4:6], "little"), int.from_bytes(held[6:8], "little")
            end = 8 + wide * high
            if len(held) < end:
                return None
            dots = np.unpackbits(np.frombuffer(held[8:end], np.uint8)).reshape(high, wide * 8)
            self._pieces.append(Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)))
            return held[end:]
        if held.startswith(CUT) and len(held) >= 4:
            self._cut()
            return held[4:] if held[2:3] in (b"\x41", b"\x42") else held[3:]
        if not held or (held[:1] in (b"\x10", b"\x1d") and len(held) < 8):
            return None
        return held[1:]

    def _cut(self) -> None:
        if not self._pieces or self.out or self.open:
            return
        whole = Image.new("L", (576, sum(piece.height for piece in self._pieces)), 255)
        y = 0
        for piece in self._pieces:
            whole.paste(piece, (0, y))
            y += piece.height
        self.slips.append(whole)
        self._pieces = []

    def _status(self, question: int) -> int:
        status = 0x12
        if question == 4:
            status |= 0x0C if self.low else 0
            status |= 0x60 if self.out else 0
        if question == 1:
            status |= 0x08 if self.open or self.out else 0
        return status
