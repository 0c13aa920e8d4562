"""Transport: a model whose requests are looked up among the answers of a queue, never sent."""

import asyncio
import json
import weakref
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import openai

from summarizer.errors import WaitingError
from summarizer.model.client import EndpointModel
from summarizer.model.faults import Transient
from summarizer.model.traffic import ATTEMPTS, Traffic, Value
from summarizer.records import ModelInfo
from summarizer.scale.queue.answers import Answers
from summarizer.scale.queue.outbox import Outbox
from summarizer.scale.queue.refusal import find_in, write_refusal
from summarizer.scale.queue.request import make_request


class QueueTransport(openai.DefaultAsyncHttpxClient):
    """Answers a request with what the queue answered; WaitingError where that is still to come.

    What has no answer goes into the outbox. An article that puts the same request twice, since the
    first answer could not be read, gets two answers. A request with a parameter that is known to be
    `refused` is refused here.
    """

    def __init__(self, answers: Answers, outbox: Outbox, refused: tuple[str, ...]) -> None:
        super().__init__()
        self._answers = answers
        self._outbox = outbox
        self._refused = refused
        self._times: weakref.WeakKeyDictionary[object, Counter[bytes]] = weakref.WeakKeyDictionary()

    async def send(
        self, request: httpx2.Request, *, stream: bool = False, **_options: Any
    ) -> httpx2.Response:
        """The whole response; `stream` changes nothing."""
        body = json.loads(request.content)
        if name := find_in(body, self._refused):
            return httpx2.Response(400, json=write_refusal(name), request=request)
        asked = make_request(body, time=self._count(request.content))
        answer = self._answers.find(asked.id)
        if answer is None:
            raise WaitingError(self._outbox.add(asked))
        return httpx2.Response(answer.status, json=answer.body, request=request)

    def _count(self, content: bytes) -> int:
        """How often the article in work has put this request, this time included."""
        times = self._times.setdefault(asyncio.current_task(), Counter())
        times[content] += 1
        return times[content]


class StoredTraffic(Traffic):
    """Tries again at once what had a passing fault: nothing is sent, so nobody has to be spared."""

    async def run(self, attempt: Callable[[], Awaitable[Value]]) -> Value:
        """What the attempt gives; what its fault stands for once all tries had one."""
        tries = 1
        while True:
            try:
                return await attempt()
            except Transient as fault:
                if tries >= (fault.tries or ATTEMPTS):
                    raise fault.gives(str(fault)) from fault
                tries += 1


def open_queued_model(
    info: ModelInfo, answers: Answers, outbox: Outbox, *, refused: tuple[str, ...] = ()
) -> EndpointModel:
    """The model of an order, asked through its queue; it needs no key and no network."""
    return EndpointModel(
        info,
        base_url=info.endpoint,
        api_key="none",
        key_name="",
        traffic=StoredTraffic(),
        transport=QueueTransport(answers, outbox, refused),
    )
