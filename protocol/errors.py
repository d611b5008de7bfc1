"""What can go wrong when a program uses this package wrongly.

Bad *input* never raises here: it comes back as a value (`Unreadable`, `CardProblem`), for bad input is normal.
"""


class ProtocolError(Exception):
    """Base of this package's errors; the message is a sentence for a developer."""


class BadName(ProtocolError):
    """A site, agent, area or group name that can't stand in a topic."""
