"""Recordings in the published form, made here: a walk past six sensors."""

import json
from pathlib import Path

import numpy as np

SPOTS = {
    "sensor10": (1.0, 1.0, 1.5),
    "sensor11": (1.0, 9.0, 2.0),
    "sensor20": (9.0, 1.0, 1.5),
    "sensor21": (9.0, 9.0, 2.0),
    "sensor30": (17.0, 1.0, 1.5),
    "sensor31": (17.0, 9.0, 2.0),
}


def write_sensors(folder: Path) -> Path:
    path = folder / "sensors.txt"
    told = {f"id-{name}": [spot, 255, name] for name, spot in SPOTS.items()}
    path.write_text(f"Dongles:{json.dumps(told)}\nBeacons:{{}}\n", encoding="utf-8")
    return path


def write_track(folder: Path, name: str, seed: int, seconds: float = 40.0) -> Path:
    rng = np.random.default_rng(seed)
    offsets = np.random.default_rng(7).normal(0, 3, len(SPOTS))
    lines = []
    for at in np.arange(0, seconds, 0.45):
        along = at / seconds if seed % 2 else 1 - at / seconds
        x, y = 1 + 16 * along, 5 + 3 * np.sin(6 * along + seed)
        for index, (sensor, spot) in enumerate(SPOTS.items()):
            if rng.random() < 0.15:
                continue
            away = np.linalg.norm(np.array(spot) - (x, y, 1.7))
            level = -60 - 17 * np.log10(away) + offsets[index] + rng.normal(0, 5)
            when = 1000 * seed + at + 0.001 * index
            lines.append(f"{when},id-{sensor},beacon,{level:.0f},{x:.3f},{y:.3f},1.7,0,0,1")
    path = folder / f"{name}.mbd"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
