"""The checks: each takes a patient and gives findings."""

from collections.abc import Callable, Iterator
from typing import Final

from nav_maps.doctor.checks.levels import check_levels
from nav_maps.doctor.checks.names import check_names
from nav_maps.doctor.checks.navigation import check_navigation
from nav_maps.doctor.checks.openings import check_openings
from nav_maps.doctor.checks.reach import check_reach
from nav_maps.doctor.checks.units import check_units
from nav_maps.doctor.patient import Patient
from nav_maps.findings import Finding

CHECKS: Final[tuple[Callable[[Patient], Iterator[Finding]], ...]] = (
    check_levels,
    check_openings,
    check_units,
    check_reach,
    check_navigation,
    check_names,
)

__all__ = ["CHECKS"]
