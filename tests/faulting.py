"""One question to an endpoint that plays a fault: what became of it, and what was said."""

import asyncio
import time
from dataclasses import dataclass

from asking import KEY, MESSAGES, Count
from tenacity.wait import wait_none

from summarizer.errors import Status, SummarizerError
from summarizer.model.client import EndpointModel
from summarizer.model.connection import Revive
from summarizer.model.traffic import Traffic
from summarizer.records import Exchange, ModelInfo


@dataclass(frozen=True, slots=True)
class Tried:
    """How one question ended: the row's status, the error, and every exchange."""

    status: Status
    error: SummarizerError | None
    heard: list[Exchange]
    seconds: float

    @property
    def line(self) -> str:
        """What a person is told."""
        return str(self.error)


def try_all(
    url: str,
    *,
    questions: int = 1,
    at_once: bool = False,
    contacted: bool = True,
    timeout: float = 10.0,
    traffic: Traffic | None = None,
    revive: Revive | None = None,
) -> list[Tried]:
    """What became of each question, asked one after the other through one client.

    `contacted` is whether the endpoint has answered something before.
    """
    traffic = traffic or Traffic(backoff=wait_none(), pause=0.01)
    traffic.has_answered = contacted
    info = ModelInfo(name="m", endpoint=url, file=None, sha256=None, parameters={"seed": 7})

    async def work() -> list[Tried]:
        model = EndpointModel(
            info,
            base_url=url,
            api_key=KEY,
            key_name="SOME_KEY",
            timeout=timeout,
            traffic=traffic,
            revive=revive,
        )
        try:
            if at_once:
                return list(await asyncio.gather(*(_try(model) for _ in range(questions))))
            return [await _try(model) for _ in range(questions)]
        finally:
            await model.close()

    return asyncio.run(work())


async def _try(model: EndpointModel) -> Tried:
    heard: list[Exchange] = []
    began = time.monotonic()
    error: SummarizerError | None = None
    try:
        await model.overheard(heard.append).ask(MESSAGES, Count, max_tokens=50)
    except SummarizerError as raised:
        error = raised
    status: Status = error.status if error else "ok"
    found = Tried(status, error, heard, time.monotonic() - began)
    assert error is None or is_told_well(found.line)
    assert KEY not in repr(heard)
    return found


def try_one(
    url: str,
    *,
    contacted: bool = True,
    timeout: float = 10.0,
    traffic: Traffic | None = None,
    revive: Revive | None = None,
) -> Tried:
    """What became of one question."""
    [tried] = try_all(url, contacted=contacted, timeout=timeout, traffic=traffic, revive=revive)
    return tried


def is_told_well(line: str) -> bool:
    """Whether it is one short line without the key."""
    return len(line.splitlines()) == 1 and len(line) < 600 and KEY not in line
