"""A model's server that only waits: `server.py SECONDS` prints its port and serves on loopback.

Every request gets the same answer after so many seconds, at as little CPU as Python allows, so
that what is measured is the program that asks. It ends with its stdin, and then prints how many
requests there were. Nothing but the standard library.
"""

import asyncio
import json
import sys
from typing import Final

ANSWER: Final = {
    "gist": "Norway and Iceland agreed to share their catch of cod.",
    "records": [
        {
            "kind": "agreement",
            "parties": ["Norway", "Iceland"],
            "action": "share their catch of cod",
            "status": "new",
            "strength": "firm",
            "topic": "economy",
            "condition": None,
            "timeframe": None,
            "occasion": None,
            "attributed_to": None,
            "evidence": [1],
        }
    ],
}
"""What fits the first sentence of every article of `benchmarks.corpus`."""

LENGTH: Final = b"content-length:"


def write_response() -> bytes:
    """The one response, head and body."""
    page = {
        "id": "answer",
        "object": "chat.completion",
        "created": 0,
        "model": "waiting",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": json.dumps(ANSWER)},
            }
        ],
        "usage": {"prompt_tokens": 2500, "completion_tokens": 60, "total_tokens": 2560},
    }
    body = json.dumps(page).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class Waiting(asyncio.Protocol):
    """One connection; requests may come in pieces and follow each other."""

    def __init__(self, seconds: float, response: bytes, heard: list[int]) -> None:
        self._seconds = seconds
        self._response = response
        self._heard = heard
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers are written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._read += data
        while (end := self._find_end()) and len(self._read) >= end:
            self._read = self._read[end:]
            self._heard[0] += 1
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _find_end(self) -> int:
        """Where the first request ends; 0 where its head is not there yet."""
        head = self._read.find(b"\r\n\r\n")
        if head < 0:
            return 0
        named = self._read[:head].lower().find(LENGTH)
        length = int(self._read[named + len(LENGTH) :].split(b"\r", 1)[0]) if named >= 0 else 0
        return head + 4 + length

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._response)


async def serve(seconds: float) -> None:
    """Serve until stdin ends."""
    loop = asyncio.get_running_loop()
    heard, response = [0], write_response()
    server = await loop.create_server(lambda: Waiting(seconds, response, heard), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(heard[0], flush=True)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
