"""Server: the desk on a port of loopback, until it is ended."""

import contextlib
import secrets
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.desk.guard import Guard
from summarizer.desk.proposal import Proposer
from summarizer.desk.work import Work
from summarizer.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    import uvicorn

ADDRESS = "127.0.0.1"
PORT = 8765
"""Tried first, so that what a tab had not sent when the desk was ended is found again."""


@dataclass(frozen=True, slots=True)
class Door:
    """A port that is taken, and the secret that opens it."""

    socket: socket.socket
    token: str

    @property
    def port(self) -> int:
        """The port's number."""
        return int(self.socket.getsockname()[1])

    @property
    def address(self) -> str:
        """What a browser has to open."""
        return f"http://{ADDRESS}:{self.port}/{self.token}/"


def take_port(port: int | None) -> Door:
    """Take a port on loopback, the usual one or a free one where none is asked for.

    Raises UsageError where the one asked for cannot be had.
    """
    for number in (PORT, 0) if port is None else (port,):
        with contextlib.suppress(OSError, OverflowError):
            return Door(socket.create_server((ADDRESS, number)), secrets.token_urlsafe(24))
    raise UsageError(f"port {port} cannot be had: leave --port out for a free one")


def serve(work: Work, proposer: Proposer | None, door: Door) -> None:
    """Answer at the door until Ctrl-C; ConfigurationError where the extra `desk` is missing."""
    server = make_server(work, proposer, door)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[door.socket])


def make_server(work: Work, proposer: Proposer | None, door: Door) -> "uvicorn.Server":
    """The server, not yet running; ConfigurationError where the extra `desk` is missing."""
    try:
        import scipy  # noqa: F401 - pairs the records of two readers, much later
        import uvicorn

        from summarizer.desk.routes import make_app
    except ImportError as error:
        raise ConfigurationError(
            "the desk needs the extra: pip install 'agreements-summarizer[desk]'"
        ) from error
    config = uvicorn.Config(
        Guard(make_app(work, proposer), token=door.token, port=door.port),
        lifespan="off",
        log_config=None,  # a log of addresses would hold the token
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)
