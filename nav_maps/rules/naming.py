"""What can be wrong with names, with `x_navigation.geojson`, and with OpenStreetMap data."""

from typing import Final

from nav_maps.rules.rule import note, warning

NAMES: Final = (
    warning(
        "name-missing",
        "{unit}没有名称、门牌号，也没有使用者。",
        "{unit} has no name, no number and no occupant.",
        "给它名称（name）或门牌号（alt_name）。",
        "Give it a name, or its door number as alt_name.",
    ),
    warning(
        "name-language",
        "“{name}”没有{language_zh}名称。",
        "“{name}” has no name in {language_en}.",
        "在 name 中补上 {tag}。",
        "Add {tag} to its name.",
    ),
    warning(
        "language-missing",
        "{count} 个名称中有 {lacking} 个没有{language_zh}。",
        "{lacking} of {count} names have no {language_en}.",
        "在这些要素的 name 中补上 {tag}；之前界面用另一种语言显示。",
        "Add {tag} to the name of these features; until then screens show the other language.",
    ),
    warning(
        "number-twice",
        "门牌号 {number} 在同一楼层用了不止一次（另见 {other}）。",
        "The door number {number} is used more than once on the level (see {other}).",
        "核对门牌。",
        "Check the signs on the doors.",
    ),
)

NAVIGATION: Final = (
    warning(
        "outside-unit",
        "{kind} {name} 不在任何单元内，最近的{unit}在 {metres} 米外。",
        "The {kind} {name} stands in no unit; the nearest, {unit}, is {metres} m away.",
        "把它移到单元内。",
        "Move it into the unit.",
    ),
    warning(
        "place-off-unit",
        "地点 {name} 的点不在它的单元{unit}内。",
        "The point of the place {name} is not in its unit, {unit}.",
        "移动该点，或改 unit_id。",
        "Move the point, or change its unit_id.",
    ),
    warning(
        "twice-named",
        "{kind} {name} 出现不止一次。",
        "There is more than one {kind} {name}.",
        "只留一个。",
        "Keep one.",
    ),
    warning(
        "closure-never",
        "封闭从 {start} 到 {end}，结束早于开始：永远不会生效。",
        "The closure runs from {start} to {end}, which is before it begins: it is never in force.",
        "改正时间。",
        "Correct the times.",
    ),
)

OSM: Final = (
    warning(
        "osm-incomplete",
        "OSM 数据缺少 {count} 个被引用的节点或路径，相关图形不完整。",
        "The OSM data lack {count} nodes or ways that are named in it; what they belong to is incomplete.",
        "下载时连同所引用的要素一起取（Overpass：out body; >; out skel qt;）。",
        "Fetch what is named along with it (Overpass: out body; >; out skel qt;).",
    ),
    warning(
        "osm-not-closed",
        "{id} 标为 {tag} 却不是闭合的面，没有使用。",
        "{id} is tagged {tag} but is no closed area; it was not used.",
        "在 OSM 中闭合它。",
        "Close it in OSM.",
    ),
    warning(
        "osm-door-alone",
        "门 {id} 不在任何房间或走廊的边上，没有使用。",
        "The door {id} is on the outline of no room and no corridor; it was not used.",
        "在 OSM 中把它放在墙线的节点上。",
        "Make it a node of the wall in OSM.",
    ),
    note(
        "osm-no-level",
        "{count} 个室内要素没有 level，按 0 层读取。",
        "{count} indoor features have no level; they were read as level 0.",
        "在 OSM 中补上 level。",
        "Add their level in OSM.",
    ),
    note(
        "osm-link-alone",
        "{id} 只写了一个楼层，不通其他楼层。",
        "{id} names only one level and leads to no other.",
        "写成 level=0;1 这样的列表。",
        "Write a list such as level=0;1.",
    ),
)
