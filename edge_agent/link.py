"""The agent's line to the broker: paho-mqtt, MQTT 3.1.1, one persistent session; what must not be lost is in the outbox."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.errors import BadSettings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a TLS connection."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class Link:
    """Connects, stays connected, and hands over what comes.

    Args:
        url: `mqtt://host:port` or `mqtts://host:port`.
        client_id: stable, unique at the broker.
        will: topic and payload that the broker publishes (retained) when this client dies.
        subscriptions: topic filters, all at QoS 1.
        on_connected, on_disconnected, on_message: called on the client's own thread.

    Raises:
        BadSettings: the address can't be meant, or a certificate can't be read.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        will: tuple[str, bytes],
        subscriptions: tuple[str, ...],
        *,
        on_connected: Callable[[], None],
        on_disconnected: Callable[[], None],
        on_message: Callable[[str, bytes], None],
        tls: Tls | None = None,
        login: tuple[str, str | None] | None = None,
    ) -> None:
        self._address = urlsplit(url)
        if self._address.scheme not in ("mqtt", "mqtts") or not self._address.hostname:
            raise BadSettings(f"{url!r} is no broker: write mqtt://host:port or mqtts://host:port.")
        self._subscriptions = [(topic, 1) for topic in subscriptions]
        self._connected, self._disconnected, self._message = (
            on_connected,
            on_disconnected,
            on_message,
        )
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id, clean_session=False, protocol=mqtt.MQTTv311
        )
        self._client.will_set(*will, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_socket_open = _send_at_once
        self._client.reconnect_delay_set(1, 15)
        self._client.max_inflight_messages_set(200)
        if login:
            self._client.username_pw_set(*login)
        if self._address.scheme == "mqtts":
            self._use_tls(tls or Tls())

    def start(self) -> None:
        """Begin to connect; a broker that is away is tried again and again."""
        port = self._address.port or (8883 if self._address.scheme == "mqtts" else 1883)
        self._client.connect_async(self._address.hostname or "", port, keepalive=15)
        self._client.loop_start()

    def stop(self) -> None:
        """Say goodbye and end."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Send when connected; the outbox has what must not be lost."""
        if self._client.is_connected():
            self._client.publish(topic, payload, qos, retain)

    def _use_tls(self, tls: Tls) -> None:
        try:
            self._client.tls_set(_path(tls.ca), _path(tls.certificate), _path(tls.key))
        except (OSError, ValueError) as error:
            raise BadSettings(f"The certificates for the broker can't be used: {error}") from error

    def _on_connect(
        self,
        client: mqtt.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        if reason.is_failure:
            _log.warning("broker_refused", reason=str(reason))
            return
        _log.info("broker_connected")
        client.subscribe(self._subscriptions)
        self._connected()

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _userdata: object,
        _flags: object,
        reason: ReasonCode,
        _properties: object,
    ) -> None:
        _log.warning("broker_lost", reason=str(reason))
        self._disconnected()

    def _on_message(
        self, _client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage
    ) -> None:
        self._message(message.topic, bytes(message.payload))


def _path(path: Path | None) -> str | None:
    return str(path) if path else None


def _send_at_once(_client: mqtt.Client, _userdata: object, opened: object) -> None:
    """Let no small packet wait for company: a family stands before the screen."""
    if isinstance(opened, socket.socket):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
