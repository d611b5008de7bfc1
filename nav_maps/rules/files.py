"""What can be wrong with files."""

from typing import Final

from nav_maps.rules.rule import error, note, warning

FILES: Final = (
    error(
        "file-too-large",
        "{name} 太大（{size}），没有读取。",
        "{name} is too large ({size}) and was not read.",
        "单个文件最多 {limit}：按楼栋拆分地图，或去掉家具、细节等要素。",
        "A file may have {limit}: divide the map by building, or leave out furniture and detail.",
    ),
    error(
        "file-broken",
        "{name} 不是完整的 GeoJSON：{why}。",
        "{name} is no sound GeoJSON: {why}.",
        "从制图软件重新导出该文件。",
        "Export the file again from the program it was made with.",
    ),
    error(
        "file-empty",
        "{name} 里没有任何要素。",
        "{name} holds no features.",
        "从制图软件重新导出该文件。",
        "Export the file again from the program it was made with.",
    ),
    error(
        "too-many-features",
        "{name} 有 {count} 个要素，只读了前 {limit} 个。",
        "{name} has {count} features; only the first {limit} were read.",
        "按楼栋拆分地图。",
        "Divide the map by building.",
    ),
    warning(
        "file-encoding",
        "{name} 不是 UTF-8 编码，按 {encoding} 读取。",
        "{name} is not UTF-8; it was read as {encoding}.",
        "以 UTF-8 保存。",
        "Save it as UTF-8.",
        mended=True,
    ),
    warning(
        "file-twice",
        "{name} 有不止一份，只用了 {used}。",
        "There is more than one {name}; {used} was used.",
        "删去多余的一份。",
        "Remove the one that is not meant.",
    ),
    note(
        "file-missing",
        "缺少 {name}.geojson。",
        "There is no {name}.geojson.",
        "IMDF 1.0.0 要求该文件；导航不需要它也能工作。",
        "IMDF 1.0.0 asks for it; finding ways works without.",
    ),
    note(
        "file-unknown",
        "{name} 不是 IMDF 文件，未使用。",
        "{name} is no file of IMDF; it was not used.",
        "无需处理；修复后的档案会原样保留它。",
        "Nothing to do; a repaired archive keeps it as it is.",
    ),
)

COUNTS: Final = (
    note(
        "more-alike",
        "还有 {count} 条同类发现（{rule}）未列出。",
        "{count} more findings of {rule} are not listed.",
        "先处理已列出的，再检查一次。",
        "Mend those that are listed, then check again.",
    ),
)
