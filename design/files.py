"""What pages fetch: style sheets and icons from the folder, guides and chimes as they are made."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from design.chimes import CHIMES, chime
from design.errors import NotDrawn
from design.guides import guide_file

_HERE: Final = Path(__file__).parent


def static_path() -> Path:
    """The folder with `tokens.css`, `base.css`, `style.css` and `icons.svg`."""
    return _HERE / "static"


def templates_path() -> Path:
    """The folder with our templates, for a page's own loader."""
    return _HERE / "templates"


@lru_cache(1)
def version() -> str:
    """Changes with anything that is drawn here: part of a page's build."""
    digest = hashlib.sha256()
    files = (*static_path().iterdir(), *templates_path().iterdir(), *_HERE.glob("*.py"))
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class DesignFiles(StaticFiles):
    """An ASGI application to mount at `/static/design`: the folder, `guides/{animal}-{pose}.svg`, `chimes/{name}.wav`."""

    def __init__(self) -> None:
        super().__init__(directory=static_path())

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a made file, or one of the folder."""
        made = made_file(path)
        if made is None:
            return await super().get_response(path, scope)
        data, kind = made
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        answer = Response(data, media_type=kind, headers={"ETag": tag})
        asked = Headers(scope=scope).get("if-none-match", "")
        return NotModifiedResponse(answer.headers) if tag in asked else answer


def made_file(path: str) -> tuple[bytes, str] | None:
    """A file that is made and not kept: its bytes and media type; None when it is not one."""
    folder, _, file = path.partition("/")
    name, _, ending = file.rpartition(".")
    try:
        match folder, ending:
            case "guides", "svg":
                animal, _, pose = name.partition("-")
                return guide_file(animal, pose), "image/svg+xml"
            case "chimes", "wav" if name in CHIMES:
                return chime(name), "audio/wav"
            case _:
                return None
    except NotDrawn:
        return None
