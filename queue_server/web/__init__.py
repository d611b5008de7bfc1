"""The server's HTTP side: API, sign-in, boards, consoles and the desk.

In reading order: `accounts` and `access` (who may), `problems` (how errors are told); what staff see and can do: `console`,
`attention`, `notices`, `visit_rows`, `handles`, `last_act`; `board_delta` and `board_parts` (what has changed on a board), `feed`
and `shown` (telling open pages of changes), `api`, then `texts`, `render` and `pages`, `day_html` and `pdf` (a day's report), and
`app` with its `fence`, which puts them together.
"""

from queue_server.web.accounts import AccountError, Accounts, Member, Role
from queue_server.web.app import WebSettings, create_app, let_pages_go
from queue_server.web.day_html import day_html
from queue_server.web.pdf import NoPdf, pdf_of

__all__ = [
    "AccountError",
    "Accounts",
    "Member",
    "NoPdf",
    "Role",
    "WebSettings",
    "create_app",
    "day_html",
    "let_pages_go",
    "pdf_of",
]
