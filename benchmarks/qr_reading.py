"""(a) Reading: decode rate and time against pyzbar, OpenCV and zxing-cpp alone. Run it with

    python -m benchmarks.qr_reading [FOLDER…] [--quick] [--json FILE]

A folder holds pictures with their contents beside them: `x.webp` and `x.txt` (UTF-8) or `x.bin`. Without folders, those of
`../shared/data/qr` are taken where they exist. Generated pictures and simulated approaches come from seeds of their own, which
nothing was tuned on. "Wrong" counts pictures with something read that is not what stands in them.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Final, cast

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from beacon_sim import approach_frames
from benchmarks.qr_pictures import hard_picture
from benchmarks.rows import Row, add_json_option, report
from edge_agent.readers import (
    BadPicture,
    Grey,
    LiveReader,
    PictureRead,
    Zbar,
    Zxing,
    grey_picture,
    read_pictures,
    read_still,
)
from protocol.card import Issuer, qr

SHARED: Final = Path(__file__).parents[2] / "shared" / "data" / "qr"
PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
FIRST_SEED: Final = 70_000
FRAME_RATE: Final = 30
LIVE_FRAMES: Final = 20
"""A still held before the live reader for so many frames: every pass has its turn."""

Payloads = set[bytes]
Reader = Callable[[Grey], Payloads]


@dataclass(slots=True)
class Score:
    """What one reader made of a set of pictures."""

    total: int = 0
    read: int = 0
    wrong: int = 0
    ms: list[float] = field(default_factory=list)

    def add(self, found: Payloads, truth: bytes, ms: float) -> None:
        """Count one picture; a second code that also stands in it is no mistake."""
        self.total += 1
        self.read += truth in found
        self.wrong += bool(found) and truth not in found
        self.ms.append(ms)

    def rows(
        self, name: str, goal: float | None = None, most: float | None = None
    ) -> Iterator[Row]:
        """The figures; `goal` is for the share read, `most` for wrong ones."""
        yield Row(f"{name}: read", 100 * self.read / self.total, "%", goal)
        yield Row(f"{name}: wrong", self.wrong, "", most, better="lower")
        yield Row(f"{name}: median time", median(self.ms), "ms")


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    options.add_argument("--quick", action="store_true", help="a quarter of what is generated")
    options.add_argument("--list", action="store_true", help="print the pictures that were missed")
    add_json_option(options)
    given = options.parse_args()
    shared = sorted(SHARED.iterdir()) if SHARED.is_dir() else []
    folders = given.folders or [each for each in shared if each.is_dir()]
    report("Reading QR codes", measured(folders, given.quick, given.list), given.json)


def measured(folders: list[Path], quick: bool, listed: bool) -> Iterator[Row]:
    """All figures."""
    share = 4 if quick else 1
    if pictures := list(chain.from_iterable(map(with_truth, folders))):
        yield from of_folders(pictures, listed)
    made = [hard_picture(FIRST_SEED + seed) for seed in range(400 // share)]
    for name, reader in READERS.items():
        yield from score(reader, made).rows(f"generated, {name}", most=0 if name in OURS else None)
    yield from of_frames()
    yield from of_approaches(100 // share)


def with_truth(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The pictures of a folder and its folders that have their contents beside them."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PICTURES:
            beside = (path.with_suffix(".txt"), path.with_suffix(".bin"))
            truth = next((each for each in beside if each.is_file()), None)
            if truth is not None:
                yield path, truth.read_bytes()


def of_folders(pictures: list[tuple[Path, bytes]], listed: bool) -> Iterator[Row]:
    """Still policy through the very function the command uses, then all readers on the same grey pictures."""
    by_folder: dict[str, Score] = {}
    whole = Score()
    results = read_pictures(path for path, _ in pictures)
    for (path, truth), result in zip(pictures, results, strict=True):
        found = {reading.payload for reading in result.readings}
        for each in (whole, by_folder.setdefault(path.parent.name, Score())):
            each.add(found, truth, result.ms)
        if listed and truth not in found:
            print(f"missed: {described(result)}")
    for name, each in by_folder.items():
        yield Row(f"{name}, {each.total} pictures, still: read", 100 * each.read / each.total, "%")
    yield from whole.rows(f"all {whole.total} pictures, still", 96, 0)
    opened = [(grey, truth) for path, truth in pictures if (grey := opened_grey(path)) is not None]
    for name, reader in READERS.items():
        if name != "still":
            most = 0 if name in OURS else None
            yield from score(reader, opened).rows(f"all pictures, {name}", most=most)


def described(result: PictureRead) -> str:
    """A missed picture in a line."""
    return f"{result.file} {result.error or [each.payload[:40] for each in result.readings]}"


def opened_grey(path: Path) -> Grey | None:
    """A picture made grey, or None."""
    try:
        return grey_picture(path.read_bytes())
    except BadPicture:
        return None


def score(reader: Reader, pictures: Iterable[tuple[Grey, bytes]]) -> Score:
    """Let one reader read all."""
    result = Score()
    for grey, truth in pictures:
        began = time.perf_counter()
        found = reader(grey)
        result.add(found, truth, (time.perf_counter() - began) * 1000)
    return result


def _still(grey: Grey) -> Payloads:
    return {reading.payload for reading in read_still(grey, _ZBAR)}


def _live(grey: Grey) -> Payloads:
    reader = LiveReader(_ZBAR)
    for frame in range(LIVE_FRAMES):
        if found := reader.read(grey, frame / FRAME_RATE):
            return {reading.payload for reading in found}
    return set()


def _zxing(grey: Grey) -> Payloads:
    return {reading.payload for reading in _ZXING.decode(grey)}


def _pyzbar(grey: Grey) -> Payloads:
    from pyzbar import pyzbar

    try:
        return {bytes(code.data) for code in pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])}
    except ValueError:  # it raises on some real pictures
        return set()


def _opencv(grey: Grey) -> Payloads:
    try:
        text = _OPENCV.detectAndDecode(grey)[0]
    except (cv2.error, UnicodeDecodeError):
        return set()
    return {text.encode()} if text else set()


_ZXING: Final = Zxing()
_ZBAR: Final = Zbar()
_OPENCV: Final = cv2.QRCodeDetector()
READERS: Final[dict[str, Reader]] = {
    "still": _still,
    f"live, {LIVE_FRAMES} frames": _live,
    "zxing-cpp alone": _zxing,
    **({"pyzbar": _pyzbar} if _ZBAR.available else {}),
    "OpenCV": _opencv,
}
OURS: Final = tuple(READERS)[:2]


def of_frames() -> Iterator[Row]:
    """What an empty hall costs: processor time, as a share of one core at 30 frames a second."""
    frames = list(empty_hall())
    live = LiveReader(_ZBAR)
    ours = cpu_ms(lambda n: live.read(frames[n % len(frames)], n / FRAME_RATE), 120)
    yield Row("empty 1280×720 frame, live", ours, "ms", 5, better="lower")
    coded = [jpeg(frame) for frame in frames]
    both = cpu_ms(lambda n: live.read(decoded(coded[n % len(coded)]), 100 + n / FRAME_RATE), 120)
    share = both * FRAME_RATE / 10
    yield Row("empty hall at 30 frames/s, JPEG included", share, "% core", 20, better="lower")
    for name in ("zxing-cpp alone", "pyzbar", "OpenCV"):
        if name in READERS:
            yield Row(f"empty 1280×720 frame, {name}", cpu_each(READERS[name], frames), "ms")


def empty_hall() -> Iterator[Grey]:
    """Frames of a hall with furniture, signs and a camera's grain, and nobody in it."""
    random = np.random.default_rng(7)
    coarse = random.uniform(40, 190, (6, 10)).astype(np.float32)
    hall = np.asarray(cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(40):
        x, y = int(random.integers(0, 1200)), int(random.integers(0, 700))
        grey = float(random.integers(0, 255))
        cv2.rectangle(hall, (x, y), (x + int(random.integers(9, 200)), y + 60), (grey,), 2)
        cv2.putText(hall, "Room 12", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (grey,), 1)
    calm = cv2.GaussianBlur(hall.astype(np.float32), (0, 0), 0.8)
    for _ in range(6):
        yield (calm + random.normal(0, 3, calm.shape)).clip(0, 255).astype(np.uint8)


def cpu_ms(work: Callable[[int], object], times: int) -> float:
    """Processor milliseconds of one call: other programs on the machine do not count."""
    began = time.process_time()
    for number in range(times):
        work(number)
    return (time.process_time() - began) / times * 1000


def cpu_each(reader: Reader, frames: list[Grey]) -> float:
    """Processor milliseconds of one frame."""
    return cpu_ms(lambda n: reader(frames[n % len(frames)]), 24)


def jpeg(frame: Grey) -> bytes:
    """As a camera sends it."""
    colour = cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)
    return cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def decoded(coded: bytes) -> Grey:
    """As the camera source decodes it."""
    return cast(Grey, cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_GRAYSCALE))


def of_approaches(number: int) -> Iterator[Row]:
    """Approaches of a phone or a slip, half of them hard: which reader reads it within the second?"""
    issuer = Issuer(1, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    text = issuer.static(bytes(10), date(2026, 1, 1), date(2026, 12, 31))
    code = qr.matrix(text)
    names = [name for name in READERS if name not in OURS]
    reads = dict.fromkeys(["ordinary", "hard", *names], 0)
    wrong, spent, compared = 0, 0.0, 0
    for seed in range(FIRST_SEED, FIRST_SEED + number):
        hard = bool(seed % 2)
        frames = list(approach_frames(code, seed, hard=hard))
        began = time.process_time()
        found = held_up(LiveReader(_ZBAR), frames)
        spent += time.process_time() - began
        reads["hard" if hard else "ordinary"] += text.encode() in found
        wrong += bool(found - {text.encode()})
        if seed % 4 == 1:  # the slow ones see a quarter, hard ones
            compared += 1
            for name in names:
                reads[name] += any(text.encode() in READERS[name](frame) for frame in frames)
    both, half = reads["ordinary"] + reads["hard"], number // 2
    yield Row(f"{number} approaches, live: read", 100 * both / number, "%", 95)
    yield Row("ordinary half, live: read", 100 * reads["ordinary"] / (number - half), "%")
    yield Row("hard half, live: read", 100 * reads["hard"] / half, "%")
    yield Row("approaches, live: wrong", wrong, "", 0, better="lower")
    frame_ms = spent * 1000 / (number * FRAME_RATE)
    yield Row("frame of an approach, live", frame_ms, "ms", 5, better="lower")
    for name in names:
        yield Row(f"{compared} hard approaches, {name}: read", 100 * reads[name] / compared, "%")


def held_up(reader: LiveReader, frames: list[Grey]) -> Payloads:
    """All that is read while an approach lasts."""
    return {
        reading.payload
        for number, frame in enumerate(frames)
        for reading in reader.read(frame, number / FRAME_RATE)
    }


if __name__ == "__main__":
    main()
