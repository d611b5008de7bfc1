"""The server's HTTP side: API, sign-in, boards, consoles and the desk.

In reading order: `accounts` and `access` (who may), `problems` (how errors are told), `console`, `attention` and
`visit_rows` (what staff see), `feed` and `shown` (telling open pages of changes), `api`, then `texts`, `render` and
`pages`, and `app` with its `fence`, which puts them together.
"""

from queue_server.web.accounts import AccountError, Accounts, Member, Role
from queue_server.web.app import WebSettings, create_app, let_pages_go

__all__ = [
    "AccountError",
    "Accounts",
    "Member",
    "Role",
    "WebSettings",
    "create_app",
    "let_pages_go",
]
