"""Guard: what stands between a browser and the desk. Only its own page, on this machine, gets in.

Any page in the same browser can send requests to loopback. So the address holds a secret, the name
of the host must be this machine's (another name would be one that somebody's DNS points here), and
what changes something must come from the desk's own page.
"""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES: Final = 4_000_000
"""Of one request: the labels of an article are thousands."""

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Refuses with one line what does not come from the desk's own page."""

    def __init__(self, app: App, *, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request itself, or hand it on without the token in its path."""
        if scope["type"] != "http":
            return
        token, slash, rest = scope["path"].removeprefix("/").partition("/")
        scope["path"] = f"/{rest}"  # in place: what logs requests reads it there, without the token
        scope["raw_path"] = scope["path"].encode()
        refusal = self._refuse(scope, token=token if slash else "")
        if refusal is not None:
            await _answer(_with_headers(send), *refusal)
            return
        body = await _read(receive)
        if body is None:
            await _answer(_with_headers(send), 413, "too much for one request")
            return
        await self._app(scope, _replay(body, receive), _with_headers(send))

    def _refuse(self, scope: Scope, *, token: str) -> tuple[int, str] | None:
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        if headers.get("host", "").lower() not in self._hosts:
            return 421, "this desk answers on 127.0.0.1 only"
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return 404, "not found: open the address that `summarizer label` printed last"
        if scope["method"] not in ("GET", "HEAD") and not self._is_own(headers):
            return 403, "only the desk's own page may change something"
        return None

    def _is_own(self, headers: dict[str, str]) -> bool:
        """Whether the browser says that the request is made by this very page."""
        origins = {f"http://{host}" for host in self._hosts}
        site = headers.get("sec-fetch-site", "same-origin")
        return site == "same-origin" and headers.get("origin", "").lower() in origins


async def _read(receive: Receive) -> bytes | None:
    """The body of a request; None where it is larger than any the page sends."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > MOST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read


def _with_headers(send: Send) -> Send:
    async def write(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *own]}
        await send(message)

    return write


async def _answer(send: Send, status: int, line: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{line}\n".encode()})
