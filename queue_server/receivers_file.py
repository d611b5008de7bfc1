"""Where the agents' radios hang: a TOML file, from which the places of `whereabouts` are made.

[[receiver]]
agent = "door-resp"      # as the agent calls itself
x = 3.2                  # metres on the plan of its floor, east
y = 8.0                  # and north
height = 2.2             # above the floor; 1.5 when left out
floor = 2                # 0 when left out
zone = "呼吸内科门口"     # what people call it; the agent's name when left out

[[stairs]]
floors = [1, 2]
x = 12.0
y = 4.0
"""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from protocol import Name
from queue_server.errors import SettingsError
from queue_server.file_problems import sentence_of
from queue_server.whereabouts import Receiver, Tracker, around, grid

MARGIN_M: Final = 3.0
"""People also stand outside the rectangle that the receivers span."""
CELLS_M: Final = (1.5, 2.0, 3.0, 4.0)
PLACES_MOST: Final = 2_500
"""A coarser grid is laid where a fine one would have more places than this."""
Metres = Annotated[float, Field(ge=-5_000, le=5_000)]
Floor = Annotated[int, Field(ge=-20, le=200)]


class ReceiverLine(BaseModel):
    """One radio."""

    model_config = ConfigDict(extra="forbid")

    agent: Name
    x: Metres
    y: Metres
    height: Annotated[float, Field(ge=0, le=20)] = 1.5
    floor: Floor = 0
    zone: Annotated[str, Field(max_length=60)] = ""


class StairsLine(BaseModel):
    """A way between two floors."""

    model_config = ConfigDict(extra="forbid")

    floors: tuple[Floor, Floor]
    x: Metres
    y: Metres


class ReceiversFile(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    receiver: Annotated[list[ReceiverLine], Field(min_length=1, max_length=1_000)]
    stairs: list[StairsLine] = []

    def receivers(self) -> list[Receiver]:
        """The radios, for the filter."""
        return [
            Receiver(each.agent, each.x, each.y, each.height, each.floor, each.zone)
            for each in self.receiver
        ]

    def spots(self) -> dict[str, tuple[float, float, int]]:
        """Where each agent is, to tell impossible ways."""
        return {each.agent: (each.x, each.y, each.floor) for each in self.receiver}

    def tracker(self) -> Tracker:
        """The filter over a grid around the radios.

        Raises:
            ValueError: an agent stands twice in it, or stairs lead to a floor without radios.
        """
        receivers = self.receivers()
        areas = around(receivers, MARGIN_M)
        space = sum((each.east - each.west) * (each.north - each.south) for each in areas)
        cell_m = next((each for each in CELLS_M if space / each**2 <= PLACES_MOST), CELLS_M[-1])
        stairs = {each.floors: (each.x, each.y) for each in self.stairs}
        return Tracker.of(grid(receivers, areas, cell_m, stairs), receivers)


def read_receivers(path: Path) -> ReceiversFile:
    """Read the file.

    Raises:
        SettingsError: it can't be read, or does not say what it must.
    """
    try:
        found = ReceiversFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        found.tracker()
    except OSError as error:
        raise SettingsError(
            f"The receivers' file {path} can't be read: {error.strerror}."
        ) from error
    except ValidationError as error:
        lines = "\n".join(f"{path}: {sentence_of(detail)}." for detail in error.errors())
        raise SettingsError(lines) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return found
