"""Cards held up to simulated cameras, one after the other at each kiosk, without making anybody wait for it."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from beacon_sim.approach import approach_frames
from beacon_sim.camera_feed import CameraFeed
from protocol.card import qr

CARD_FRAMES: Final = 24
"""A card is held up for 1.6 s."""


class Cameras:
    """The cameras of the kiosks, as families use them.

    Args:
        feed: shows frames.
        names: of the cameras in it.
    """

    def __init__(self, feed: CameraFeed, names: Sequence[str]) -> None:
        self._feed = feed
        self._hands = {name: ThreadPoolExecutor(1, f"camera-{name}") for name in names}
        self._shown: dict[str, Future[None]] = {}
        self._began_s: dict[str, float] = {}

    def free(self) -> str | None:
        """A camera that nobody uses at the moment."""
        for name in self._hands:
            if not self.shows(name):
                return name
        return None

    def shows(self, camera: str) -> bool:
        """Whether a camera still sees a card, or is about to."""
        shown = self._shown.get(camera)
        return shown is not None and not shown.done()

    def hold_up(self, camera: str, card: str, seed: int) -> None:
        """Hold a card up to a camera, when whoever is before has done; `seed` draws the hand."""
        self._shown[camera] = self._hands[camera].submit(self._show, camera, card, seed)

    def seen_for_s(self, card: str) -> float:
        """How long ago a card was first seen, in our seconds; 0 when it has not been yet."""
        now_s = time.monotonic()
        return now_s - self._began_s.get(card, now_s)

    def close(self) -> None:
        """Nobody holds anything up any more."""
        for hand in self._hands.values():
            hand.shutdown(wait=False, cancel_futures=True)

    def _show(self, camera: str, card: str, seed: int) -> None:
        frames = approach_frames(qr.matrix(card), seed, frames=CARD_FRAMES)
        self._feed.show(camera, frames, lambda: self._began_s.setdefault(card, time.monotonic()))
