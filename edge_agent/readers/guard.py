"""An engine that fails has read nothing; the others go on."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Final, Protocol, TypeVar

import structlog

from edge_agent.readers.port import Grey, Reading

_log = structlog.get_logger()

failures: Final[Counter[str]] = Counter()
"""How often each reader has failed since the program started."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Each = TypeVar("Each", bound=_Named)
Read = Callable[[Each, Grey], tuple[Reading, ...]]


def guarded(read: Read[Each]) -> Read[Each]:
    """Let a method that reads answer "nothing" where it would raise, and count it."""

    @wraps(read)
    def calm(reader: Each, grey: Grey) -> tuple[Reading, ...]:
        try:
            return read(reader, grey)
        except (
            Exception
        ) as error:  # native code, hostile pictures: whatever it is, the family is waiting
            failures[reader.name] += 1
            if failures[reader.name].bit_count() == 1:  # the 1st, 2nd, 4th, 8th … time
                _log.warning(
                    "reader_failed",
                    reader=reader.name,
                    times=failures[reader.name],
                    error=repr(error),
                    shape=grey.shape,
                )
            return ()

    return calm
