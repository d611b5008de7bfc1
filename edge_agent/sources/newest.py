"""The newest frame only: one thread grabs as fast as the camera gives, another takes as fast as it can read."""

from collections.abc import Callable
from threading import Condition, Event, Thread
from typing import Final

from edge_agent.sources.port import Frame, Take

LOOK_UP_S: Final = 0.2
GOODBYE_S: Final = 1.0

Put = Callable[[Frame], None]


class _Slot:
    """Room for one frame; a newer one takes its place."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._frame: Frame | None = None
        self._closed = False
        self.ended = False
        self.error: Exception | None = None

    def put(self, frame: Frame) -> None:
        with self._changed:
            if self._closed:
                raise OSError("Nobody takes the frames any more")
            self._frame = frame
            self._changed.notify()

    def take(self) -> Frame | None:
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self.ended, LOOK_UP_S)
            frame, self._frame = self._frame, None
            return frame

    def fill(self, grab: Callable[[Put], None]) -> None:
        try:
            grab(self.put)
        except Exception as error:  # it is raised again where the source is kept open
            self.error = error
        with self._changed:
            self.ended = True
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True


def newest_only(grab: Callable[[Put], None], take: Take, stop: Event) -> None:
    """Run `grab` in a thread of its own and hand over the newest of what it puts.

    `grab` opens, reads and closes its device itself: when it hangs in a read while `stop` is set, this returns all
    the same, and the device is closed by its own thread as soon as the read ends.

    Raises:
        Exception: what `grab` raised.
    """
    slot = _Slot()
    thread = Thread(target=slot.fill, args=(grab,), name="camera-grab", daemon=True)
    thread.start()
    try:
        while not stop.is_set():
            frame = slot.take()
            if frame is not None:
                take(frame)
            elif slot.ended:
                break
    finally:
        slot.close()
    thread.join(GOODBYE_S)
    if slot.error is not None and not stop.is_set():
        raise slot.error
