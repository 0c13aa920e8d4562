"""Mending: an answer that does not fit its form is asked for again, with the error, by instructor.

What fits at once never comes here, so that it costs no more than its own validation; instructor is
loaded with the first answer that does not.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from openai.types.chat import ChatCompletion

from summarizer.errors import AnswerError, SummarizerError
from summarizer.model.protocol import Answer

REASKS: Final = 2

Send = Callable[[Sequence[dict[str, Any]]], Awaitable[ChatCompletion]]
"""Sends messages and gives the answer."""


class CutShortError(Exception):
    """An answer that needed more room than it had."""


def read_answer(completion: ChatCompletion, answer: type[Answer]) -> Answer:
    """What was answered; ValueError where it does not fit, CutShortError where it is no whole."""
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise CutShortError
    return answer.model_validate_json(choice.message.content or "")


async def mend_answer(
    first: ChatCompletion,
    answer: type[Answer],
    *,
    messages: Sequence[dict[str, Any]],
    send: Send,
) -> Answer:
    """An answer in place of the `first` to these messages, which did not fit.

    It is asked for at most `REASKS` times. Raises CutShortError for one that is cut short,
    AnswerError where none fits, and what `send` raises.
    """
    from instructor import AsyncInstructor, Mode, patch
    from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

    # instructor reports every failed answer on stderr by itself; we report each once
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    received = [first]

    async def create(*, messages: list[dict[str, Any]], **_extras: Any) -> ChatCompletion:
        return received.pop() if received else await send(messages)

    checked = patch(create=create, mode=Mode.JSON_SCHEMA)
    instructor = AsyncInstructor(client=None, create=checked, mode=Mode.JSON_SCHEMA)
    try:
        value = await instructor.chat.completions.create(
            response_model=answer,
            messages=messages,  # type: ignore[arg-type]  # plain dicts will do
            max_retries=REASKS,
            strict=False,
        )
    except IncompleteOutputException as error:
        raise CutShortError from error
    except InstructorRetryException as error:
        raise _unwrap(error) from error
    return answer.model_validate(value.model_dump())  # instructor's is of a class of its own


def _unwrap(error: Exception) -> SummarizerError:
    """Our own error inside instructor's, or that the answer never fitted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SummarizerError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return AnswerError(f"the model's answer did not fit the schema in {REASKS + 1} tries")
