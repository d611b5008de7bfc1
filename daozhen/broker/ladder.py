"""Which broker: the one whose address is given; else mosquitto as a child; else the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from daozhen.broker.process import BrokerFailed, BrokerProcess, answers, find_mosquitto


@dataclass(frozen=True, slots=True)
class OpenBroker:
    """A broker that takes connections."""

    url: str
    kind: str
    """`given`, `mosquitto` or `embedded`."""


@contextmanager
def open_broker(
    folder: Path, url: str = "", port: int = 0, prefer: str = ""
) -> Iterator[OpenBroker]:
    """Have a broker for as long as the block lasts.

    Args:
        folder: where a child keeps what it needs.
        url: a broker that is there already: `mqtt://host:port`.
        port: for a child; 0 takes a free one.
        prefer: `embedded` passes mosquitto over even where it is installed.

    Raises:
        BrokerFailed: the given one can't be reached, or no child would start.
    """
    if url:
        _check(url)
        yield OpenBroker(url, "given")
        return
    program = None if prefer == "embedded" else find_mosquitto()
    with BrokerProcess(folder, port, program) as child:
        yield OpenBroker(child.url, child.kind)


def _check(url: str) -> None:
    address = urlsplit(url)
    if address.scheme not in ("mqtt", "mqtts") or not address.hostname:
        raise BrokerFailed(f"{url!r} is no broker: write mqtt://host:port.")
    port = address.port or (8883 if address.scheme == "mqtts" else 1883)
    if not answers(address.hostname, port):
        raise BrokerFailed(
            f"No broker answers at {address.hostname}:{port}. Start it, or leave the address out to have one started."
        )
