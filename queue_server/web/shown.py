"""What open pages show, asked once a change however many pages look at it."""

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from protocol import BoardView
from queue_server.core import Hospital, views
from queue_server.desk import Desk
from queue_server.web.attention import AttentionItem, attention
from queue_server.web.console import ConsoleView, consoles
from queue_server.web.feed import EVERYTHING, Feed
from queue_server.web.notices import NoticeShown, notices_of

T = TypeVar("T")


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
        self._consoles: _Kept[dict[str, ConsoleView]] = _Kept(desk)
        self._attention: _Kept[list[AttentionItem]] = _Kept(desk)
        self._notices: _Kept[list[NoticeShown]] = _Kept(desk)

    async def board(self, area: str) -> BoardView:
        """An area's board."""
        revision = self._feed.revision(area)
        return await self._boards.get(area, revision, lambda h: views.board(h, area, revision))

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
