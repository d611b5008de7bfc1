"""One batch: what goes into it, and what it has come to so far."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.desk import Job
from queue_server.ingest import Delivered
from queue_server.journal import Rejected
from queue_server.telling import Telling

T_contra = TypeVar("T_contra", contravariant=True)


class Reply(Protocol[T_contra]):
    """Where an answer goes; a `concurrent.futures.Future` is one."""

    def set_running_or_notify_cancel(self) -> bool:
        """Whether anybody still waits for it."""
        ...

    def set_result(self, result: T_contra, /) -> None:
        """This is it."""
        ...

    def set_exception(self, exception: BaseException, /) -> None:
        """There is none, and why."""
        ...

    def done(self) -> bool:
        """Whether it has been given, or nobody waits for it."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message from the broker; `on_durable` lets go of it there."""

    delivered: Delivered
    on_durable: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Submission:
    """A command from inside this process, and where its answer goes."""

    command: c.Command
    answer: Reply[c.Answer]


@dataclass(frozen=True, slots=True)
class Errand:
    """A job from inside this process, and where its answer goes."""

    job: Job[Any]  # whoever gave it knows the type
    answer: Reply[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Something to read from the durable state, and where the answer goes."""

    ask: Callable[[Hospital], Any]  # whoever asks knows the type
    answer: Reply[Any]


@dataclass(frozen=True, slots=True)
class Greeting:
    """The broker is back: acknowledgements and boards are told anew."""


Item = Delivery | Submission | Errand | Question | Greeting


@dataclass(slots=True)
class Turn:
    """What one batch has come to so far; `now` is the one moment at which all of it is decided."""

    now: datetime
    events: list[e.Event] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    answers: list[Callable[[], None]] = field(default_factory=list)
    """Each gives an answer to whoever waits for it."""
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
