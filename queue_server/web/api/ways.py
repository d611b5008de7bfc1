"""Ways through the hospital: asked by kiosks and phones, and what is closed, by staff."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from nav_maps import Profile
from protocol import Text, Way
from queue_server.core import commands as c
from queue_server.ways import NotFound, Ways, closed_of
from queue_server.web.access import AtDeskOrTriage, Staff
from queue_server.web.api.commands import V1, Minutes, Words, desk_of, done, span
from queue_server.web.problems import RESPONSES, problem

router = APIRouter(prefix=V1, tags=["ways"], responses=RESPONSES)
PlaceId = Annotated[
    str,
    Query(
        max_length=120,
        description="Id of a kiosk, of a place of the site file, or of a unit of the map.",
    ),
]
IfNoneMatch = Annotated[
    str | None, Header(max_length=100, description="The `ETag` of the map that is known.")
]
FeatureId = Annotated[
    str, Path(max_length=120, description="Id on the map: a lift, stairs, a door, a corridor.")
]


class KindBody(BaseModel):
    """A kind of convenience."""

    id: str = Field(description="Ask for `nearest:` and this id.", examples=["toilet"])
    name: Text = Field(description="What it is called.")


class RoomBody(BaseModel):
    """A room that can be looked for."""

    id: str = Field(description="Its id on the map.")
    name: Text = Field(description="Its name.")
    number: str = Field(description="What stands on its door; may be empty.")


class FloorBody(BaseModel):
    """A floor and its rooms."""

    name: Text = Field(description="What the floor is called.", examples=[{"zh": "3F", "en": "3F"}])
    rooms: tuple[RoomBody, ...] = Field(description="Rooms with a name, by number.")


class PlacesBody(BaseModel):
    """What can be gone to."""

    kinds: tuple[KindBody, ...] = Field(description="Conveniences of which there are some.")
    floors: tuple[FloorBody, ...] = Field(description="Floors, from the ground up, then below.")


class ClosureBody(BaseModel):
    """Something that is to be closed."""

    model_config = ConfigDict(extra="forbid")

    zh: Words = Field(
        default="", description="Why, in Chinese, at most 60 characters.", examples=["检修"]
    )
    en: Words = Field(default="", description="Why, in English.", examples=["maintenance"])
    minutes: Minutes | None = Field(
        default=None, description="For so long; null: until it is opened."
    )


class ClosedWayBody(BaseModel):
    """Something that can't be used now."""

    id: str = Field(description="Its id on the map.")
    until: datetime | None = Field(default=None, description="Till when; null: until it is opened.")


class ClosedBody(BaseModel):
    """Something that can be closed, and whether it is."""

    id: str = Field(description="Its id on the map.")
    name: Text = Field(description="What it is called.")
    closed: bool = Field(description="Whether it can't be used now.")
    why: Text | None = Field(default=None, description="Why.")
    until: datetime | None = Field(default=None, description="Till when; null: until it is opened.")
    by: str = Field(default="", description="Who closed it.")


def ways_of(request: Request) -> Ways:
    """The ways.

    Raises:
        HttpProblem: this server has no map.
    """
    ways: Ways | None = request.app.state.ways
    if ways is None:
        raise problem("no_map")
    return ways


@router.get("/ways/places", summary="What can be gone to")
def places(request: Request) -> PlacesBody:
    """Conveniences by kind, and rooms by floor; no sign-in."""
    ways = ways_of(request)
    floors: dict[str, list[RoomBody]] = {}
    for room in ways.rooms():
        name = Text(
            zh=room.names.get("zh") or room.names.get("en", ""),
            en=room.names.get("en") or room.names.get("zh", ""),
        )
        floors.setdefault(room.level, []).append(
            RoomBody(id=room.id, name=name, number=room.number)
        )
    return PlacesBody(
        kinds=tuple(
            KindBody(id=each.id, name=Text(zh=each.zh, en=each.en)) for each in ways.kinds()
        ),
        floors=tuple(
            FloorBody(name=ways.floor_name(level), rooms=tuple(rooms))
            for level, rooms in floors.items()
        ),
    )


@router.get("/ways", summary="The way from one place to another")
def way(
    request: Request,
    start: PlaceId,
    end: Annotated[
        str, Query(max_length=120, description="As `start`; or `nearest:toilet` and the like.")
    ],
    profile: Annotated[Profile, Query(description="Who walks.")] = Profile.ADULT,
) -> Way:
    """In words, with what is closed now; `token` is for the pictures and a phone. No sign-in, nothing of a patient."""
    try:
        return ways_of(request).between(start, end, profile)
    except NotFound as error:
        raise problem("no_such_place") from error


@router.get("/ways/map", summary="The map, for kiosks to keep", response_class=Response)
def the_map(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """An IMDF archive as a zip, with an `ETag`; 304 when that is the one a kiosk has. No sign-in."""
    copy = ways_of(request).copy
    if copy is None:
        raise problem("no_map")
    headers = {"ETag": f'"{copy.digest}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(copy.data, media_type="application/zip", headers=headers)


@router.get("/ways/closed", summary="What is closed, for kiosks to keep")
def closed_now(request: Request) -> list[ClosedWayBody]:
    """Lifts, doors, corridors that can't be used now. No sign-in."""
    return [
        ClosedWayBody(id=each.feature, until=each.until)
        for each in ways_of(request).closed.values()
    ]


@router.get("/ways/{token}", summary="A way that was handed out, as it is now")
def handed_out(
    request: Request, token: Annotated[str, Path(max_length=400, description="As in a way.")]
) -> Way:
    """The token is good for twelve hours."""
    asked = ways_of(request).of_token(token)
    if asked is None:
        raise problem("way_over")
    return asked.way


@router.get("/closures", summary="What can be closed, and what is")
async def closures(request: Request, member: Staff) -> list[ClosedBody]:
    """Lifts, stairs, escalators, ramps and named doors; and whatever else is closed."""
    del member
    return await _closures(request)


async def _closures(request: Request) -> list[ClosedBody]:
    ways = ways_of(request)
    closed = await desk_of(request).ask(closed_of)
    rows = dict(ways.closable())
    for feature in closed:
        rows.setdefault(feature, ways.name_of(feature) or Text(zh=feature, en=feature))
    found = []
    for id, name in rows.items():
        known = closed.get(id)
        why = Text(zh=known.why.get("zh", ""), en=known.why.get("en", "")) if known else None
        found.append(
            ClosedBody(
                id=id, name=name, closed=known is not None, why=why,
                until=known.until if known else None, by=known.by if known else "",
            )
        )  # fmt: skip
    return found


@router.post("/closures/{feature}", summary="Close a lift, a door, a corridor")
async def close(
    request: Request, feature: FeatureId, body: ClosureBody, member: AtDeskOrTriage
) -> list[ClosedBody]:
    """Kiosks and phones tell another way within a second. Idempotent; answers with all."""
    if ways_of(request).name_of(feature) is None:
        raise problem("no_such_place")
    await done(request, c.CloseWay(feature, body.zh, body.en, member.name, span(body.minutes)))
    return await _closures(request)


@router.post("/closures/{feature}/open", summary="Open it again")
async def reopen(request: Request, feature: FeatureId, member: AtDeskOrTriage) -> list[ClosedBody]:
    """Idempotent; answers with all."""
    await done(request, c.OpenWay(feature, member.name))
    return await _closures(request)
