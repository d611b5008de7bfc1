"""How all screens are meant to look, rendered from the package that they use."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from design import Theme, style_page

router = APIRouter()


@router.get("/style", response_class=HTMLResponse)
async def style(
    lang: Annotated[str, Query(pattern="^(zh|en)$")] = "zh",
    theme: Theme = "light",
    large: bool = False,
) -> str:
    """The living style page."""
    return style_page("en" if lang == "en" else "zh", theme, large)
