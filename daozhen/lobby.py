"""The demo's lobby: a visitor makes a card in the browser, and shows it to a kiosk."""

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware

from beacon_sim import CameraFeed, ServerClient, approach_frames
from daozhen.card_keys import DemoCards
from protocol.card import qr

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


def create_lobby(
    server: str,
    kiosks: Mapping[str, str],
    cards: DemoCards,
    token: str,
    cameras: CameraFeed,
    now: Callable[[], datetime],
) -> FastAPI:
    """Make the lobby's application.

    Args:
        server: URL of the queue server.
        kiosks: URLs of the kiosks' pages, by agent.
        cards: the demo's issuer.
        token: by which the lobby registers families.
        cameras: that see what a visitor holds up.
        now: gives the present moment in the hospital.
    """
    app = FastAPI(openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    made: dict[str, str] = {}

    def page(**values: Any) -> HTMLResponse:
        html = _templates.get_template("lobby.html").render(
            server=server, kiosks=list(kiosks.values()), **values
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    def clinics() -> list[dict[str, Any]]:
        _, site = ServerClient(server, token).get("site")
        groups: list[dict[str, Any]] = site["groups"] if isinstance(site, dict) else []
        return [group for group in groups if group["kind"] == "clinic"]

    @app.get("/")
    def lobby() -> HTMLResponse:
        return page(clinics=clinics(), card=None, name="", visit="")

    @app.post("/card")
    def new_card(
        request: Request,
        name: Annotated[str, Form(min_length=1, max_length=30)],
        group: Annotated[str, Form(max_length=60)],
    ) -> HTMLResponse:
        if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            raise HTTPException(403, "This request did not come from the lobby's page.")
        today = now().date()
        card, text = cards.card(today)
        visit = f"V-{secrets.token_hex(4)}"
        body = {
            "visit": visit, "patient": f"p-{visit}", "name": name, "group": group,
            "day": today.isoformat(), "card": card,
        }  # fmt: skip
        status, _ = ServerClient(server, token).post("registrations", body=body)
        if status != 201:
            raise HTTPException(502, "The queue server did not take the registration.")
        # whoever comes to a demonstration is well: a clinic that asks for the form has it
        ServerClient(server, token).post("visits", visit, "screening", body={"abnormal": False})
        made[visit] = text
        picture = base64.b64encode(qr.png(text, 8)).decode()
        return page(clinics=clinics(), card=picture, name=name, visit=visit)

    @app.post("/show/{visit}/{kiosk}", status_code=204)
    def show(visit: str, kiosk: int) -> None:
        text = made.get(visit)
        if text is None or not 0 <= kiosk < len(kiosks):
            raise HTTPException(404, "There is no such card or kiosk.")
        frames = approach_frames(qr.matrix(text), secrets.randbelow(10_000), frames=30)
        cameras.show(list(kiosks)[kiosk], frames)

    return app
