"""One batch: what goes into it, and what it has come to so far."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.ingest import Delivered
from queue_server.journal import Rejected
from queue_server.telling import Telling


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message from the broker; `on_durable` lets go of it there."""

    delivered: Delivered
    on_durable: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Submission:
    """A command from inside this process, and where its answer goes."""

    command: c.Command
    answer: Future[c.Answer]


@dataclass(frozen=True, slots=True)
class Question:
    """Something to read from the durable state, and where the answer goes."""

    ask: Callable[[Hospital], Any]  # whoever asks knows the type
    answer: Future[Any]


@dataclass(frozen=True, slots=True)
class Greeting:
    """The broker is back: acknowledgements and boards are told anew."""


Item = Delivery | Submission | Question | Greeting


@dataclass(slots=True)
class Turn:
    """What one batch has come to so far; `now` is the one moment at which all of it is decided."""

    now: datetime
    events: list[e.Event] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    answers: list[tuple[Future[c.Answer], c.Answer]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    telling: Telling = field(default_factory=Telling)
    areas: set[str] = field(default_factory=set)
    noted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """For the log: what, of which agent, why; one line each, however often it was."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch."""

    position: int
    """The journal's position now."""
    areas: frozenset[str]
    """Areas whose board may differ now."""
