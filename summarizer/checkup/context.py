"""Context: how much a model reads at once, and whether a long prompt arrives whole."""

import secrets

from summarizer.checkup.check import Check, check_failure
from summarizer.errors import EndpointError, SummarizerError
from summarizer.model.protocol import Message, Model
from summarizer.records import Exchange, Usage

LEAST = 8192
"""Tokens below which most articles with their instructions and answers are asked in parts."""
RAISE = "raise the server's context size (llama-server -c, OLLAMA_CONTEXT_LENGTH, --max-model-len)"
SEE_TO = f"make sure that it holds {LEAST:,} tokens or more"
_WORDS = ("harbour", "minister", "treaty", "grain", "railway", "summit", "island", "credit")


def check_context(context: int | None, *, told_by: str) -> Check:
    """The context size as told, in tokens of prompt and answer together."""
    if context is None:
        return Check("context", "warning", "unknown: the server does not tell", SEE_TO)
    found = f"{context:,} tokens, told by {told_by}"
    if context < LEAST:
        return Check("context", "warning", f"{found}; long articles are asked in parts", RAISE)
    return Check("context", "ok", found)


async def check_prompts(model: Model, *, words: int) -> tuple[Check, Usage]:
    """Send a prompt of so many words, compare it with the tokens read; also what reading cost.

    Every word is at least one token, so that fewer tokens than words mean a prompt cut in silence.
    """
    heard: list[Exchange] = []
    listener = model.overheard(heard.append)
    try:
        usage = (await listener.choose([_write_prompt(words)], ("A", "B"))).usage
    except EndpointError as error:
        return check_failure("prompts", error), Usage()
    except SummarizerError as error:
        counted = [one.usage.prompt_tokens for one in heard if one.usage.prompt_tokens]
        if counted and counted[-1] < words:
            return _report_cut(words, counted[-1]), Usage()
        return check_failure("prompts", error, advice=RAISE, verdict="warning"), Usage()
    return _compare(words, usage.prompt_tokens), usage


def _compare(words: int, tokens: int) -> Check:
    if not tokens:
        found = "unknown: the server does not tell how much it read, so a cut goes unnoticed"
        return Check("prompts", "warning", found, SEE_TO)
    if tokens < words:
        return _report_cut(words, tokens)
    return Check("prompts", "ok", f"{words:,} words arrived whole, as {tokens:,} tokens")


def _report_cut(words: int, tokens: int) -> Check:
    found = f"cut in silence: of {words:,} words the server read {tokens:,} tokens"
    return Check("prompts", "failed", found, RAISE)


def _write_prompt(words: int) -> Message:
    """Words in an order of their own, so that no cache of the server has read them before."""
    text = " ".join(secrets.choice(_WORDS) for _ in range(words))
    return Message("user", f"Here are words.\n\n{text}\n\nAnswer with the letter A.")
