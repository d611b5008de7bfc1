"""What open pages show, asked once a change however many pages look at it."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from protocol import BoardView
from queue_server.core import Hospital, views
from queue_server.desk import Desk
from queue_server.web.attention import AttentionItem, attention
from queue_server.web.board_parts import BoardPage, drawn
from queue_server.web.console import ConsoleView, consoles
from queue_server.web.feed import EVERYTHING, Feed
from queue_server.web.notices import NoticeShown, notices_of

T = TypeVar("T")
BOARDS_KEPT: Final = 16
"""Of each area: who comes back having seen one of them is told only what has changed since."""


class _Kept(Generic[T]):
    """Answers by key, each good for one revision."""

    def __init__(self, desk: Desk) -> None:
        self._desk: Final = desk
        self._answers: dict[str, tuple[int, asyncio.Future[T]]] = {}

    async def get(self, key: str, revision: int, question: Callable[[Hospital], T]) -> T:
        kept = self._answers.get(key)
        if kept is None or kept[0] != revision:
            kept = (revision, asyncio.ensure_future(self._desk.ask(question)))
            self._answers[key] = kept
        try:
            return await asyncio.shield(kept[1])
        except Exception:
            self._answers.pop(key, None)
            raise


class Shown:
    """Answers for streams. A page that is only loaded asks the desk itself and so sees what its reader has just done."""

    def __init__(self, desk: Desk, feed: Feed) -> None:
        self._feed = feed
        self._boards: _Kept[BoardView] = _Kept(desk)
        self._latest: dict[str, dict[int, BoardView]] = {}
        self._drawn: dict[tuple[str, str], BoardPage] = {}
        self._consoles: _Kept[dict[str, ConsoleView]] = _Kept(desk)
        self._attention: _Kept[list[AttentionItem]] = _Kept(desk)
        self._notices: _Kept[list[NoticeShown]] = _Kept(desk)

    async def board(self, area: str) -> BoardView:
        """An area's board."""
        revision = self._feed.revision(area)
        view = await self._boards.get(area, revision, lambda h: views.board(h, area, revision))
        latest = self._latest.setdefault(area, {})
        latest[revision] = view
        while len(latest) > BOARDS_KEPT:
            del latest[next(iter(latest))]
        return view

    async def board_drawn(self, area: str, lang: str) -> BoardPage:
        """An area's board as a page, drawn once for all who look at it."""
        view = await self.board(area)
        kept = self._drawn.get((area, lang))
        if kept is None or kept.revision != view.revision:
            kept = self._drawn[area, lang] = drawn(view, lang)
        return kept

    def board_at(self, area: str, revision: int | None) -> BoardView | None:
        """An area's board as it was shown at a revision, if it is one of the latest."""
        return self._latest.get(area, {}).get(revision) if revision is not None else None

    async def console(self, area: str, point: str) -> ConsoleView:
        """The console of one of an area's points."""
        revision = self._feed.revision(area)
        found = await self._consoles.get(area, revision, lambda h: consoles(h, area))
        return found[point]

    async def attention(self) -> list[AttentionItem]:
        """What needs a person's eye."""
        return await self._attention.get("", self._feed.revision(EVERYTHING), attention)

    async def notices(self) -> list[NoticeShown]:
        """The messages that stand on boards."""
        return await self._notices.get("", self._feed.revision(EVERYTHING), notices_of)
