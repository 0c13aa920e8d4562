"""Ruling: what was decided about one record that readers, or a reader and a program, differ on."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from summarizer.errors import ConfigurationError
from summarizer.evaluation.case import explain
from summarizer.records import Frozen

RULINGS = "adjudication.json"


class Option(Frozen):
    """One of the answers that there were."""

    by: str
    """Whose it is: `gold`, a reader, or `candidate` for a record of unknown origin."""
    value: Any
    """A record, the id of one, or null where nothing was labelled."""


class Ruling(Frozen):
    """One entry of a case's `adjudication.json`."""

    item: str
    """What was decided on: the id of a record, or of a candidate."""
    options: tuple[Option, ...] = ()
    decision: str = Field(min_length=1)
    """`record`, `optional`, `negative`, `unclear`, or whose answer stands."""
    rationale: str = ""
    by: str
    date: datetime.date | None = None


def read_rulings(path: Path) -> tuple[Ruling, ...]:
    """The rulings in a file, none if there is no such file; ConfigurationError if it is wrong."""
    if not path.exists():
        return ()
    try:
        return TypeAdapter(tuple[Ruling, ...]).validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {explain(error)}") from error


def write_rulings(path: Path, rulings: Sequence[Ruling]) -> None:
    """Write all rulings of a case."""
    data = [ruling.model_dump(mode="json") for ruling in rulings]
    write_json(path, data)


def write_json(path: Path, data: Any) -> None:
    """Write JSON as people edit it, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.replace(path)
    except OSError as error:
        raise ConfigurationError(f"cannot write {path}: {error.strerror}") from error
