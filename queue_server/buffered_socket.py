"""A socket that is read and written in large pieces.

paho asks for a packet byte by byte, and sends each on its own: four system calls in and one out, each giving the
interpreter lock to the writer's thread and waiting to get it back. Through this it is one each for hundreds of packets.
"""

import socket
import ssl
from typing import Final

READ_BYTES: Final = 256 * 1024
OUT_BOUND: Final = 4 * 1024 * 1024
"""Bytes not yet taken by the broker; beyond it paho keeps its packets itself."""


class BufferedSocket:
    """Around a connected socket that does not block; `flush` sends what `send` has gathered."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._in = b""
        self._at = 0
        self._out = bytearray()

    def recv(self, count: int) -> bytes:
        """At most `count` bytes; none when the broker has hung up.

        Raises:
            BlockingIOError, ssl.SSLError: nothing has come.
        """
        if self._at == len(self._in):
            self._in, self._at = self._inner.recv(READ_BYTES), 0
        piece = self._in[self._at : self._at + count]
        self._at += len(piece)
        return piece

    def send(self, data: bytes | bytearray) -> int:
        """Keep for the next `flush`.

        Raises:
            BlockingIOError: too much is kept already.
        """
        if len(self._out) > OUT_BOUND:
            raise BlockingIOError
        self._out += data
        return len(data)

    def flush(self) -> None:
        """Send as much as the socket takes. A connection that is gone shows at the next `recv`."""
        while self._out:
            try:
                sent = self._inner.send(self._out)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except OSError:
                self._out.clear()
                return
            del self._out[:sent]

    def pending(self) -> int:
        """Bytes that can be had without waiting."""
        inner = self._inner.pending() if isinstance(self._inner, ssl.SSLSocket) else 0
        return len(self._in) - self._at + inner

    @property
    def wants_write(self) -> bool:
        """Whether `flush` has something left to send."""
        return bool(self._out)

    def fileno(self) -> int:
        """For `select`."""
        return self._inner.fileno()

    def setblocking(self, flag: bool) -> None:
        """As of the socket inside."""
        self._inner.setblocking(flag)

    def close(self) -> None:
        """Send what can be sent at once, and close."""
        self.flush()
        self._inner.close()
