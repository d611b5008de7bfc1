"""Hardware scanners that pretend to be a keyboard: grabbed, so that they type into nothing else."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from select import select
from threading import Event
from time import monotonic
from typing import Any, Final

from edge_agent.sources.port import Report, ScannedText, SourceHealth, Take
from edge_agent.sources.recovery import keep_open
from edge_agent.sources.scanner import GAP_S, Assembler

_ROWS: Final = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
}
"""Key codes of a US layout (linux/input-event-codes.h), by the first of a row: plain and with shift."""
_SINGLE: Final = {
    57: (" ", " "),
    55: ("*", "*"),
    74: ("-", "-"),
    78: ("+", "+"),
    83: (".", "."),
    98: ("/", "/"),
}
_PAD: Final = dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82), "7894561230", strict=True))
KEYS: Final = {
    **{
        first + at: (plain[at], shifted[at])
        for first, (plain, shifted) in _ROWS.items()
        for at in range(len(plain))
    },
    **_SINGLE,
    **{code: (digit, digit) for code, digit in _PAD.items()},
}
ENTER: Final = frozenset({28, 96, 15})
"""Enter, the pad's Enter, Tab."""
SHIFT: Final = frozenset({42, 54})
CAPS: Final = 58


class Keyboard:
    """Turns key events into bytes: shift and caps lock as on a US keyboard, repeats ignored."""

    def __init__(self) -> None:
        self._shift: set[int] = set()
        self._caps = False

    def press(self, code: int, value: int) -> bytes:
        """What a key event types; `value` is 1 for down, 0 for up, 2 for a repeat."""
        if code in SHIFT:
            (self._shift.add if value else self._shift.discard)(code)
            return b""
        if value != 1:
            return b""
        if code == CAPS:
            self._caps = not self._caps
            return b""
        if code in ENTER:
            return b"\r"
        plain, shifted = KEYS.get(code, ("", ""))
        upper = bool(self._shift) != (self._caps and plain.isalpha())
        return (shifted if upper else plain).encode()


class WedgeScanner:
    """A scanner by its device path, or by a pattern on its name such as `*Scanner*`."""

    def __init__(self, device: str = "", name_pattern: str = "") -> None:
        self.name = f"scanner {device or name_pattern}"
        self._device = device
        self._pattern = name_pattern

    def run(self, take: Take, report: Report, stop: Event) -> None:
        """See `Source`."""
        try:
            import evdev
        except ImportError:
            report(
                SourceHealth(
                    False, "Keyboard scanners need the package evdev, which is for Linux only."
                )
            )
            return
        keep_open(lambda opened: self._use(evdev, take, opened, stop), report, stop)

    def _use(self, evdev: Any, take: Take, opened: Callable[[], None], stop: Event) -> None:
        try:
            device = evdev.InputDevice(self._find(evdev))
        except PermissionError as error:
            raise OSError(
                f"The {self.name} may not be read: add this user to the group input"
            ) from error
        try:
            device.grab()
            opened()
            for code, at_s in _codes(device, stop):
                take(ScannedText(code, at_s))
        finally:
            device.close()

    def _find(self, evdev: Any) -> str:
        if self._device:
            return str(Path(self._device).resolve(strict=True))
        for path in evdev.list_devices():
            device = evdev.InputDevice(path)
            name, types = device.name, _types_enter(device)
            device.close()
            if types and fnmatchcase(name, self._pattern):
                return str(path)
        raise OSError(
            f"No keyboard that this user may read is named like {self._pattern!r}: see /proc/bus/input/devices, "
            "and add the user to the group input"
        )


def _types_enter(device: Any) -> bool:
    """Whether it is the keyboard of a scanner, and not the mouse or the media keys beside it."""
    return not ENTER.isdisjoint(device.capabilities().get(1, ()))  # EV_KEY


def _codes(device: Any, stop: Event) -> Iterator[tuple[bytes, float]]:
    keyboard, assembler = Keyboard(), Assembler()
    while not stop.is_set():
        ready, _, _ = select([device.fd], [], [], GAP_S)
        now_s = monotonic()
        if not ready:
            yield from ((code, now_s) for code in assembler.silence(now_s))
            continue
        for event in device.read():
            if event.type == 1:  # EV_KEY
                typed = keyboard.press(event.code, event.value)
                yield from ((code, now_s) for code in assembler.feed(typed, now_s))
