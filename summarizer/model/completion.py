"""Completion: what a server sends back, refused where it is no answer, cleaned where it is one."""

import json
import re
from typing import TYPE_CHECKING

from openai.types.chat import ChatCompletion, ChatCompletionMessage

from summarizer.errors import AnswerError, EndpointError, FilteredError, RefusedError
from summarizer.model.faults import Target, Transient, hide_key

if TYPE_CHECKING:
    import httpx2

# Possessive, and a string without an end goes to the end: each letter is looked at once.
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*+[}\]])', re.DOTALL)
_FENCE = "```"


def check_completion(completion: object, target: Target) -> ChatCompletion:
    """Refuse what is not an answer: a web page with status 200, no choice, a refusal, a filter."""
    if isinstance(completion, str) and completion.lstrip().startswith("data:"):
        raise _streams(target)
    if not isinstance(completion, ChatCompletion):
        raise EndpointError(
            f"{target.base_url} answered with something other than a chat completion; "
            "is the address right (it usually ends in /v1)?"
        )
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    if getattr(choice, "delta", None) is not None:
        raise _streams(target)
    if choice is None or not _is_readable(getattr(choice, "message", None)):
        raise malformed("without a choice that can be read", target)
    if choice.message.refusal:
        declined = hide_key(" ".join(choice.message.refusal.split()), target)
        raise RefusedError(f"the model declined: {declined[:200]}")
    if choice.finish_reason == "content_filter":
        raise FilteredError("the answer was withheld by the operator's content filter")
    return completion


def read_page(response: "httpx2.Response", target: Target) -> object:
    """What came back, as loosely as the SDK takes it: a completion, other JSON, or a text.

    Raises Transient for what calls itself JSON and is none.
    """
    try:
        return ChatCompletion.model_validate_json(response.content)
    except ValueError:  # many a server answers with something that is nearly one
        pass
    try:
        content = json.loads(response.content)
        return ChatCompletion.construct(**content) if isinstance(content, dict) else content
    except (ValueError, RecursionError) as error:
        if response.headers.get("content-type", "").split(";")[0].endswith("json"):
            raise malformed("with something that is no JSON", target) from error
        return response.text


def _is_readable(message: object) -> bool:
    """Whether a message is one, with texts or nothing in it: the SDK takes whatever is sent."""
    return isinstance(message, ChatCompletionMessage) and all(
        isinstance(text, str | None) for text in (message.content, message.refusal)
    )


def malformed(how: str, target: Target) -> Transient:
    """The fault of an answer that has not the form of one: one more try may mend it."""
    return Transient(f"{target.base_url} answered {how}", answered=True, tries=2, gives=AnswerError)


def _streams(target: Target) -> EndpointError:
    return EndpointError(
        f"{target.base_url} answers in a stream of pieces, which was not asked for; "
        "switch streaming off there"
    )


def clean_completion(completion: ChatCompletion) -> ChatCompletion:
    """The answer without what some servers leave around the JSON: reasoning, fences, remarks.

    An answer in the arguments of a tool that was never offered counts as the answer itself. One
    that was cut short is never mended.
    """
    choice = completion.choices[0]
    text = choice.message.content or _read_tool_call(choice.message.tool_calls)
    text = re.sub(r"\A\s*<think>.*?</think>", "", text, flags=re.DOTALL).strip().lstrip("\ufeff")
    if text.startswith(_FENCE) and text.endswith(_FENCE) and len(text) >= 2 * len(_FENCE):
        text = text[len(_FENCE) : -len(_FENCE)].removeprefix("json").strip()
    choice.message.content = text if choice.finish_reason == "length" else extract_json(text)
    return completion


def _read_tool_call(calls: object) -> str:
    function = getattr(calls[0], "function", None) if isinstance(calls, list) and calls else None
    arguments = getattr(function, "arguments", None)
    return arguments if isinstance(arguments, str) else ""


def extract_json(text: str) -> str:
    """The one JSON object in a text, without commas before a closing bracket.

    The text as it is where it is JSON already, and where there is no object, or more than one.
    """
    if _is_json(text):
        return text
    first, last = text.find("{"), text.rfind("}")
    inner = _STRING_OR_COMMA.sub(
        lambda found: "" if found.group() == "," else found.group(), text[first : last + 1]
    )
    return inner if first >= 0 and _is_json(inner) else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
