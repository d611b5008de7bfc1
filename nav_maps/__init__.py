"""Indoor maps: reading IMDF archives into typed values in metres."""

from nav_maps.doctor import Diagnosis, diagnose, examine
from nav_maps.findings import Finding, Where
from nav_maps.model import IndoorMap
from nav_maps.reading import NotAMap, read_map
from nav_maps.rules import RULES, Rule, Severity

__all__ = [
    "RULES",
    "Diagnosis",
    "Finding",
    "IndoorMap",
    "NotAMap",
    "Rule",
    "Severity",
    "Where",
    "diagnose",
    "examine",
    "read_map",
]
