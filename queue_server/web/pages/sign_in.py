"""Signing in and out."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from queue_server.web.access import COOKIE, from_our_pages
from queue_server.web.accounts import SESSION_LASTS, Accounts, SignInBusy
from queue_server.web.problems import problem
from queue_server.web.render import page

router = APIRouter()
Lang = Annotated[str, Query(pattern="^(zh|en)$")]


def _safe_path(path: str) -> str:
    """Only a path of this server; anything else leads to the start page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def to_sign_in(request: Request, lang: str) -> Response:
    """To the form, and from there back to the page that was asked for."""
    to = quote(quote(request.scope["path"]), safe="/")  # once for each time that it is read
    return RedirectResponse(f"/sign-in?lang={lang}&to={to}", status_code=303)


def _form(lang: str, to: str, trouble: str | None = None, status: int = 200) -> Response:
    html = page(
        "sign_in.html", lang, to=_safe_path(to), trouble=trouble, member=None, path="/sign-in"
    )
    return HTMLResponse(html, status)


@router.get("/sign-in", response_class=HTMLResponse)
async def sign_in_page(
    lang: Lang = "zh", to: Annotated[str, Query(max_length=200)] = "/console"
) -> Response:
    """The form."""
    return _form(lang, to)


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=60)],
    password: Annotated[str, Form(max_length=1000)],
    to: Annotated[str, Form(max_length=200)] = "/console",
    lang: Annotated[str, Form(pattern="^(zh|en)$")] = "zh",
) -> Response:
    """Begin a session. Runs on a worker thread, for the password's hash takes its time."""
    if not from_our_pages(request):
        raise problem("foreign_page")
    accounts: Accounts = request.app.state.accounts
    address = request.client.host if request.client else ""
    try:
        secret = accounts.sign_in(name.strip(), password, address)
    except SignInBusy:
        return _form(lang, to, "busy_sign_in", 503)
    if secret is None:
        return _form(lang, to, "wrong_sign_in", 401)
    answer = RedirectResponse(_safe_path(to), status_code=303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session, here and in the store."""
    if not from_our_pages(request):
        raise problem("foreign_page")
    accounts: Accounts = request.app.state.accounts
    accounts.sign_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer
