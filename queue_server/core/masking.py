"""Masked names (姓名脱敏) for everything that strangers can see."""

from functools import lru_cache
from typing import Final

COMPOUND_SURNAMES: Final = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 西门 第五
    """.split()  # noqa: SIM905  # a reader checks names more easily than quotes
)


@lru_cache(maxsize=8192)
def masked(name: str) -> str:
    """Hide the middle of a name: 张宝 → 张*, 张小宝 → 张*宝, 欧阳小宝 → 欧阳*宝, Anna Bell → A*** B***.

    An empty name gives an empty string.
    """
    name = name.strip()
    if not name:
        return ""
    if name.isascii() or " " in name:
        return " ".join(word[0] + "***" for word in name.split())
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]
    given = name[len(surname) :]
    if len(given) <= 1:
        return surname + "*" if given else "*"
    return surname + "*" * (len(given) - 1) + given[-1]
