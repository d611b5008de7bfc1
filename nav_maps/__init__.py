"""Indoor maps: reading IMDF archives into typed values in metres."""

from nav_maps.categories import Use, use_of
from nav_maps.doctor import Diagnosis, diagnose, examine
from nav_maps.findings import Finding, Where
from nav_maps.labels import said
from nav_maps.model import (
    Amenity,
    Device,
    IndoorMap,
    Labels,
    Landmark,
    Level,
    Navigation,
    Opening,
    Pathway,
    PathwayMode,
    Place,
    Unit,
)
from nav_maps.projection import Projection
from nav_maps.reading import NotAMap, read_map
from nav_maps.route import NoWay, Passed, Profile, Ride, Route, Spot, Walk
from nav_maps.rules import RULES, Rule, Severity

__all__ = [
    "RULES",
    "Amenity",
    "Device",
    "Diagnosis",
    "Finding",
    "IndoorMap",
    "Labels",
    "Landmark",
    "Level",
    "Navigation",
    "NoWay",
    "NotAMap",
    "Opening",
    "Passed",
    "Pathway",
    "PathwayMode",
    "Place",
    "Profile",
    "Projection",
    "Ride",
    "Route",
    "Rule",
    "Severity",
    "Spot",
    "Unit",
    "Use",
    "Walk",
    "Where",
    "diagnose",
    "examine",
    "read_map",
    "said",
    "use_of",
]
