"""EndpointModel: any OpenAI-compatible endpoint, spoken to through openai and instructor.

Whatever changes what is sent or taken for an answer here raises `REQUEST_FORMAT`.

One owner for each kind of second try: `Traffic` for transport, instructor for answers that do not
fit the schema, and `ask` itself for an answer that needed more room. The SDK's own retries are off,
or the three would multiply.
"""

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any

from openai import DefaultAsyncHttpxClient
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from summarizer.draft import draft_schema
from summarizer.errors import AnswerError, TooLongError, TruncatedError
from summarizer.model.budget import Budget
from summarizer.model.completion import clean_completion
from summarizer.model.connection import Connection, Revive
from summarizer.model.embedding import embed_texts
from summarizer.model.faults import Target
from summarizer.model.logprobs import read_choice
from summarizer.model.mending import CutShortError, Send, mend_answer, read_answer
from summarizer.model.meter import Meter
from summarizer.model.protocol import Answer, Choice, Embeddings, Hear, Message, Reply
from summarizer.model.traffic import Traffic
from summarizer.model.transcript import transcribe
from summarizer.records import ModelInfo, Usage

EMPTY_REASKS = 1
"""Second tries for an answer without any text: there is no error to tell the model."""


class EndpointModel:
    """Asks one model behind one OpenAI-compatible address.

    `timeout` bounds each attempt in seconds, from the first byte sent to the last one received.
    `traffic` says when requests go out, `budget` how many may. `on_close` is called once, after the
    connections are closed. For llama.cpp's own server with embeddings switched on, `room` is how
    many tokens it can embed at once, 0 for any other; `revive` starts it again after a crash.
    `transport` takes the requests in place of the network.
    """

    def __init__(
        self,
        info: ModelInfo,
        *,
        base_url: str | None,
        api_key: str,
        key_name: str,
        timeout: float = 600.0,
        traffic: Traffic | None = None,
        budget: Budget | None = None,
        on_close: Callable[[], None] | None = None,
        room: int = 0,
        revive: Revive | None = None,
        transport: DefaultAsyncHttpxClient | None = None,
    ) -> None:
        self._info = info
        self._on_close = on_close
        self._connection = Connection(
            Target(info.name, base_url or "", key_name, secret=api_key),
            timeout=timeout,
            traffic=traffic or Traffic(),
            budget=budget or Budget(),
            revive=revive,
            is_own=room > 0,
            transport=transport,
        )
        self._is_owner = True
        self._room = room
        self._hear: Hear | None = None

    @property
    def info(self) -> ModelInfo:
        """Which model this is and how it is asked."""
        return self._info

    def reseed(self, seed: int) -> "EndpointModel":
        """The same model with another seed, over the same connections.

        They stay this model's to close: closing the new one does nothing. Either knows what the
        other has learnt of the server: that it is there, and what it does not take.
        """
        other = copy.copy(self)
        other._info = self._info.model_copy(
            update={"parameters": {**self._info.parameters, "seed": seed}}
        )
        other._is_owner = False
        return other

    def overheard(self, hear: Hear) -> "EndpointModel":
        """The same model over the same connections, each exchange told to `hear`."""
        other = copy.copy(self)
        other._hear = hear
        other._is_owner = False
        return other

    async def close(self) -> None:
        """Close the connections, then call `on_close`."""
        if not self._is_owner:
            return
        await self._connection.close()
        if self._on_close is not None:
            self._on_close()

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """One validated answer; asks again up to twice with the error, once with more room."""
        meter = Meter()
        try:
            value = await self._ask_once(messages, answer, max_tokens=max_tokens, meter=meter)
        except CutShortError:
            value = await self._ask_with_more(messages, answer, 2 * max_tokens, meter)
        return Reply(value, meter.usage)

    async def _ask_with_more(
        self, messages: Sequence[Message], answer: type[Answer], room: int, meter: Meter
    ) -> Answer:
        """The second and last try of an answer that was cut short."""
        try:
            return await self._ask_once(messages, answer, max_tokens=room, meter=meter)
        except CutShortError as error:
            raise TruncatedError(f"the answer did not fit into {room} tokens") from error
        except TooLongError as error:  # the prompt fitted before: it is the room that does not
            raise TruncatedError(
                f"the answer did not fit into {room // 2} tokens, and the model has no more"
            ) from error

    async def _ask_once(
        self,
        messages: Sequence[Message],
        answer: type[Answer],
        *,
        max_tokens: int,
        meter: Meter,
    ) -> Answer:
        send = self._make_sender(answer, max_tokens=max_tokens, meter=meter)
        asked = _to_dicts(messages)
        first = await send(asked)
        try:
            return read_answer(first, answer)
        except ValueError:
            return await mend_answer(first, answer, messages=asked, send=send)

    def _make_sender(self, answer: type[BaseModel], *, max_tokens: int, meter: Meter) -> Send:
        """What sends the messages of one question, and cleans what comes back."""
        request = {"max_tokens": max_tokens, "response_format": make_format(answer)}
        empty = 0

        async def send(messages: Sequence[dict[str, Any]]) -> ChatCompletion:
            nonlocal empty
            completion = clean_completion(await self._send(messages, request, meter))
            choice = completion.choices[0]
            empty += not choice.message.content and choice.finish_reason != "length"
            if empty > EMPTY_REASKS:
                raise AnswerError(f"the model answered without any text {empty} times")
            return completion

        return send

    async def choose(self, messages: Sequence[Message], labels: Sequence[str]) -> Choice:
        """The probability of each label as the next token; all on one where none are told."""
        meter = Meter()
        request = {"max_tokens": 1, "logprobs": True, "top_logprobs": 20}
        completion = await self._send(_to_dicts(messages), request, meter)
        return Choice(read_choice(completion, labels), meter.usage)

    async def embed(self, texts: Sequence[str], *, preface: str) -> Embeddings | None:
        """A vector for each text, from a server that tells the state at each token."""
        if not self._room or not texts:
            return None
        connection = self._connection
        connection.budget.admit()
        request = {"preface": preface, "texts": list(texts)}
        with transcribe(request, self._hear, target=connection.target) as transcript:
            vectors, read = await embed_texts(
                connection.post, texts, preface=preface, room=self._room
            )
            usage = Usage(calls=1, prompt_tokens=read, seconds=transcript.seconds)
            transcript.usage = usage
            transcript.outcome = f"{len(vectors)} vectors"
        connection.budget.add(usage)
        return Embeddings(vectors, usage)

    async def _send(
        self, messages: Sequence[dict[str, Any]], request: dict[str, Any], meter: Meter
    ) -> ChatCompletion:
        body = {
            "model": self._info.name,
            "messages": list(messages),  # of its own: what was asked is kept as it was
            **self._info.parameters,
            **request,
        }
        return await self._connection.complete(body, meter=meter, hear=self._hear)


def _to_dicts(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [{"role": message.role, "content": message.content} for message in messages]


@functools.lru_cache(maxsize=256)
def make_format(answer: type[BaseModel]) -> dict[str, Any]:
    """The answer's schema as a request states it: a strict one, which servers can enforce."""
    form = {"name": answer.__name__, "strict": True, "schema": draft_schema(answer)}
    return {"type": "json_schema", "json_schema": form}
