"""What cameras, scanners and settings do to a source in the field."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge_agent.sources import BadSource, Frame, ScannedText, open_source, spec
from edge_agent.sources.camera import MOST_UNREADABLE, Camera, to_grey
from edge_agent.sources.mjpeg import NetworkCamera
from edge_agent.sources.wedge import WedgeScanner
from tests.edge_agent.sources.test_sources import (
    Answers,
    FakeCapture,
    camera_that_answers,
    grey,
    heard,
    part,
)


def wait_for(what: Any, within_s: float = 4.0) -> None:
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Numbered(Answers):
    """Streams pictures that are brighter every time, 50 a second, and keeps when each was sent."""

    def do_GET(self) -> None:  # noqa: N802  # the library's name
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.end_headers()
        noise = np.random.default_rng(1).integers(0, 6, (720, 1280), dtype=np.uint8)
        try:
            for number in range(120):
                sent = cv2.imencode(".jpg", noise + np.uint8(2 * number))[1].tobytes()
                self.wfile.write(part(sent))
                time.sleep(0.02)
        except OSError:
            return


def test_a_slow_reader_of_a_network_camera_skips_and_never_falls_behind() -> None:
    from http.server import ThreadingHTTPServer

    server = ThreadingHTTPServer(("127.0.0.1", 0), Numbered)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen: list[float] = []
    ages: list[float] = []
    stop = threading.Event()

    def slow(sensed: Frame | ScannedText) -> None:
        assert isinstance(sensed, Frame)
        seen.append(float(sensed.grey.mean()) / 2)
        ages.append(time.monotonic() - sensed.at_s)
        time.sleep(0.15)
        if len(seen) == 8:
            stop.set()

    try:
        NetworkCamera(f"http://127.0.0.1:{server.server_address[1]}/").run(
            slow, lambda _: None, stop
        )
    finally:
        server.shutdown()
        server.server_close()
    assert seen[-1] - seen[0] > 20, "pictures that were sent meanwhile were queued, not skipped"
    assert max(ages) < 0.1


def test_a_source_stops_at_once_though_its_camera_is_silent() -> None:
    class Silent(Answers):
        def do_GET(self) -> None:  # noqa: N802  # the library's name
            self.send_response(200)
            self.send_header("Content-Type", self.kind)
            self.end_headers()
            ended.wait(8)

    from http.server import ThreadingHTTPServer

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with heard(NetworkCamera(f"http://127.0.0.1:{server.server_address[1]}/")) as ear:
            wait_for(lambda: ear.health)
            began = time.monotonic()
            ear.close()
            assert time.monotonic() - began < 2
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


def test_a_device_is_closed_by_the_thread_that_reads_it_and_not_under_it() -> None:
    reading, released = threading.Event(), threading.Event()

    class Hanging(FakeCapture):
        busy = False

        def read(self) -> tuple[bool, object]:
            self.busy = True
            reading.set()
            time.sleep(1.5)
            self.busy = False
            return False, None

        def release(self) -> None:
            assert not self.busy
            released.set()

    with heard(Camera("0", lambda _: Hanging(1))):
        assert reading.wait(2)
    assert released.wait(4)


def test_a_camera_whose_reading_raises_is_said_and_opened_again() -> None:
    class Broken(FakeCapture):
        def read(self) -> tuple[bool, object]:
            raise cv2.error("a driver's surprise")

    opened = iter([Broken(1)])
    with heard(Camera("0", lambda _: next(opened, FakeCapture(100)))) as ear:
        assert isinstance(ear.next(), Frame)
    assert "surprise" in ear.health[1].sentence


def test_a_camera_that_gives_raw_pictures_is_read_by_their_brightness() -> None:
    yuyv = np.dstack([grey(90), grey(128)])
    read = to_grey(yuyv)
    assert read is not None
    assert read.shape == (90, 160)
    assert (read == 90).all()


def test_a_camera_whose_pictures_are_never_readable_is_said() -> None:
    class Odd(FakeCapture):
        def read(self) -> tuple[bool, object]:
            return True, np.zeros((1, 50), np.uint8)

    with heard(Camera("0", lambda _: Odd(MOST_UNREADABLE))) as ear:
        wait_for(lambda: any(not each.ok for each in ear.health))
    assert "format" in ear.health[1].sentence


def test_a_picture_that_claims_to_be_enormous_is_passed_over() -> None:
    bomb = bytearray(cv2.imencode(".jpg", grey())[1].tobytes())
    size = bomb.index(b"\xff\xc0") + 5
    bomb[size : size + 4] = b"\xff\xdc\xff\xdc"
    body = part(bytes(bomb)) + part(cv2.imencode(".jpg", grey())[1].tobytes())
    with camera_that_answers(Answers.kind, body) as url, heard(NetworkCamera(url)) as ear:
        taken = ear.next()
    assert isinstance(taken, Frame)
    assert taken.grey.shape == (90, 160)


def test_a_chinese_address_is_asked_for() -> None:
    jpeg = cv2.imencode(".jpg", grey())[1].tobytes()
    with camera_that_answers("image/jpeg", jpeg) as url, heard(NetworkCamera(url + "门口")) as ear:
        assert isinstance(ear.next(), Frame)


def test_a_video_without_a_picture_is_said_once_and_does_not_spin(tmp_path: Path) -> None:
    path = tmp_path / "empty.avi"
    cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (160, 90)).release()
    with heard(open_source(f"video:{path}?loop")) as ear:
        time.sleep(0.3)
    assert [each.ok for each in ear.health] == [False]


@pytest.mark.parametrize(
    "written",
    [
        "http://me:secret@h:abc/", "http://", "http:foo", "http://[::1", "rtsp://me:secret@h:99999/",
        "camera:?x", "camera:0?x=1", "video:a.avi?loop=often", "serial:/dev/x?baund=1", "ftp://me:secret@h/",
        "serial:/dev/x?baud=99999999999", "wedge:name=",
    ],
)  # fmt: skip
def test_a_source_written_wrongly_is_refused_when_settings_are_read(written: str) -> None:
    with pytest.raises(BadSource) as refused:
        open_source(written)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_video_may_say_that_it_is_not_to_be_repeated(tmp_path: Path) -> None:
    assert vars(open_source("video:a.avi?loop=0"))["_loop"] is False


def test_every_way_of_writing_a_source_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "scanners.md").read_text()
    assert spec.__doc__
    for line in spec.__doc__.splitlines():
        if line.startswith("| `"):
            for kind in line.split("|")[1].split("`")[1::2]:
                assert f"`{kind.partition(':')[0]}:" in guide, kind


# ---- keyboard scanners, on a device that is a pipe -------------------------------------------------


class Event:
    def __init__(self, code: int, value: int) -> None:
        self.type, self.code, self.value = 1, code, value


class FakeDevice:
    """As much of `evdev.InputDevice` as is used; what is written to the pipe are key codes."""

    grabbed = 0

    def __init__(self, evdev: "FakeEvdev", path: str) -> None:
        self.name, self._keys = evdev.devices[path]
        self.fd = evdev.reads
        self._lost = evdev.lost

    def capabilities(self) -> dict[int, list[int]]:
        return {1: self._keys}

    def grab(self) -> None:
        FakeDevice.grabbed += 1

    def read(self) -> Iterator[Event]:
        data = os.read(self.fd, 100)
        if self._lost.is_set():
            raise OSError(19, "No such device")
        return (Event(code, value) for code in data for value in (1, 0))

    def close(self) -> None:
        return None


class FakeEvdev:
    def __init__(self) -> None:
        self.reads, self.writes = os.pipe()
        self.lost = threading.Event()
        self.devices = {"/dev/a": ("QR Scanner", [113, 114]), "/dev/b": ("QR Scanner", [28, 30])}

    def list_devices(self) -> list[str]:
        return list(self.devices)

    def InputDevice(self, path: str) -> FakeDevice:  # noqa: N802  # evdev's name
        return FakeDevice(self, path)


@pytest.fixture
def evdev(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEvdev]:
    fake = FakeEvdev()
    monkeypatch.setitem(__import__("sys").modules, "evdev", fake)
    yield fake
    os.close(fake.reads)
    os.close(fake.writes)


def test_a_keyboard_scanner_is_grabbed_and_what_it_types_is_a_code(evdev: FakeEvdev) -> None:
    before = FakeDevice.grabbed
    with heard(WedgeScanner(name_pattern="*Scanner*")) as ear:
        os.write(evdev.writes, bytes([2, 3, 4, 28]))
        assert ear.text() == b"123"
        os.write(evdev.writes, bytes([30]))
        assert ear.text() == b"a", "silence ends a code as well"
    assert FakeDevice.grabbed == before + 1


def test_a_keyboard_scanner_is_never_the_media_keys_beside_it(evdev: FakeEvdev) -> None:
    assert WedgeScanner(name_pattern="QR*")._find(evdev) == "/dev/b"


def test_a_keyboard_scanner_that_is_unplugged_is_opened_again(evdev: FakeEvdev) -> None:
    with heard(WedgeScanner(name_pattern="*Scanner*")) as ear:
        wait_for(lambda: ear.health)
        evdev.lost.set()
        os.write(evdev.writes, b"\x02")
        wait_for(lambda: len(ear.health) > 1)
        evdev.lost.clear()
        wait_for(lambda: ear.health[-1].ok)
        os.write(evdev.writes, bytes([5, 28]))
        assert ear.text() == b"4"
    assert "No such device" in ear.health[1].sentence


def test_without_evdev_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "evdev", None)
    with heard(open_source("wedge:/dev/input/event0")) as ear:
        wait_for(lambda: ear.health)
    assert "evdev" in ear.health[0].sentence
