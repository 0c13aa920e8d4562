"""A desk on loopback for the tests, its server in a thread, and requests as its page sends them."""

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from summarizer.desk.casebook import open_casebook
from summarizer.desk.proposal import Proposer
from summarizer.desk.server import Door, make_server, take_port
from summarizer.desk.work import Work
from summarizer.task import load_task


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `data` is empty where it is no JSON."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk that answers, and its folder of cases."""

    door: Door
    cases: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """A request as the page sends it, but for these headers; an empty one is left out."""
        sent = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        sent |= headers or {}
        content = (
            raw if raw is not None else json.dumps(body).encode() if body is not None else None
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=30)
        with contextlib.closing(connection):
            used = self.door.token if token is None else token
            kept = {name: value for name, value in sent.items() if value}
            connection.request(method, f"/{used}/{path}", body=content, headers=kept)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, answer.read().decode(), found)

    def get(self, name: str, **query: str) -> dict[str, Any]:
        """What the page is told; the test ends here if that is an error."""
        reply = self.send("GET", f"api/{name}?{urlencode(query)}")
        assert reply.status == 200, reply.text
        return reply.data

    def keep(self, case: str, labels: dict[str, Any], revision: int) -> Reply:
        body = {"revision": revision, "labels": labels}
        return self.send("PUT", f"api/draft?{urlencode({'case': case})}", body)

    def save(self, case: str, revision: int, gold: str = "ask") -> Reply:
        body = {"revision": revision, "gold": gold}
        return self.send("POST", f"api/save?{urlencode({'case': case})}", body)

    def label(self, case: str, **changes: Any) -> Reply:
        """Keep the labels of a case with some changes, and save them."""
        told = self.get("case", case=case)
        kept = self.keep(case, {**told["labels"], **changes}, told["revision"])
        assert kept.status == 200, kept.text
        return self.save(case, kept.data["revision"])


@contextlib.contextmanager
def open_desk(
    cases: Path,
    *files: Path,
    annotator: str = "ann",
    task: str = "agreements",
    home: Path | None = None,
    proposer: Proposer | None = None,
    port: int = 0,
) -> Iterator[Desk]:
    """A desk on a port, a free one unless told, until the end of the block."""
    casebook = open_casebook(cases, load_task(task, home=home), files=files)
    door = take_port(port)
    work = Work(casebook, annotator, proposer.model if proposer else None)
    server = make_server(work, proposer, door)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door.socket]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Desk(door, cases)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        door.socket.close()
        if proposer is not None:
            proposer.close()
