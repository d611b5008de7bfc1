"""A camera in the network: `multipart/x-mixed-replace` JPEGs over HTTP, or a picture that is fetched again and again.

Read with the standard library and decoded straight to grey: no buffer stands between the camera and the reader, so a
frame is read as soon as its last byte is here. RTSP goes through OpenCV.
"""

import http.client
import re
from base64 import b64encode
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import cv2
import numpy as np

from edge_agent.sources.camera import Camera, Capture, to_grey
from edge_agent.sources.port import Frame, Report, Take
from edge_agent.sources.recovery import keep_open

LARGEST_PART: Final = 8_000_000
TIMEOUT_S: Final = 10.0
PICTURE_EVERY_S: Final = 0.2
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def without_password(url: str) -> str:
    """The address as it may stand in logs."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


class NetworkCamera:
    """`http://…` or `https://…`."""

    def __init__(self, url: str) -> None:
        self.name = f"camera {without_password(url)}"
        self._url = urlsplit(url)

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        keep_open(lambda opened: self._use(take, opened, stop), report, stop)

    def _use(self, take: Take, opened: Callable[[], None], stop: Event) -> None:
        try:
            self._fetch(take, opened, stop)
        except http.client.HTTPException as error:
            raise OSError(f"The {self.name} does not answer as a camera does") from error

    def _fetch(self, take: Take, opened: Callable[[], None], stop: Event) -> None:
        while not stop.is_set():
            connection = _connect(self._url)
            try:
                response = _get(connection, self._url)
                if response.status != 200:
                    raise OSError(f"The {self.name} answers {response.status} {response.reason}")
                opened()
                if "multipart" in response.headers.get("content-type", ""):
                    _parts(response, take, stop)
                    raise OSError(f"The {self.name} ended its stream")
                _show(response.read(LARGEST_PART), take)
            finally:
                connection.close()
            stop.wait(PICTURE_EVERY_S)


def _connect(url: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname or "", url.port, timeout=TIMEOUT_S)


def _get(connection: http.client.HTTPConnection, url: SplitResult) -> http.client.HTTPResponse:
    headers = {}
    if url.username:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    connection.request(
        "GET", (url.path or "/") + (f"?{url.query}" if url.query else ""), headers=headers
    )
    return connection.getresponse()


def _parts(response: http.client.HTTPResponse, take: Take, stop: Event) -> None:
    """Take the parts of a stream one by one; a part must say its length."""
    while not stop.is_set():
        headers = b""
        while not headers.endswith(b"\r\n\r\n"):
            line = response.readline(1000)
            if not line or len(headers) > 10_000:
                return
            if line == b"\r\n" and b":" not in headers:
                continue  # the line end of the part before
            headers += line
        length = _LENGTH.search(headers)
        if length is None or int(length[1]) > LARGEST_PART:
            raise OSError("The stream has a part without a length, or one that is too long")
        _show(response.read(int(length[1])), take)


def _show(jpeg: bytes, take: Take) -> None:
    grey = to_grey(np.frombuffer(jpeg, np.uint8))
    if grey is not None:
        take(Frame(grey, monotonic()))


def rtsp_camera(url: str) -> Camera:
    """`rtsp://…`, by OpenCV."""

    def open_stream(_: str) -> Capture:
        return cv2.VideoCapture(url)

    return Camera(without_password(url), open_stream)
