"""Transport: an HTTP client whose answers are bounded in size and in time, from first to last byte.

The SDK's own timeout is for each read: a server that sends a byte now and then is never late.
"""

import asyncio
from typing import Any, Final

import httpx2
import openai

from summarizer.model.faults import LargeError, SilentError, SlowError

LARGEST_ANSWER: Final = 32 * 2**20
"""Bytes, unpacked; the longest answers of today's models have far less than one of 32 parts."""
CONNECT_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 5
DIRECT: Final = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""This machine itself: a proxy of the environment would send its articles and keys elsewhere."""


class BoundedClient(openai.DefaultAioHttpClient):
    """Sends like the SDK's own client; raises SilentError, SlowError or LargeError past a bound.

    `seconds` are for a whole exchange, `largest` is in bytes, unpacked. It sends over aiohttp,
    which takes half the time that the SDK's other client takes, and no more of it with many
    requests at once.
    """

    def __init__(self, *, seconds: float, largest: int = LARGEST_ANSWER) -> None:
        connect = min(seconds, CONNECT_SECONDS)
        super().__init__(timeout=httpx2.Timeout(None, connect=connect), mounts=DIRECT)
        self._seconds = seconds
        self._largest = largest

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **options: Any
    ) -> httpx2.Response:
        """The whole response; `stream` changes nothing."""
        began: httpx2.Response | None = None
        try:
            async with asyncio.timeout(self._seconds):
                began = await self._begin(request, options)
                return _rebuild(began, await self._read(began))
        except TimeoutError as error:
            late = SilentError if began is None else SlowError
            raise late(f"{self._seconds:g}") from error
        finally:
            if began is not None:
                await began.aclose()

    async def _begin(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response:
        """The beginning of what the last of some redirects leads to; their bodies are not read."""
        for _ in range(1 + MOST_REDIRECTS):
            response = await super().send(
                request, stream=True, **{**options, "follow_redirects": False}
            )
            if response.next_request is None:
                return response
            await response.aclose()
            request = response.next_request
        raise httpx2.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects", request=request)

    async def _read(self, response: httpx2.Response) -> bytes:
        pieces, size = [], 0
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > self._largest:
                raise LargeError(f"more than {self._largest // 2**20} MB")
            pieces.append(piece)
        return b"".join(pieces)


def _rebuild(response: httpx2.Response, content: bytes) -> httpx2.Response:
    """The same response with its whole content, unpacked."""
    headers = response.headers
    if "content-encoding" in headers:
        packed = ("content-encoding", "content-length", "transfer-encoding")
        told = headers.multi_items()
        headers = httpx2.Headers([(name, value) for name, value in told if name not in packed])
    return httpx2.Response(
        response.status_code,
        headers=headers,
        content=content,
        request=response.request,
        history=response.history,
    )
