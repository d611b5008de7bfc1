"""A family holds a code up to a kiosk's camera: one second, frame by frame, from a seed.

What is modelled, and in which range (drawn once an approach unless said otherwise):

| effect | range |
|---|---|
| width of the code in the picture | grows from 12–20 % to 24–42 % of the frame's height × 16/9 within 0.4–0.7 s |
| hand: drift to the middle, tremor (0.5–3 px), turn (± 20°), tilt (± 30° about both axes) | every frame |
| focus: a blur of 2–5 px settling to 0.4–1.3 px with time constant 0.12–0.3 s | every frame |
| motion blur from the hand's own speed at 8–25 ms exposure | every frame |
| exposure: a bright screen first burns out, then settles within 0.15–0.5 s | every frame |
| glare: an ellipse of 10–30 % of the code that wanders over it, 40–100 % white | two approaches in three |
| screen grid and moiré | phones (two in three); else paper with uneven light |
| sensor noise | 2–7 grey levels |

Hard approaches (`hard=True`) have more of it: a smaller code (to 15–28 %), tilt ± 40°, tremor 2–5 px, a focus that stays
soft (0.8–2 px), glare always and on 15–40 % of the code, screens at 35–80 % brightness with a strong grid, noise 4–10.

Nothing here is stronger than a person would call readable for most of the second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
FRAME_RATE: Final = 30


@dataclass(frozen=True, slots=True)
class Approach:
    """The draws of one approach; lengths in pixels, times in seconds, angles in radians."""

    phone: bool
    first_width: float
    last_width: float
    arrive_s: float
    start: tuple[float, float]
    rest: tuple[float, float]
    tremor: float
    turn: float
    tilt: tuple[float, float]
    blur: tuple[float, float]
    focus_s: float
    exposure_s: float
    burn: float
    burn_s: float
    glare: tuple[float, float] | None
    glare_path: tuple[float, float, float]
    grid: float
    noise: float
    brightness: float


def drawn(random: np.random.Generator, size: tuple[int, int], *, hard: bool = False) -> Approach:
    """Draw an approach for a frame of `size` (width, height)."""
    ordinary = _ordinary(random, size)
    return _harder(ordinary, random, size) if hard else ordinary


def _ordinary(random: np.random.Generator, size: tuple[int, int]) -> Approach:
    width, height = size
    reach = height * 16 / 9

    def between(low: float, high: float) -> float:
        return float(random.uniform(low, high))

    phone = random.random() < 2 / 3
    return Approach(
        phone=phone,
        first_width=reach * between(0.12, 0.20),
        last_width=reach * between(0.24, 0.42),
        arrive_s=between(0.4, 0.7),
        start=(width * between(0.25, 0.75), height * between(0.75, 1.0)),
        rest=(width * between(0.42, 0.58), height * between(0.42, 0.58)),
        tremor=between(0.5, 3.0),
        turn=between(-0.35, 0.35),
        tilt=(between(-0.5, 0.5), between(-0.5, 0.5)),
        blur=(between(2.0, 5.0), between(0.4, 1.3)),
        focus_s=between(0.12, 0.3),
        exposure_s=between(0.008, 0.025),
        burn=between(1.0, 1.9) if phone else between(0.9, 1.2),
        burn_s=between(0.15, 0.5),
        glare=(between(0.1, 0.3), between(0.4, 1.0)) if random.random() < 2 / 3 else None,
        glare_path=(between(0, 6.3), between(0.5, 2.0), between(0.2, 0.6)),
        grid=between(0.0, 0.12) if phone else 0.0,
        noise=between(2.0, 7.0),
        brightness=1.0,
    )


def _harder(plan: Approach, random: np.random.Generator, size: tuple[int, int]) -> Approach:
    def between(low: float, high: float) -> float:
        return float(random.uniform(low, high))

    return replace(
        plan,
        last_width=size[1] * 16 / 9 * between(0.15, 0.28),
        tremor=between(2.0, 5.0),
        tilt=(between(-0.7, 0.7), between(-0.7, 0.7)),
        blur=(plan.blur[0], between(0.8, 2.0)),
        glare=(between(0.15, 0.4), between(0.6, 1.0)),
        grid=between(0.1, 0.3) if plan.phone else 0.0,
        noise=between(4.0, 10.0),
        brightness=between(0.35, 0.8),
    )


def approach_frames(
    code: Sequence[Sequence[bool]],
    seed: int,
    *,
    frames: int = FRAME_RATE,
    size: tuple[int, int] = (1280, 720),
    hard: bool = False,
) -> Iterator[Grey]:
    """The frames of one approach.

    Args:
        code: modules of a QR code with its quiet zone, True is dark (`protocol.card.qr.matrix`).
        seed: the same seed gives the same frames.
        frames: how many, at 30 a second.
        size: width and height of a frame.
        hard: the harder draws.
    """
    random = np.random.default_rng(seed)
    plan = drawn(random, size, hard=hard)
    held = _thing_held(code, plan)
    room = _room(random, size)
    before = plan.start
    for number in range(frames):
        at_s = number / FRAME_RATE
        corners, centre = _corners(plan, at_s, random)
        frame = _placed(held, room, corners)
        speed = np.hypot(centre[0] - before[0], centre[1] - before[1]) * FRAME_RATE
        angle = np.arctan2(centre[1] - before[1], centre[0] - before[0])
        before = centre
        yield _seen(frame, plan, at_s, corners, float(speed), float(angle), random)


def _thing_held(code: Sequence[Sequence[bool]], plan: Approach) -> Grey:
    """The code on a screen with its dark frame, or on paper; the code itself is 600 pixels wide."""
    modules = np.where(np.asarray(code, dtype=bool), 20, 245).astype(np.uint8)
    drawn_code: NDArray[np.float32] = cv2.resize(
        modules, (600, 600), interpolation=cv2.INTER_NEAREST
    ).astype(np.float32)
    if plan.grid:
        line = np.asarray(
            1 - plan.grid * (0.5 + 0.5 * np.cos(np.arange(600) * 2 * np.pi / 3)), np.float32
        )
        drawn_code = drawn_code * line[None, :] * line[:, None]
    held = np.full((900, 700), 240 if not plan.phone else 250, np.float32)
    held[150:750, 50:650] = drawn_code
    held *= np.float32(plan.brightness)
    edge = 12 if plan.phone else 150
    return cv2.copyMakeBorder(
        held, 40, 40, 25, 25, cv2.BORDER_CONSTANT, value=(float(edge),)
    ).astype(np.uint8)


def _room(random: np.random.Generator, size: tuple[int, int]) -> Grey:
    """A hall out of focus: blobs of light and dark."""
    coarse = random.uniform(40, 190, (6, 10)).astype(np.float32)
    return cast(
        Grey, cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
    )


def _corners(
    plan: Approach, at_s: float, random: np.random.Generator
) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """Where the corners of the code are in the frame."""
    done = min(1.0, at_s / plan.arrive_s)
    eased = done * done * (3 - 2 * done)
    width = plan.first_width + (plan.last_width - plan.first_width) * eased
    shake = random.normal(0, plan.tremor, 2)
    centre = tuple(
        start + (rest - start) * eased + move
        for start, rest, move in zip(plan.start, plan.rest, shake, strict=True)
    )
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float64) * width / 2
    turned = flat @ _rotation(plan.tilt[0], plan.tilt[1], plan.turn).T
    far = 1200.0
    seen = turned[:, :2] * (far / (far + turned[:, 2:]))
    return (seen + np.array(centre)).astype(np.float32), (float(centre[0]), float(centre[1]))


def _rotation(about_x: float, about_y: float, about_z: float) -> NDArray[np.float64]:
    def turn(angle: float, first: int, second: int) -> NDArray[np.float64]:
        matrix = np.eye(3)
        matrix[first, first] = matrix[second, second] = np.cos(angle)
        matrix[first, second], matrix[second, first] = -np.sin(angle), np.sin(angle)
        return matrix

    return turn(about_z, 0, 1) @ turn(about_y, 0, 2) @ turn(about_x, 1, 2)


def _placed(held: Grey, room: Grey, corners: NDArray[np.float32]) -> Grey:
    code_at = np.array([[75, 190], [675, 190], [675, 790], [75, 790]], np.float32)
    to_frame = cv2.getPerspectiveTransform(code_at, corners)
    size = (room.shape[1], room.shape[0])
    frame = cv2.warpPerspective(held, to_frame, size, flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(np.full(held.shape, 255, np.uint8), to_frame, size)
    return cast(Grey, np.where(there > 127, frame, room))


def _seen(
    frame: Grey,
    plan: Approach,
    at_s: float,
    corners: NDArray[np.float32],
    speed: float,
    angle: float,
    random: np.random.Generator,
) -> Grey:
    """What the camera makes of it."""
    light: NDArray[np.float32] = frame.astype(np.float32)
    if plan.glare:
        light = _glared(light, plan, at_s, corners, plan.glare)
    smear = speed * plan.exposure_s
    if smear > 1.5:
        light = _smeared(light, smear, angle)
    blur = plan.blur[1] + (plan.blur[0] - plan.blur[1]) * np.exp(-at_s / plan.focus_s)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), float(blur)), np.float32)
    light *= 1 + (plan.burn - 1) * np.exp(-at_s / plan.burn_s)
    light += random.normal(0, plan.noise, light.shape).astype(np.float32)
    return cast(Grey, light.clip(0, 255).astype(np.uint8))


def _glared(
    light: NDArray[np.float32],
    plan: Approach,
    at_s: float,
    corners: NDArray[np.float32],
    glare: tuple[float, float],
) -> NDArray[np.float32]:
    share, strength = glare
    phase, pace, wander = plan.glare_path
    middle = corners.mean(axis=0)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    x = middle[0] + wander * width * np.cos(phase + pace * at_s * 6.3)
    y = middle[1] + wander * width * np.sin(phase + pace * at_s * 4.1)
    radius = width * np.sqrt(share / np.pi)
    spot: NDArray[np.float32] = np.zeros(light.shape, np.float32)
    cv2.ellipse(
        spot, (int(x), int(y)), (int(radius * 1.4), int(radius * 0.7)), 30, 0, 360, (strength,), -1
    )
    spot = np.asarray(cv2.GaussianBlur(spot, (0, 0), max(1.0, radius / 3)), np.float32)
    return cast("NDArray[np.float32]", light + spot * (255 - light))


def _smeared(light: NDArray[np.float32], length: float, angle: float) -> NDArray[np.float32]:
    size = min(41, int(length) | 1)
    kernel = np.zeros((size, size), np.float32)
    half = size // 2
    across, down = round(half * np.cos(angle)), round(half * np.sin(angle))
    cv2.line(kernel, (half - across, half - down), (half + across, half + down), (1.0,))
    return cast("NDArray[np.float32]", cv2.filter2D(light, -1, kernel / kernel.sum()))
