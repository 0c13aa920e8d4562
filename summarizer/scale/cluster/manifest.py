"""Manifest: what a folder of shards is the result of: settings, files and plan, under one hash."""

import datetime
import hashlib
import json
from pathlib import Path
from typing import Final, Self

from pydantic import ValidationError

from summarizer.errors import ConfigurationError, UsageError
from summarizer.records import Frozen
from summarizer.scale.cluster.plan import Plan

FILE: Final = "manifest.json"


class Terms(Frozen):
    """What shapes every row of a folder; it holds rows of one kind only."""

    task: str
    prompt_sha256: str
    schema_sha256: str
    strategy: str
    model: str
    endpoint: str
    weights_sha256: str | None
    parameters: dict[str, float | int | str]
    date: datetime.date | None
    source: str | None
    keeps_text: bool
    shard_size: int
    summarizer: str
    """Version of this package."""
    code: str
    """SHA-256 of this package's files that shape results."""


class Manifest(Frozen):
    """Terms and plan; `sha256` is over both."""

    sha256: str
    terms: Terms
    plan: Plan

    @classmethod
    def make(cls, terms: Terms, plan: Plan) -> Self:
        """The manifest of these."""
        return cls(sha256=_hash(terms, plan), terms=terms, plan=plan)

    def check_terms(self, terms: Terms, *, folder: Path) -> None:
        """Raise UsageError, which names what differs, where a run is on other terms."""
        for name, mine in self.terms.model_dump().items():
            other = getattr(terms, name)
            if mine != other:
                told = f"{name} {_show(mine)}, this one has {_show(other)}"
                raise UsageError(f"{folder} holds a run with {told}: give -o another folder")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, None where there is none; ConfigurationError for a broken one."""
    path = folder / FILE
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        reason = getattr(error, "strerror", None) or "it is no manifest of this version"
        raise ConfigurationError(f"{path} cannot be read: {reason}; name another folder") from error
    if manifest.sha256 != _hash(manifest.terms, manifest.plan):
        raise ConfigurationError(f"{path} was changed by hand: name another folder")
    return manifest


def _hash(terms: Terms, plan: Plan) -> str:
    content = [terms.model_dump(mode="json"), plan.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _show(value: object) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 and set(text) <= set("0123456789abcdef") else text
