"""Cameras that see what a simulation holds up: MJPEG over HTTP, one path a kiosk, as a network camera serves it."""

import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

import cv2
import numpy as np

from beacon_sim.approach import Grey

FRAME_RATE: Final = 15
QUALITY: Final = 80
_BOUNDARY: Final = "frame"


class _View:
    """What one camera sees now."""

    def __init__(self) -> None:
        self.jpeg = _encoded(np.full((720, 1280), 96, np.uint8))
        self.changed = threading.Condition()
        self.busy = threading.Lock()

    def see(self, jpeg: bytes) -> None:
        with self.changed:
            self.jpeg = jpeg
            self.changed.notify_all()


class CameraFeed:
    """A server of simulated cameras on the loopback address.

    Args:
        names: of the cameras; `/NAME` is the stream of each.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._views = {name: _View() for name in names}
        self._empty = next(iter(self._views.values())).jpeg
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._views))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="cameras", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, name: str) -> str:
        """Where the stream of a camera is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def show(
        self, name: str, frames: Iterable[Grey], begins: Callable[[], object] = lambda: None
    ) -> None:
        """Let a camera see these frames, then the empty hall again; waits while it sees something else.

        Args:
            name: of the camera.
            frames: what it sees.
            begins: is called just before the first.
        """
        view = self._views[name]
        encoded = [_encoded(frame) for frame in frames]
        with view.busy:
            begins()
            for jpeg in encoded:
                view.see(jpeg)
                time.sleep(1 / FRAME_RATE)
            view.see(self._empty)


def _encoded(frame: Grey) -> bytes:
    _, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes()


def _handler(views: dict[str, _View]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            view = views.get(self.path.lstrip("/"))
            if view is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            self.end_headers()
            try:
                self._stream(view)
            except OSError:
                return  # the kiosk has gone

        def _stream(self, view: _View) -> None:
            while True:
                with view.changed:
                    view.changed.wait(1 / FRAME_RATE)
                    jpeg = view.jpeg
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: a stream is no news."""

    return Handler
