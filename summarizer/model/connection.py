"""Connection: one address and one key, and all that is learnt of the server there.

Models that differ in their seed or their listeners share one.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import openai
from openai.types.chat import ChatCompletion
from pydantic_core import to_json

from summarizer.errors import AnswerError, ConfigurationError, DeadlineError, EndpointError
from summarizer.model.budget import Budget
from summarizer.model.completion import check_completion, read_page
from summarizer.model.dialect import Dialect
from summarizer.model.faults import Target, Transient, translate
from summarizer.model.meter import Meter, check_prompt, complete_usage, read_usage
from summarizer.model.protocol import Hear
from summarizer.model.traffic import Traffic
from summarizer.model.transcript import Transcript, transcribe
from summarizer.model.transport import LARGEST_ANSWER, BoundedClient

OPENAI_HOST = "api.openai.com"
LARGEST_STATES = 2**30
"""Bytes of the states of all tokens of one step, from our own server."""

Revive = Callable[[], str | None]
"""Starts a server of ours that has crashed again and gives its address; None where it runs."""


class Connection:
    """Sends requests to one server, in its dialect, as its traffic and the run's budget allow."""

    def __init__(
        self,
        target: Target,
        *,
        timeout: float,
        traffic: Traffic,
        budget: Budget,
        revive: Revive | None = None,
        is_own: bool = False,
        transport: openai.DefaultAsyncHttpxClient | None = None,
    ) -> None:
        largest = LARGEST_STATES if is_own else LARGEST_ANSWER
        transport = transport or BoundedClient(seconds=timeout, largest=largest)
        self._client = open_client(target, transport)
        self._target = target.at(str(self._client.base_url).rstrip("/"))
        self._traffic = traffic
        self.budget = budget
        self._revive = revive
        self._reviving = asyncio.Lock()
        self._was_revived = False
        self._dialect = Dialect()

    @property
    def target(self) -> Target:
        """Whom we talk to, for messages."""
        return self._target

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def complete(
        self, body: dict[str, Any], *, meter: Meter, hear: Hear | None
    ) -> ChatCompletion:
        """The answer to one request, tried again while the fault is in passing.

        Raises BudgetError where nothing more may be asked.
        """

        async def attempt() -> ChatCompletion:
            return await self._speak(body, meter, hear)

        return await self._traffic.run(lambda: self._with_revival(attempt))

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that the server itself, not its OpenAI-compatible part, answers."""

        async def attempt() -> Any:
            return await self._post(path, body)

        try:
            return await self._with_revival(attempt)
        except Transient as fault:  # it is our own server: what it says once it says again
            gives = fault.gives if fault.tries and not fault.answered else EndpointError
            raise gives(str(fault)) from fault

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        address = self._target.base_url.removesuffix("/v1")
        try:
            return await self._client.post(f"{address}{path}", body=body, cast_to=object)
        except openai.OpenAIError as error:
            raise translate(error, self._target) from error
        except (json.JSONDecodeError, RecursionError) as error:  # the SDK lets them through
            raise EndpointError(f"{address} did not answer with JSON") from error

    async def _with_revival(self, attempt: Callable[[], Any]) -> Any:
        """What the attempt gives; made once more where our own server had crashed."""
        address = self._target.base_url
        try:
            return await attempt()
        except Transient as fault:
            if self._revive and fault.gives is DeadlineError:  # a slow machine, no lost connection
                raise DeadlineError(str(fault)) from fault
            if fault.answered or not await self._is_back(address):
                raise
        return await attempt()

    async def _is_back(self, address: str) -> bool:
        """Whether the server that was at this address has been started again, at another one."""
        if self._revive is None:
            return False
        async with self._reviving:
            if self._target.base_url != address:
                return True
            if self._was_revived:
                raise EndpointError("the embedded model stopped twice; try a smaller model")
            back = await asyncio.to_thread(self._revive)
            if back is None:
                return False
            self._was_revived = True
            self._client.base_url = back
            self._target = self._target.at(back)
            return True

    async def _speak(self, body: dict[str, Any], meter: Meter, hear: Hear | None) -> ChatCompletion:
        """Send, and once more in the server's own dialect where it refuses a parameter."""
        while True:
            spoken = self._dialect.apply(body)
            self.budget.admit()
            data = write_body(spoken)
            try:
                with transcribe(spoken, hear, target=self._target, data=data) as transcript:
                    return await self._exchange(spoken, data, meter, transcript)
            except AnswerError as error:
                refusal = error.__cause__
                if not isinstance(
                    refusal, (openai.BadRequestError, openai.UnprocessableEntityError)
                ):
                    raise
                self._dialect.learn(refusal)
                if self._dialect.apply(body) == spoken:
                    raise

    async def _exchange(
        self, body: dict[str, Any], data: bytes, meter: Meter, transcript: Transcript
    ) -> ChatCompletion:
        """One request over the wire, and what came back, counted and checked."""
        import httpx2

        address = f"{self._target.base_url}/chat/completions"
        try:
            response = await self._client.post(address, content=data, cast_to=httpx2.Response)
        except openai.APIStatusError as error:
            transcript.hear_page(error.response.text)
            raise translate(error, self._target) from error
        except openai.OpenAIError as error:
            raise translate(error, self._target) from error
        transcript.hear_page(response.text)
        completion = read_page(response, self._target)
        usage = read_usage(completion, seconds=transcript.seconds)
        transcript.usage = usage
        self.budget.add(complete_usage(usage, body, transcript.answer))
        checked = check_completion(completion, self._target)
        meter.add(usage)
        check_prompt(usage, body, address=self._target.base_url)
        _hear_completion(transcript, checked)
        return checked


def _hear_completion(transcript: Transcript, completion: ChatCompletion) -> None:
    """The text of an answer instead of the page it came in, where that is all there is to it."""
    choice = completion.choices[0]
    transcript.outcome = str(choice.finish_reason or "")
    if choice.message.content and not choice.logprobs:
        transcript.answer = choice.message.content


def write_body(body: dict[str, Any]) -> bytes:
    """A request as it goes over the wire: half a character, as a model may answer, is a `?`.

    Written by ourselves: the SDK's own way looks at each value for what might need rewriting, and
    takes as long as all the rest.
    """
    try:
        return to_json(body)
    except ValueError:
        return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def open_client(target: Target, transport: openai.DefaultAsyncHttpxClient) -> openai.AsyncOpenAI:
    """A client that never tries again by itself, and tells OpenAI's business to OpenAI only."""
    import httpx2

    try:
        client = openai.AsyncOpenAI(
            base_url=target.base_url or None,
            api_key=target.secret,
            max_retries=0,
            http_client=transport,
        )
    except httpx2.InvalidURL as error:
        raise ConfigurationError(f"--base-url {target.base_url}: {error}") from error
    if client.base_url.host != OPENAI_HOST:  # the SDK takes these from OPENAI_… variables by itself
        client.organization = client.project = None
        client._custom_headers = {}
    return client
