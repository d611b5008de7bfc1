"""Levels whose ordinal is odd or that are not there although features stand on them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from nav_maps.findings import Finding, finding, sentence
from nav_maps.labels import labels, said
from nav_maps.reading.archive import Archive, Feature
from nav_maps.reading.values import number, reference, text

STANDING: Final = ("unit", "opening", "fixture", "kiosk")
FEW: Final = 0.2
_WRITTEN: Final = ("level_id", "level", "floor_id", "floor", "level_name", "ordinal")
_BASEMENT: Final = re.compile(r"(?:B|LG|地下|负|-|−)\s*(\d{1,2})", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(\d{1,3})")
_CHINESE: Final = {each: n for n, each in enumerate("一二三四五六七八九", 1)}


def mend_levels(archive: Archive, findings: list[Finding]) -> None:
    """Give every level a whole ordinal, and every feature that stands on one a level that is there."""
    archive.features.setdefault("level", [])
    for level in archive.of("level"):
        _mend_ordinal(level, findings)
    known = {level.id: level for level in archive.of("level")}
    by_name = _by_name(archive)
    strays: dict[str, list[Feature]] = defaultdict(list)
    for feature in archive.of(*STANDING):
        given = reference(feature.properties.get("level_id"))
        if given in known:
            continue
        found = _elsewhere(feature, by_name)
        if found is None:
            strays[given or _written(feature)].append(feature)
        else:
            _stand(feature, found)
            findings.append(
                _missing(
                    feature, given, "按其中写的楼层读取", "it was read by the floor written in it"
                )
            )
    for given in list(strays):
        strays[given] = _fit(archive, given, strays[given], known, findings)
    only = archive.features["level"][0].id if len(known) == 1 else None
    for given, features in strays.items():
        if features:
            _settle(archive, given, features, only, findings)


def floor_of(name: str) -> int | None:
    """The ordinal that a floor's name means: "B1" is -1, "G" 0, "1F" and "一楼" 0, "3F" 2; None when it says nothing."""
    name = name.strip()
    if name.upper() in {"G", "GF", "GROUND", "GROUND FLOOR", "EG", "RC", "RDC", "地面"}:
        return 0
    if below := _BASEMENT.search(name):
        return -int(below[1])
    if above := _NUMBER.search(name):
        return max(int(above[1]) - 1, 0)
    for each in name:
        if each in _CHINESE:
            return -_CHINESE[each] if "下" in name or "负" in name else _CHINESE[each] - 1
    return None


def _mend_ordinal(level: Feature, findings: list[Finding]) -> None:
    given = level.properties.get("ordinal")
    if isinstance(given, int) and not isinstance(given, bool):
        return
    found = number(given)
    used = round(found) if found is not None and abs(found) < 1_000 else _named(level)
    level.properties = {**level.properties, "ordinal": used}
    level.changed = True
    findings.append(finding("level-ordinal", "level", level.id, given=repr(given), used=used))


def _named(level: Feature) -> int:
    for key in ("short_name", "name"):
        for value in labels(level.properties.get(key)).values():
            if (found := floor_of(value)) is not None:
                return found
    return 0


def _by_name(archive: Archive) -> dict[str, str]:
    """Levels by what people may have written instead of an id: names and ordinals that only one level has."""
    found: dict[str, set[str]] = defaultdict(set)
    for level in archive.of("level"):
        names = [*labels(level.properties.get("name")).values()]
        names += labels(level.properties.get("short_name")).values()
        for name in (*names, text(level.properties.get("ordinal"))):
            found[name.casefold()].add(level.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1 and name}


def _elsewhere(feature: Feature, by_name: dict[str, str]) -> str | None:
    for key in _WRITTEN:
        value = feature.properties.get(key)
        for name in (text(value), said(labels(value), "en")):
            if name.casefold() in by_name:
                return by_name[name.casefold()]
    return None


def _written(feature: Feature) -> str:
    return next((found for key in _WRITTEN if (found := text(feature.properties.get(key)))), "")


def _fit(
    archive: Archive,
    given: str,
    strays: list[Feature],
    known: Mapping[str, Feature],
    findings: list[Finding],
) -> list[Feature]:
    """Some units of many whose level is not there go where alone there is room for them; those that are left."""
    units = [each for each in archive.of("unit") if each.shape is not None]
    placed = [each for each in units if reference(each.properties.get("level_id")) in known]
    if len(known) < 2 or not placed or len(strays) > FEW * len(units):
        return strays
    taken = {
        level: [
            each.shape for each in placed if reference(each.properties.get("level_id")) == level
        ]
        for level in known
    }
    left = []
    for stray in strays:
        free = [id for id, level in known.items() if _has_room(stray, level, taken[id])]
        if len(free) == 1:
            _stand(stray, free[0])
            zh, en = (
                "按唯一有空位的楼层读取",
                "it was read as standing on the only level that has room for it",
            )
            findings.append(_missing(stray, given, zh, en))
        else:
            left.append(stray)
    return left


def _has_room(stray: Feature, level: Feature, taken: list[BaseGeometry | None]) -> bool:
    if stray.type != "unit" or stray.shape is None or not shapely.is_valid(stray.shape):
        return False
    size = stray.shape.area
    if level.shape is not None and shapely.intersection(stray.shape, level.shape).area < 0.9 * size:
        return False
    near = [each for each in taken if each is not None and each.intersects(stray.shape)]
    covered = sum(shapely.intersection(each, stray.shape).area for each in near if each.is_valid)
    return bool(size > 0.5 and covered <= 0.1 * size)


def _settle(
    archive: Archive,
    given: str,
    features: list[Feature],
    only: str | None,
    findings: list[Finding],
) -> None:
    """Features whose level is not there: the only level there is, one made for them, or none."""
    levels = archive.features["level"]
    if only is not None:
        chosen, zh, en = (
            only,
            "按唯一的楼层读取",
            "it was read as standing on the only level",
        )
    elif given and any(feature.type == "unit" for feature in features):
        ordinal = _free_ordinal(archive, given)
        chosen = given
        levels.append(_made(given, ordinal))
        zh = sentence(
            "已新建序号 {n} 的楼层，共 {count} 个要素", "", n=ordinal, count=len(features)
        )["zh"]
        en = (
            f"a level with ordinal {ordinal} was made for the {len(features)} features that name it"
        )
    elif not levels and any(feature.type == "unit" for feature in features):
        chosen, zh, en = "level-0", "已新建一个楼层", "a level was made for it"
        levels.append(_made(chosen, 0))
    else:
        chosen, zh, en = "", "没有使用", "it was not used"
    for feature in features:
        if chosen:
            _stand(feature, chosen)
        else:
            feature.shape = None
    shown = features[:1] if chosen == given and chosen else features
    findings += [_missing(feature, given, zh, en) for feature in shown]


def _free_ordinal(archive: Archive, given: str) -> int:
    taken = {level.properties.get("ordinal") for level in archive.of("level")}
    found = floor_of(given) if len(given) <= 12 else None
    if found is not None and found not in taken:
        return found
    return max((n for n in taken if isinstance(n, int)), default=-1) + 1


def _made(id: str, ordinal: int) -> Feature:
    short = f"{ordinal + 1}F" if ordinal >= 0 else f"B{-ordinal}"
    properties: dict[str, object] = {
        "ordinal": ordinal,
        "category": "unspecified",
        "outdoor": False,
        "name": {"en": id if len(id) <= 12 else short},
        "short_name": {"en": short},
    }
    return Feature("level", 0, id, {}, properties, changed=True)


def _stand(feature: Feature, level: str) -> None:
    feature.properties = {**feature.properties, "level_id": level}
    feature.changed = True


def _missing(feature: Feature, given: str, zh: str, en: str) -> Finding:
    return finding(
        "level-missing",
        feature.type,
        feature.id,
        given=given or "—",
        consequence_zh=zh,
        consequence_en=en,
    )
