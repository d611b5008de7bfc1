"""Faults as map makers make them, planted one at a time: found, and mended by what the doctor proposes."""

from pathlib import Path
from random import Random

import pytest

from benchmarks.planted_maps import FAULTS, Plant, hospital
from nav_maps import Severity, diagnose, read_map
from nav_maps.doctor import repair
from nav_maps.reading import build, read_archive


@pytest.mark.parametrize("turned", [0.0, 17.0, 45.0, 89.9])
def test_a_sound_map_gives_no_alarm_however_it_is_turned(turned: float, tmp_path: Path) -> None:
    built, read = read_map(hospital().write(tmp_path / "map", turned))
    found = [*read, *diagnose(built).findings]
    assert not [each for each in found if each.severity is not Severity.NOTE]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found_and_mended(fault: Plant, tmp_path: Path) -> None:
    sketch = hospital()
    touched = fault(sketch, Random(5))
    path = sketch.write(tmp_path / "map", 31.0)
    archive, projection, read = read_archive(path)
    found = diagnose(build(archive, projection, read), read).findings
    named = {each.feature for each in found if each.severity is not Severity.NOTE}
    changed = {
        change.feature
        for each in found
        if each.repair is not None
        for change in each.repair.changes
    }
    assert touched & (named | changed)
    repair(archive, projection, proposed=True)
    after = diagnose(build(archive, projection, []))
    assert after.reached["public"] == after.units
