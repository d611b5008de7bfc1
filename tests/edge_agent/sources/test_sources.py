"""Where frames and scanned texts come from: real files, real HTTP, a real terminal line."""

import os
import pty
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_sim import CameraFeed
from edge_agent.readers import Grey
from edge_agent.sources import BadSource, Frame, ScannedText, Source, SourceHealth, open_source
from edge_agent.sources.camera import Camera
from edge_agent.sources.mjpeg import NetworkCamera, without_password
from edge_agent.sources.scanner import MOST_BYTES, Assembler
from edge_agent.sources.wedge import ENTER, KEYS, SHIFT, Keyboard


class Ear:
    """Runs a source in a thread, and keeps what it hands over."""

    def __init__(self, source: Source) -> None:
        self.taken: queue.Queue[Frame | ScannedText] = queue.Queue()
        self.health: list[SourceHealth] = []
        self.stop = threading.Event()
        self._thread = threading.Thread(
            target=source.run, args=(self.taken.put, self.health.append, self.stop)
        )
        self._thread.start()

    def next(self, within_s: float = 5.0) -> Frame | ScannedText:
        return self.taken.get(timeout=within_s)

    def text(self) -> bytes:
        taken = self.next()
        assert isinstance(taken, ScannedText)
        return taken.raw

    def close(self) -> None:
        self.stop.set()
        self._thread.join(5)
        assert not self._thread.is_alive(), "a source must end when it is told to"


@contextmanager
def heard(source: Source) -> Iterator[Ear]:
    ear = Ear(source)
    try:
        yield ear
    finally:
        ear.close()


def grey(value: int = 77) -> Grey:
    return np.full((90, 160), value, np.uint8)


# ---- how sources are written --------------------------------------------------------------------


@pytest.mark.parametrize(
    "spec",
    [
        "camera:0", "camera:/dev/video0", "video:x.avi?loop", "pictures:/tmp", "http://h/x", "rtsp://h/x",
        "serial:/dev/ttyACM0?baud=115200", "wedge:name=*Scanner*", "wedge:/dev/input/event3",
    ],
)  # fmt: skip
def test_every_documented_way_of_writing_a_source_is_understood(spec: str) -> None:
    assert open_source(spec).name


@pytest.mark.parametrize(
    "spec", ["", "camera", "camera:", "floppy:a", "serial:/dev/x?baud=fast", "http"]
)
def test_what_means_no_source_is_said_with_the_ways_that_do(spec: str) -> None:
    with pytest.raises(BadSource, match=r"Write camera:0|baud is a number"):
        open_source(spec)


def test_a_password_never_shows() -> None:
    assert "secret" not in open_source("http://me:secret@camera.example/x").name
    assert "secret" not in without_password("rtsp://me:secret@camera.example:554/x?token=secret")


# ---- cameras and files --------------------------------------------------------------------------


class FakeCapture:
    """A camera of `frames` frames at 100 a second, unplugged after them."""

    def __init__(self, frames: int, *, opens: bool = True) -> None:
        self._frames = iter(range(frames))
        self._opens = opens

    def isOpened(self) -> bool:  # noqa: N802  # OpenCV's name
        return self._opens

    def read(self) -> tuple[bool, object]:
        time.sleep(0.01)
        number = next(self._frames, None)
        return (False, None) if number is None else (True, grey(number % 256))

    def release(self) -> None:
        return None


def test_a_slow_reader_never_sees_an_old_frame() -> None:
    seen: list[tuple[int, float]] = []
    stop = threading.Event()

    def slow(sensed: Frame | ScannedText) -> None:
        assert isinstance(sensed, Frame)
        seen.append((int(sensed.grey[0, 0]), time.monotonic() - sensed.at_s))
        time.sleep(0.1)
        if len(seen) == 5:
            stop.set()

    Camera("0", lambda _: FakeCapture(1000)).run(slow, lambda _: None, stop)
    assert all(later - earlier > 3 for (earlier, _), (later, _) in pairwise(seen))
    assert max(age for _, age in seen) < 0.1


def test_a_camera_that_is_unplugged_is_opened_again_and_says_so() -> None:
    opened = iter([FakeCapture(3), FakeCapture(0, opens=False), FakeCapture(3)])
    with heard(Camera("0", lambda _: next(opened, FakeCapture(3)))) as ear:
        deadline = time.monotonic() + 8
        while [each.ok for each in ear.health][:4] != [True, False, False, True]:
            assert time.monotonic() < deadline, ear.health
            time.sleep(0.05)
    assert "unplugged" in ear.health[1].sentence
    assert "plugged in" in ear.health[2].sentence


def test_a_camera_that_is_not_there_is_said_in_a_sentence() -> None:
    with heard(open_source("camera:/dev/video99")) as ear:
        time.sleep(0.5)
    assert not ear.health[0].ok
    assert "/dev/video99" in ear.health[0].sentence


def test_a_video_is_played_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "v.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (160, 90))
    for number in range(5):
        writer.write(cv2.cvtColor(grey(number * 40), cv2.COLOR_GRAY2BGR))
    writer.release()
    with heard(open_source(f"video:{path}")) as ear:
        frames = [ear.next() for _ in range(5)]
    assert [round(float(f.grey.mean()) / 40) for f in frames if isinstance(f, Frame)] == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_a_video_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    with heard(open_source(f"video:{tmp_path / 'none.avi'}")) as ear:
        time.sleep(0.2)
    assert "can't be opened" in ear.health[0].sentence


def test_pictures_that_come_into_a_folder_are_shown_and_bad_ones_are_said(tmp_path: Path) -> None:
    with heard(open_source(f"pictures:{tmp_path}")) as ear:
        cv2.imwrite(str(tmp_path / "a.png"), grey())
        assert isinstance(ear.next(), Frame)
        (tmp_path / "b.png").write_bytes(b"no picture")
        deadline = time.monotonic() + 3
        while not any("b.png" in each.sentence for each in ear.health):
            assert time.monotonic() < deadline
            time.sleep(0.05)


# ---- cameras in the network ---------------------------------------------------------------------


def test_a_frame_is_here_soon_after_it_was_sent() -> None:
    with CameraFeed(["c"]) as feed, heard(open_source(feed.url("c"))) as ear:
        ear.next()
        marked = np.full((720, 1280), 255, np.uint8)
        shown = threading.Thread(target=feed.show, args=("c", [marked] * 5))
        began = time.monotonic()
        shown.start()
        while True:
            frame = ear.next()
            if isinstance(frame, Frame) and frame.grey.mean() > 200:
                break
        shown.join()
        assert frame.at_s - began < 0.35


class Answers(BaseHTTPRequestHandler):
    """Answers with what the test has put down."""

    kind = "multipart/x-mixed-replace; boundary=b"
    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        return None


@contextmanager
def camera_that_answers(kind: str, body: bytes) -> Iterator[str]:
    handler = type("Handler", (Answers,), {"kind": kind, "body": body})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def jpeg() -> bytes:
    return cv2.imencode(".jpg", grey())[1].tobytes()


def part(data: bytes) -> bytes:
    return b"--b\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(data), data)


def test_a_single_picture_at_an_address_is_taken_again_and_again() -> None:
    with camera_that_answers("image/jpeg", jpeg()) as url, heard(NetworkCamera(url)) as ear:
        assert isinstance(ear.next(), Frame)
        assert isinstance(ear.next(), Frame)


def test_a_damaged_part_is_passed_over() -> None:
    body = part(b"\xff\xd8 broken") + part(jpeg())
    with camera_that_answers(Answers.kind, body) as url, heard(NetworkCamera(url)) as ear:
        assert isinstance(ear.next(), Frame)


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\nContent-Length: 99999999999\r\n\r\n",
        b"--b\r\nX: y\r\n\r\n",
        b"\r\n" * 9,
        b"X" * 20_000,
    ],
)
def test_a_stream_that_is_none_ends_in_a_sentence(body: bytes) -> None:
    with camera_that_answers(Answers.kind, body) as url, heard(NetworkCamera(url)) as ear:
        deadline = time.monotonic() + 4
        while not any(not each.ok for each in ear.health):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert ear.taken.empty()


def test_a_camera_that_is_away_is_said_and_tried_again() -> None:
    with heard(NetworkCamera("http://127.0.0.1:9/")) as ear:
        time.sleep(0.3)
    assert not ear.health[0].ok
    assert "tried again" in ear.health[0].sentence


# ---- scanners -----------------------------------------------------------------------------------


@pytest.fixture
def line() -> Iterator[tuple[int, Ear]]:
    master, slave = pty.openpty()
    with heard(open_source(f"serial:{os.ttyname(slave)}")) as ear:
        deadline = time.monotonic() + 5
        while not ear.health:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield master, ear
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t", b""])
def test_a_serial_scanner_may_end_a_code_as_it_likes(line: tuple[int, Ear], end: bytes) -> None:
    master, ear = line
    os.write(master, b"EVC1ABC" + end)
    assert ear.text() == b"EVC1ABC"


def test_what_a_serial_scanner_sends_stays_bytes(line: tuple[int, Ear]) -> None:
    master, ear = line
    os.write(master, b"\xff\xfe\x01\r")
    assert ear.text() == b"\xff\xfe\x01"


def test_a_code_of_four_kilobytes_is_handed_over_cut_and_the_next_one_whole() -> None:
    assembler = Assembler()
    codes = assembler.feed(b"A" * 4096 + b"\rEVC1\r", 1.0)
    assert [len(code) for code in codes] == [MOST_BYTES + 1, 4]


def test_a_scanner_that_is_not_there_is_said_in_a_sentence() -> None:
    with heard(open_source("serial:/dev/ttyNONE")) as ear:
        time.sleep(0.3)
    assert "plugged in" in ear.health[0].sentence


@given(
    st.lists(
        st.binary(min_size=1, max_size=30).filter(lambda code: not set(code) & set(b"\r\n\t")),
        max_size=5,
    ),
    st.integers(1, 7),
)
def test_codes_come_out_whole_however_the_bytes_arrive(codes: list[bytes], step: int) -> None:
    sent = b"".join(code + b"\r" for code in codes)
    assembler = Assembler()
    chunks = [sent[at : at + step] for at in range(0, len(sent), step)]
    assert [code for chunk in chunks for code in assembler.feed(chunk, 1.0)] == codes


TYPED = {
    character: (code, shifted)
    for code, pair in reversed(KEYS.items())
    for shifted, character in enumerate(pair)
}


@given(st.text(alphabet=sorted(TYPED), max_size=60))
def test_a_keyboard_scanner_types_any_ascii_text(text: str) -> None:
    keyboard = Keyboard()
    typed = b""
    shift = min(SHIFT)
    for character in text:
        code, shifted = TYPED[character]
        presses = (
            [(shift, 1), (code, 1), (code, 0), (shift, 0)] if shifted else [(code, 1), (code, 0)]
        )
        typed += b"".join(keyboard.press(*press) for press in presses)
    assert typed == text.encode()


def test_caps_lock_turns_letters_and_repeats_are_ignored() -> None:
    keyboard = Keyboard()
    presses = [(58, 1), (58, 0), (30, 1), (30, 2), (30, 2), (30, 0), (2, 1), (min(ENTER), 1)]
    assert b"".join(keyboard.press(*press) for press in presses) == b"A1\r"


def test_a_scanner_by_name_that_is_not_plugged_in_is_said_in_a_sentence() -> None:
    with heard(open_source("wedge:name=*No such scanner*")) as ear:
        time.sleep(0.4)
    assert "is named like '*No such scanner*'" in ear.health[0].sentence


def test_the_card_of_a_family_typed_by_a_scanner_is_the_card() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from protocol.card import Issuer

    text = Issuer(1, Ed25519PrivateKey.generate()).static(
        bytes(10), date(2026, 1, 1), date(2026, 2, 1)
    )
    keyboard, assembler = Keyboard(), Assembler()
    keys = [
        event
        for character in text
        for event in ((min(SHIFT), int(character.isupper())), (TYPED[character.lower()][0], 1))
    ]
    typed = b"".join(keyboard.press(*event) for event in [*keys, (28, 1)])
    assert assembler.feed(typed, 1.0) == [text.encode()]
