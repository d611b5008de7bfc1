"""paho on one thread of ours: connects, reconnects for ever, hears in batches, says what others hand it.

Everything of paho happens on this thread, through the functions it has for foreign event loops. `call` hands over work
from other threads.
"""

import random
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from queue_server.broker import Broker
from queue_server.buffered_socket import BufferedSocket
from queue_server.errors import SettingsError

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 15
RECONNECT_S: Final = (0.5, 8.0)
"""First and longest pause between two attempts; each is spread a little, so that not all come at once."""
PACKETS_A_TURN: Final = 512
TURN_S: Final = 1.0


class MqttClient(Client):
    """A paho client of MQTT 3.1.1 with a lasting session, whose messages are acknowledged by hand."""

    def __init__(self, broker: Broker, client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        self.max_inflight_messages_set(0)
        if broker.user is not None:
            self.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self._use_tls(broker)
        self.connect_async(broker.host, broker.port, KEEPALIVE_S)

    def _use_tls(self, broker: Broker) -> None:
        try:
            self.tls_set(_text(broker.ca), _text(broker.certificate), _text(broker.key))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"The certificates for {broker} can't be used: {error}. Look at tls_ca, tls_certificate and tls_key."
            ) from error

    def _create_socket(self) -> BufferedSocket:
        inner = cast(socket.socket, super()._create_socket())
        # without Nagle's wait: a small packet behind another would be held back by up to 40 ms
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return BufferedSocket(inner)

    def connection(self) -> BufferedSocket | None:
        """The open connection."""
        opened = self.socket()
        return opened if isinstance(opened, BufferedSocket) else None


def _text(path: Path | None) -> str | None:
    return str(path) if path else None


class MqttThread:
    """Runs a client until `stop`."""

    def __init__(
        self,
        client: MqttClient,
        after_reading: Callable[[], None],
        on_unreachable: Callable[[], None],
        farewell: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            client: with its callbacks set.
            after_reading: called when all that had come was given to `on_message`; it may wait.
            on_unreachable: called when an attempt to connect has failed.
            farewell: called before hanging up.
        """
        self._client = client
        self._after_reading = after_reading
        self._on_unreachable = on_unreachable
        self._farewell = farewell
        self._calls: deque[Callable[[], None]] = deque()
        self._woken = False
        self._wake, self._waker = socket.socketpair()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Say farewell, hang up, end."""
        self._stopping.set()
        self._wake_up()
        if self._thread.is_alive():
            self._thread.join()
        self._wake.close()
        self._waker.close()

    def call(self, work: Callable[[], None]) -> None:
        """Have work done on this thread, soon and in order; from any thread."""
        self._calls.append(work)
        if not self._woken:
            self._wake_up()

    def _wake_up(self) -> None:
        self._woken = True
        self._waker.send(b"!")

    # ---- on the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        pause_s = RECONNECT_S[0]
        while not self._stopping.is_set():
            if self._connected():
                began = time.monotonic()
                self._serve()
                if time.monotonic() - began > RECONNECT_S[1]:
                    pause_s = RECONNECT_S[0]
            self._calls.clear()  # nobody hears it; what matters is said anew when the broker is back
            self._stopping.wait(pause_s * random.uniform(0.8, 1.2))  # noqa: S311  # only spreads attempts
            pause_s = min(pause_s * 2, RECONNECT_S[1])

    def _connected(self) -> bool:
        try:
            self._client.reconnect()
        except (OSError, ValueError):  # a host name that can't be one is a ValueError
            self._on_unreachable()
            return False
        return True

    def _serve(self) -> None:
        """Hear and say until the connection ends, or we do."""
        while connection := self._client.connection():
            if self._stopping.is_set():
                self._hang_up()
                return
            try:
                self._turn(connection)
            except Exception:
                log.exception("connection_given_up")
                connection.close()
                self._client.loop_read()  # paho notices, and says so

    def _turn(self, connection: BufferedSocket) -> None:
        readers: list[BufferedSocket | socket.socket] = [connection, self._wake]
        writers = [connection] if connection.wants_write else []
        timeout_s = 0.0 if connection.pending() else TURN_S
        readable, _, _ = select.select(readers, writers, [], timeout_s)
        if self._wake in readable:
            self._wake.recv(4096)
        if connection in readable or connection.pending():
            self._read(connection)
        self._woken = False
        while self._calls:
            self._calls.popleft()()
        self._client.loop_write()
        connection.flush()
        self._client.loop_misc()

    def _read(self, connection: BufferedSocket) -> None:
        for _ in range(PACKETS_A_TURN):
            self._client.loop_read()
            if not connection.pending():
                break
        self._after_reading()

    def _hang_up(self) -> None:
        self._farewell()
        self._client.loop_write()
        self._client.disconnect()
