"""Indoor maps: reading IMDF archives into typed values in metres, and finding ways on them."""

from nav_maps.categories import Use, use_of
from nav_maps.doctor import Diagnosis, diagnose, examine
from nav_maps.findings import Finding, Where
from nav_maps.graph import WayGraph, build_graph
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
from nav_maps.places import CONVENIENCES, Convenience, Listed, Places, floor_name
from nav_maps.projection import Projection
from nav_maps.reading import NotAMap, read_map
from nav_maps.route import NoWay, Passed, Profile, Ride, Route, Spot, Walk
from nav_maps.routing import Router, Unknown, named, of_kind, walking_times
from nav_maps.rules import RULES, Rule, Severity

__all__ = [
    "CONVENIENCES",
    "RULES",
    "Amenity",
    "Convenience",
    "Device",
    "Diagnosis",
    "Finding",
    "IndoorMap",
    "Labels",
    "Landmark",
    "Level",
    "Listed",
    "Navigation",
    "NoWay",
    "NotAMap",
    "Opening",
    "Passed",
    "Pathway",
    "PathwayMode",
    "Place",
    "Places",
    "Profile",
    "Projection",
    "Ride",
    "Route",
    "Router",
    "Rule",
    "Severity",
    "Spot",
    "Unit",
    "Unknown",
    "Use",
    "Walk",
    "WayGraph",
    "Where",
    "build_graph",
    "diagnose",
    "examine",
    "floor_name",
    "named",
    "of_kind",
    "read_map",
    "said",
    "use_of",
    "walking_times",
]
