"""The server's HTTP side: API, sign-in, boards, consoles and the desk.

In reading order: `accounts` and `access` (who may), `api`, `console` (what staff see), `feed` (telling pages of
changes), `pages` with `texts`, and `app`, which puts them together.
"""

from queue_server.web.accounts import AccountError, Accounts, Member, Role
from queue_server.web.app import WebSettings, create_app

__all__ = ["AccountError", "Accounts", "Member", "Role", "WebSettings", "create_app"]
