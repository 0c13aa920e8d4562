"""Fixture: a reader's labels as the files of a case, checked as `summarizer eval validate` does."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from summarizer.article import Article
from summarizer.desk.casebook import Place
from summarizer.desk.draft import Labels
from summarizer.desk.form import sort_quotes, tidy_record
from summarizer.errors import ConfigurationError
from summarizer.evaluation.document import explain, read_json
from summarizer.evaluation.labels.case import GOLD
from summarizer.evaluation.labels.label import Gold, Reading
from summarizer.evaluation.labels.quotation import Page, Problem
from summarizer.evaluation.labels.ruling import write_json
from summarizer.evaluation.labels.validation import FileChecker, check_text
from summarizer.records import Record

GUIDELINES = "1"
"""The version of the guidelines that a reading follows unless it says another."""

Records = Mapping[str, type[Record]]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish to save: done, refused with reasons, or to be asked back."""

    status: Literal["saved", "invalid", "question"]
    message: str
    problems: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()


def read_document(path: Path) -> Document:
    """What a file of labels holds as it stands, nothing where there is none."""
    return read_json(path, dict[str, Any]) if path.exists() else {}


def read_labels(place: Place, annotator: str, article: Article) -> Labels:
    """What a reader has saved of a case, in the shape that the page edits; else empty labels."""
    own = read_document(place.reading(annotator))
    gold = read_document(place.gold)
    data = {
        "source": gold.get("source") or describe_source(article),
        "records": own.get("records") or [],
        "negatives": own.get("negatives") or [],
        "notes": _join(own.get("notes")),
    }
    try:
        return Labels.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"{place.reading(annotator)}: {explain(error)}") from error


def _join(notes: Any) -> str:
    return "\n".join(map(str, notes)) if isinstance(notes, list) else str(notes or "")


def describe_source(article: Article) -> Document:
    """What the article says of itself; its first sentence where it has no title."""
    title = article.title or next((article.read(one) for one in article.content), "")
    return {
        "title": title,
        "published": article.date.isoformat() if article.date else None,
        "url": article.url,
        "publisher": article.source,
        "language": article.language,
    }


def compose_reading(
    labels: Labels, previous: Document, *, annotator: str, records: Records, model: str | None
) -> Document:
    """A file of `annotations/`; what the page does not edit stays as in the `previous` one."""
    return {
        **({"$schema": previous["$schema"]} if "$schema" in previous else {}),
        "annotator": annotator,
        "guidelines": previous.get("guidelines") or GUIDELINES,
        **_compose(labels, records),
        "notes": labels.notes,
        **_say_model(previous, model),
    }


def compose_gold(
    labels: Labels, previous: Document, *, place: Place, records: Records, model: str | None
) -> Document:
    """A `gold.json`; what the page does not edit stays as in the `previous` one."""
    source = {key: value or None for key, value in labels.source.items()}
    kept: Document = {name: previous[name] for name in ("$schema", "cluster") if name in previous}
    text = place.text.read_bytes()
    return {
        **kept,
        "id": previous.get("id") or place.folder.name,
        "source": source | {"title": source.get("title") or ""},
        "text_sha256": hashlib.sha256(text).hexdigest(),
        "tags": previous.get("tags") or [],
        **_compose(labels, records),
        "notes": labels.notes,
        **_say_model(previous, model),
    }


def _compose(labels: Labels, records: Records) -> Document:
    return {
        "records": [tidy_record(one, records) for one in labels.records],
        "negatives": [
            {**one, "type": one.get("type") or None, "why": str(one.get("why") or "").strip()}
            for one in sort_quotes(list(labels.negatives))
        ],
    }


def _say_model(previous: Document, model: str | None) -> Document:
    """Once seen is seen: a later reading without the model does not undo it."""
    name = model or previous.get("pre_annotated_by_model")
    return {"pre_annotated_by_model": name} if name else {}


def check_documents(
    place: Place, article: Article, documents: Mapping[Path, Document], records: Records
) -> tuple[Problem, ...]:
    """Everything `summarizer eval validate` would say of these files if they were written."""
    problems = list(check_text(article.text))
    with tempfile.TemporaryDirectory() as scratch:
        for path, document in documents.items():
            copy = Path(scratch) / place.folder.name / path.relative_to(place.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
            checker = FileChecker(Page(article), records)
            checker.check(copy, Gold if path.name == GOLD else Reading)
            problems += checker.problems
    return tuple(_drop_twins(problems))


def _drop_twins(problems: Sequence[Problem]) -> Iterator[Problem]:
    """A reading and the fixture made of it have the same faults; each is said once."""
    seen: set[tuple[str, str]] = set()
    for each in problems:
        if (each.place, each.message) not in seen:
            seen.add((each.place, each.message))
            yield each


def write_documents(place: Place, documents: Mapping[Path, Document]) -> tuple[str, ...]:
    """Write each file whole or not at all, as people edit them; their names in the case."""
    for path, document in documents.items():
        write_json(path, document)
    return tuple(path.relative_to(place.folder).as_posix() for path in documents)


def save_labels(
    place: Place,
    article: Article,
    labels: Labels,
    *,
    annotator: str,
    records: Records,
    model: str | None,
    gold: Literal["ask", "replace", "keep"],
) -> Answer:
    """Save a reader's labels, and as the fixture where nobody else has labelled the article.

    `gold` says what becomes of a fixture that was not made of this reader's labels.
    """
    documents, asks = _choose_documents(
        place, labels, annotator=annotator, records=records, model=model, gold=gold
    )
    problems = check_documents(place, article, documents, records)
    notes = tuple(problem for problem in problems if problem.level == "note")
    if len(notes) < len(problems):
        return Answer("invalid", "Nothing is saved yet: see what has to be mended.", problems)
    if asks:
        message = f"{GOLD} holds labels that are not yours. Replace them by your labels?"
        return Answer("question", message)
    files = write_documents(place, documents)
    return Answer("saved", f"Saved: {', '.join(files)}.", notes, files)


def _choose_documents(
    place: Place,
    labels: Labels,
    *,
    annotator: str,
    records: Records,
    model: str | None,
    gold: Literal["ask", "replace", "keep"],
) -> tuple[dict[Path, Document], bool]:
    """The files to write, and whether somebody has to be asked before the fixture is replaced."""
    old_gold = read_document(place.gold)
    new_gold = compose_gold(labels, old_gold, place=place, records=records, model=model)
    path = place.reading(annotator)
    if path == place.gold:
        return {place.gold: new_gold}, False
    old = read_document(path)
    new = compose_reading(labels, old, annotator=annotator, records=records, model=model)
    is_alone = not set(place.list_readers()) - {annotator}
    if not is_alone or gold == "keep":
        return {path: new}, False
    is_foreign = bool(old_gold) and not _is_same(old_gold, old) and not _is_same(old_gold, new)
    return {path: new, place.gold: new_gold}, is_foreign and gold == "ask"


def _is_same(one: Document, other: Document) -> bool:
    """Whether two files have the same labels."""
    return all(
        (one.get(name) or []) == (other.get(name) or []) for name in ("records", "negatives")
    )
