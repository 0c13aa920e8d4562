"""Completion: what a server sends back, refused where it is no answer, cleaned where it is one."""

import re

from openai.types.chat import ChatCompletion

from summarizer.errors import EndpointError, RefusedError
from summarizer.model.faults import Target, Transient


def check_completion(completion: object, target: Target) -> ChatCompletion:
    """Refuse what is not an answer: a web page with status 200, no choice, a refusal, a filter."""
    if not isinstance(completion, ChatCompletion):
        raise EndpointError(
            f"{target.base_url} answered with something other than a chat completion; "
            "is the address right (it usually ends in /v1)?"
        )
    choices = getattr(completion, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        raise Transient(f"{target.base_url} answered without a choice", answered=True)
    choice = choices[0]
    if choice.message.refusal:
        raise RefusedError(f"the model declined: {choice.message.refusal[:200]}")
    if choice.finish_reason == "content_filter":
        raise RefusedError("the answer was withheld by the operator's content filter")
    return completion


def clean_completion(completion: ChatCompletion) -> ChatCompletion:
    """The answer without the reasoning and the fences that some servers leave around the JSON."""
    message = completion.choices[0].message
    text = message.content or ""
    text = re.sub(r"\A\s*<think>.*?</think>", "", text, flags=re.DOTALL).strip().lstrip("\ufeff")
    fenced = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", text, flags=re.DOTALL)
    message.content = fenced.group(1) if fenced else text
    return completion
