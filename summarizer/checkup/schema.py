"""Schema: whether the server holds a model to the schema of an answer, or only says so."""

import secrets
import string

from pydantic import Field, create_model

from summarizer.checkup.check import Check, check_failure
from summarizer.draft import Draft
from summarizer.errors import AnswerError, SummarizerError
from summarizer.model.protocol import Message, Model
from summarizer.records import Exchange

NAME = "schema"
TRIES = 2
ROOM = 512
"""Tokens for an answer of a dozen: a model that reasons first needs some more."""
QUESTION = Message(
    "user", 'Which colour is a clear sky? Answer with JSON: {"colour": "blue"}, or what it is.'
)
_INSTEAD = "use a server that enforces JSON Schemas (llama-server, vLLM, Ollama, OpenAI), or a "
ADVICE = f"{_INSTEAD}large model: answers that do not fit are asked for again, up to twice"


async def check_schema(model: Model) -> Check:
    """Ask for what only an enforced schema can bring about, with other words each time.

    The schema allows two words of random letters. They stand nowhere in the messages, also where
    an answer is asked for again, and the question suggests another word: no model says them
    by chance or out of obedience.
    """
    heard: list[Exchange] = []
    listener = model.overheard(heard.append)
    try:
        answers = [await _ask_for_nonsense(listener) for _ in range(TRIES)]
    except AnswerError as error:
        return _report_ignored(f"the answer is no JSON of the shape asked for ({error})", heard)
    except SummarizerError as error:
        return check_failure(NAME, error, advice=ADVICE)
    free = [word for word, allowed in answers if word not in allowed]
    if free:
        return _report_ignored(f"answered {free[0][:40]!r}, which the schema does not allow", heard)
    return Check(NAME, "ok", f"enforced: {TRIES} of {TRIES} answers could come from it alone")


async def _ask_for_nonsense(model: Model) -> tuple[str, tuple[str, ...]]:
    """The answer, and the words that the schema allows; any word passes our own validation."""
    allowed = (_make_word(), _make_word())
    colour = (str, Field(json_schema_extra={"enum": list(allowed)}))
    answer = create_model("Sky", __base__=Draft, colour=colour)
    reply = await model.ask([QUESTION], answer, max_tokens=ROOM)
    return str(reply.value.model_dump()["colour"]), allowed


def _make_word() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def _report_ignored(found: str, heard: list[Exchange]) -> Check:
    """A server that refuses schemas is worth a warning; one that takes and ignores them fails."""
    last = heard[-1].request.get("response_format") if heard else {"type": "json_schema"}
    if isinstance(last, dict) and last.get("type") == "json_schema":
        return Check(NAME, "failed", f"not enforced: {found}", ADVICE)
    return Check(
        NAME, "warning", "the server takes no JSON Schema; plain JSON is asked for", ADVICE
    )
