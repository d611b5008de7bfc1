"""BlueZ's refusals, by the names that clients know them by."""


class Refusal(Exception):
    """A method call is refused.

    Args:
        name: `org.bluez.Error.…` without the beginning, or a full name with dots.
        words: what BlueZ says.
    """

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name if "." in name else f"org.bluez.Error.{name}"


def not_ready() -> Refusal:
    """The adapter is powered off."""
    return Refusal("NotReady", "Resource Not Ready")


def in_progress() -> Refusal:
    """The same is being done already."""
    return Refusal("InProgress", "Operation already in progress")


def unknown_object(path: str) -> Refusal:
    """There is no such object."""
    return Refusal("org.freedesktop.DBus.Error.UnknownObject", f"Method call on {path}: no object")


def unknown_method(member: str) -> Refusal:
    """The object has no such method."""
    return Refusal("org.freedesktop.DBus.Error.UnknownMethod", f"Method {member!r} does not exist")
