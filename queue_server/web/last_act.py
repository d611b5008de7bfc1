"""What a member of staff could take back now: pure functions of the state."""

from datetime import datetime

from pydantic import BaseModel, Field

from queue_server.core import Hospital
from queue_server.core.masking import masked
from queue_server.core.undo import UNDO_WITHIN
from queue_server.web.access import NAMED
from queue_server.web.accounts import Member


class LastAct(BaseModel):
    """One's last act, as long as it can be taken back."""

    what: str = Field(description="Name of the act.", examples=["CallNext"])
    at: datetime = Field(description="When it was.")
    visit: str = Field(description="The visit it was about.")
    ticket: str | None = Field(description="Its number.", examples=["A023"])
    name: str = Field(description="The child's name: full for people, masked for programs.")


def last_act(h: Hospital, member: Member) -> LastAct | None:
    """The last act of a member of staff, with the name as the member may see it.

    None when there is none, or somebody has built on it, or it is too long ago.
    """
    memo = h.memos.get(member.name)
    visit = h.visits.get(memo.visit) if memo else None
    if memo is None or visit is None:
        return None
    if visit.version != memo.version or h.moment - memo.at > UNDO_WITHIN:
        return None
    ticket = visit.ticket or memo.before.ticket
    name = h.names.get(visit.patient, "")
    if member.role not in NAMED:
        name = masked(name)
    return LastAct(what=memo.what, at=memo.at, visit=visit.id, ticket=ticket, name=name)
