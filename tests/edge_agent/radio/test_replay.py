"""A recording as a radio."""

import asyncio
import threading
from pathlib import Path

import pytest

from edge_agent.core import Heard, Presence, Reach
from edge_agent.core.recovery import RadioHealth
from edge_agent.radio import Listening, RadioProblem, Replay
from protocol import PhoneNear, PresenceReported

MADE = Path(__file__).parent / "walk.mbd"
LEVELS = [-70, -69, -66, -65, -61]


async def played(radio: Replay, seconds: float) -> list[Heard]:
    heard: list[Heard] = []
    await radio.start(heard.append)
    await asyncio.sleep(seconds)
    await radio.stop()
    return heard


def test_a_track_is_played_at_its_pace() -> None:
    heard = asyncio.run(played(Replay(MADE, sensor="aa0000000001"), 0.8))
    assert [each.rssi_dbm for each in heard] == LEVELS
    assert heard[-1].at_s - heard[0].at_s == pytest.approx(0.51, abs=0.15)


def test_a_loop_begins_again() -> None:
    heard = asyncio.run(played(Replay(MADE, sensor="aa0000000001", speed=50, loop=True), 0.4))
    assert [each.rssi_dbm for each in heard][:10] == LEVELS * 2


@pytest.mark.parametrize("radio", [Replay(Path("none.jsonl")), Replay(MADE, sensor="nobody")])
def test_what_can_not_be_played_is_a_trouble(radio: Replay) -> None:
    with pytest.raises(RadioProblem):
        asyncio.run(played(radio, 0))


class Log:
    def __init__(self) -> None:
        self.ok: list[bool] = []

    def near(self, told: PhoneNear) -> None:
        pass

    def reported(self, told: PresenceReported) -> None:
        pass

    def fares(self, health: RadioHealth) -> None:
        self.ok.append(health.ok)


def listened(record: object, seconds: float) -> tuple[list[bool], Listening]:
    log, stop = Log(), threading.Event()
    radio = Replay(MADE, sensor="aa0000000001", speed=50)
    listening = Listening(radio, Presence(Reach()), log, 1.0, record)  # type: ignore[arg-type]  # tests

    async def body() -> None:
        task = asyncio.create_task(listening.listen(stop))
        await asyncio.sleep(seconds)
        stop.set()
        await task

    asyncio.run(body())
    return log.ok, listening


def test_a_recording_that_has_ended_is_not_ill_and_not_played_again() -> None:
    heard: list[Heard] = []
    ok, _ = listened(heard.append, 2.5)
    assert len(heard) == len(LEVELS)
    assert ok == [True]


def test_a_full_disk_ends_the_recording_and_not_the_hearing() -> None:
    def record(_: Heard) -> None:
        raise OSError("No space left on device")

    ok, listening = listened(record, 0.6)
    assert ok == [True]
    assert len(listening._presence) == 1
