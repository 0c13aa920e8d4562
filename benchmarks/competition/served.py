"""Served: the default model on a server of its own, which we and the others ask in turn."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarizer.model.client import EndpointModel
from summarizer.model.embedded import EmbeddedServer
from summarizer.model.opening import describe_model
from summarizer.model.weights import resolve_weights, weights_folder
from summarizer.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is running, and this program's own model on it."""

    server: EmbeddedServer
    model: EndpointModel
    strategy: str
    seed: int


def default_settings(nowhere: Path) -> Settings:
    """The settings of who never set any, but for where weights are kept."""
    named = {name: os.environ[name] for name in ("SUMMARIZER_CACHE",) if name in os.environ}
    return load_settings({}, environ=named, folder=nowhere, user_config=nowhere)


@contextmanager
def serve_default(nowhere: Path) -> Iterator[Served]:
    """Load the default weights, as `summarizer run` without --model does, and serve them.

    Raises WeightsError where they cannot be had.
    """
    settings = default_settings(nowhere)
    described = describe_model(settings)
    folder = weights_folder(settings.cache)
    weights = resolve_weights(settings.model, cache_dir=folder, say=_say)
    entry = weights.entry
    server = EmbeddedServer(weights.path, context=entry.context, chat_template=entry.chat_template)
    with server:
        model = EndpointModel(
            described.info,
            base_url=server.base_url,
            api_key=server.api_key,
            key_name="the embedded server",
            timeout=settings.timeout,
            room=server.room,
        )
        yield Served(server, model, described.strategy, settings.seed)


def _say(line: str) -> None:
    print(line, file=sys.stderr)
