"""Listing: what a server tells of its models without being asked to answer anything."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SECONDS = 10.0
LARGEST = 16 << 20
"""Bytes of an answer; the longest lists of models have about one megabyte."""
_CONTEXT_NAMES = (
    "max_model_len",
    "loaded_context_length",
    "context_length",
    "context_window",
    "max_context_length",
    "n_ctx",
)
"""What servers call the context size of a model in `/models`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The names of a server's models, and the context size of one of them, None where not told."""

    models: tuple[str, ...] = ()
    context: int | None = None
    told_by: str = ""
    """Which address told the context size."""


def read_listing(base_url: str, *, key: str, model: str) -> Listing:
    """What `/models` and llama.cpp's `/props` tell; an empty listing where neither answers."""
    base = base_url.rstrip("/")
    entries = [one for one in _list_entries(_get(f"{base}/models", key)) if "id" in one]
    names = tuple(str(one["id"]) for one in entries)
    context = next((_find_context(one) for one in entries if one["id"] == model), None)
    if context:
        return Listing(names, context, "/models")
    if entries and not any(one.get("owned_by") == "llamacpp" for one in entries):
        return Listing(names)
    props = _get(f"{base.removesuffix('/v1')}/props", key)
    context = _find_context(props) or _find_context(_dict(props, "default_generation_settings"))
    return Listing(names, context, "/props" if context else "")


def _list_entries(answer: object) -> Iterator[dict[str, Any]]:
    found = answer.get("data") if isinstance(answer, dict) else answer
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def _find_context(entry: object) -> int | None:
    """The first size that is told; llama.cpp has it one level down, in `meta`."""
    for place in (entry, _dict(entry, "meta")):
        for name in _CONTEXT_NAMES:
            size = place.get(name) if isinstance(place, dict) else None
            if isinstance(size, int) and not isinstance(size, bool) and size > 0:
                return size
    return None


def _dict(entry: object, name: str) -> object:
    return entry.get(name) if isinstance(entry, dict) else None


def _get(address: str, key: str) -> object:
    """The JSON at an address; None for whatever is no JSON, too large, too slow or not there."""
    import httpx2

    from summarizer.model.transport import DIRECT

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    data, until = b"", time.monotonic() + SECONDS
    try:
        with (
            httpx2.Client(mounts=DIRECT, timeout=SECONDS) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > LARGEST or time.monotonic() > until:
                    return None
            return json.loads(data) if response.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
        return None
