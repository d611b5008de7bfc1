"""Every rule that a map is checked by: its id, how grave a breach is, and its sentences in both languages.

`docs/maps.md` holds this table; a test keeps the two the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """An error keeps somebody from getting there (or a program from reading); a warning misleads; a note is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences with slots in braces. `mended`: the reader sets it right itself and goes on."""

    id: str
    severity: Severity
    what: Mapping[str, str]
    remedy: Mapping[str, str]
    mended: bool = False


def _error(id: str, *texts: str, mended: bool = False) -> Rule:
    return _rule(id, Severity.ERROR, texts, mended)


def _warning(id: str, *texts: str, mended: bool = False) -> Rule:
    return _rule(id, Severity.WARNING, texts, mended)


def _note(id: str, *texts: str, mended: bool = False) -> Rule:
    return _rule(id, Severity.NOTE, texts, mended)


def _rule(id: str, severity: Severity, texts: tuple[str, ...], mended: bool) -> Rule:
    what_zh, what_en, remedy_zh, remedy_en = texts
    return Rule(
        id, severity, {"zh": what_zh, "en": what_en}, {"zh": remedy_zh, "en": remedy_en}, mended
    )


_FILES: Final = (
    _error(
        "file-too-large",
        "{name} 太大（{size}），没有读取。",
        "{name} is too large ({size}) and was not read.",
        "单个文件最多 {limit}：按楼栋拆分地图，或去掉家具、细节等要素。",
        "A file may have {limit}: divide the map by building, or leave out furniture and detail.",
    ),
    _error(
        "file-broken",
        "{name} 不是完整的 GeoJSON：{why}。",
        "{name} is no sound GeoJSON: {why}.",
        "从制图软件重新导出该文件。",
        "Export the file again from the program it was made with.",
    ),
    _error(
        "too-many-features",
        "{name} 有 {count} 个要素，只读了前 {limit} 个。",
        "{name} has {count} features; only the first {limit} were read.",
        "按楼栋拆分地图。",
        "Divide the map by building.",
    ),
    _warning(
        "file-encoding",
        "{name} 不是 UTF-8 编码，按 {encoding} 读取。",
        "{name} is not UTF-8; it was read as {encoding}.",
        "以 UTF-8 保存。",
        "Save it as UTF-8.",
        mended=True,
    ),
    _warning(
        "file-twice",
        "{name} 有不止一份，只用了 {used}。",
        "There is more than one {name}; {used} was used.",
        "删去多余的一份。",
        "Remove the one that is not meant.",
    ),
    _note(
        "file-missing",
        "缺少 {name}.geojson。",
        "There is no {name}.geojson.",
        "IMDF 1.0.0 要求该文件；导航不需要它也能工作。",
        "IMDF 1.0.0 asks for it; finding ways works without.",
    ),
    _note(
        "file-unknown",
        "{name} 不是 IMDF 文件，未使用。",
        "{name} is no file of IMDF; it was not used.",
        "无需处理；修复后的档案会原样保留它。",
        "Nothing to do; a repaired archive keeps it as it is.",
    ),
)

_FEATURES: Final = (
    _error(
        "feature-broken",
        "第 {index} 个要素不是 GeoJSON 要素。",
        "Feature number {index} is no GeoJSON feature.",
        "删去它，或从制图软件重新导出。",
        "Remove it, or export it again.",
    ),
    _warning(
        "id-missing",
        "第 {index} 个要素没有 id，暂称 {given}。",
        "Feature number {index} has no id; it is called {given} here.",
        "给它一个不变的 UUID。",
        "Give it a UUID that stays.",
        mended=True,
    ),
    _error(
        "id-twice",
        "id {id} 用了不止一次；这一个改称 {given}。",
        "The id {id} is used more than once; this one is called {given} here.",
        "给每个要素各自的 UUID。",
        "Give each feature a UUID of its own.",
        mended=True,
    ),
    _error(
        "geometry-missing",
        "没有几何图形，{consequence_zh}。",
        "It has no geometry; {consequence_en}.",
        "画出它的图形。",
        "Draw it.",
    ),
    _error(
        "geometry-broken",
        "几何图形无法读取：{why}。",
        "Its geometry can't be read: {why}.",
        "重新画出它的图形。",
        "Draw it again.",
    ),
    _warning(
        "geometry-mended",
        "几何图形有误：{why_zh}。读取时已修正。",
        "Its geometry was wrong: {why_en}. It was set right on reading.",
        "保存修正后的图形（--repair）。",
        "Keep the mended geometry (--repair).",
        mended=True,
    ),
    _error(
        "geometry-kind",
        "几何类型是 {given}，应为 {wanted}。",
        "Its geometry is a {given} where a {wanted} is wanted.",
        "把它画成 {wanted}。",
        "Draw it as a {wanted}.",
    ),
    _warning(
        "opening-drawn-otherwise",
        "门画成了 {given}；已按 {width} 米宽的线读取。",
        "The opening is drawn as a {given}; it was read as a line of {width} m.",
        "把门画成墙上的一条线，长度为门的净宽。",
        "Draw it as a line on the wall, as long as the door is wide.",
        mended=True,
    ),
    _error(
        "coordinates-swapped",
        "经度和纬度写反了：{why_zh}。已对调读取。",
        "Longitude and latitude are exchanged: {why_en}. They were read the other way round.",
        "按先经度、后纬度的顺序导出。",
        "Export them in the order longitude, latitude.",
        mended=True,
    ),
    _error(
        "coordinates-not-degrees",
        "坐标不是经纬度（{example}），按{kind_zh}读取。",
        "The coordinates are no degrees ({example}); they were read as {kind_en}.",
        "以 WGS 84（EPSG:4326）经纬度导出。",
        "Export in WGS 84 degrees (EPSG:4326).",
        mended=True,
    ),
    _error(
        "far-away",
        "离地图其余部分 {km} 公里，没有使用。",
        "It lies {km} km from the rest of the map and was not used.",
        "检查它的坐标。",
        "Check its coordinates.",
    ),
    _error(
        "level-missing",
        "所在楼层 {given} 不存在；{consequence_zh}。",
        "It stands on level {given}, which is not there; {consequence_en}.",
        "把 level_id 改为 level.geojson 中的一个 id。",
        "Give it the id of a level of level.geojson as level_id.",
        mended=True,
    ),
    _warning(
        "level-ordinal",
        "楼层序号 ordinal 是 {given}，按 {used} 读取。",
        "The level's ordinal is {given}; it was read as {used}.",
        "写成整数：地面层 0，其上 1、2…，地下 -1、-2…。",
        "Write an integer: ground 0, above 1, 2 …, below -1, -2 ….",
        mended=True,
    ),
    _note(
        "category-unknown",
        "{kind}类别 {category}（{count} 处）不在 IMDF 列表中，按{used_zh}处理。",
        "The {kind} category {category} ({count} times) is not on IMDF's list; it is taken as {used_en}.",
        "若不合适，请改用列表中的类别。",
        "If that is not right, use a category of the list.",
    ),
    _warning(
        "category-implausible",
        "全部 {count} 个门的类别都是 {category}，显然不对；按行人门读取。",
        "All {count} openings have the category {category}, which can't be meant; they were read as doors for people.",
        "改为 pedestrian。",
        "Make them pedestrian.",
        mended=True,
    ),
    _warning(
        "reference-broken",
        "{property} 指向 {target}，它不存在。",
        "Its {property} names {target}, which is not there.",
        "改为存在的 id，或删去。",
        "Name a feature that is there, or remove it.",
    ),
    _error(
        "navigation-kind",
        "导航要素的 kind 是 {given}，无法识别。",
        "The navigation feature's kind is {given}, which is not known.",
        "应为下列之一：{known}。",
        "It must be one of {known}.",
    ),
    _warning(
        "navigation-value",
        "{property} 的值 {given} 无效，未使用。",
        "The value {given} of {property} is not valid and was not used.",
        "写成{wanted_zh}。",
        "Write {wanted_en}.",
    ),
    _error(
        "navigation-incomplete",
        "{kind} 缺少 {property}，没有使用。",
        "The {kind} has no {property} and was not used.",
        "补上 {property}。",
        "Add {property}.",
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (*_FILES, *_FEATURES)}
"""All rules by id, in the order of `docs/maps.md`."""
