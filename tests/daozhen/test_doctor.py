"""What the doctor says of a machine."""

import json
import socket
import time
from pathlib import Path

import pytest

from daozhen import doctor
from daozhen.cli import main
from daozhen.doctor import Finding, State


def test_a_check_that_fails_or_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECK_WITHIN_S", 0.2)

    def broken() -> Finding:
        raise RuntimeError("the bus is on fire")

    def slow() -> Finding:
        time.sleep(1)
        return Finding("slow", State.OK, "")

    findings = doctor.examine([broken, slow])
    assert "the bus is on fire" in findings[0].found
    assert "too long" in findings[1].found


def test_a_broker_is_reachable_or_not() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        assert doctor.broker_reachable(f"mqtt://127.0.0.1:{port}").state is State.OK
    assert doctor.broker_reachable(f"mqtt://127.0.0.1:{port}").state is State.PROBLEM


def test_what_hangs_does_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECK_WITHIN_S", 0.2)

    def slow() -> Finding:
        time.sleep(1)
        return Finding("slow", State.OK, "")

    began = time.monotonic()
    doctor.examine([slow] * 4)
    assert time.monotonic() - began < 0.6


def test_one_that_was_named_has_to_answer_and_the_usual_one_need_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "USUAL_BROKER", "mqtt://127.0.0.1:9")
    monkeypatch.setattr(doctor, "USUAL_SERVER", "http://127.0.0.1:9")
    assert doctor.broker_reachable("").state is State.MISSING
    assert doctor.server_reachable("").state is State.MISSING
    assert doctor.broker_reachable("mqtts://127.0.0.1:9").state is State.PROBLEM
    assert doctor.server_reachable("http://127.0.0.1:9").state is State.PROBLEM
    assert doctor.broker_reachable("mqtt://host:many").remedy == "Write mqtt://host:port."


def test_a_full_or_forbidden_disk_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.disk(tmp_path).state is State.OK
    monkeypatch.setattr(doctor, "ROOM_MB", 10**9)
    assert doctor.disk(tmp_path).state is State.PROBLEM


def test_every_finding_that_is_not_well_has_a_remedy_or_says_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    main(
        [
            "doctor",
            "--json",
            "--data",
            str(tmp_path),
            "--server",
            "http://127.0.0.1:9",
            "--broker",
            "mqtt://127.0.0.1:9",
        ]
    )
    assert time.monotonic() - began < 8
    findings = json.loads(capsys.readouterr().out)
    assert len(findings) == 15
    assert all(each["remedy"] for each in findings if each["state"] == "problem")
    server = next(each for each in findings if each["what"] == "queue server")
    assert "queue-server run" in server["remedy"]


def test_an_address_that_is_none_is_a_problem() -> None:
    assert doctor.server_reachable("file:///etc/passwd").state is State.PROBLEM
