"""EndpointModel: any OpenAI-compatible endpoint, spoken to through openai, instructor and tenacity.

Whatever changes what is sent or taken for an answer here raises `REQUEST_FORMAT`.

One owner for each kind of second try: tenacity for transport (`_send`), instructor for answers
that do not fit the schema (`ask`), and `ask` itself for an answer that needed more room. The SDK's
own retries are off, or the three would multiply.
"""

import asyncio
import copy
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openai
from instructor import AsyncInstructor, Mode, patch
from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException
from openai.types.chat import ChatCompletion
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_base, wait_random_exponential

from summarizer.draft import draft_schema
from summarizer.errors import (
    AnswerError,
    ConfigurationError,
    EndpointError,
    SummarizerError,
    TruncatedError,
    UnavailableError,
)
from summarizer.model.completion import check_completion, clean_completion
from summarizer.model.dialect import Dialect
from summarizer.model.embedding import embed_texts
from summarizer.model.faults import Target, Transient, translate
from summarizer.model.logprobs import read_choice
from summarizer.model.meter import Meter
from summarizer.model.protocol import Answer, Choice, Embeddings, Hear, Message, Reply
from summarizer.records import ModelInfo, Usage

ATTEMPTS = 5
REASKS = 2
FIRST_ATTEMPTS = 3
"""Attempts at an address that nothing has ever answered at: it is probably wrong."""
CONNECT_SECONDS = 10.0
BACKOFF: wait_base = wait_random_exponential(multiplier=0.5, max=20)


@dataclass(slots=True)
class Contact:
    """Whether anything ever answered at an address; models over the same connections share it."""

    has_answered: bool = False


class EndpointModel:
    """Asks one model behind one OpenAI-compatible address.

    `timeout` bounds each attempt in seconds, from the first byte sent to the last one received.
    `backoff` says how long to wait before another attempt where the server does not. `on_close` is
    called once, after the connections are closed. `room` is how many tokens the server can embed
    at once, for llama.cpp's own server with embeddings switched on; 0 for any other.
    """

    def __init__(
        self,
        info: ModelInfo,
        *,
        base_url: str | None,
        api_key: str,
        key_name: str,
        timeout: float = 600.0,
        backoff: wait_base = BACKOFF,
        on_close: Callable[[], None] | None = None,
        room: int = 0,
    ) -> None:
        # instructor reports every failed answer on stderr by itself; we report each once
        logging.getLogger("instructor").setLevel(logging.CRITICAL)
        self._info = info
        self._timeout = timeout
        self._on_close = on_close
        self._backoff = backoff
        self._client = _open_client(base_url, api_key, timeout)
        address = str(self._client.base_url).rstrip("/")
        self._target = Target(info.name, address, key_name, secret=api_key)
        self._dialect = Dialect()
        self._contact = Contact()
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
        await self._client.close()
        if self._on_close is not None:
            self._on_close()

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        """One validated answer; asks again up to twice with the error, once with more room."""
        meter = Meter()
        for room in (max_tokens, 2 * max_tokens):
            try:
                value = await self._ask_once(messages, answer, max_tokens=room, meter=meter)
            except IncompleteOutputException:
                continue
            return Reply(value, meter.usage)
        raise TruncatedError(f"the answer did not fit into {2 * max_tokens} tokens")

    async def _ask_once(
        self,
        messages: Sequence[Message],
        answer: type[Answer],
        *,
        max_tokens: int,
        meter: Meter,
    ) -> Answer:
        instructor = self._make_instructor(draft_schema(answer), answer.__name__, meter)
        try:
            value = await instructor.chat.completions.create(
                response_model=answer,
                messages=_to_dicts(messages),  # type: ignore[arg-type]  # plain dicts will do
                max_retries=REASKS,
                strict=False,
                max_tokens=max_tokens,
            )
        except InstructorRetryException as error:
            raise _unwrap(error) from error
        return answer.model_validate(value.model_dump())  # instructor's is of a class of its own

    def _make_instructor(self, schema: dict[str, Any], name: str, meter: Meter) -> AsyncInstructor:
        """Instructor around our own sender; its format is replaced by one that servers enforce."""
        response_format = {
            "type": "json_schema",
            "json_schema": {"name": name, "strict": True, "schema": schema},
        }

        async def create(
            *, messages: list[dict[str, Any]], max_tokens: int, **_instructor_extras: Any
        ) -> ChatCompletion:
            request = {"max_tokens": max_tokens, "response_format": response_format}
            completion = await self._send(messages, request, meter)
            return clean_completion(completion)

        create_checked = patch(create=create, mode=Mode.JSON_SCHEMA)
        return AsyncInstructor(client=None, create=create_checked, mode=Mode.JSON_SCHEMA)

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
        began = time.monotonic()
        vectors, read = await embed_texts(self._post, texts, preface=preface, room=self._room)
        seconds = time.monotonic() - began
        return Embeddings(vectors, Usage(calls=1, prompt_tokens=read, seconds=seconds))

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that the server itself, not its OpenAI-compatible part, answers."""
        address = self._target.base_url.removesuffix("/v1")
        try:
            async with asyncio.timeout(self._timeout):
                return await self._client.post(f"{address}{path}", body=body, cast_to=object)
        except TimeoutError as error:
            raise UnavailableError(
                f"{address} did not finish reading within {self._timeout:.0f} s; raise --timeout"
            ) from error
        except openai.OpenAIError as error:
            fault = translate(error, self._target)
            if isinstance(fault, Transient):  # it is our own server: it does not come back
                raise EndpointError(str(fault)) from error
            raise fault from error
        except json.JSONDecodeError as error:  # the SDK lets it through
            raise EndpointError(f"{address} did not answer with JSON") from error

    async def _send(
        self, messages: list[dict[str, Any]], request: dict[str, Any], meter: Meter
    ) -> ChatCompletion:
        """One request, tried again while the fault is transient."""
        retrying = AsyncRetrying(
            stop=self._should_stop,
            wait=self._wait,
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )
        try:
            completion: ChatCompletion = await retrying(self._send_once, messages, request, meter)
        except Transient as error:
            gave_up = UnavailableError if self._contact.has_answered else EndpointError
            raise gave_up(str(error)) from error
        self._contact.has_answered = True
        return completion

    def _should_stop(self, state: RetryCallState) -> bool:
        """Give up early where nobody has ever answered."""
        somebody_is_there = self._contact.has_answered or _fault_of(state).answered
        return stop_after_attempt(ATTEMPTS if somebody_is_there else FIRST_ATTEMPTS)(state)

    def _wait(self, state: RetryCallState) -> float:
        """What the server asked for, else a random share of a growing pause."""
        asked = _fault_of(state).wait
        return asked if asked is not None else self._backoff(state)

    async def _send_once(
        self, messages: list[dict[str, Any]], request: dict[str, Any], meter: Meter
    ) -> ChatCompletion:
        parameters = {**self._info.parameters, **request}
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                completion = await self._create(messages, parameters)
        except TimeoutError as error:
            raise UnavailableError(
                f"{self._target.base_url} did not finish its answer within "
                f"{self._timeout:.0f} s; raise --timeout"
            ) from error
        except openai.OpenAIError as error:
            raise translate(error, self._target) from error
        meter.add(completion, time.monotonic() - began)
        return completion

    async def _create(
        self, messages: list[dict[str, Any]], parameters: dict[str, Any]
    ) -> ChatCompletion:
        """Send, and once more in the server's own dialect where it refuses a parameter."""
        while True:
            spoken = self._dialect.apply(parameters)
            try:
                completion = await self._client.chat.completions.create(
                    model=self._info.name,
                    messages=messages,  # type: ignore[arg-type]  # plain dicts will do
                    **spoken,
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                self._dialect.learn(error)
                if self._dialect.apply(parameters) == spoken:
                    raise
                continue
            except json.JSONDecodeError as error:  # the SDK lets it through
                raise Transient(
                    f"{self._target.base_url} did not answer with JSON", answered=True
                ) from error
            return check_completion(completion, self._target)


def _open_client(base_url: str | None, api_key: str, timeout: float) -> openai.AsyncOpenAI:
    """A client that never tries again by itself; nobody at the address is found out soon."""
    import httpx2

    seconds = httpx2.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
    try:
        return openai.AsyncOpenAI(
            base_url=base_url, api_key=api_key, max_retries=0, timeout=seconds
        )
    except httpx2.InvalidURL as error:
        raise ConfigurationError(f"--base-url {base_url}: {error}") from error


def _fault_of(state: RetryCallState) -> Transient:
    """The fault that another attempt is thought of for; tenacity asks about no other."""
    fault = state.outcome.exception() if state.outcome else None
    return fault if isinstance(fault, Transient) else Transient("")


def _to_dicts(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [{"role": message.role, "content": message.content} for message in messages]


def _unwrap(error: InstructorRetryException) -> SummarizerError:
    """Our own error inside instructor's, or that the answer never fitted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SummarizerError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return AnswerError(f"the model's answer did not fit the schema in {REASKS + 1} tries")
