"""The embedded broker: amqtt as a child process, with two of its faults mended.

amqtt 0.12.1 sends a client that connects all retained messages of all filters of *all* clients, and keeps messages for
a client that is away only when it signed in with a name. The first leaks, the second loses.
"""

import argparse
import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
from typing import Any

from amqtt.broker import Broker
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session


class MendedBroker(Broker):  # type: ignore[misc]  # amqtt publishes no types
    """amqtt, keeping to MQTT 3.1.1 §3.3.1.3: retained messages go to the one who asked for them."""

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        own = [
            qos
            for subscriber, qos in self._subscriptions.get(subscription[0], ())
            if subscriber.client_id == session.client_id
        ]
        if own:
            await super()._publish_retained_messages_for_subscription(
                (subscription[0], max(own)), session
            )


class LocalPeople(BaseAuthPlugin):  # type: ignore[misc]  # amqtt publishes no types
    """Lets everybody in who reaches the loopback address, and keeps their sessions while they are away."""

    async def authenticate(self, *, session: Session) -> bool:
        """Everybody, and nobody is anonymous."""
        del session
        return True


def configuration(port: int) -> dict[str, Any]:
    """The broker's settings: loopback only, no `$SYS` chatter."""
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"daozhen.broker.embedded.LocalPeople": {}},
    }


def _die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends (Linux)."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


async def serve(port: int) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    broker = MendedBroker(configuration(port))
    await broker.start()
    await stop.wait()
    with contextlib.suppress(Exception):  # it is ending; what it says now helps nobody
        await asyncio.wait_for(broker.shutdown(), 3)


def main() -> None:
    """`python -m daozhen.broker.embedded --port N --parent PID`."""
    parser = argparse.ArgumentParser(description="The embedded MQTT broker.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True, help="ends when this process does")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("transitions").setLevel(logging.ERROR)
    _die_with_parent()
    given = parser.parse_args()
    if os.getppid() == given.parent:  # else it ended before we could ask
        asyncio.run(serve(given.port))


if __name__ == "__main__":
    main()
