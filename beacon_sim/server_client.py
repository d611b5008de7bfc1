"""A small client of the queue server's HTTP API, for robots: one connection, opened again when it breaks."""

import http.client
import json
from urllib.parse import quote, urlsplit


class ServerClient:
    """Asks one server in one thread's name.

    Args:
        url: of the server.
        token: a program's token.
    """

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection: http.client.HTTPConnection | None = None

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
        reused = self._connection is not None
        try:
            answer = self._sent(method, target, data)
        except http.client.RemoteDisconnected:
            if not reused:
                raise
            # the server had let an idle connection go; it has not seen the request
            answer = self._sent(method, target, data)
        raw = answer.read()
        return answer.status, json.loads(raw) if raw else None

    def _sent(self, method: str, target: str, data: bytes | None) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                self._address.hostname or "", self._address.port, timeout=10
            )
        try:
            self._connection.request(method, target, data, self._headers)
            return self._connection.getresponse()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
