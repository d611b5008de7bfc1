"""Names and ids that travel between programs."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from protocol.errors import BadName

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_NAME = re.compile(NAME_PATTERN)

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""A site, agent, area, group or point: lower case, digits, `-` and `_`, at most 40 characters."""

Install = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""One life of an agent's outbox: 16 hex digits, drawn anew whenever the outbox file is new."""


def checked_name(name: str) -> str:
    """Return `name` if it can stand in a topic.

    Raises:
        BadName: it can't.
    """
    if not _NAME.fullmatch(name):
        raise BadName(
            f"{name!r} is not a name: use 1–40 of a–z, 0–9, '-' and '_', not starting with '-' or '_'."
        )
    return name


def uuid7(unix_ms: int, random_bytes: bytes) -> UUID:
    """Make a UUID version 7 (RFC 9562 §5.7): sorts by time.

    Args:
        unix_ms: milliseconds since 1970, 48 bit.
        random_bytes: 10 random bytes.
    """
    random_bits = int.from_bytes(random_bytes[:10], "big") & ((1 << 74) - 1)
    rand_a, rand_b = random_bits >> 62, random_bits & ((1 << 62) - 1)
    return UUID(int=(unix_ms & (1 << 48) - 1) << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b)
