"""A hall's board as HTML: whole, and in parts that can be put in the place of older ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Final

from protocol import BoardView, Called, PointView, Text
from queue_server.web.render import page
from queue_server.web.texts import TEXTS

ONE_COLUMN_HOLDS: Final = 7
TWO_COLUMNS_HOLD: Final = 20
MISSED_SHOWN: Final = 10
PREPARING_SHOWN: Final = 12
NOTICES_SHOWN: Final = 2
ROOMS_KEPT: Final = 4096
"""A room that has not changed is not drawn again."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board in one language."""

    revision: int
    shape: tuple[object, ...]
    """Boards of another shape can't be patched part by part."""
    parts: Mapping[str, str]
    """HTML by the name of the part: `banner`, `notices`, `room-…`, `foot`."""
    columns: int
    door: bool
    lang: str

    @property
    def html(self) -> str:
        """The whole."""
        rooms = [html for name, html in self.parts.items() if name.startswith("room-")]
        return page(
            "board_body.html",
            self.lang,
            parts=self.parts,
            rooms=rooms,
            columns=self.columns,
            per_column=ceil(len(rooms) / self.columns),
            door=self.door,
        )


def changed_parts(before: BoardPage, after: BoardPage) -> dict[str, str] | None:
    """Parts that differ; None when the page has another shape: show all of it."""
    if before.shape != after.shape:
        return None
    return {name: html for name, html in after.parts.items() if before.parts.get(name) != html}


def drawn(board: BoardView, lang: str) -> BoardPage:
    """A board in a language: `zh`, `en` or `both`."""
    door = any(one.at_door for one in _everybody(board))
    parts = {
        "banner": page("board_banner.html", lang, calls=_calls(board)),
        "notices": page("board_notices.html", lang, notices=board.notices[:NOTICES_SHOWN]),
        **{f"room-{point.point}": _room(point, door, lang) for point in board.points},
        "foot": page(
            "board_foot.html",
            lang,
            board=board,
            missed=board.missed[:MISSED_SHOWN],
            missed_more=max(0, len(board.missed) - MISSED_SHOWN),
            preparing=board.preparing[:PREPARING_SHOWN],
            preparing_more=max(0, len(board.preparing) - PREPARING_SHOWN),
            legend=_legend(board, lang),
        ),
    }
    shape = (lang, door, tuple(point.point for point in board.points))
    return BoardPage(board.revision, shape, parts, _columns(len(board.points)), door, lang)


@lru_cache(maxsize=ROOMS_KEPT)
def _room(point: PointView, door: bool, lang: str) -> str:
    """A room; `door`: somebody on this board waits at a door, so who does not is shown as coming after."""
    return page(
        "board_room.html",
        lang,
        point=point,
        door=door,
        at_door=any(one.at_door for one in point.next),
        reason=pause_reason(point.reason, lang),
    )


def pause_reason(reason: str, lang: str) -> str:
    """Why a room is closed: a usual reason in the board's language, anything else as it was written."""
    for key, words in TEXTS.items():
        if key.startswith("pause_") and reason in words:
            zh, en = words
            return {"zh": zh, "en": en}.get(lang, f"{zh} {en}")
    return reason


def _calls(board: BoardView) -> list[tuple[Called, Text]]:
    """Who is called now and where, the newest first."""
    called = [(point.called, point.name) for point in board.points if point.called]
    return sorted(
        called, key=lambda each: each[0].at or datetime.min.replace(tzinfo=UTC), reverse=True
    )


def _columns(points: int) -> int:
    if points <= ONE_COLUMN_HOLDS:
        return 1
    return 2 if points <= TWO_COLUMNS_HOLD else 3


def _everybody(board: BoardView) -> Iterator[Called]:
    for point in board.points:
        yield from (one for one in (point.called, point.serving, *point.next) if one)


def _legend(board: BoardView, lang: str) -> dict[str, str]:
    """Marks that stand on this board, and so must be told."""
    found: dict[str, str] = {}
    for one in _everybody(board):
        if one.is_return:
            found["return"] = ""
        if one.badge:
            found.setdefault("class", one.badge_en if lang == "en" else one.badge)
        if one.add_on:
            found["added"] = ""
    return found
