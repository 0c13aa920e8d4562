"""Reading the probability of each label off a one-token answer."""

import math
from collections.abc import Sequence

from openai.types.chat import ChatCompletion
from openai.types.chat.chat_completion_token_logprob import TopLogprob

FLOOR = math.log(1e-6)
"""Log-probability of a label that is not even among the tokens that the server lists."""


def read_choice(completion: ChatCompletion, labels: Sequence[str]) -> dict[str, float]:
    """The share of each label among all labels; summing to 1.

    Upper and lower case are told apart only where that finds a label. An endpoint that tells no
    log-probabilities gives all of it to the label that its answer begins with, and the same to each
    where it begins with none of them.
    """
    listed = _list_tokens(completion)
    for plain in (str, str.casefold):
        logs = {
            label: max(
                (log for token, log in listed if plain(token) == plain(label)), default=FLOOR
            )
            for label in labels
        }
        if any(log > FLOOR for log in logs.values()):
            return _normalise(logs)
    answered = (completion.choices[0].message.content or "").strip().casefold()
    return _normalise(
        {label: 0.0 if answered.startswith(label.casefold()) else FLOOR for label in labels}
    )


def _list_tokens(completion: ChatCompletion) -> list[tuple[str, float]]:
    """The likeliest first tokens with their log-probabilities; none where the server tells none."""
    told = getattr(completion.choices[0].logprobs, "content", None)
    first = told[0] if isinstance(told, list) and told else None
    listed = getattr(first, "top_logprobs", None)
    return [
        (token.token.strip(), min(float(token.logprob), 0.0))
        for token in (listed if isinstance(listed, list) else ())
        if isinstance(token, TopLogprob) and _is_told(token)
    ]


def _is_told(token: TopLogprob) -> bool:
    """Whether a token is one, with a number: the SDK takes whatever a server sends."""
    return (
        isinstance(token.token, str)
        and isinstance(token.logprob, int | float)
        and not math.isnan(token.logprob)
    )


def _normalise(logs: dict[str, float]) -> dict[str, float]:
    highest = max(logs.values())
    weights = {label: math.exp(log - highest) for label, log in logs.items()}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}
