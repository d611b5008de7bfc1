"""A private D-Bus: one `dbus-daemon` as a child process, with a folder of its own, for one simulated agent.

The agent is pointed at it by `DBUS_SYSTEM_BUS_ADDRESS`. The limits are set so that a slow reader slows the sender down
and nothing is thrown away: what a sender may have under way is small, what a reader may be owed is large.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SYSTEM_BUS: Final = "DBUS_SYSTEM_BUS_ADDRESS"
_UNDER_WAY: Final = 4 * 1024 * 1024
_OWED: Final = 1024 * 1024 * 1024
_CONFIGURATION: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
  </policy>
  <limit name="max_incoming_bytes">{under_way}</limit>
  <limit name="max_outgoing_bytes">{owed}</limit>
  <limit name="max_replies_per_connection">50000</limit>
  <limit name="max_match_rules_per_connection">50000</limit>
</busconfig>
"""


class NoDbus(Exception):
    """There is no `dbus-daemon`, or it will not start; the message says what to do."""


class PrivateBus:
    """Starts the daemon on entering, ends it on leaving.

    Raises:
        NoDbus: on entering.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="daozhen-bus-"))
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """What `DBUS_SYSTEM_BUS_ADDRESS` must say."""
        return f"unix:path={self._folder / 'bus'}"

    @property
    def pid(self) -> int | None:
        """The daemon's process; None when it does not run."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the daemon, also again after `kill`."""
        program = shutil.which("dbus-daemon")
        if program is None:
            raise NoDbus("There is no dbus-daemon here: install the package dbus.")
        socket = self._folder / "bus"
        socket.unlink(missing_ok=True)
        configuration = self._folder / "bus.conf"
        configuration.write_text(
            _CONFIGURATION.format(socket=socket, under_way=_UNDER_WAY, owed=_OWED)
        )
        self._process = await asyncio.create_subprocess_exec(
            program,
            f"--config-file={configuration}",
            "--nofork",
            "--nopidfile",
            "--print-address",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", "")},
        )
        said, complained = self._process.stdout, self._process.stderr
        if not (said and await said.readline()):
            why = (await complained.read()).decode(errors="replace").strip() if complained else ""
            raise NoDbus(f"dbus-daemon did not start: {why or 'it says nothing'}")

    async def kill(self) -> None:
        """End the daemon at once: the bus is lost to everybody on it."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
        self._process = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def system_bus(address: str) -> Iterator[None]:
    """Within the block this is the system bus, for this process and for those that it starts."""
    before = os.environ.get(SYSTEM_BUS)
    os.environ[SYSTEM_BUS] = address
    try:
        yield
    finally:
        if before is None:
            del os.environ[SYSTEM_BUS]
        else:
            os.environ[SYSTEM_BUS] = before
