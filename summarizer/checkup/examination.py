"""Examination: every check in order, each on its own, so that one failure hides no other."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from summarizer.checkup.check import Check, check_failure
from summarizer.checkup.contact import check_contact
from summarizer.checkup.context import check_context, check_prompts
from summarizer.checkup.installation import check_installation
from summarizer.checkup.listing import Listing, read_listing
from summarizer.checkup.schema import check_schema
from summarizer.checkup.speed import check_speed
from summarizer.checkup.store import check_store
from summarizer.checkup.weights import check_weights
from summarizer.errors import SummarizerError, UsageError
from summarizer.model.absent import LEXICON
from summarizer.model.protocol import Model
from summarizer.settings import Settings

ASKED = ("endpoint", "key", "model", "schema", "context", "prompts", "speed")
"""The checks for which a model has to answer."""
PATIENCE = 120.0
"""Seconds for one call, unless the settings say otherwise: a checkup is to be short."""
ENDPOINT_WORDS = 5000
EMBEDDED_WORDS = 400
"""Words of the long prompt: the embedded model never cuts, so that it only shows the speed."""


def examine(
    settings: Settings, *, environ: Mapping[str, str], is_offline: bool = False
) -> Iterator[Check]:
    """Every check as soon as it is done; with `is_offline` no endpoint is asked.

    Nothing is fetched and nothing is changed: the embedded model is started only where its weights
    are there already, and asked a few short questions; so is an endpoint, at its price.
    """
    embedded = _is_embedded(settings)
    local = tuple(check_installation(settings, environ=environ, is_embedded=embedded))
    yield from local
    yield check_store(settings.store)
    if settings.model == LEXICON:
        yield from _skip(("weights", *ASKED), "rules alone answer, without a model")
    elif not embedded:
        yield from _skip(("weights",), "not needed: no embedded model is used")
        yield from _examine_endpoint(settings, environ=environ, is_offline=is_offline)
    else:
        weights = check_weights(settings)
        yield weights
        engine = next(one for one in local if one.name == "engine")
        if engine.verdict == weights.verdict == "ok":
            yield from _examine_embedded(settings, environ=environ)
        else:
            yield from _skip(ASKED, "weights and engine come first")


def _is_embedded(settings: Settings) -> bool:
    from summarizer.model.opening import is_embedded

    if settings.base_url is not None or settings.model == LEXICON:
        return False
    try:
        return is_embedded(settings.model)
    except SummarizerError:  # the user's catalogue cannot be read; the check of the weights says so
        return True


def _examine_embedded(settings: Settings, *, environ: Mapping[str, str]) -> Iterator[Check]:
    from summarizer.model.opening import open_model
    from summarizer.model.weights import describe_weights, weights_folder

    began = time.monotonic()
    try:
        entry = describe_weights(settings.model, cache_dir=weights_folder(settings.cache))
        model = open_model(_adapt(settings), environ=environ).model
    except SummarizerError as error:
        yield check_failure("endpoint", error)
        yield from _skip(ASKED[1:], "the model could not be started")
        return
    seconds = time.monotonic() - began
    yield Check("endpoint", "ok", f"the embedded server started in {seconds:.1f} s")
    yield Check("key", "skipped", "not needed: one is made for each start")
    yield Check("model", "ok", entry.title)
    told = Listing((), entry.context, "the catalogue")
    with asyncio.Runner() as runner:
        try:
            yield from _question(runner, model, told, words=EMBEDDED_WORDS)
        finally:
            runner.run(model.close())


def _examine_endpoint(
    settings: Settings, *, environ: Mapping[str, str], is_offline: bool
) -> Iterator[Check]:
    from summarizer.model.opening import open_model

    if is_offline:
        yield from _skip(ASKED, "--offline: no endpoint is asked")
        return
    try:
        model = open_model(_adapt(settings), environ=environ).model
    except SummarizerError as error:
        yield from _report_settings(error, key_name=settings.api_key_env)
        return
    name = _name_of_key(settings)
    key = environ.get(name, "").strip()
    listing = read_listing(model.info.endpoint, key=key, model=model.info.name)
    with asyncio.Runner() as runner:
        try:
            contact = runner.run(check_contact(model, listing, key_name=name))
            yield from contact
            if all(one.verdict == "ok" for one in contact):
                yield from _question(runner, model, listing, words=ENDPOINT_WORDS)
            else:
                yield from _skip(ASKED[len(contact) :], "the model does not answer")
        finally:
            runner.run(model.close())


def _report_settings(error: SummarizerError, *, key_name: str) -> Iterator[Check]:
    """What the settings lack before anybody can be asked: an address, a key or a model's name."""
    lacking = "key" if key_name in str(error) else "endpoint"
    lacking = "model" if isinstance(error, UsageError) else lacking
    for name in ASKED:
        why = "the settings come first"
        yield check_failure(name, error) if name == lacking else Check(name, "skipped", why)


def _question(
    runner: asyncio.Runner, model: Model, listing: Listing, *, words: int
) -> Iterator[Check]:
    """The checks of a model that answers."""
    yield runner.run(check_schema(model))
    yield check_context(listing.context, told_by=listing.told_by)
    prompts, reading = runner.run(check_prompts(model, words=words))
    yield prompts
    yield runner.run(check_speed(model, reading=reading))


def _name_of_key(settings: Settings) -> str:
    """The variable whose key goes to the endpoint: as in a run, OpenAI's to OpenAI only."""
    is_named = settings.origins.get("api_key_env", "default") != "default"
    return settings.api_key_env if settings.base_url is None or is_named else ""


def _adapt(settings: Settings) -> Settings:
    """The settings without the limits of a run, and with less patience unless somebody set it."""
    is_set = settings.origins.get("timeout", "default") != "default"
    timeout = settings.timeout if is_set else min(settings.timeout, PATIENCE)
    return replace(settings, timeout=timeout, max_calls=None, max_tokens_total=None, max_cost=None)


def _skip(names: Iterable[str], why: str) -> Iterator[Check]:
    return (Check(name, "skipped", why) for name in names)
