"""Draft: one reader's unfinished labels of one case, numbered so that no tab undoes another's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from summarizer.evaluation.document import read_json, write_text
from summarizer.records import Frozen


class Decision(Frozen):
    """What a person decided about one difference between two readers."""

    choice: str
    rationale: str = ""


class Labels(Frozen):
    """What the page edits; records are unfinished, so their fields are checked on saving only."""

    source: Mapping[str, str | None] = {}
    records: tuple[dict[str, Any], ...] = ()
    negatives: tuple[dict[str, Any], ...] = ()
    notes: str = ""
    decisions: Mapping[str, Mapping[str, Decision]] = {}
    """By the names of two readers, then by difference."""


class Draft(Frozen):
    """What the page keeps after every change."""

    revision: int
    """One more with every change that was kept."""
    saved: int | None = None
    """The revision that was saved as a reading."""
    labels: Labels
    pre_annotated_by_model: str | None = None
    """The model whose proposal was asked for; never forgotten again."""

    @property
    def is_clean(self) -> bool:
        """Whether everything in it was saved."""
        return self.saved == self.revision


def read_draft(path: Path) -> Draft | None:
    """The draft in a file, None where there is none; ConfigurationError if it is damaged."""
    return read_json(path, Draft) if path.exists() else None


def write_draft(path: Path, draft: Draft) -> None:
    """Keep a draft, whole or not at all."""
    write_text(path, draft.model_dump_json() + "\n")
