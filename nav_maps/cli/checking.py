"""`nav-maps check`: the map doctor."""

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nav_maps.cli.arguments import Commands, add_map
from nav_maps.doctor import Diagnosis, Repaired, diagnose, repair
from nav_maps.findings import AddFeature, Change, CutOut, Finding, Grow, Remove, SetProperties
from nav_maps.labels import said
from nav_maps.projection import Projection
from nav_maps.reading import build, read_archive
from nav_maps.rules import Severity
from nav_maps.writing import to_geojson, write_archive

SHOWN: Final = 8
_TITLES: Final = {
    "zh": {"error": "错误", "warning": "警告", "note": "提示"},
    "en": {"error": "errors", "warning": "warnings", "note": "notes"},
}
_WHO: Final = {
    "zh": {"public": "公众", "wheelchair": "轮椅", "staff": "员工"},
    "en": {"public": "the public", "wheelchair": "a wheelchair", "staff": "staff"},
}


def add(commands: Commands) -> None:
    """Add the command."""
    checking = commands.add_parser(
        "check",
        help="say what is wrong with a map and how to mend it (the map doctor)",
        description="Everything that keeps people from finding their way: doors off their wall, rooms nobody can reach, stairs "
        "that lead nowhere, names that lack a language. Exit status: 0 at most notes, 1 more than that, 2 it is no map.",
    )
    add_map(checking)
    checking.add_argument(
        "--all", action="store_true", help=f"every finding, not {SHOWN} of a rule"
    )
    checking.add_argument("--lang", choices=("zh", "en"), default=_language(), help="of the text")
    checking.add_argument(
        "--repair",
        type=Path,
        metavar="OUT",
        help="write a repaired archive: a new folder, or a zip",
    )
    checking.add_argument(
        "--proposed",
        action="store_true",
        help="with --repair: also what is only proposed (new doors, drawn corridors, links); look at each of them",
    )
    checking.set_defaults(run=_run)


def _language() -> str:
    return "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


def _run(given: argparse.Namespace) -> int:
    archive, projection, read = read_archive(given.map)
    found = diagnose(build(archive, projection, read), read)
    repaired = None
    if given.repair is not None:
        repaired = repair(archive, projection, given.proposed)
        write_archive(given.repair, archive, projection)
    if given.json:
        print(json.dumps(_json(found, repaired, projection), ensure_ascii=False))
    else:
        _print(found, given.lang, 10**9 if given.all else SHOWN)
        if repaired is not None:
            _print_repaired(found, repaired, given.lang, given.repair)
    worst = repaired.left if repaired is not None else found.findings
    return int(any(each.severity is not Severity.NOTE for each in worst if not each.mended))


def _print(found: Diagnosis, language: str, most: int) -> None:
    by_rule: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for each in found.findings:
        by_rule[each.severity, each.rule].append(each)
    for (severity, rule), findings in by_rule.items():
        title = _TITLES[language][severity]
        print(f"\n{title} · {rule} × {len(findings)}")
        for each in findings[:most]:
            print(_line(each, language))
        if len(findings) > most:
            left = len(findings) - most
            print(
                f"  … 另有 {left} 条（--all）" if language == "zh" else f"  … {left} more (--all)"
            )
    counts = Counter(each.severity for each in found.findings)
    named = _TITLES[language]
    print("\n" + ", ".join(f"{counts[each]} {named[each]}" for each in Severity))
    reach = ", ".join(f"{_WHO[language][who]} {n}" for who, n in found.reached.items())
    if language == "zh":
        print(f"共 {found.units} 个单元，可到达：{reach}")
    else:
        print(f"of {found.units} units {reach} can reach")


def _line(each: Finding, language: str) -> str:
    mended = ("（已修正）" if language == "zh" else " (mended)") if each.mended else ""
    return f"  {_place(each, language)}{each.what[language]}{mended}\n    → {each.remedy[language]}"


def _place(each: Finding, language: str) -> str:
    feature = f"{each.file} {each.feature}".strip()
    if each.where is None:
        return f"[{feature}] "
    level, near = said(each.where.level, language), said(each.where.near, language)
    beside = f", {'近' if language == 'zh' else 'near '}{near}" if near else ""
    return f"[{feature} · {level}{beside} · {each.where.longitude:.6f},{each.where.latitude:.6f}] "


def _print_repaired(found: Diagnosis, repaired: Repaired, language: str, out: Path) -> None:
    mended = sum(each.mended for each in found.findings)
    zh = language == "zh"
    print(
        f"\n已写入 {out}：读取时修正 {mended} 处，修复 {len(repaired.done)} 处，剩余 {len(repaired.left)} 条"
        if zh
        else f"\n{out}: {mended} mended on reading, {len(repaired.done)} repaired, {len(repaired.left)} left"
    )
    for each in repaired.done:
        print(f"  {each.rule} {each.feature}: {each.remedy[language]}")


def _json(
    found: Diagnosis, repaired: Repaired | None, projection: Projection
) -> Mapping[str, object]:
    counts = Counter(each.severity for each in found.findings)
    written: dict[str, object] = {
        "counts": {str(each): counts[each] for each in Severity},
        "units": found.units,
        "reached": dict(found.reached),
        "findings": [_finding(each, projection) for each in found.findings],
    }
    if repaired is not None:
        written["repaired"] = [_finding(each, projection) for each in repaired.done]
        written["left"] = [_finding(each, projection) for each in repaired.left]
    return written


def _finding(each: Finding, projection: Projection) -> Mapping[str, object]:
    where = each.where
    return {
        "rule": each.rule,
        "severity": str(each.severity),
        "file": each.file,
        "feature": each.feature,
        "mended": each.mended,
        "where": where
        and {
            "level": dict(where.level),
            "longitude": where.longitude,
            "latitude": where.latitude,
            "near": dict(where.near),
        },
        "what": dict(each.what),
        "remedy": dict(each.remedy),
        "repair": each.repair
        and {
            "safe": each.repair.safe,
            "changes": [_change(change, projection) for change in each.repair.changes],
        },
    }


def _change(change: Change, projection: Projection) -> Mapping[str, object]:
    base = {"file": change.file, "feature": change.feature}
    if isinstance(change, Remove):
        return {**base, "do": "remove"}
    if isinstance(change, SetProperties):
        return {**base, "do": "set", "properties": dict(change.values)}
    if isinstance(change, AddFeature):
        geometry = to_geojson(change.geometry, projection)
        return {**base, "do": "add", "geometry": geometry, "properties": dict(change.properties)}
    if isinstance(change, CutOut | Grow):
        do = "cut" if isinstance(change, CutOut) else "grow"
        return {**base, "do": do, "geometry": to_geojson(change.area, projection)}
    return {**base, "do": "move", "geometry": to_geojson(change.geometry, projection)}
