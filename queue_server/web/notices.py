"""Messages that stand on boards now: pure functions of the state."""

from datetime import datetime

from pydantic import BaseModel, Field

from queue_server.core import Hospital


class NoticeShown(BaseModel):
    """A message that stands on boards now."""

    id: str = Field(description="Its id.")
    zh: str = Field(description="In Chinese.")
    en: str = Field(description="In English.")
    area: str | None = Field(description="Id of the area; null: all boards.")
    until: datetime | None = Field(description="When it ends by itself.")
    by: str = Field(description="Who put it there.")


def notices_of(h: Hospital) -> list[NoticeShown]:
    """All messages that stand on boards now."""
    return [
        NoticeShown(
            id=each.id, zh=each.zh, en=each.en, area=each.area, until=each.until, by=each.by
        )
        for each in h.announcements.values()
    ]
