"""History over HTTP: search the visits of any day, and the full story of one."""

from datetime import date, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlite_utils import Database

from protocol import Text
from queue_server.core import commands as c
from queue_server.core.explain import Explanation
from queue_server.core.masking import masked
from queue_server.core.vocabulary import Name
from queue_server.reports import Found, Places, StoryLine, events_of, found, name_of, story
from queue_server.reports import Story as StoryOfVisit
from queue_server.web.access import NAMED, Staff
from queue_server.web.accounts import Member
from queue_server.web.api.commands import V1, VisitId, desk_of
from queue_server.web.asking_tables import asked
from queue_server.web.problems import RESPONSES, refusal

router = APIRouter(prefix=V1 + "/history", tags=["history"], responses=RESPONSES)


class HistorySearchBody(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        default="",
        max_length=80,
        description="A card, a number, the id of a visit, or part of a name; empty with a day for all of that day.",
        examples=["A023"],
    )
    day: date | None = Field(default=None, description="Only visits of this day.")


class FoundBody(BaseModel):
    """A visit that was found."""

    visit: str = Field(description="Id of the visit.", examples=["S-01"])
    day: date = Field(description="Its day.")
    ticket: str | None = Field(description="The number; null before check-in.")
    alias: str | None = Field(description="A provisional number of a kiosk.")
    name: str = Field(description="The child's name: full for people, masked for programs.")
    group: str = Field(description="Id of its first line.")
    checked_in_at: datetime | None = Field(description="When the family was here first.")
    ended: str | None = Field(description="How it ended; null while it goes on.", examples=["done"])


class StoryLineBody(BaseModel):
    """One thing that happened."""

    position: int = Field(description="Of the event in the journal.")
    at: datetime = Field(description="When it happened.")
    kind: str = Field(description="Kind of the event.", examples=["Called"])
    words: Text = Field(description="What happened, in words.")
    by: str = Field(description="Account, agent, or empty when the rules did it.")
    taken_back: bool = Field(description="It was undone later.")
    why: list[Text] = Field(description="With a call: why this family and not another.")


class StoryBody(BaseModel):
    """A visit from its registration to its last event; times never run backwards."""

    visit: str = Field(description="Id of the visit.")
    day: date = Field(description="Its day.")
    ticket: str | None = Field(description="The number.")
    name: str = Field(description="The child's name: full for people, masked for programs.")
    lines: list[StoryLineBody] = Field(description="What happened, the oldest first.")


def shown_name(name: str, member: Member) -> str:
    """A child's name as this member may see it."""
    return name if member.role in NAMED else masked(name)


@router.post("/search", summary="Search the visits of any day")
async def search(request: Request, body: HistorySearchBody, member: Staff) -> list[FoundBody]:
    """At most 50, the newest first. Sent as a body, because a name must not stand in an address that gets logged."""
    nothing: list[Found] = []
    rows = await asked(request, lambda db: found(db, body.text, body.day), nothing)
    return [
        FoundBody(
            visit=row.visit,
            day=row.day,
            ticket=row.ticket,
            alias=row.alias,
            name=shown_name(row.name, member),
            group=row.group,
            checked_in_at=datetime.fromisoformat(row.checked_in_at) if row.checked_in_at else None,
            ended=row.ended,
        )
        for row in rows
    ]


@router.get("/{visit}", summary="The full story of a visit")
async def story_of_visit(request: Request, visit: VisitId, member: Staff) -> StoryBody:
    """Every event in plain words, with who did it and why a call was made."""
    told, name = await told_story(request, visit)
    return StoryBody(
        visit=told.visit,
        day=told.day,
        ticket=told.ticket,
        name=shown_name(name, member),
        lines=[_line(line) for line in told.lines],
    )


async def told_story(request: Request, visit: str) -> tuple[StoryOfVisit, str]:
    """The story of a visit, and the child's name in full.

    Raises:
        HttpProblem: there is no such visit.
    """
    site = await desk_of(request).ask(lambda h: h.site)
    places = Places.of_site(site)

    def ask(db: Database) -> tuple[StoryOfVisit, str] | None:
        told = story(events_of(db, visit), places, site.timezone)
        return (told, name_of(db, told.patient)) if told else None

    answer = await asked(request, ask, None)
    if answer is None:
        raise refusal(c.Refused(c.Reason.UNKNOWN_VISIT, visit))
    return answer


def _line(line: StoryLine) -> StoryLineBody:
    return StoryLineBody(
        position=line.position,
        at=line.at,
        kind=line.kind,
        words=_text(line.words),
        by=line.by,
        taken_back=line.taken_back,
        why=_why(line.why),
    )


def _why(why: Explanation | None) -> list[Text]:
    if why is None:
        return []
    return [Text(zh=zh, en=en) for zh, en in zip(why.zh, why.en, strict=True)]


def _text(name: Name) -> Text:
    return Text(zh=name.zh, en=name.en)
