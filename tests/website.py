"""Website: a loopback web server that sends whatever bytes a test scripts, and notes its guests."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from endpoint import CERTIFICATE

Script = Callable[[str], Iterable[bytes | float]]
"""The path that is asked for to what is sent, bytes and the seconds between them."""

TEXT = "South Korea and Japan agreed on Tuesday to hold talks on minerals every year."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Leaders agree on talks</title>
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2024-04-18T10:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Leaders agree on talks</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"""


def reply(
    body: bytes | str = PAGE,
    *,
    status: str = "200 OK",
    type: str | None = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole response; underscores in the names of headers stand for hyphens."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data) if length is None else length}"]
    lines += [f"Content-Type: {type}"] if type else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def move(location: str, *, status: str = "302 Found") -> bytes:
    """A redirect."""
    return reply("", status=status, Location=location)


@dataclass
class Website:
    """What a server heard: the heads of all requests, and the names that TLS asked for."""

    port: int
    requests: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)

    def url(self, path: str = "/", *, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextlib.contextmanager
def serve(script: Script, *, tls: bool = False) -> Iterator[Website]:
    """A website that follows the script, until the end of `with`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        website = Website(listener.getsockname()[1])
        closing = threading.Event()
        arguments = (listener, script, website, closing, tls)
        thread = threading.Thread(target=_accept, args=arguments, daemon=True)
        thread.start()
        try:
            yield website
        finally:
            closing.set()
            thread.join(5)


def _accept(
    listener: socket.socket, script: Script, website: Website, closing: threading.Event, tls: bool
) -> None:
    context = _make_context(website) if tls else None
    while not closing.is_set():
        with contextlib.suppress(OSError):  # a guest that leaves early, or none for a while
            guest, _ = listener.accept()
            guest.settimeout(5)
            with context.wrap_socket(guest, server_side=True) if context else guest as wire:
                _answer(wire, script, website, closing)


def _answer(
    wire: socket.socket, script: Script, website: Website, closing: threading.Event
) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (some := wire.recv(65536)):
            return
        head += some
    website.requests.append(head.decode("latin-1"))
    for part in script(head.split()[1].decode()):
        if closing.is_set():
            return
        if isinstance(part, float):
            closing.wait(part)
        else:
            wire.sendall(part)


def _make_context(website: Website) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def note(_wire: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        website.names.append(name)

    context.sni_callback = note
    return context
