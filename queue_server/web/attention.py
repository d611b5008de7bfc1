"""What needs a person's eye: pure functions of the state, for staff."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field

from protocol import Text
from protocol.card import SENTENCES
from protocol.card import Problem as CardProblem
from queue_server.core import Hospital
from queue_server.core import events as e
from queue_server.core.commands import Reason, Refused
from queue_server.sentences import problem_of

_NO_WORDS: Final = Text(zh="", en="")


class AttentionItem(BaseModel):
    """Something a nurse should see."""

    at: datetime = Field(description="When it happened last.")
    kind: str = Field(
        description="`ScanRefused`, `ProvisionalUnmatched`, `SequenceGap` or `HelpAsked`.",
        examples=["ScanRefused"],
    )
    agent: str = Field(description="At which kiosk or door.", examples=["kiosk-1"])
    reason: str = Field(description="Code of the reason.", examples=["not_today"])
    sentence: Text = Field(description="What the family was told.")
    detail: str = Field(description="The provisional number, or which records are missing.")
    visit: str | None = Field(description="The visit concerned, if it is known.")
    ticket: str | None = Field(description="Its number, if it has one.")
    name: str = Field(description="The child's name, if it is known.")
    times: int = Field(description="How often the same happened.")


def attention(h: Hospital) -> list[AttentionItem]:
    """Calls for help first, then today's other matters, the newest first; repetitions are one item."""
    helps = [_help(agent, at) for agent, at in h.help_asked.items()]
    matters: dict[tuple[object, ...], AttentionItem] = {}
    for event in h.attention:
        key = _key(event)
        times = matters.pop(key).times + 1 if key in matters else 1
        matters[key] = _item(h, event, times)
    return [
        *sorted(helps, key=_moment, reverse=True),
        *sorted(matters.values(), key=_moment, reverse=True),
    ]


def _moment(item: AttentionItem) -> datetime:
    return item.at


def _key(event: e.Event) -> tuple[object, ...]:
    match event:
        case e.ScanRefused():
            return ("scan", event.agent, event.card, event.visit, event.reason)
        case _:
            return (id(event),)


def _help(agent: str, at: datetime) -> AttentionItem:
    return AttentionItem(
        at=at,
        kind="HelpAsked",
        agent=agent,
        reason="help",
        sentence=_NO_WORDS,
        detail="",
        visit=None,
        ticket=None,
        name="",
        times=1,
    )


def _item(h: Hospital, event: e.Event, times: int) -> AttentionItem:
    agent = reason = detail = ""
    visit_id = card = None
    match event:
        case e.ScanRefused():
            agent, reason, visit_id, card = event.agent, event.reason, event.visit, event.card
        case e.ProvisionalUnmatched():
            agent, reason, detail = event.agent, event.reason, event.alias
        case e.SequenceGap():
            agent, reason, detail = event.agent, "gap", f"{event.first}–{event.last}"
        case _:
            pass
    visit = h.visits.get(visit_id) if visit_id else None
    patient = visit.patient if visit else h.cards.get(card or "")
    return AttentionItem(
        at=event.at,
        kind=type(event).__name__,
        agent=agent,
        reason=reason,
        sentence=told(h, reason, visit_id),
        detail=detail,
        visit=visit_id,
        ticket=visit.ticket if visit else None,
        name=h.names.get(patient or "", ""),
        times=times,
    )


def told(h: Hospital, reason: str, visit_id: str | None) -> Text:
    """What the family was told about a refused scan; empty words when the reason is unknown."""
    if reason in set(CardProblem):
        return SENTENCES[CardProblem(reason)][0]
    if reason not in set(Reason):
        return _NO_WORDS
    visit = h.visits.get(visit_id or "")
    refused = Refused(
        Reason(reason),
        visit_id,
        day=visit.day if visit else None,
        detail=(visit.campus or "") if visit else "",
    )
    return problem_of(refused, h.site).what
