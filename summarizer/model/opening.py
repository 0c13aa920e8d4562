"""Opening a model: from what the settings say to something that answers."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.errors import ConfigurationError, UsageError
from summarizer.model.absent import LEXICON, LEXICON_INFO, AbsentModel
from summarizer.model.budget import Budget
from summarizer.model.catalogue import find_entry
from summarizer.model.prices import find_price, knows_prices
from summarizer.model.protocol import Model
from summarizer.model.sources import Progress
from summarizer.model.weights import (
    Say,
    describe_weights,
    ignore_line,
    ignore_progress,
    resolve_weights,
    weights_folder,
)
from summarizer.records import ModelInfo
from summarizer.settings import Settings

EMBEDDED = "embedded"
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Opened:
    """A model ready to answer, the strategy that suits it, and how many articles it can take."""

    model: Model
    strategy: str
    concurrency: int
    budget: Budget = field(default_factory=Budget)
    """What the run may spend, and has spent so far."""


def open_model(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    progress: Progress = ignore_progress,
    say: Say = ignore_line,
) -> Opened:
    """The model that the settings name: an endpoint's, an embedded one that is started, or none.

    Raises UsageError or ConfigurationError where the settings do not name one, UsageError for
    `max_cost` where the price is not known, WeightsError where weights cannot be had.
    """
    described = describe_model(settings)
    if settings.model == LEXICON:
        return Opened(AbsentModel(), described.strategy, described.concurrency)
    budget = make_budget(settings, described.info)
    if described.info.endpoint == EMBEDDED:
        return _open_embedded(described, settings, budget=budget, progress=progress, say=say)
    return _open_endpoint(described, settings, environ=environ, budget=budget)


def make_budget(settings: Settings, info: ModelInfo) -> Budget:
    """What the settings let a run spend; UsageError for `max_cost` where the price is not known."""
    price = find_price(info.name, info.endpoint) if settings.max_cost is not None else None
    if settings.max_cost is not None and price is None:
        raise UsageError(_explain_no_price(info))
    return Budget(
        max_calls=settings.max_calls,
        max_tokens=settings.max_tokens_total,
        max_cost=settings.max_cost,
        price=price,
    )


def _explain_no_price(info: ModelInfo) -> str:
    instead = "use --max-tokens-total or --max-calls instead of --max-cost"
    if not knows_prices():
        return f"prices need the extra: pip install 'agreements-summarizer[prices]', or {instead}"
    where = "on this machine" if info.endpoint == EMBEDDED else f"at {info.endpoint}"
    return f"nothing is known of the price of {info.name!r} {where}; {instead}"


@dataclass(frozen=True, slots=True)
class Described:
    """What `open_model` would open: the model, its strategy, how many articles it can take."""

    info: ModelInfo
    strategy: str
    concurrency: int


def describe_model(settings: Settings) -> Described:
    """The model that the settings name, with nothing fetched, started or asked, and no key read.

    Raises UsageError where the settings do not name one, WeightsError for an unreadable file.
    """
    demand_strategy(settings)
    if settings.model == LEXICON:
        return Described(LEXICON_INFO, LEXICON, concurrency=1)
    if settings.base_url is None and is_embedded(settings.model):
        entry = describe_weights(settings.model, cache_dir=weights_folder(settings.cache))
        info = _describe(settings, entry.name, EMBEDDED, file=entry.file, sha256=entry.sha256)
        return Described(info, settings.strategy or entry.strategy, concurrency=1)
    if settings.model == "local":
        raise UsageError("--base-url needs --model NAME: the name that the server gives its model")
    info = _describe(settings, settings.model, settings.base_url or OPENAI)
    return Described(info, settings.strategy or "whole", settings.concurrency)


def _describe(
    settings: Settings,
    name: str,
    endpoint: str,
    *,
    file: str | None = None,
    sha256: str | None = None,
) -> ModelInfo:
    return ModelInfo(
        name=name,
        endpoint=endpoint,
        file=file,
        sha256=sha256,
        parameters={"temperature": settings.temperature, "seed": settings.seed},
    )


def demand_strategy(settings: Settings) -> str | None:
    """The strategy that must be used; None where what suits the model and the task will do.

    Raises UsageError where model, address and strategy do not go together.
    """
    if settings.model != LEXICON and settings.strategy == LEXICON:
        raise UsageError(f"the strategy {LEXICON!r} asks no model: it goes with --model {LEXICON}")
    if settings.model != LEXICON:
        return settings.strategy
    if settings.strategy not in (None, LEXICON):
        raise UsageError(
            f"--model {LEXICON} is no model that {settings.strategy!r} could ask; "
            "leave --strategy out, or name another model"
        )
    if settings.base_url is not None:
        raise UsageError(f"--model {LEXICON} is no server's model; leave --base-url out")
    return LEXICON


def is_embedded(name: str) -> bool:
    """Whether `--model` names weights: of the catalogue, in a file, or at a pinned URL."""
    if name.endswith(".gguf") or "#sha256=" in name:
        return True
    if os.sep in name and Path(name).is_file():
        return True
    try:
        find_entry(name)
    except UsageError:
        return False
    return True


def _open_endpoint(
    described: Described, settings: Settings, *, environ: Mapping[str, str], budget: Budget
) -> Opened:
    from summarizer.model.client import EndpointModel

    key = read_key(settings, environ)
    model = EndpointModel(
        described.info,
        base_url=described.info.endpoint,
        api_key=key or "none",
        key_name=settings.api_key_env if key else "",
        timeout=settings.timeout,
        budget=budget,
    )
    return Opened(model, described.strategy, described.concurrency, budget)


def read_key(settings: Settings, environ: Mapping[str, str]) -> str:
    """The key to send, empty for none: OpenAI's own goes to OpenAI only, unless it is named.

    A key in OPENAI_API_KEY is often there for other programs; `--base-url` alone must not hand it
    to another server.
    """
    is_named = settings.origins.get("api_key_env", "default") != "default"
    if settings.base_url is not None and not is_named:
        return ""
    key = environ.get(settings.api_key_env, "").strip()
    if not key and settings.base_url is None:
        raise ConfigurationError(
            f"{settings.model!r} is not an embedded model, and {settings.api_key_env} holds no key "
            "for OpenAI; set it, give --base-url URL of another server, or leave --model out"
        )
    if not key:
        raise ConfigurationError(f"{settings.api_key_env} holds no key; set it, or name another")
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"{settings.api_key_env} holds a character that no key can have; copy the key again"
        )
    return key


def _open_embedded(
    described: Described, settings: Settings, *, budget: Budget, progress: Progress, say: Say
) -> Opened:
    from summarizer.model.client import EndpointModel
    from summarizer.model.embedded import EmbeddedServer, require_engine

    require_engine()
    weights = resolve_weights(
        settings.model, cache_dir=weights_folder(settings.cache), progress=progress, say=say
    )
    entry = weights.entry
    say(f"Loading {entry.title} ...")
    server = EmbeddedServer(weights.path, context=entry.context, chat_template=entry.chat_template)
    server.start()
    model = EndpointModel(
        described.info,
        base_url=server.base_url,
        api_key=server.api_key,
        key_name="the embedded server",
        timeout=settings.timeout,
        budget=budget,
        on_close=server.stop,
        room=server.room,
        revive=server.revive,
    )
    return Opened(model, described.strategy, described.concurrency, budget)
