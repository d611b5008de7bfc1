"""Where the broker is, and who we are there."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from queue_server.errors import SettingsError

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker; over TLS when `tls`, with the files given."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def __str__(self) -> str:
        """Its address."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


def parse_broker(url: str) -> Broker:
    """Read `mqtt://host[:port]`, or `mqtts://…` for TLS.

    Raises:
        SettingsError: it is not of that form.
    """
    parts = urlsplit(url)
    port = _port(parts)
    if parts.scheme not in _PORTS or not parts.hostname or port is None:
        raise SettingsError(
            "The broker must be given as mqtt://host:1883, or mqtts://host:8883 for TLS."
        )
    if parts.username or parts.password:
        raise SettingsError(
            "User and password of the broker don't belong into its address, where every list of processes shows them: "
            "use broker_user and broker_password (QUEUE_SERVER_BROKER_PASSWORD)."
        )
    return Broker(parts.hostname, port, parts.scheme == "mqtts")


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
