"""Nothing is lost, nothing doubled, and the order stays: the real programs, killed at random moments."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from beacon_sim import Program
from edge_agent.outbox import Outbox
from tests.e2e.rig import Rig, running_rig

pytestmark = [pytest.mark.programs, pytest.mark.slow]

ROUNDS = 50
ALL_IN_WITHIN_S = 60.0


class Echo:
    """A broken network: every card message comes a second time, late and out of order."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self._random = random.Random(seed)
        self._held: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, "echo", protocol=mqtt.MQTTv311)
        self._client.on_connect = lambda client, *_: client.subscribe(
            "daozhen/v1/xinghe/edge/+/card", 1
        )
        self._client.on_message = self._heard
        self._client.connect_async("127.0.0.1", rig.broker.port)
        self._client.loop_start()
        self._said: set[bytes] = set()

    def _heard(self, client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        payload = bytes(message.payload)
        if payload in self._said:
            return
        self._said.add(payload)
        self._held.append((message.topic, payload))
        self._random.shuffle(self._held)
        while len(self._held) > 3:
            client.publish(*self._held.pop(), qos=1)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def until(true: Callable[[], bool], within_s: float) -> bool:
    """Wait until something is true."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        try:
            if true():
                return True
        except (OSError, AssertionError):
            pass  # the server is being killed at this very moment
        time.sleep(0.05)
    return False


def checked_in(rig: Rig) -> Counter[str]:
    return Counter(body["visit"] for kind, body in rig.journal() if kind == "CheckedIn")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running_rig(tmp_path) as running:
        yield running


def kill(rig: Rig, agent: Program, victim: str, away_s: float) -> None:
    match victim:
        case "server":
            rig.server.kill()
            time.sleep(away_s)
            rig.server.launch()
        case "agent":
            agent.kill()
            time.sleep(away_s)
            agent.launch()
        case _:
            rig.broker.kill()
            if victim == "broker and its store":
                rig.broker.wipe_store()
            time.sleep(away_s)
            rig.broker.start()


@pytest.mark.timeout(420)
def test_fifty_kills_at_random_moments_lose_nothing_double_nothing_and_keep_the_order(
    rig: Rig,
) -> None:
    chance = random.Random(2026)
    visits = [f"L-{number:03d}" for number in range(ROUNDS * 2)]
    texts = {visit: rig.register(visit) for visit in visits}
    echo = Echo(rig, 7)
    shown = iter(visits)
    victims = ["server", "agent", "broker", "broker and its store"]
    with rig.agent() as agent:
        for _ in range(ROUNDS):
            for visit in (next(shown), next(shown)):
                rig.drop_picture(visit, texts[visit])
                time.sleep(chance.uniform(0.0, 0.35))
            kill(rig, agent, chance.choice(victims), chance.uniform(0.0, 0.5))
            time.sleep(chance.uniform(0.0, 1.6))
        all_in = until(lambda: set(visits) <= set(checked_in(rig)), ALL_IN_WITHIN_S)
        assert all_in, agent.last_words()
    echo.stop()
    assert until(rig.server.ready, 20)
    assert_whole(rig, visits)


def assert_whole(rig: Rig, visits: list[str]) -> None:
    """Every visit is in once, with a number of its own, and is called in the order in which it came."""
    assert checked_in(rig) == Counter(visits)
    tickets = [rig.visit(visit)["ticket"] for visit in visits]
    assert len(set(tickets)) == len(visits)
    assert order_of_calls(rig, len(visits)) == visits


def order_of_calls(rig: Rig, count: int) -> list[str]:
    """Call everybody at one room, and say who came in which order."""
    order = []
    for _ in range(count):
        status, body = rig.client.post("points", "resp-1", "call-next")
        assert status == 200, body
        assert isinstance(body, dict)
        order.append(str(body["stand"]["visit"]))
        for act, content in (("start", None), ("finish", {})):
            status, body = rig.client.post("points", "resp-1", act, body=content)
            assert status == 200, body
    return order


def test_a_broker_that_is_away_at_the_start_and_for_a_while_loses_nothing(rig: Rig) -> None:
    visits = [f"B-{number}" for number in range(5)]
    texts = {visit: rig.register(visit) for visit in visits}
    rig.broker.kill()
    with rig.agent() as agent:
        for visit in visits:
            rig.drop_picture(visit, texts[visit])
            time.sleep(0.2)
        time.sleep(3)
        rig.broker.start()
        assert until(lambda: len(aliases(rig)) == len(visits), 40), agent.last_words()
    assert aliases(rig) == {visit: f"K01-00{place}" for place, visit in enumerate(visits, 1)}
    assert checked_in(rig) == Counter(visits)


def aliases(rig: Rig) -> dict[str, str]:
    return {body["visit"]: body["alias"] for kind, body in rig.journal() if kind == "AliasGiven"}


def test_the_outbox_is_empty_once_the_server_has_everything(rig: Rig) -> None:
    text = rig.register("E-1")
    with rig.agent() as agent:
        rig.drop_picture("E-1", text)
        assert until(lambda: "E-1" in checked_in(rig), 20), agent.last_words()
        time.sleep(0.5)
    with Outbox(rig.folder / "k01" / "outbox.db") as outbox:
        assert outbox.listed() == []
