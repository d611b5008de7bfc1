"""What a source is: something that runs in a thread of its own and hands over what it senses."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from edge_agent.readers import Grey


class BadSource(Exception):
    """A source that can't be meant; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: grey, of shape (height, width), taken at `at_s` of the monotonic clock."""

    grey: Grey
    at_s: float


@dataclass(frozen=True, slots=True)
class ScannedText:
    """What a hardware scanner sent, without its terminator."""

    raw: bytes
    at_s: float


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares; the sentence is for an operator."""

    ok: bool
    sentence: str


Take = Callable[[Frame | ScannedText], None]
Report = Callable[[SourceHealth], None]


class Source(Protocol):
    """A camera, a file, a scanner."""

    name: str

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """Hand over what is sensed until `stop` is set; open again by itself whatever happens.

        `take` may be slow: a live source then skips, and what it hands over is never old.
        """
        ...
