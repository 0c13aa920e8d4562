"""One client, one form and one question, for the tests of the client."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from canary import CANARY
from pydantic import BaseModel, ConfigDict
from tenacity.wait import wait_none

from summarizer.model.client import EndpointModel
from summarizer.model.protocol import Choice, Message, Model, Reply
from summarizer.model.traffic import Traffic
from summarizer.records import ModelInfo

KEY = CANARY
MESSAGES = [Message("system", "You count."), Message("user", "Two ships. Answer in JSON.")]
RIGHT = {"who": "Seoul", "ships": 2}
Value = TypeVar("Value")


class Count(BaseModel):
    """An answer with two fields."""

    model_config = ConfigDict(extra="forbid")

    who: str
    ships: int


def run(
    url: str, work: Callable[[Model], Coroutine[Any, Any, Value]], *, timeout: float = 10.0
) -> Value:
    """The result of some work with a client that does not wait between attempts."""
    info = ModelInfo(
        name="some-model",
        endpoint=url,
        file=None,
        sha256=None,
        parameters={"temperature": 0.0, "seed": 7},
    )

    async def work_and_close() -> Value:
        model = EndpointModel(
            info,
            base_url=url,
            api_key=KEY,
            key_name="SOME_KEY",
            timeout=timeout,
            traffic=Traffic(backoff=wait_none()),
        )
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(work_and_close())


def ask(url: str, *, max_tokens: int = 50, timeout: float = 10.0) -> Reply[Count]:
    return run(
        url, lambda model: model.ask(MESSAGES, Count, max_tokens=max_tokens), timeout=timeout
    )


def choose(url: str, labels: Sequence[str] = ("yes", "no")) -> Choice:
    return run(url, lambda model: model.choose(MESSAGES, labels))
