"""A small client of the queue server's HTTP API, for robots: one connection, opened again when it breaks."""

import http.client
import json
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

_JSON: Final = {"Content-Type": "application/json"}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class SignInFailed(Exception):
    """The server did not take the name and password; the message has its status."""


class _Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class ServerClient:
    """Asks one server in one thread's name: a program by its token, or a person who has signed in.

    Args:
        url: of the server.
        token: a program's token; a person signs in instead.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._address = urlsplit(url)
        self._who: dict[str, str] = {"Authorization": f"Bearer {token}"} if token else {}
        self._signed_in: tuple[str, str] | None = None
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self, name: str, password: str) -> None:
        """Begin a session as a browser does; it is begun again by itself when it has ended.

        Raises:
            SignInFailed: the server did not take them.
            OSError, http.client.HTTPException: the server is away.
        """
        origin = f"{self._address.scheme}://{self._address.netloc}"
        form = urlencode({"name": name, "password": password}).encode()
        answer = self._sent("POST", "/sign-in", form, {**_FORM, "Origin": origin})
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        if answer.status != 303 or not cookie:
            raise SignInFailed(f"The server did not let {name} sign in (status {answer.status}).")
        self._who = {"Cookie": cookie, "Origin": origin}
        self._signed_in = name, password

    def get(self, *path: str) -> tuple[int, object]:
        """GET `/api/v1/…`; the status and the decoded body.

        Raises:
            OSError, http.client.HTTPException: the server is away.
        """
        return self._ask("GET", path, None)

    def post(self, *path: str, body: object = None) -> tuple[int, object]:
        """POST likewise."""
        return self._ask("POST", path, body)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: tuple[str, ...], body: object) -> tuple[int, object]:
        target = "/api/v1/" + "/".join(quote(part, safe="") for part in path)
        data = None if body is None else json.dumps(body).encode()
        answer = self._sent(method, target, data, {**_JSON, **self._who})
        if answer.status == 401 and self._signed_in:
            self.sign_in(*self._signed_in)
            answer = self._sent(method, target, data, {**_JSON, **self._who})
        return answer.status, json.loads(answer.body) if answer.body else None

    def _sent(
        self, method: str, target: str, data: bytes | None, headers: Mapping[str, str]
    ) -> _Answer:
        reused = self._connection is not None
        try:
            return self._sent_once(method, target, data, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError):
            if not reused:
                raise
            # the server had let an idle connection go; it has not seen the request
            return self._sent_once(method, target, data, headers)

    def _sent_once(
        self, method: str, target: str, data: bytes | None, headers: Mapping[str, str]
    ) -> _Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                self._address.hostname or "", self._address.port, timeout=10
            )
        try:
            self._connection.request(method, target, data, dict(headers))
            answer = self._connection.getresponse()
            return _Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise
