"""How radios are written."""

import subprocess
import sys

import pytest

from edge_agent.errors import AgentError
from edge_agent.radio import BadRadio, BleakRadio, Replay, open_radio


def test_off_is_no_radio() -> None:
    assert open_radio("off") is None


def test_an_adapter_is_bleak() -> None:
    radio = open_radio("hci1")
    assert isinstance(radio, BleakRadio)
    assert radio.name == "hci1"


def test_a_recording_is_replayed() -> None:
    radio = open_radio("replay:var/hall.jsonl?speed=10&loop=1")
    assert isinstance(radio, Replay)
    assert radio.name == "replay hall.jsonl"


@pytest.mark.parametrize(
    "spec",
    ["", "on", "hci", "hci0:1", "hci0 ", "usb", "usb:", "usb:x", "replay:", "replay:a.jsonl?speed=0", "replay:a.jsonl?pace=1",
     "replay:a.mbd", "replay:a.jsonl?speed=fast", "bluetooth:hci0"],
)  # fmt: skip
def test_what_means_nothing_is_refused_with_a_hint(spec: str) -> None:
    with pytest.raises(BadRadio, match=r"write off, hci0|options are|whose ears"):
        open_radio(spec)


def test_a_dongle_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    monkeypatch.delitem(sys.modules, "edge_agent.radio.bumble_radio", raising=False)
    with pytest.raises(AgentError, match=r"needs the library bumble: install daozhen\[usb\]"):
        open_radio("usb:0")


def test_bumble_is_not_loaded_unless_it_is_asked_for() -> None:
    program = "import sys; import edge_agent; sys.exit('bumble' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
