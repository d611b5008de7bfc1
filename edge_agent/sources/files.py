"""Pictures and videos from disk: for rehearsal, for support, and for folders that other programs fill."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final, cast

import cv2
import numpy as np

from edge_agent.readers import BadPicture, grey_picture
from edge_agent.sources.camera import to_grey
from edge_agent.sources.port import Frame, Report, SourceHealth, Take
from edge_agent.sources.recovery import keep_open

LOOK_EVERY_S: Final = 0.3
STILL_FRAMES: Final = 8
"""A picture is shown that often, so that the live reader's passes all have their turn."""


class Video:
    """A video file, at its own pace; for ever when `loop`."""

    def __init__(self, path: Path, *, loop: bool = False, real_time: bool = True) -> None:
        self.name = f"video {path.name}"
        self._path = path
        self._loop = loop
        self._real_time = real_time

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`; without `loop` it ends with the file."""
        while not stop.is_set():
            capture = cv2.VideoCapture(str(self._path))
            if not capture.isOpened():
                report(SourceHealth(False, f"{self._path} can't be opened as a video."))
                return
            try:
                shown = self._play(capture, take, report, stop)
            finally:
                capture.release()
            if not shown and not stop.is_set():
                report(SourceHealth(False, f"{self._path} has no picture in it."))
                return
            if not self._loop:
                return

    def _play(self, capture: cv2.VideoCapture, take: Take, report: Report, stop: Event) -> int:
        """Show it once; give how many pictures were shown."""
        shown = 0
        pause_s = 1 / (capture.get(cv2.CAP_PROP_FPS) or 30) if self._real_time else 0.0
        due_s = monotonic()
        while not stop.is_set():
            good, picture = capture.read()
            if not good:
                break
            grey = to_grey(cast("np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", picture))
            if grey is not None:
                if not shown:
                    report(SourceHealth(True, ""))
                shown += 1
                take(Frame(grey, monotonic()))
            due_s += pause_s
            stop.wait(max(0.0, due_s - monotonic()))
        return shown


class Pictures:
    """A picture, or a folder: those that are there and those that come, each once."""

    def __init__(self, path: Path) -> None:
        self.name = f"pictures {path.name}"
        self._path = path
        self._seen: dict[Path, float] = {}

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        keep_open(lambda opened: self._watch(take, report, opened, stop), report, stop)

    def _watch(self, take: Take, report: Report, opened: Callable[[], None], stop: Event) -> None:
        self._path.stat()
        opened()
        while not stop.is_set():
            for path in self._new():
                self._show(path, take, report)
            stop.wait(LOOK_EVERY_S)

    def _new(self) -> list[Path]:
        listed = sorted(self._path.iterdir()) if self._path.is_dir() else [self._path]
        files = {path: path.stat().st_mtime for path in listed if path.is_file()}
        new = [path for path, changed in files.items() if self._seen.get(path) != changed]
        self._seen = files
        return new

    def _show(self, path: Path, take: Take, report: Report) -> None:
        try:
            grey = grey_picture(path.read_bytes())
        except (BadPicture, OSError) as error:
            report(SourceHealth(False, f"{path.name}: {error}"))
            return
        report(SourceHealth(True, ""))
        for _ in range(STILL_FRAMES):
            take(Frame(grey, monotonic()))
