"""Who may do what over HTTP, and from where.

Whatever changes state needs a signed-in member of staff whose role allows it. A session's requests must come from our
own pages (`SameSite=Strict`, and the browser's own word on the origin); a token's come from programs.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from queue_server.core.vocabulary import Need, StepKind
from queue_server.web.accounts import Accounts, Member, Role
from queue_server.web.problems import problem

COOKIE: Final = "daozhen_session"

SERVES: Final[Mapping[Role, frozenset[StepKind]]] = {
    Role.ADMIN: frozenset(StepKind),
    Role.NURSE: frozenset(StepKind),
    Role.ROBOT: frozenset(StepKind),
    Role.DOCTOR: frozenset({StepKind.CLINIC}),
    Role.LAB: frozenset({StepKind.LAB, StepKind.EXAM}),
    Role.CASHIER: frozenset({StepKind.CASHIER}),
    Role.PHARMACIST: frozenset({StepKind.PHARMACY}),
}
"""At which points a role may call and serve; a nurse helps out anywhere."""
SERVING: Final = frozenset(SERVES)
DESK: Final = frozenset({Role.ADMIN, Role.NURSE, Role.CLERK, Role.ROBOT})
"""May register, check in and give back."""
TRIAGE: Final = frozenset({Role.ADMIN, Role.NURSE, Role.DOCTOR, Role.ROBOT})
"""May change the order: move, give a priority, assign a doctor, transfer, drop."""
PAYS: Final = frozenset({Role.ADMIN, Role.NURSE, Role.CLERK, Role.CASHIER, Role.ROBOT})
"""May say that something is paid."""
TESTS: Final = frozenset({Role.ADMIN, Role.NURSE, Role.LAB, Role.ROBOT})
"""May say that a result is ready."""
MEETS: Final[Mapping[Need, frozenset[Role]]] = {
    Need.PAID: PAYS,
    Need.FASTING: TESTS,
    Need.SPECIMEN: TESTS,
    Need.REVIEWED: frozenset({Role.ADMIN, Role.PHARMACIST, Role.ROBOT}),
    Need.PREPARED: frozenset({Role.ADMIN, Role.PHARMACIST, Role.ROBOT}),
}
"""May say that a need is met. A prescription is reviewed by pharmacists only, whoever helps out at the window."""
SEES_TO: Final = frozenset({Role.ADMIN, Role.NURSE, Role.CLERK})
"""Is shown what needs a person's eye."""
EVERYBODY: Final = frozenset(Role)
NAMED: Final = EVERYBODY - {Role.ROBOT}
"""Sees full names: people, not programs."""


def may(member: Member) -> dict[str, bool]:
    """What the buttons beside a family may do: by the name of a need, and `handle`, `triage`, `desk`, `results`."""
    role = member.role
    needs = {need.value: role in roles for need, roles in MEETS.items()}
    more = {"handle": role in SERVING, "triage": role in TRIAGE, "desk": role in DESK}
    return {**needs, **more, "results": role in TESTS}


_bearer = HTTPBearer(
    auto_error=False, description="A program's token: `queue-server account token NAME`."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def of_cookie(request: Request) -> Member | None:
    """Whose session the cookie of this request is."""
    accounts: Accounts = request.app.state.accounts
    secret = request.cookies.get(COOKIE)
    return accounts.of_session(secret) if secret else None


def staff(roles: frozenset[Role]) -> Callable[..., Awaitable[Member]]:
    """A dependency: the signed-in member, if the role is one of `roles`."""

    async def member(request: Request, bearer: Bearer = None) -> Member:
        accounts: Accounts = request.app.state.accounts
        found = accounts.of_token(bearer.credentials) if bearer else of_cookie(request)
        if found is None:
            raise problem("not_signed_in")
        if found.role not in roles:
            raise problem("role_may_not")
        if bearer is None and not from_our_pages(request):
            raise problem("foreign_page")
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
Triage = Annotated[Member, Depends(staff(TRIAGE))]
Paying = Annotated[Member, Depends(staff(PAYS))]
Testing = Annotated[Member, Depends(staff(TESTS))]
AtDeskOrTriage = Annotated[Member, Depends(staff(DESK | TRIAGE))]
Staff = Annotated[Member, Depends(staff(EVERYBODY))]
