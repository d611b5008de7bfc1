"""A camera in the network: `multipart/x-mixed-replace` JPEGs over HTTP, or a picture that is fetched again and again.

Read with the standard library and decoded straight to grey: no buffer stands between the camera and the reader, so a
frame is read as soon as its last byte is here. RTSP goes through OpenCV.
"""

import http.client
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing, suppress
from threading import Event
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

import cv2
import numpy as np

from edge_agent.readers import BadPicture, grey_picture
from edge_agent.sources.camera import Camera, Capture, to_grey
from edge_agent.sources.newest import Put, newest_only
from edge_agent.sources.port import BadSource, Frame, Report, Take
from edge_agent.sources.recovery import keep_open

LARGEST_PART: Final = 8_000_000
MOST_PIXELS: Final = 34_000_000
"""8K: no camera in a hall gives more, and a small JPEG may claim gigabytes."""
TIMEOUT_S: Final = 10.0
PICTURE_EVERY_S: Final = 0.2
_AS_IT_IS: Final = "/%:@!$&'()*+,;=?[]"
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def without_password(url: str) -> str:
    """The address as it may stand in logs.

    Raises:
        BadSource: it is no address; the message does not repeat it, for it may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, f":{parts.port}" if parts.port else ""
    except ValueError:
        host, port = None, ""
    if not host:
        raise BadSource("The address of a camera can't be read. Write http://HOST:PORT/PATH.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{port}{parts.path}"


class NetworkCamera:
    """`http://…` or `https://…`."""

    def __init__(self, url: str) -> None:
        self.name = f"camera {without_password(url)}"
        self._url = urlsplit(url)

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        keep_open(lambda opened: self._use(take, opened, stop), report, stop)

    def _use(self, take: Take, opened: Callable[[], None], stop: Event) -> None:
        newest_only(lambda put: self._grab(put, opened, stop), take, stop)

    def _grab(self, put: Put, opened: Callable[[], None], stop: Event) -> None:
        try:
            self._fetch(put, opened, stop)
        except http.client.HTTPException as error:
            raise OSError(f"The {self.name} does not answer as a camera does") from error

    def _fetch(self, put: Put, opened: Callable[[], None], stop: Event) -> None:
        while not stop.is_set():
            with closing(_connect(self._url)) as line, _get(line, self._url) as response:
                if response.status != 200:
                    raise OSError(f"The {self.name} answers {response.status} {response.reason}")
                opened()
                if "multipart" in response.headers.get("content-type", ""):
                    _parts(response, put, stop)
                    raise OSError(f"The {self.name} ended its stream")
                _show(response.read(LARGEST_PART), put)
            stop.wait(PICTURE_EVERY_S)


def _connect(url: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname or "", url.port, timeout=TIMEOUT_S)


def _get(connection: http.client.HTTPConnection, url: SplitResult) -> http.client.HTTPResponse:
    headers = {}
    if url.username:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    path = quote(url.path or "/", safe=_AS_IT_IS)
    query = "?" + quote(url.query, safe=_AS_IT_IS) if url.query else ""
    connection.request("GET", path + query, headers=headers)
    return connection.getresponse()


def _parts(response: http.client.HTTPResponse, put: Put, stop: Event) -> None:
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
        _show(response.read(int(length[1])), put)


def _show(picture: bytes, put: Put) -> None:
    """Put a picture; one that is damaged, or claims to be enormous, is passed over."""
    at_s = monotonic()
    with suppress(BadPicture, cv2.error):
        if not picture.startswith(b"\xff\xd8"):
            put(Frame(grey_picture(picture), at_s))
        elif 0 < jpeg_pixels(picture) <= MOST_PIXELS:
            grey = to_grey(np.frombuffer(picture, np.uint8))
            if grey is not None:
                put(Frame(grey, at_s))


def jpeg_pixels(jpeg: bytes) -> int:
    """How many pixels a JPEG claims to have, by its frame header (ITU-T T.81, B.2.2); 0 when it has none."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1  # fill
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = jpeg[at + 5 : at + 7], jpeg[at + 7 : at + 9]
            return int.from_bytes(height, "big") * int.from_bytes(width, "big")
        else:
            at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return 0


def rtsp_camera(url: str) -> Camera:
    """`rtsp://…`, by OpenCV."""

    def open_stream(_: str) -> Capture:
        return cv2.VideoCapture(url)

    return Camera(without_password(url), open_stream)
