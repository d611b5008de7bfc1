"""Who may do what over HTTP, and from where.

Whatever changes state needs a signed-in member of staff whose role allows it. A session's requests must come from our
own pages (`SameSite=Strict`, and the browser's own word on the origin); a token's come from programs.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from queue_server.web.accounts import Accounts, Member, Role

COOKIE: Final = "daozhen_session"

SERVING: Final = frozenset(
    {Role.ADMIN, Role.NURSE, Role.DOCTOR, Role.LAB, Role.CASHIER, Role.PHARMACIST, Role.ROBOT}
)
"""May call and serve at points."""
DESK: Final = frozenset({Role.ADMIN, Role.NURSE, Role.CLERK, Role.ROBOT})
"""May register, check in, put back and hold."""
EVERYBODY: Final = frozenset(Role)

_bearer = HTTPBearer(
    auto_error=False, description="A program's token: `queue-server account token NAME`."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def signed_in(request: Request, bearer: Bearer = None) -> Member | None:
    """Who sends this request; None when nobody is signed in."""
    accounts: Accounts = request.app.state.accounts
    if bearer is not None:
        return accounts.of_token(bearer.credentials)
    secret = request.cookies.get(COOKIE)
    return accounts.of_session(secret) if secret else None


def staff(roles: frozenset[Role]) -> Callable[..., Member]:
    """A dependency: the signed-in member, if the role is one of `roles`."""

    def member(request: Request, found: Annotated[Member | None, Depends(signed_in)]) -> Member:
        if found is None:
            raise HTTPException(401, "Please sign in.", {"WWW-Authenticate": "Bearer"})
        if found.role not in roles:
            raise HTTPException(403, f"A {found.role.value} may not do this.")
        if "authorization" not in request.headers and not from_our_pages(request):
            raise HTTPException(403, "This request did not come from a page of this server.")
        return found

    return member


def from_our_pages(request: Request) -> bool:
    """Whether a browser sent this from one of our own pages. Reading is always fine."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin.split("://")[-1] == request.headers.get("host")


Serving = Annotated[Member, Depends(staff(SERVING))]
AtDesk = Annotated[Member, Depends(staff(DESK))]
Staff = Annotated[Member, Depends(staff(EVERYBODY))]
