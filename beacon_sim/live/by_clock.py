"""`python -m beacon_sim.live.by_clock CLOCK PROGRAM SETTINGS`: one of our programs as it is, living by a shared clock.

No program has a setting for another clock: in a hospital that would be a trap. Here its own start is called with one.
"""

import asyncio
import sys
from pathlib import Path

from beacon_sim.live.clock import SharedClock
from kiosk_app import KioskSettings
from kiosk_app import run as run_kiosk
from queue_server import ServerSettings, run_server


def main(clock_file: str, program: str, settings: str) -> int:
    """Run a program until it is told to stop; its exit status."""
    clock = SharedClock.joined(Path(clock_file))
    match program:
        case "queue-server":
            return run_server(ServerSettings.load(Path(settings)), clock.now)
        case "kiosk-app":
            asyncio.run(run_kiosk(KioskSettings.load(Path(settings)), clock.now))
            return 0
        case _:
            sys.stderr.write(f"{program} can't be run by another clock.\n")
            return 2


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
