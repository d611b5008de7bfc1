"""A camera by OpenCV: 1280×720 MJPEG, decoded straight to grey, always the newest frame."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Final, Protocol, cast

import cv2
import numpy as np

from edge_agent.readers import Grey
from edge_agent.sources.port import Frame, Report, Take
from edge_agent.sources.recovery import keep_open

WIDTH: Final = 1280
HEIGHT: Final = 720


class Capture(Protocol):
    """As much of `cv2.VideoCapture` as is used."""

    def isOpened(self) -> bool: ...  # noqa: D102, N802  # OpenCV's name
    def read(self) -> tuple[bool, object]: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


class Camera:
    """A device such as `/dev/video0`, or its number."""

    def __init__(self, device: str, open_capture: Callable[[str], Capture] | None = None) -> None:
        self.name = f"camera {device}"
        self._device = device
        self._open = open_capture or _open_device

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        keep_open(lambda opened: self._use(take, opened, stop), report, stop)

    def _use(self, take: Take, opened: Callable[[], None], stop: Event) -> None:
        capture = self._open(self._device)
        try:
            if not capture.isOpened():
                raise OSError(
                    f"The camera {self._device} can't be opened: is it plugged in, and free?"
                )
            opened()
            _NewestFrames(capture).hand_over(take, stop)
        finally:
            capture.release()


class _NewestFrames:
    """Reads as fast as the camera gives, hands over as fast as the reader takes."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._newest: Frame | None = None
        self._fresh = Event()
        self._ended = Event()

    def hand_over(self, take: Take, stop: Event) -> None:
        thread = Thread(target=self._grab, args=(stop,), name="camera-grab", daemon=True)
        thread.start()
        while not stop.is_set():
            if self._fresh.wait(0.5):
                self._fresh.clear()
                frame, self._newest = self._newest, None
                if frame:
                    take(frame)
            elif self._ended.is_set():
                thread.join()
                raise OSError("The camera stopped giving pictures: was it unplugged?")
        thread.join(2.0)

    def _grab(self, stop: Event) -> None:
        while not stop.is_set():
            good, picture = self._capture.read()
            if not good:
                break
            grey = to_grey(cast("np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", picture))
            if grey is not None:
                self._newest = Frame(grey, monotonic())
                self._fresh.set()
        self._ended.set()


def to_grey(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Grey | None:
    """Make a captured frame grey: raw MJPEG bytes, BGR, or grey already; None when it is damaged."""
    if picture.ndim == 3 and picture.shape[2] == 3:
        return cast(Grey, cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    if picture.ndim == 2 and min(picture.shape) > 1:
        return picture
    decoded = cv2.imdecode(picture.reshape(-1), cv2.IMREAD_GRAYSCALE) if picture.size else None
    return cast("Grey | None", decoded)


def _open_device(device: str) -> Capture:
    where: int | str = int(device) if device.isdecimal() else device
    capture = cv2.VideoCapture(where, cv2.CAP_V4L2)
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    # the JPEG comes as it is, so that it can be decoded to grey in one go
    capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
    return cast(Capture, capture)
