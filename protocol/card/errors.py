"""What a *program* can do wrong with cards. What is wrong with a *card* is a value: `problems.Problem`."""

from protocol.errors import ProtocolError


class BadSignedList(ProtocolError):
    """A key set or revocation list that must not be used: damaged, unsigned, or older than the one in force."""


class BadCardFields(ProtocolError):
    """A card that can't be written down: a field is out of its range."""
