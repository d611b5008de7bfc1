"""What is wrong with a map: which rule, which feature, where, what to do, and the change that would mend it.

The sentences are those of `rules.RULES`; a finding fills their slots in both languages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from shapely import Point
from shapely.geometry.base import BaseGeometry

from nav_maps.model import Labels
from nav_maps.rules import RULES, Severity

MOST_ALIKE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Where:
    """A place for people: the level's short name, degrees, and the nearest room that has a name."""

    level: Labels
    longitude: float
    latitude: float
    near: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetGeometry:
    """Give a feature another geometry (metres, in the map's frame)."""

    file: str
    feature: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class CutOut:
    """Take an area (metres) out of a feature's."""

    file: str
    feature: str
    area: BaseGeometry


@dataclass(frozen=True, slots=True)
class Grow:
    """Add an area (metres) to a feature's."""

    file: str
    feature: str
    area: BaseGeometry


@dataclass(frozen=True, slots=True)
class SetProperties:
    """Give a feature other values of some properties."""

    file: str
    feature: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AddFeature:
    """Add a feature to a file (geometry in metres, or none)."""

    file: str
    feature: str
    geometry: BaseGeometry | None
    properties: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a feature out of the map."""

    file: str
    feature: str


Change: TypeAlias = SetGeometry | CutOut | Grow | SetProperties | AddFeature | Remove


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that mend a finding. Only a `safe` one is made unasked: it changes nothing that people could miss."""

    says: Labels
    changes: tuple[Change, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a map maker should mend.

    `file` is the feature type ("unit") or the file's name; `feature` is empty when the whole file is meant. `mended` says
    that the reader has already set it right in what it returned (and `nav-maps check --repair` writes it so).
    """

    rule: str
    severity: Severity
    file: str
    feature: str
    what: Labels
    remedy: Labels
    level: str | None = None
    point: Point | None = None
    where: Where | None = None
    repair: Repair | None = None
    mended: bool = False


def finding(
    rule: str,
    file: str,
    feature: str = "",
    *,
    level: str | None = None,
    point: Point | None = None,
    repair: Repair | None = None,
    severity: Severity | None = None,
    **slots: object,
) -> Finding:
    """A finding of a rule, its slots filled in. A slot that is a mapping of labels is taken in each language.

    Raises:
        KeyError: there is no such rule, or a slot of its sentences is missing.
    """
    return from_slots(
        rule, file, feature, slots, level=level, point=point, repair=repair, severity=severity
    )


def from_slots(
    rule: str,
    file: str,
    feature: str,
    slots: Mapping[str, object],
    *,
    level: str | None = None,
    point: Point | None = None,
    repair: Repair | None = None,
    severity: Severity | None = None,
) -> Finding:
    """As `finding`, the slots as a mapping."""
    given = RULES[rule]
    return Finding(
        rule=rule,
        severity=severity or given.severity,
        file=file,
        feature=feature,
        what=_fill(given.what, slots),
        remedy=repair.says if repair is not None else _fill(given.remedy, slots),
        level=level,
        point=point,
        repair=repair,
        mended=given.mended,
    )


def bounded(findings: Iterable[Finding], most: int = MOST_ALIKE) -> list[Finding]:
    """At most `most` findings of a rule and file, then one that says how many more there are."""
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for each in findings:
        seen[each.rule, each.file] += 1
        if seen[each.rule, each.file] <= most:
            kept.append(each)
    return kept + [
        from_slots("more-alike", file, "", {"count": count - most, "rule": rule})
        for (rule, file), count in seen.items()
        if count > most
    ]


def sentence(zh: str, en: str, **slots: object) -> Labels:
    """A sentence in both languages, its slots filled in."""
    return _fill({"zh": zh, "en": en}, slots)


def _fill(sentence: Labels, slots: Mapping[str, object]) -> Labels:
    return {
        language: text.format_map({name: _in(language, value) for name, value in slots.items()})
        for language, text in sentence.items()
    }


def _in(language: str, value: object) -> object:
    if isinstance(value, Mapping):
        return value.get(language) or next(iter(value.values()), "")
    return value
