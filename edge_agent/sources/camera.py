"""A camera by OpenCV: 1280×720 MJPEG, decoded straight to grey, always the newest frame."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Final, Protocol, cast

import cv2
import numpy as np

from edge_agent.readers import Grey
from edge_agent.sources.newest import Put, newest_only
from edge_agent.sources.port import Frame, Report, Take
from edge_agent.sources.recovery import keep_open

WIDTH: Final = 1280
HEIGHT: Final = 720
MOST_UNREADABLE: Final = 60
"""So many damaged pictures in a row are no accident: two seconds of them."""


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
        newest_only(lambda put: self._grab(put, opened, stop), take, stop)

    def _grab(self, put: Put, opened: Callable[[], None], stop: Event) -> None:
        capture = self._open(self._device)
        try:
            if not capture.isOpened():
                raise OSError(
                    f"The camera {self._device} can't be opened: is it plugged in, and free?"
                )
            opened()
            unreadable = 0
            while not stop.is_set():
                grey = self._next(capture)
                unreadable = unreadable + 1 if grey is None else 0
                if grey is not None:
                    put(Frame(grey, monotonic()))
                elif unreadable == MOST_UNREADABLE:
                    raise OSError(
                        f"The camera {self._device} gives pictures in a format that can't be read: "
                        "set it to MJPEG or YUYV"
                    )
        finally:
            capture.release()

    def _next(self, capture: Capture) -> Grey | None:
        good, picture = capture.read()
        if not good:
            raise OSError("The camera stopped giving pictures: was it unplugged?")
        return to_grey(cast("np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", picture))


def to_grey(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Grey | None:
    """Make a captured frame grey: raw MJPEG bytes, BGR, YUYV, or grey already; None when it is damaged."""
    if picture.ndim == 3 and picture.shape[2] == 3:
        return cast(Grey, cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    if picture.ndim == 3:
        return np.ascontiguousarray(picture[:, :, 0])  # YUYV: brightness, then colour
    if picture.ndim == 2 and min(picture.shape) > 1:
        return picture
    decoded = cv2.imdecode(picture.reshape(-1), cv2.IMREAD_GRAYSCALE) if picture.size else None
    return cast("Grey | None", decoded)


def _open_device(device: str) -> Capture:
    # what goes wrong is said in a sentence of ours, once
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    where: int | str = int(device) if device.isdecimal() else device
    capture = cv2.VideoCapture(where, cv2.CAP_V4L2)
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    if int(capture.get(cv2.CAP_PROP_FOURCC)) == cv2.VideoWriter.fourcc(*"MJPG"):
        # the JPEG comes as it is, so that it can be decoded to grey in one go; OpenCV converts all else
        capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
    return cast(Capture, capture)
