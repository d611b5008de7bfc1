"""Calls read out by the browser of a board that was opened with `?voice=on`."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from protocol import BoardView
from queue_server.web.api.commands import desk_of, known_area, present
from queue_server.web.board_voice import BoardVoice, spoken_on
from queue_server.web.problems import problem
from queue_server.web.shown import Shown
from speech import NoVoice

router = APIRouter()
KnownArea = Annotated[str, Depends(known_area)]


async def _board_and_time(request: Request, area: str) -> tuple[BoardView, datetime]:
    shown: Shown = request.app.state.shown
    zone = await desk_of(request).ask(lambda h: h.site.timezone)
    return await shown.board(area), present(request).astimezone(zone)


@router.get("/board/{area}/voice")
async def board_voice(request: Request, area: KnownArea) -> dict[str, Any]:
    """What may be read out now, the most urgent first."""
    board, local = await _board_and_time(request, area)
    spoken = sorted(spoken_on(board, local), key=lambda each: each.order)
    return {"spoken": [asdict(each) for each in spoken], "voice": _voice(request) is not None}


@router.get("/board/{area}/voice.wav")
async def board_sound(
    request: Request, area: KnownArea, key: Annotated[str, Query(max_length=200)]
) -> Response:
    """The sound of one of them; nothing (204) when it is over or the area is quiet."""
    voice = _voice(request)
    if voice is None:
        raise problem("no_voice")
    board, local = await _board_and_time(request, area)
    try:
        sound = await voice.wav(board, key, local)
    except NoVoice as error:
        raise problem("no_voice") from error
    return Response(sound, media_type="audio/wav") if sound else Response(status_code=204)


def _voice(request: Request) -> BoardVoice | None:
    voice: BoardVoice | None = request.app.state.voice
    return voice
