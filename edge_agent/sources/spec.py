"""Sources as they are written in settings.

| written | is |
|---|---|
| `camera:0`, `camera:/dev/video0` | a camera |
| `video:FILE`, `video:FILE?loop` | a video at its own pace |
| `pictures:PATH` | a picture, or a folder in which pictures appear |
| `http://…`, `https://…` | a network camera: MJPEG stream or single picture |
| `rtsp://…` | a network camera |
| `serial:/dev/serial/by-id/…`, `serial:/dev/ttyACM0?baud=115200` | a scanner on a serial line |
| `wedge:/dev/input/by-id/…`, `wedge:name=*Scanner*` | a scanner that acts as a keyboard |
"""

from pathlib import Path
from urllib.parse import parse_qs

from edge_agent.sources.camera import Camera
from edge_agent.sources.files import Pictures, Video
from edge_agent.sources.mjpeg import NetworkCamera, rtsp_camera, without_password
from edge_agent.sources.port import BadSource, Source
from edge_agent.sources.scanner import SerialScanner
from edge_agent.sources.wedge import WedgeScanner


def open_source(spec: str) -> Source:
    """Make the source that `spec` means; nothing is opened yet.

    Raises:
        BadSource: it means nothing.
    """
    kind, colon, rest = spec.partition(":")
    where, _, options = rest.partition("?")
    if not colon or not rest:
        raise BadSource(_hint(spec))
    match kind:
        case "camera":
            return Camera(where)
        case "video":
            return Video(Path(where), loop="loop" in options)
        case "pictures":
            return Pictures(Path(where))
        case "http" | "https":
            return NetworkCamera(spec)
        case "rtsp":
            return rtsp_camera(spec)
        case "serial":
            return SerialScanner(where, _baud(spec, options))
        case "wedge" if where.startswith("name="):
            return WedgeScanner(name_pattern=where.removeprefix("name="))
        case "wedge":
            return WedgeScanner(device=where)
        case _:
            raise BadSource(_hint(spec))


def _baud(spec: str, options: str) -> int:
    given = parse_qs(options).get("baud", ["9600"])[0]
    if not given.isdecimal() or not int(given):
        raise BadSource(f"{spec!r}: baud is a number, such as 9600.")
    return int(given)


def _hint(spec: str) -> str:
    shown = without_password(spec) if "//" in spec else spec
    return (
        f"{shown!r} is no source. Write camera:0, video:FILE, pictures:PATH, http://…, rtsp://…, serial:DEVICE, "
        "wedge:DEVICE or wedge:name=PATTERN."
    )
