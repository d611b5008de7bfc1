"""`edge-agent read PICTURE…`: what stands in these pictures?"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from edge_agent.readers.pictures import PictureRead, read_pictures


def add_read_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `read` to a program's commands."""
    parser = commands.add_parser(
        "read",
        help="read the QR codes in pictures",
        description="Reads the QR codes in pictures, with every pass that a still picture allows. A folder stands for "
        "the pictures in it. Exit status: 0 when every picture held a code, 1 when one did not, 2 when one could not be opened.",
    )
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, payloads in base64"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, print a line a picture, and say by the exit status how it went."""
    status = 0
    for result in read_pictures(_files(arguments.pictures)):
        sys.stdout.write((_json_line(result) if arguments.json else _line(result)) + "\n")
        status = max(status, 2 if result.error else 0 if result.readings else 1)
    return status


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in _PICTURES)
        else:
            yield path


_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".pgm"})


def _json_line(result: PictureRead) -> str:
    line: dict[str, object] = {
        "file": result.file,
        "payloads": [base64.b64encode(each.payload).decode() for each in result.readings],
        "reader": result.readings[0].reader if result.readings else None,
        "ms": round(result.ms, 3),
    }
    if result.error:
        line["error"] = result.error
    return json.dumps(line, ensure_ascii=False)


def _line(result: PictureRead) -> str:
    if result.error:
        return f"{result.file}: {result.error}"
    if not result.readings:
        return f"{result.file}: no code found ({result.ms:.0f} ms)"
    payloads = " | ".join(
        each.payload.decode("utf-8", "backslashreplace") for each in result.readings
    )
    return f"{result.file}: {payloads} ({result.readings[0].reader}, {result.ms:.1f} ms)"
