"""Sources as they are written in settings.

| written | is |
|---|---|
| `camera:0`, `camera:/dev/video0` | a camera |
| `video:FILE`, `video:FILE?loop` | a video at its own pace |
| `pictures:PATH` | a picture, or a folder in which pictures appear |
| `http://…`, `https://…` | a network camera: MJPEG stream or single picture |
| `rtsp://…`, `rtsps://…` | a network camera |
| `serial:/dev/serial/by-id/…`, `serial:/dev/ttyACM0?baud=115200` | a scanner on a serial line |
| `wedge:/dev/input/by-id/…`, `wedge:name=*Scanner*` | a scanner that acts as a keyboard |
"""

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import serial

from edge_agent.sources.camera import Camera
from edge_agent.sources.files import Pictures, Video
from edge_agent.sources.mjpeg import NetworkCamera, rtsp_camera
from edge_agent.sources.port import BadSource, Source
from edge_agent.sources.scanner import SerialScanner
from edge_agent.sources.wedge import WedgeScanner

_BAUDS: Final = frozenset(map(str, serial.Serial.BAUDRATES))


def open_source(spec: str) -> Source:
    """Make the source that `spec` means; nothing is opened yet.

    Raises:
        BadSource: it means nothing.
    """
    kind, _, rest = spec.partition(":")
    if not rest:
        raise BadSource(_hint(spec))
    if kind in ("http", "https"):
        return NetworkCamera(spec)
    if kind in ("rtsp", "rtsps"):
        return rtsp_camera(spec)
    where, _, written = rest.partition("?")
    options = dict(parse_qsl(written, keep_blank_values=True))
    source = _local(kind, where, options, spec)
    if options:
        raise BadSource(f"{spec!r}: there is no option {', '.join(options)}.")
    return source


def _local(kind: str, where: str, options: dict[str, str], spec: str) -> Source:
    """Make a source of this machine; takes the options it knows out of `options`."""
    match kind, where.partition("="):
        case "camera", _ if where:
            return Camera(where)
        case "video", _ if where:
            return Video(Path(where), loop=_loop(spec, options))
        case "pictures", _ if where:
            return Pictures(Path(where))
        case "serial", _ if where:
            return SerialScanner(where, _baud(spec, options))
        case "wedge", ("name", "=", pattern) if pattern:
            return WedgeScanner(name_pattern=pattern)
        case "wedge", (device, "", _) if device:
            return WedgeScanner(device=device)
        case _:
            raise BadSource(_hint(spec))


def _loop(spec: str, options: dict[str, str]) -> bool:
    given = options.pop("loop", "0")
    if given not in ("", "0", "1"):
        raise BadSource(f"{spec!r}: loop is 1 or 0.")
    return given != "0"


def _baud(spec: str, options: dict[str, str]) -> int:
    given = options.pop("baud", "9600")
    if given not in _BAUDS:
        raise BadSource(
            f"{spec!r}: baud is a number that serial lines know, such as 9600 or 115200."
        )
    return int(given)


def _hint(spec: str) -> str:
    shown = (
        f"{spec.partition(':')[0]}:…" if "//" in spec else spec
    )  # an address may hold a password
    return (
        f"{shown!r} is no source. Write camera:0, video:FILE, pictures:PATH, http://…, rtsp://…, serial:DEVICE, "
        "wedge:DEVICE or wedge:name=PATTERN."
    )
