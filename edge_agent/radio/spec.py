"""Radios as they are written in settings.

| written | is |
|---|---|
| `off` | none |
| `hci0`, `hci1` … | an adapter of BlueZ |
| `usb:0`, `usb:0a12:0001` | a USB dongle without BlueZ, through bumble (extra `usb`) |
| `replay:FILE.jsonl`, `replay:FILE.mbd?sensor=NAME` | a recording; `speed=10`, `loop` |
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from edge_agent.radio.bleak_radio import BleakRadio
from edge_agent.radio.port import BadRadio, Radio
from edge_agent.radio.replay import Replay


def open_radio(spec: str) -> Radio | None:
    """Make the radio that `spec` means, None for `off`; nothing is opened yet.

    Raises:
        BadRadio: it means nothing, or needs a library that is not installed.
    """
    kind, _, rest = spec.partition(":")
    match kind, rest:
        case "off", "":
            return None
        case _, "" if re.fullmatch(r"hci\d{1,2}", kind):
            return BleakRadio(kind)
        case "usb", _ if re.fullmatch(r"\d{1,2}|[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", rest):
            return _usb(spec)
        case "replay", _ if rest:
            where, _, options = rest.partition("?")
            return _replay(spec, Path(where), dict(parse_qsl(options, keep_blank_values=True)))
        case _:
            raise BadRadio(
                f"bluetooth = {spec!r} is no radio: write off, hci0, usb:0 or replay:FILE."
            )


def _usb(spec: str) -> Radio:
    try:
        from edge_agent.radio.bumble_radio import BumbleRadio
    except ImportError as error:
        raise BadRadio(
            f"bluetooth = {spec!r} needs the library bumble: install daozhen[usb]."
        ) from error
    return BumbleRadio(spec)


def _replay(spec: str, path: Path, options: Mapping[str, str]) -> Radio:
    unknown = set(options) - {"sensor", "speed", "loop"}
    try:
        speed = float(options.get("speed", "1"))
    except ValueError:
        speed = 0.0
    if unknown or not 0 < speed <= 1000:
        raise BadRadio(f"bluetooth = {spec!r}: the options are sensor=NAME, speed=1…1000 and loop.")
    if path.suffix == ".mbd" and not options.get("sensor"):
        raise BadRadio(f"bluetooth = {spec!r}: say whose ears, with ?sensor=NAME.")
    return Replay(
        path, sensor=options.get("sensor", ""), speed=speed, loop=options.get("loop", "0") != "0"
    )
