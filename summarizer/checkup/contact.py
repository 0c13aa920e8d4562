"""Contact: whether somebody is there, takes the key, and knows the model."""

from collections.abc import Iterator

from summarizer.checkup.check import Check, check_failure
from summarizer.checkup.listing import Listing
from summarizer.errors import ModelError, SummarizerError, UnavailableError
from summarizer.model.protocol import Message, Model

_SHOWN = 8
"""Names of models that are listed where the wanted one is not among them."""


async def check_contact(model: Model, listing: Listing, *, key_name: str) -> tuple[Check, ...]:
    """Ask for a single token, and read off what that says of the address, the key and the name.

    `key_name` is the variable that held the key, empty where none was sent.
    """
    try:
        await model.choose([Message("user", "Answer with the letter A.")], ("A", "B"))
    except SummarizerError as error:
        return _explain(error, model, listing)
    key = f"accepted, from {key_name}" if key_name else "none sent, none asked for"
    return (
        Check("endpoint", "ok", f"{model.info.endpoint} answers"),
        Check("key", "ok", key),
        Check("model", "ok", f"{model.info.name} answers"),
    )


def _explain(error: SummarizerError, model: Model, listing: Listing) -> tuple[Check, ...]:
    """The three checks after an error: which of them it is about shows in the status behind it."""
    status = find_status(error)
    there = Check("endpoint", "ok", f"{model.info.endpoint} answers")
    if status in (401, 402, 403, 429):
        return (there, check_failure("key", error), _skip("model", "the key"))
    name = model.info.name
    accepted = Check("key", "ok", "not refused")
    if status == 404 and listing.models and name not in listing.models:
        return (there, accepted, _report_unknown(name, listing))
    if isinstance(error, ModelError) and not isinstance(error, UnavailableError):
        return (there, accepted, check_failure("model", error))
    return (check_failure("endpoint", error), _skip("key", "the endpoint"), _skip("model", "it"))


def _report_unknown(name: str, listing: Listing) -> Check:
    shown = ", ".join(listing.models[:_SHOWN])
    more = len(listing.models) - _SHOWN
    names = f"{shown} and {more} more" if more > 0 else shown
    return Check("model", "failed", f"the server has no model {name!r}", f"--model, one of {names}")


def _skip(name: str, before: str) -> Check:
    return Check(name, "skipped", f"not looked at: {before} comes first")


def find_status(error: BaseException) -> int | None:
    """The HTTP status behind an error; None where no server answered with one."""
    import openai

    return next(
        (one.status_code for one in _causes(error) if isinstance(one, openai.APIStatusError)), None
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
