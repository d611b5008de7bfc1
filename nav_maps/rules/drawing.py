"""What can be wrong with the drawing: doors, units, levels."""

from typing import Final

from nav_maps.rules.rule import error, note, warning

OPENINGS: Final = (
    error(
        "opening-nowhere",
        "这扇门不在任何单元的墙上（{reach} 米以内没有单元）。",
        "This opening is on no unit's wall: there is no unit within {reach} m.",
        "把门移到它所在的墙上，或删去。",
        "Move it to the wall it belongs to, or remove it.",
    ),
    error(
        "opening-one-sided",
        "这扇门只挨着{unit}，另一侧 {reach} 米内没有单元，也不通室外：谁也走不过去。",
        "This opening touches only {unit}; on its other side there is no unit within {reach} m and it is not the outside: "
        "nobody gets through.",
        "补画另一侧的单元，或把门移到两个单元共用的墙上。",
        "Draw the unit on the other side, or move the opening to a wall that two units share.",
    ),
    error(
        "opening-inside",
        "这扇门画在{unit}的里面，不在墙上：它不连通任何两个单元。",
        "This opening lies inside {unit}, not on a wall: it joins no two units.",
        "把门移到墙上；若这里确有隔断，把单元一分为二。",
        "Move it to the wall; where there is a partition, divide the unit in two.",
    ),
    warning(
        "opening-across",
        "这扇门横穿{one}与{other}之间的墙，没有沿墙画。",
        "This opening crosses the wall between {one} and {other} instead of lying along it.",
        "沿墙画门线，长度为净宽。",
        "Draw it along the wall, as long as the door is wide.",
    ),
    warning(
        "opening-gap",
        "这扇门与{unit}之间有 {gap} 米的空隙（墙厚），有的程序会认为走不通。",
        "There is a gap of {gap} m (the wall) between this opening and {unit}; to some programs it is no way through.",
        "让两侧单元都贴到门线。",
        "Let both units touch the opening.",
    ),
    warning(
        "opening-narrow",
        "这扇门只有 {width} 米宽。",
        "This opening is only {width} m wide.",
        "按净宽画门线；门宽至少 0.7 米，轮椅需要 0.8 米。",
        "Draw it as wide as the door is: 0.7 m at least, 0.8 m for a wheelchair.",
    ),
    note(
        "opening-twice",
        "这扇门与 {other} 画在同一处。",
        "This opening lies on top of {other}.",
        "删去其中一个。",
        "Remove one of them.",
    ),
)

UNITS: Final = (
    error(
        "unit-twice",
        "{unit}与{other}画在同一处。",
        "{unit} and {other} are drawn in the same place.",
        "删去其中一个。",
        "Remove one of them.",
    ),
    warning(
        "units-overlap",
        "{unit}与{other}重叠 {area} 平方米；重叠处按较小的单元算。",
        "{unit} and {other} overlap by {area} m²; the smaller one is meant there.",
        "从较大的单元中裁去重叠部分。",
        "Cut the overlap out of the larger one.",
    ),
    warning(
        "passages-apart",
        "{unit}与{other}都是通道，却隔着 {gap} 米的缝，长 {length} 米：走不过去。",
        "{unit} and {other} are both passages but lie {gap} m apart over {length} m: there is no way across.",
        "让两者的边重合；若中间是墙，在墙上加一扇门。",
        "Let their borders meet; if there is a wall between them, put an opening in it.",
    ),
    error(
        "passage-missing",
        "{count} 扇门通向一块没有画出的地方（{area} 平方米，在{unit}旁）：那里多半是走廊。",
        "{count} openings lead onto ground that is not drawn ({area} m², beside {unit}): it is probably a corridor.",
        "把那块地方画成 walkway 单元。",
        "Draw that ground as a unit of category walkway.",
    ),
    warning(
        "unit-off-level",
        "{unit}有 {share} 在楼层 {given} 的轮廓之外。",
        "{share} of {unit} lies outside the outline of level {given}.",
        "检查它的楼层，或改楼层的轮廓。",
        "Check which level it is on, or change the level's outline.",
    ),
    error(
        "unit-no-opening",
        "{unit}没有门。",
        "{unit} has no opening.",
        "在它与通道共用的墙上加一扇门。",
        "Add an opening on a wall that it shares with a passage.",
    ),
    error(
        "unit-unreachable",
        "从{start}到不了{unit}{list}：{why_zh}。",
        "{unit} can't be reached from {start}{list}: {why_en}.",
        "在它们与可到达部分之间加一扇门或一条楼层间通道。",
        "Add an opening or a way between levels that joins them to the rest.",
    ),
    warning(
        "unit-unreachable-wheelchair",
        "轮椅从{start}到不了{unit}{list}：{why_zh}。",
        "A wheelchair can't get from {start} to {unit}{list}: {why_en}.",
        "用电梯或坡道连通，或确认确实如此。",
        "Link it by a lift or a ramp, or make sure that it is really so.",
    ),
    note(
        "unit-staff-only",
        "{unit}只有经过员工区域才能到达。",
        "{unit} is reached only through what is for staff.",
        "若家属要去那里，放开途中的限制；否则给它加上 employeesonly。",
        "If families go there, lift the restriction on the way; else restrict it to employeesonly.",
    ),
    warning(
        "passage-miscalled",
        "{unit}的类别是 {category}（房间），却像是通道：{why_zh}。路线不会从房间里穿过。",
        "{unit} has the category {category}, a room, but seems to be a passage: {why_en}. Ways do not lead through rooms.",
        "把类别改为 walkway（候诊区用 waitingroom，大厅用 lobby）。",
        "Make its category walkway (waitingroom for a waiting area, lobby for a hall).",
    ),
    note(
        "room-through-room",
        "{unit}只能穿过{other}到达。",
        "{unit} is reached only through {other}.",
        "若{other}是过道或候诊区，把类别改为 walkway 或 waitingroom。",
        "If {other} is a passage or a waiting area, make its category walkway or waitingroom.",
    ),
    error(
        "one-way-trap",
        "进得了{unit}，却出不来。",
        "One can get into {unit} but not out of it again.",
        "检查单向门和扶梯的方向，或补上出口。",
        "Check the direction of one-way doors and escalators, or add the way out.",
    ),
    warning(
        "no-entrance",
        "地图上既没有通往室外的门，也没有自助机；按最大的连通部分（{count} 个单元）判断可达性。",
        "The map has no opening to the outside and no kiosk; reaching was judged from the largest part that hangs together "
        "({count} units).",
        "画出入口的门（一侧是室外），或在 x_navigation.geojson 中放一台自助机。",
        "Draw the doors of the entrances (one side outside), or put a kiosk into x_navigation.geojson.",
    ),
    error(
        "start-cut-off",
        "从{unit}出发只能到 {count} 个单元，而其他地方能到 {most} 个。",
        "From {unit} only {count} units can be reached, from elsewhere {most}.",
        "把它所在的部分与其余部分连通。",
        "Join the part it stands in to the rest.",
    ),
)

LEVELS: Final = (
    error(
        "vertical-unlinked",
        "{unit}上下都没有与它重叠的{kind_zh}，不通任何楼层。",
        "{unit} has no {kind_en} above or below it and leads to no other level.",
        "让上下层的图形重叠，或在 x_navigation.geojson 中加一条 pathway。",
        "Let the shapes on the levels overlap, or add a pathway to x_navigation.geojson.",
    ),
    error(
        "vertical-closed",
        "{unit}通往其他楼层，但在 {given} 层没有门，进不去。",
        "{unit} leads to other levels but has no opening on level {given}: nobody gets in.",
        "在它与通道之间加一扇门。",
        "Add an opening between it and a passage.",
    ),
    note(
        "vertical-inferred",
        "{count} 条楼层间通道是按上下重叠推断的（地图里没有 pathway 或 relationship）。",
        "Ways between levels inferred from units that stand on top of each other, for which the map has no pathway: {count}.",
        "无需处理；若有不对，用 pathway 写明。",
        "Nothing to do; where it is wrong, say it with a pathway.",
    ),
    error(
        "level-cut-off",
        "楼层 {given} 没有任何楼梯、电梯、扶梯或坡道通往其他楼层。",
        "No stairs, lift, escalator or ramp leads from level {given} to another.",
        "画出楼梯和电梯，使上下层重叠。",
        "Draw its stairs and lifts so that they overlap from level to level.",
    ),
    warning(
        "level-no-lift",
        "轮椅到不了楼层 {given}。",
        "A wheelchair can't get to level {given}.",
        "连通该层的电梯或坡道，或确认确实没有。",
        "Link its lift or ramp, or make sure that there is none.",
    ),
    warning(
        "level-twice",
        "楼层 {given} 与 {other} 序号相同且位置重叠。",
        "Levels {given} and {other} have the same ordinal and lie in the same place.",
        "改正其中一个的 ordinal，或合并两层。",
        "Correct the ordinal of one of them, or make them one.",
    ),
)
