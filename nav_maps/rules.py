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
        "file-empty",
        "{name} 里没有任何要素。",
        "{name} holds no features.",
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

_COUNTS: Final = (
    _note(
        "more-alike",
        "还有 {count} 条同类发现（{rule}）未列出。",
        "{count} more findings of {rule} are not listed.",
        "先处理已列出的，再检查一次。",
        "Mend those that are listed, then check again.",
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
        "piled-up",
        "有 {count} 个要素与同类要素形状、位置完全相同（超过 {most} 次），没有使用。",
        "{count} features have the very shape and place of others of their kind (more than {most} times) and were not used.",
        "从制图软件重新导出：导出程序多半重复写了同一要素。",
        "Export again: the program probably wrote the same feature over and over.",
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
        "{kind} 类别 {category}（{count} 处）不在 IMDF 列表中，按{used_zh}处理。",
        "The {kind} category {category} ({count} ×) is not on IMDF's list; it is taken as {used_en}.",
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
        "restriction-implausible",
        "全部 {count} 个楼梯、电梯都限制通行（{given}），公众就上不了楼；按不限制读取。",
        "All {count} stairs and lifts are restricted ({given}), so nobody from the public could change levels; they were "
        "read as free.",
        "只给确实限制的楼梯、电梯写 restriction。",
        "Restrict only those that are.",
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

_OPENINGS: Final = (
    _error(
        "opening-nowhere",
        "这扇门不在任何单元的墙上（{reach} 米以内没有单元）。",
        "This opening is on no unit's wall: there is no unit within {reach} m.",
        "把门移到它所在的墙上，或删去。",
        "Move it to the wall it belongs to, or remove it.",
    ),
    _error(
        "opening-one-sided",
        "这扇门只挨着{unit}，另一侧 {reach} 米内没有单元，也不通室外：谁也走不过去。",
        "This opening touches only {unit}; on its other side there is no unit within {reach} m and it is not the outside: "
        "nobody gets through.",
        "补画另一侧的单元，或把门移到两个单元共用的墙上。",
        "Draw the unit on the other side, or move the opening to a wall that two units share.",
    ),
    _error(
        "opening-inside",
        "这扇门画在{unit}的里面，不在墙上：它不连通任何两个单元。",
        "This opening lies inside {unit}, not on a wall: it joins no two units.",
        "把门移到墙上；若这里确有隔断，把单元一分为二。",
        "Move it to the wall; where there is a partition, divide the unit in two.",
    ),
    _warning(
        "opening-across",
        "这扇门横穿{one}与{other}之间的墙，没有沿墙画。",
        "This opening crosses the wall between {one} and {other} instead of lying along it.",
        "沿墙画门线，长度为净宽。",
        "Draw it along the wall, as long as the door is wide.",
    ),
    _warning(
        "opening-gap",
        "这扇门与{unit}之间有 {gap} 米的空隙（墙厚），有的程序会认为走不通。",
        "There is a gap of {gap} m (the wall) between this opening and {unit}; to some programs it is no way through.",
        "让两侧单元都贴到门线。",
        "Let both units touch the opening.",
    ),
    _warning(
        "opening-narrow",
        "这扇门只有 {width} 米宽。",
        "This opening is only {width} m wide.",
        "按净宽画门线；门宽至少 0.7 米，轮椅需要 0.8 米。",
        "Draw it as wide as the door is: 0.7 m at least, 0.8 m for a wheelchair.",
    ),
    _note(
        "opening-twice",
        "这扇门与 {other} 画在同一处。",
        "This opening lies on top of {other}.",
        "删去其中一个。",
        "Remove one of them.",
    ),
)

_UNITS: Final = (
    _error(
        "unit-twice",
        "{unit}与{other}画在同一处。",
        "{unit} and {other} are drawn in the same place.",
        "删去其中一个。",
        "Remove one of them.",
    ),
    _warning(
        "units-overlap",
        "{unit}与{other}重叠 {area} 平方米；重叠处按较小的单元算。",
        "{unit} and {other} overlap by {area} m²; the smaller one is meant there.",
        "从较大的单元中裁去重叠部分。",
        "Cut the overlap out of the larger one.",
    ),
    _warning(
        "passages-apart",
        "{unit}与{other}都是通道，却隔着 {gap} 米的缝，长 {length} 米：走不过去。",
        "{unit} and {other} are both passages but lie {gap} m apart over {length} m: there is no way across.",
        "让两者的边重合；若中间是墙，在墙上加一扇门。",
        "Let their borders meet; if there is a wall between them, put an opening in it.",
    ),
    _error(
        "passage-missing",
        "{count} 扇门通向一块没有画出的地方（{area} 平方米，在{unit}旁）：那里多半是走廊。",
        "{count} openings lead onto ground that is not drawn ({area} m², beside {unit}): it is probably a corridor.",
        "把那块地方画成 walkway 单元。",
        "Draw that ground as a unit of category walkway.",
    ),
    _warning(
        "unit-off-level",
        "{unit}有 {share} 在楼层 {given} 的轮廓之外。",
        "{share} of {unit} lies outside the outline of level {given}.",
        "检查它的楼层，或改楼层的轮廓。",
        "Check which level it is on, or change the level's outline.",
    ),
    _error(
        "unit-no-opening",
        "{unit}没有门。",
        "{unit} has no opening.",
        "在它与通道共用的墙上加一扇门。",
        "Add an opening on a wall that it shares with a passage.",
    ),
    _error(
        "unit-unreachable",
        "从{start}到不了{unit}{list}：{why_zh}。",
        "{unit} can't be reached from {start}{list}: {why_en}.",
        "在它们与可到达部分之间加一扇门或一条楼层间通道。",
        "Add an opening or a way between levels that joins them to the rest.",
    ),
    _warning(
        "unit-unreachable-wheelchair",
        "轮椅从{start}到不了{unit}{list}：{why_zh}。",
        "A wheelchair can't get from {start} to {unit}{list}: {why_en}.",
        "用电梯或坡道连通，或确认确实如此。",
        "Link it by a lift or a ramp, or make sure that it is really so.",
    ),
    _note(
        "unit-staff-only",
        "{unit}只有经过员工区域才能到达。",
        "{unit} is reached only through what is for staff.",
        "若家属要去那里，放开途中的限制；否则给它加上 employeesonly。",
        "If families go there, lift the restriction on the way; else restrict it to employeesonly.",
    ),
    _note(
        "room-through-room",
        "{unit}只能穿过{other}到达。",
        "{unit} is reached only through {other}.",
        "若{other}是过道或候诊区，把类别改为 walkway 或 waitingroom。",
        "If {other} is a passage or a waiting area, make its category walkway or waitingroom.",
    ),
    _error(
        "one-way-trap",
        "进得了{unit}，却出不来。",
        "One can get into {unit} but not out of it again.",
        "检查单向门和扶梯的方向，或补上出口。",
        "Check the direction of one-way doors and escalators, or add the way out.",
    ),
    _warning(
        "no-entrance",
        "地图上既没有通往室外的门，也没有自助机；按最大的连通部分（{count} 个单元）判断可达性。",
        "The map has no opening to the outside and no kiosk; reaching was judged from the largest part that hangs together "
        "({count} units).",
        "画出入口的门（一侧是室外），或在 x_navigation.geojson 中放一台自助机。",
        "Draw the doors of the entrances (one side outside), or put a kiosk into x_navigation.geojson.",
    ),
    _error(
        "start-cut-off",
        "从{unit}出发只能到 {count} 个单元，而其他地方能到 {most} 个。",
        "From {unit} only {count} units can be reached, from elsewhere {most}.",
        "把它所在的部分与其余部分连通。",
        "Join the part it stands in to the rest.",
    ),
)

_LEVELS: Final = (
    _error(
        "vertical-unlinked",
        "{unit}上下都没有与它重叠的{kind_zh}，不通任何楼层。",
        "{unit} has no {kind_en} above or below it and leads to no other level.",
        "让上下层的图形重叠，或在 x_navigation.geojson 中加一条 pathway。",
        "Let the shapes on the levels overlap, or add a pathway to x_navigation.geojson.",
    ),
    _error(
        "vertical-closed",
        "{unit}通往其他楼层，但在 {given} 层没有门，进不去。",
        "{unit} leads to other levels but has no opening on level {given}: nobody gets in.",
        "在它与通道之间加一扇门。",
        "Add an opening between it and a passage.",
    ),
    _note(
        "vertical-inferred",
        "{count} 条楼层间通道是按上下重叠推断的（地图里没有 pathway 或 relationship）。",
        "Ways between levels inferred from units that stand on top of each other, for which the map has no pathway: {count}.",
        "无需处理；若有不对，用 pathway 写明。",
        "Nothing to do; where it is wrong, say it with a pathway.",
    ),
    _error(
        "level-cut-off",
        "楼层 {given} 没有任何楼梯、电梯、扶梯或坡道通往其他楼层。",
        "No stairs, lift, escalator or ramp leads from level {given} to another.",
        "画出楼梯和电梯，使上下层重叠。",
        "Draw its stairs and lifts so that they overlap from level to level.",
    ),
    _warning(
        "level-no-lift",
        "轮椅到不了楼层 {given}。",
        "A wheelchair can't get to level {given}.",
        "连通该层的电梯或坡道，或确认确实没有。",
        "Link its lift or ramp, or make sure that there is none.",
    ),
    _warning(
        "level-twice",
        "楼层 {given} 与 {other} 序号相同且位置重叠。",
        "Levels {given} and {other} have the same ordinal and lie in the same place.",
        "改正其中一个的 ordinal，或合并两层。",
        "Correct the ordinal of one of them, or make them one.",
    ),
)

_NAMES: Final = (
    _warning(
        "name-missing",
        "{unit}没有名称、门牌号，也没有使用者。",
        "{unit} has no name, no number and no occupant.",
        "给它名称（name）或门牌号（alt_name）。",
        "Give it a name, or its door number as alt_name.",
    ),
    _warning(
        "name-language",
        "“{name}”没有{language_zh}名称。",
        "“{name}” has no name in {language_en}.",
        "在 name 中补上 {tag}。",
        "Add {tag} to its name.",
    ),
    _warning(
        "language-missing",
        "{count} 个名称中有 {lacking} 个没有{language_zh}。",
        "{lacking} of {count} names have no {language_en}.",
        "在这些要素的 name 中补上 {tag}；之前界面用另一种语言显示。",
        "Add {tag} to the name of these features; until then screens show the other language.",
    ),
    _warning(
        "number-twice",
        "门牌号 {number} 在同一楼层用了不止一次（另见 {other}）。",
        "The door number {number} is used more than once on the level (see {other}).",
        "核对门牌。",
        "Check the signs on the doors.",
    ),
)

_NAVIGATION: Final = (
    _warning(
        "outside-unit",
        "{kind} {name} 不在任何单元内，最近的{unit}在 {metres} 米外。",
        "The {kind} {name} stands in no unit; the nearest, {unit}, is {metres} m away.",
        "把它移到单元内。",
        "Move it into the unit.",
    ),
    _warning(
        "place-off-unit",
        "地点 {name} 的点不在它的单元{unit}内。",
        "The point of the place {name} is not in its unit, {unit}.",
        "移动该点，或改 unit_id。",
        "Move the point, or change its unit_id.",
    ),
    _warning(
        "twice-named",
        "{kind} {name} 出现不止一次。",
        "There is more than one {kind} {name}.",
        "只留一个。",
        "Keep one.",
    ),
    _warning(
        "closure-never",
        "封闭从 {start} 到 {end}，结束早于开始：永远不会生效。",
        "The closure runs from {start} to {end}, which is before it begins: it is never in force.",
        "改正时间。",
        "Correct the times.",
    ),
)

_OSM: Final = (
    _warning(
        "osm-incomplete",
        "OSM 数据缺少 {count} 个被引用的节点或路径，相关图形不完整。",
        "The OSM data lack {count} nodes or ways that are named in it; what they belong to is incomplete.",
        "下载时连同所引用的要素一起取（Overpass：out body; >; out skel qt;）。",
        "Fetch what is named along with it (Overpass: out body; >; out skel qt;).",
    ),
    _warning(
        "osm-not-closed",
        "{id} 标为 {tag} 却不是闭合的面，没有使用。",
        "{id} is tagged {tag} but is no closed area; it was not used.",
        "在 OSM 中闭合它。",
        "Close it in OSM.",
    ),
    _warning(
        "osm-door-alone",
        "门 {id} 不在任何房间或走廊的边上，没有使用。",
        "The door {id} is on the outline of no room and no corridor; it was not used.",
        "在 OSM 中把它放在墙线的节点上。",
        "Make it a node of the wall in OSM.",
    ),
    _note(
        "osm-no-level",
        "{count} 个室内要素没有 level，按 0 层读取。",
        "{count} indoor features have no level; they were read as level 0.",
        "在 OSM 中补上 level。",
        "Add their level in OSM.",
    ),
    _note(
        "osm-link-alone",
        "{id} 只写了一个楼层，不通其他楼层。",
        "{id} names only one level and leads to no other.",
        "写成 level=0;1 这样的列表。",
        "Write a list such as level=0;1.",
    ),
)

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        *_FILES,
        *_COUNTS,
        *_FEATURES,
        *_OPENINGS,
        *_UNITS,
        *_LEVELS,
        *_NAMES,
        *_NAVIGATION,
        *_OSM,
    )
}
"""All rules by id, in the order of `docs/maps.md`."""
