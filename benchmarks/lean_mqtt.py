"""Just enough MQTT 3.1.1 to load a broker without being the bottleneck: packets are made beforehand, sockets never block."""

import socket
from collections.abc import Iterator
from typing import Final

CONNECT, PUBLISH, PUBACK, SUBSCRIBE = 0x10, 0x30, 0x40, 0x82
QOS1: Final = 0x02


def _string(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw


def _packet(head: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, part = left >> 7, left & 127
        length.append(part | (128 if left else 0))
        if not left:
            return bytes((head, *length)) + body


def connect(client_id: str) -> bytes:
    """Ask for a clean session, without keep-alive."""
    return _packet(CONNECT, _string("MQTT") + bytes((4, 2, 0, 0)) + _string(client_id))


def subscribe(*topics: str) -> bytes:
    """All at QoS 1."""
    return _packet(SUBSCRIBE, b"\0\1" + b"".join(_string(topic) + b"\1" for topic in topics))


def publish(topic: str, payload: bytes, mid: int) -> bytes:
    """At QoS 1."""
    return _packet(PUBLISH | QOS1, _string(topic) + mid.to_bytes(2, "big") + payload)


class Connection:
    """One client. `send` what there is room for, `received` what has come."""

    def __init__(self, port: int, client_id: str, *topics: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(connect(client_id) + subscribe(*topics))
        self.socket.setblocking(False)
        self._out = bytearray()
        self._in = bytearray()

    def send(self, packet: bytes = b"") -> None:
        """Queue a packet, and send as much as the socket takes."""
        self._out += packet
        if self._out:
            try:
                sent = self.socket.send(self._out)
            except BlockingIOError:
                return
            del self._out[:sent]

    def received(self) -> Iterator[tuple[str, bytes]]:
        """Topic and payload of every message that has come; QoS 1 is acknowledged."""
        try:
            self._in += self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        acks = bytearray()
        for head, body in self._packets():
            if head & 0xF0 == PUBLISH:
                end = 2 + int.from_bytes(body[:2], "big")
                topic = body[2:end].decode()
                if head & QOS1:
                    acks += bytes((PUBACK, 2)) + body[end : end + 2]
                    end += 2
                yield topic, body[end:]
        if acks:
            self.send(bytes(acks))

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        at = 0
        while True:
            length, shift, start = 0, 0, at + 1
            while start < len(self._in):
                byte = self._in[start]
                length |= (byte & 127) << shift
                start, shift = start + 1, shift + 7
                if byte < 128:
                    break
            else:
                break
            if len(self._in) < start + length:
                break
            yield self._in[at], bytes(self._in[start : start + length])
            at = start + length
        del self._in[:at]
