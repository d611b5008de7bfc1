"""The shipped broker configuration, on a real mosquitto with real certificates."""

import queue
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from daozhen.broker import find_mosquitto, free_port
from daozhen.certificates import make_authority, make_broker, make_client

pytestmark = pytest.mark.programs
DEPLOY = Path(__file__).parent.parent.parent / "deploy"


class Broker:
    def __init__(self, folder: Path) -> None:
        self.tls = folder / "tls"
        self.port = free_port()
        make_authority(self.tls)
        make_broker(self.tls, ["localhost", "127.0.0.1"])
        for name in ("server", "k01", "k02"):
            make_client(self.tls, name)
        (folder / "daozhen.acl").write_text((DEPLOY / "mosquitto" / "daozhen.acl").read_text())
        text = (DEPLOY / "mosquitto" / "daozhen.conf").read_text()
        text = text.replace("listener 8883", f"listener {self.port} 127.0.0.1").replace(
            "/etc/daozhen", str(folder)
        )
        (folder / "m.conf").write_text(text + "user root\n")
        program = find_mosquitto()
        assert program, "mosquitto is not installed"
        self.process = subprocess.Popen(
            [program, "-c", str(folder / "m.conf")], stderr=subprocess.DEVNULL
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("mosquitto did not start with the shipped configuration")

    def client(self, name: str) -> "Client":
        return Client(self, name)


class Client:
    def __init__(self, broker: Broker, name: str | None) -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.connected: queue.Queue[bool] = queue.Queue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, f"c-{name}", protocol=mqtt.MQTTv311)
        self._client.on_connect = lambda _c, _u, _f, reason, _p: self.connected.put(
            not reason.is_failure
        )
        self._client.on_message = lambda _c, _u, m: self.heard.put((m.topic, bytes(m.payload)))
        certificate = (
            (str(broker.tls / f"{name}.crt"), str(broker.tls / f"{name}.key"))
            if name
            else (None, None)
        )
        self._client.tls_set(str(broker.tls / "ca.crt"), *certificate)
        try:
            self._client.connect("127.0.0.1", broker.port)
        except OSError:
            self.connected.put(False)
            return
        self._client.loop_start()

    def is_in(self) -> bool:
        try:
            return self.connected.get(timeout=2)
        except queue.Empty:
            return False

    def hear(self, *topics: str) -> None:
        self._client.subscribe([(topic, 1) for topic in topics])
        time.sleep(0.3)

    def say(self, topic: str) -> None:
        self._client.publish(topic, b"x", 1).wait_for_publish(3)

    def topics(self) -> list[str]:
        time.sleep(0.5)
        return [self.heard.get()[0] for _ in range(self.heard.qsize())]

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    running = Broker(tmp_path_factory.mktemp("broker"))
    yield running
    running.process.terminate()
    running.process.wait(5)


def test_an_agent_publishes_under_its_own_name_only(broker: Broker) -> None:
    server, k01 = broker.client("server"), broker.client("k01")
    assert server.is_in()
    assert k01.is_in()
    server.hear("daozhen/v1/north/#")
    for agent in ("k01", "k02"):
        k01.say(f"daozhen/v1/north/edge/{agent}/card")
    k01.say("daozhen/v1/north/board/east")
    k01.say("daozhen/v1/north/edge/k01/ack")
    assert server.topics() == ["daozhen/v1/north/edge/k01/card"]
    server.leave()
    k01.leave()


def test_an_agent_hears_its_own_commands_only(broker: Broker) -> None:
    server, k02 = broker.client("server"), broker.client("k02")
    assert server.is_in()
    assert k02.is_in()
    k02.hear("daozhen/v1/north/#", "daozhen/v1/north/edge/+/command", "daozhen/v1/north/board/+")
    for leaf in ("edge/k01/command", "edge/k02/command", "board/east", "edge/k01/card"):
        server.say(f"daozhen/v1/north/{leaf}")
    assert set(k02.topics()) == {"daozhen/v1/north/edge/k02/command", "daozhen/v1/north/board/east"}
    server.leave()
    k02.leave()


def test_nobody_comes_in_without_a_certificate(broker: Broker) -> None:
    stranger = Client(broker, None)
    assert not stranger.is_in()
    stranger.leave()


def test_nobody_comes_in_without_tls(broker: Broker) -> None:
    plain = mqtt.Client(CallbackAPIVersion.VERSION2, "plain", protocol=mqtt.MQTTv311)
    answered: queue.Queue[bool] = queue.Queue()
    plain.on_connect = lambda _c, _u, _f, reason, _p: answered.put(not reason.is_failure)
    plain.connect("127.0.0.1", broker.port)
    plain.loop_start()
    with pytest.raises(queue.Empty):
        answered.get(timeout=1)
    plain.disconnect()
    plain.loop_stop()


def test_units_start_programs_that_exist() -> None:
    import tomllib

    scripts = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]["scripts"]
    for unit in (DEPLOY / "systemd").glob("*.service"):
        started = next(
            line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")
        )
        assert started.split("/bin/")[1].split()[0] in scripts
