"""A loopback server that plays a batch queue: files in, files of answers out, and its faults."""

import contextlib
import email
import email.policy
import json
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from endpoint import Answer, Request, Response, complete

Line = dict[str, Any]
Mode = Literal["refuse", "lose"]
"""Instead of doing what was asked; or after it, with the answer lost."""


@dataclass(slots=True)
class Fault:
    """What happens to the next call whose method and path begin so, once.

    "lose" does what was asked and hangs up; `cut` takes bytes off what is sent.
    """

    call: str
    status: int = 500
    body: Line = field(default_factory=lambda: {"error": {"message": "no"}})
    mode: Mode = "refuse"
    cut: int = 0


@dataclass(slots=True)
class Played:
    """A batch as the server has it; `ends` is the status that it ends with once it is looked at."""

    id: str
    file: str
    metadata: dict[str, str]
    number: int
    status: str = "validating"
    output: str | None = None
    error: str | None = None
    errors: list[Line] = field(default_factory=list)
    counts: tuple[int, int, int] = (0, 0, 0)

    def show(self) -> Line:
        completed, failed, total = self.counts
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "created_at": 2_000_000_000 + self.number,
            "input_file_id": self.file,
            "status": self.status,
            "metadata": self.metadata,
            "output_file_id": self.output,
            "error_file_id": self.error,
            "errors": {"object": "list", "data": self.errors} if self.errors else None,
            "request_counts": {"completed": completed, "failed": failed, "total": total},
        }


class QueueServer:
    """A server with files, batches and, for `summarizer run`, completions at once.

    A question of one message is answered by `greet`. A batch is over as soon as it is asked for,
    unless `holds`; it is answered line by line by `answer`, a refusal of which goes into the file
    of errors. Of the lines for which `expires` is true nothing is answered. `mangle` changes the
    lines of a file of answers, `check` finds what is wrong with a batch before it begins. The call
    that `stalls` begins with is done, and never answered.
    """

    def __init__(self) -> None:
        self.answer: Callable[[Request], Answer] = lambda request: ""
        self.greet: Callable[[Request], Answer] = lambda request: "{}"
        self.holds = False
        self.expires: Callable[[int], bool] = lambda number: False
        self.mangle: Callable[[list[bytes]], list[bytes]] = lambda lines: lines
        self.check: Callable[[Played], list[Line]] = lambda batch: []
        self.faults: list[Fault] = []
        self.stalls = ""
        self.stalled = threading.Event()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, Played] = {}
        self.calls: list[str] = []
        self.keys: list[str] = []
        self.asked = 0
        """Requests for completions at once."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.queue = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def lines(self, number: int) -> list[Line]:
        """The requests of a batch, counted from 0."""
        batch = list(self.batches.values())[number]
        return [json.loads(line) for line in self.files[batch.file][1].splitlines()]

    @property
    def sizes(self) -> list[int]:
        """How many requests each batch has."""
        return [len(self.lines(number)) for number in range(len(self.batches))]

    def finish(self, batch: Played, *, status: str = "completed") -> None:
        """Answer what a batch asks."""
        good: list[bytes] = []
        bad: list[bytes] = []
        lines = self.files[batch.file][1].splitlines()
        for number, line in enumerate(map(json.loads, lines)):
            if self.expires(number) or status == "cancelled":
                status = "expired" if status == "completed" else status
                bad.append(_fail(line["custom_id"], f"batch_{status}"))
                continue
            response = _respond(self.answer(line["body"]))
            target = good if response.status == 200 else bad
            target.append(_answer(line["custom_id"], response))
        batch.status, batch.counts = status, (len(good), len(bad), len(lines))
        batch.output = self.keep("output", self.mangle(good)) if good else None
        batch.error = self.keep("errors", bad) if bad else None

    def keep(self, name: str, lines: list[bytes]) -> str:
        """A file of the server's own."""
        id = f"file-{len(self.files) + 1}"
        self.files[id] = (name, b"".join(line + b"\n" for line in lines))
        return id

    def __enter__(self) -> "QueueServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _respond(answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    return complete(answer if isinstance(answer, str) else json.dumps(answer))


def _answer(id: str, response: Response) -> bytes:
    body = json.loads(response.body)
    if response.counts:
        body["usage"]["prompt_tokens"] = 10_000
    told = {"status_code": response.status, "request_id": "r", "body": body}
    return json.dumps({"id": f"x-{id}", "custom_id": id, "response": told, "error": None}).encode()


def _fail(id: str, code: str) -> bytes:
    error = {"code": code, "message": "This request could not be executed in time."}
    return json.dumps({"custom_id": id, "response": None, "error": error}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    queue: QueueServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """A file, a batch, or a list of them."""
        self._serve("GET", b"")

    def do_POST(self) -> None:
        """A new file or batch, the end of one, or a question."""
        self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, method: str, body: bytes) -> None:
        queue, path = self.server.queue, self.path.removeprefix("/v1")
        call = f"{method} {path}"
        queue.calls.append(call)
        queue.keys.append(self.headers.get("Authorization", "").removeprefix("Bearer "))
        fault = next((one for one in queue.faults if call.startswith(one.call)), None)
        if fault is not None:
            queue.faults.remove(fault)
        if fault is not None and fault.mode == "refuse" and not fault.cut:
            self._send(fault.status, json.dumps(fault.body).encode())
            return
        status, content = self._do(method, path, body)
        if queue.stalls and call.startswith(queue.stalls):
            queue.stalled.set()
            self.rfile.read(1)  # until the client is gone
            return
        if fault is not None and fault.mode == "lose":
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self._send(status, content[: len(content) - fault.cut] if fault else content)

    def _do(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body; a path that is not known is 404."""
        queue, address = self.server.queue, urlsplit(path)
        words = address.path.strip("/").split("/")
        found: object = None
        if words == ["chat", "completions"]:
            queue.asked += 1
            request = json.loads(body)
            is_short = len(request["messages"]) == 1
            response = _respond((queue.greet if is_short else queue.answer)(request))
            line = json.loads(_answer("0", response))
            return response.status, json.dumps(line["response"]["body"]).encode()
        if words[0] == "files":
            if words[2:] == ["content"]:
                return 200, queue.files[words[1]][1]
            found = self._do_files(method, words[1:], body)
        elif words[0] == "batches":
            found = self._do_batches(method, words[1:], body, parse_qs(address.query))
        return (200, json.dumps(found).encode()) if found else (404, b'{"error": {}}')

    def _do_files(self, method: str, words: list[str], body: bytes) -> object:
        queue = self.server.queue
        if method == "POST":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
            [part] = [one for one in form.iter_parts() if one.get_filename()]
            id = f"file-{len(queue.files) + 1}"
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            queue.files[id] = (str(part.get_filename()), content)
            return self._show_file(id)
        if words:
            return self._show_file(words[0]) if words[0] in queue.files else None
        return {"object": "list", "data": [*map(self._show_file, queue.files)], "has_more": False}

    def _show_file(self, id: str) -> Line:
        name, content = self.server.queue.files[id]
        return {
            "id": id,
            "object": "file",
            "bytes": len(content),
            "created_at": 0,
            "filename": name,
            "purpose": "batch",
        }

    def _do_batches(
        self, method: str, words: list[str], body: bytes, query: dict[str, list[str]]
    ) -> object:
        queue = self.server.queue
        if not words and method == "POST":
            asked = json.loads(body)
            number = len(queue.batches) + 1
            batch = Played(
                f"batch_{number}", asked["input_file_id"], asked.get("metadata") or {}, number
            )
            queue.batches[batch.id] = batch
            return batch.show()
        if not words:
            return self._list_batches(query)
        batch = queue.batches[words[0]]
        if words[1:] == ["cancel"]:
            queue.finish(batch, status="cancelled")
            batch.status = "cancelling"
        elif batch.status == "cancelling":
            batch.status = "cancelled"
        elif batch.status == "validating":
            self._advance(batch)
        elif batch.status == "in_progress" and not queue.holds:
            queue.finish(batch)
        return batch.show()

    def _advance(self, batch: Played) -> None:
        queue = self.server.queue
        batch.errors = queue.check(batch)
        if batch.errors:
            batch.status = "failed"
        elif queue.holds:
            batch.status = "in_progress"
        else:
            queue.finish(batch)

    def _list_batches(self, query: dict[str, list[str]]) -> Line:
        newest = [batch.show() for batch in reversed(self.server.queue.batches.values())]
        after = query.get("after", [""])[0]
        start = next((n + 1 for n, one in enumerate(newest) if one["id"] == after), 0)
        page = newest[start : start + 2]  # pages are short, so that there are several
        return {"object": "list", "data": page, "has_more": start + 2 < len(newest)}

    def _send(self, status: int, content: bytes) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)


@contextlib.contextmanager
def serving() -> Iterator[QueueServer]:
    """A queue on a free loopback port while the block runs."""
    with QueueServer() as server:
        yield server
