"""A connection to an address that was judged before, on which nothing takes longer than allowed."""

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore2


class Clock:
    """What is left of the time that a page may take."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; never none at all, which a socket would take for no limit."""
        return max(self._end - time.monotonic(), 0.001)

    def check(self) -> None:
        """Raise where nothing is left: a server that drips is never silent for long."""
        if time.monotonic() >= self._end:
            raise httpcore2.ReadTimeout("the time for the page is over")


class _Stream(httpcore2.NetworkStream):
    """A connection on which everything together takes no longer than the clock allows."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._clock.check()
        return self._stream.read(max_bytes, timeout=self._clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._clock.check()
        self._stream.write(buffer, timeout=self._clock.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._clock.left())
        return _Stream(inner, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Pinned(httpcore2.NetworkBackend):
    """Connects to addresses that were judged before, whatever host is asked for."""

    def __init__(self, addresses: Sequence[str], clock: Clock) -> None:
        self._addresses = addresses
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first of the addresses that takes one."""
        backend = httpcore2.SyncBackend()
        for last, address in enumerate(self._addresses, start=1 - len(self._addresses)):
            try:
                stream = backend.connect_tcp(
                    address, port, self._clock.left(), local_address, socket_options
                )
                return _Stream(stream, self._clock)
            except httpcore2.ConnectError:  # a machine without IPv6 has no way to some of them
                if last == 0:
                    raise
        raise httpcore2.ConnectError("no address")
