"""Ruling: what was decided about one record that readers, or a reader and a program, differ on."""

import datetime
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from summarizer.evaluation.document import read_json, read_text, write_text
from summarizer.records import Frozen

RULINGS = "adjudication.json"


class Option(Frozen):
    """One of the answers that there were."""

    by: str
    """Whose it is: `gold`, a reader, or `candidate` for a record of unknown origin."""
    value: Any
    """A record, the id of one, negatives, or null where nothing was labelled."""


class Ruling(Frozen):
    """One entry of a case's `adjudication.json`."""

    item: str
    """What was decided on: the ids of a record in the readings, or that of a candidate."""
    about: str = ""
    """What the record says is done."""
    field: str | None = None
    """The field that readers differ on; null for the record as a whole."""
    options: tuple[Option, ...] = ()
    decision: str = Field(min_length=1)
    """`record`, `optional`, `negative`, `unclear`; of a field, whose answer stands, or a word."""
    rationale: str = ""
    by: str
    date: datetime.date | None = None


def read_rulings(path: Path) -> tuple[Ruling, ...]:
    """The rulings in a file, none if there is no such file; ConfigurationError if it is wrong."""
    if not path.exists():
        return ()
    return read_json(path, tuple[Ruling, ...])


def write_rulings(path: Path, rulings: Sequence[Ruling]) -> None:
    """Write all rulings of a case; those that were read before stay as they were."""
    data = [ruling.model_dump(mode="json", exclude_unset=True) for ruling in rulings]
    write_json(path, data)


def write_json(path: Path, data: Any) -> None:
    """Write JSON as people edit it, indented as it was, whole or not at all."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=_read_indent(path)) + "\n")


def _read_indent(path: Path) -> int:
    """How far a file's first entry is indented; 1 where there is none."""
    found = re.match(r"[\[{]\n( +)", read_text(path)) if path.exists() else None
    return len(found.group(1)) if found else 1
