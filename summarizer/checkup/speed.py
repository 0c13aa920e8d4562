"""Speed: how many tokens a second a model writes and reads."""

from pydantic import Field, create_model

from summarizer.checkup.check import Check, check_failure
from summarizer.draft import Draft
from summarizer.errors import ModelError, SummarizerError
from summarizer.model.protocol import Message, Model
from summarizer.records import Exchange, Usage

NAME = "speed"
SLOW = 2.0
"""Tokens a second, below which a single article takes many minutes."""
ROOM = 400
QUESTION = Message(
    "user",
    "Write the numbers from one to forty as English words, in order, separated by spaces. "
    "Answer with JSON that holds them all as one text under the key words.",
)


async def check_speed(model: Model, *, reading: Usage) -> Check:
    """Time a short answer; `reading` is what a long prompt with a one-token answer cost."""
    heard: list[Exchange] = []
    answer = create_model("Count", __base__=Draft, words=(str, Field()))
    try:
        reply = await model.overheard(heard.append).ask([QUESTION], answer, max_tokens=ROOM)
        spent = reply.usage
    except ModelError:  # whether it fits does not matter here: `schema` says it
        spent = sum((one.usage for one in heard), Usage())
    except SummarizerError as error:
        return check_failure(NAME, error)
    return _describe(spent, reading)


def _describe(spent: Usage, reading: Usage) -> Check:
    if not spent.completion_tokens or not spent.seconds:
        found = f"unknown: the server counts no tokens; the answer took {spent.seconds:.1f} s"
        return Check(NAME, "warning", found, "limits in tokens or money cannot hold with it")
    writing = spent.completion_tokens / spent.seconds
    found = f"writes {writing:.3g} tokens/s ({spent.completion_tokens} in {spent.seconds:.1f} s)"
    fresh = reading.prompt_tokens - reading.cached_tokens
    if fresh > 0 and reading.seconds:
        found += f", reads {fresh / reading.seconds:.3g} tokens/s"
    if writing < SLOW:
        return Check(NAME, "warning", found, "use a smaller model, or a machine with more cores")
    return Check(NAME, "ok", found)
