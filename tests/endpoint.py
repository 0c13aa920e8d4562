"""Endpoint: a loopback server that speaks the OpenAI protocol and can play every fault of one."""

import contextlib
import json
import math
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

Request = dict[str, Any]
"""The body of one request: `model`, `messages` and the parameters."""


Fault = Literal["none", "drop", "reset", "drip", "hang"]
"""Hangs up before the answer or in the middle of it, sends a byte now and then, never answers."""

CERTIFICATE = Path(__file__).with_name("self_signed.pem")


@dataclass(frozen=True, slots=True)
class Response:
    """What goes over the wire, after `delay` seconds; `fault` is played while the body is sent.

    With `counts`, the server tells honestly how long the prompt was, at least 100 tokens.
    """

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: Fault = "none"
    type: str = "application/json"
    delay: float = 0.0
    counts: bool = False


Answer = str | dict[str, Any] | Response
"""The text of an answer, an answer that is JSON, or a whole response."""


def complete(
    content: object = "",
    *,
    finish_reason: str = "stop",
    refusal: str | None = None,
    logprobs: Mapping[str, float] | None = None,
    usage: object = None,
    fault: Fault = "none",
    delay: float = 0.0,
) -> Response:
    """A chat completion; `logprobs` are the probabilities of the first token."""
    tokens = (
        [{"token": t, "logprob": math.log(p), "bytes": None} for t, p in logprobs.items()]
        if (logprobs)
        else []
    )
    told = {"content": [{**tokens[0], "top_logprobs": tokens}]} if tokens else None
    choice = {
        "index": 0,
        "finish_reason": finish_reason,
        "message": {"role": "assistant", "content": content, "refusal": refusal},
        "logprobs": told,
    }
    body = wrap([choice], usage=usage)
    return Response(body, fault=fault, delay=delay, counts=usage is None)


def wrap(choices: object, *, usage: object = None) -> str:
    """The JSON of a completion with these choices, whatever they are."""
    counted = {
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "total_tokens": 110,
        "prompt_tokens_details": {"cached_tokens": 40},
    }
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": "fake",
            "choices": choices,
            "usage": counted if usage is None else usage,
        }
    )


def refuse(
    status: int,
    message: str = "no",
    *,
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as OpenAI words it."""
    error = {"message": message, "type": "error", "code": code, "param": param}
    return Response(json.dumps({"error": error}), status=status, headers=headers or {})


class Endpoint:
    """Serves `answer` on a free loopback port from `with` to its end, and records every request.

    A secure one shows a certificate that nobody trusts.
    """

    def __init__(self, *, is_secure: bool = False) -> None:
        self.answer: Callable[[Request], Answer] = lambda request: ""
        self.requests: list[Request] = []
        self.keys: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.moments: list[float] = []
        """When each request came, on the monotonic clock."""
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.endpoint = self
        self._scheme = "https" if is_secure else "http"
        if is_secure:
            self._server.encrypt()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/v1"

    @property
    def calls(self) -> int:
        """How many requests there were."""
        return len(self.requests)

    def play(self, *answers: Answer) -> None:
        """One answer after the other, the last one for ever."""
        waiting = list(answers)
        self.answer = lambda request: waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def __enter__(self) -> "Endpoint":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    endpoint: Endpoint

    def encrypt(self) -> None:
        """Speak TLS only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """One request for a completion."""
        endpoint = self.server.endpoint
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        endpoint.moments.append(time.monotonic())
        endpoint.requests.append(request)
        endpoint.paths.append(self.path)
        endpoint.headers.append(dict(self.headers))
        endpoint.keys.append(self.headers.get("Authorization", "").removeprefix("Bearer "))
        response = _as_response(endpoint.answer(request))
        endpoint.over.wait(response.delay)
        self._send(response, _body_of(response, request))

    def _send(self, response: Response, data: bytes) -> None:
        if response.fault == "drop":
            self._reset()
            return
        if response.fault == "hang":
            self.server.endpoint.over.wait(30)
            self.close_connection = True
            return
        self.send_response_only(response.status)  # without a date of its own
        self.send_header("Content-Type", response.type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if response.fault == "reset":
            self.wfile.write(data[: len(data) // 2])
            self._reset()
        elif response.fault == "drip":
            self._drip(data)
        else:
            self.wfile.write(data)

    def _drip(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            for byte in data:
                self.wfile.write(bytes([byte]))
                if self.server.endpoint.over.wait(0.05):
                    break
        self.close_connection = True

    def _reset(self) -> None:
        """Hang up with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _as_response(answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    return complete(answer if isinstance(answer, str) else json.dumps(answer))


def _body_of(response: Response, request: Request) -> bytes:
    if isinstance(response.body, bytes):
        return response.body
    if not response.counts:
        return response.body.encode()
    completion = json.loads(response.body)
    texts = [str(message.get("content")) for message in request.get("messages", [])]
    words = sum(len(text.split()) for text in texts)
    completion["usage"]["prompt_tokens"] = max(100, math.ceil(1.3 * words))
    return json.dumps(completion).encode()
