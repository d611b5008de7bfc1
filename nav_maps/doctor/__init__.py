"""The map doctor: formally valid is not routable."""

from nav_maps.doctor.doctor import Diagnosis, diagnose, examine
from nav_maps.doctor.repair import Repaired, repair

__all__ = ["Diagnosis", "Repaired", "diagnose", "examine", "repair"]
