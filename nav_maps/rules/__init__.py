"""Every rule that a map is checked by: its id, how grave a breach is, and its sentences in both languages.

`docs/maps.md` holds this table; a test keeps the two the same.
"""

from collections.abc import Mapping
from typing import Final

from nav_maps.rules.drawing import LEVELS, OPENINGS, UNITS
from nav_maps.rules.features import FEATURES
from nav_maps.rules.files import COUNTS, FILES
from nav_maps.rules.naming import NAMES, NAVIGATION, OSM
from nav_maps.rules.rule import Rule, Severity

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (*FILES, *COUNTS, *FEATURES, *OPENINGS, *UNITS, *LEVELS, *NAMES, *NAVIGATION, *OSM)
}
"""All rules by id, in the order of `docs/maps.md`."""

__all__ = ["RULES", "Rule", "Severity"]
