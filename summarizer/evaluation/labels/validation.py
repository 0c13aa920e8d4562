"""Validation: proof that every file of a suite's cases is what scoring takes it for.

Nothing stops at the first problem: whoever labels gets all of them in one list.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from summarizer.draft import record_fields
from summarizer.errors import ArticleError, ConfigurationError
from summarizer.evaluation.document import read_text
from summarizer.evaluation.labels.case import (
    ANNOTATIONS,
    GOLD,
    TEXT,
    UNTYPED,
    name_strata,
)
from summarizer.evaluation.labels.check import check_accept, check_label, check_negative
from summarizer.evaluation.labels.label import Gold, Label, Negative, Reading, label_type
from summarizer.evaluation.labels.quotation import Page, Problem, open_page
from summarizer.evaluation.labels.ruling import RULINGS, read_rulings
from summarizer.evaluation.labels.suite import list_cases
from summarizer.records import Record
from summarizer.task import load_task

Records = Mapping[str, type[Record]]


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """What is wrong with the files of one case, and its labels where they can be read."""

    folder: Path
    problems: tuple[Problem, ...]
    gold: Gold | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that make labels unusable."""
        return tuple(problem for problem in self.problems if problem.level == "error")


@dataclass(frozen=True, slots=True)
class Validation:
    """What is wrong with a suite, and how much there is of everything."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, Mapping[str, int]]
    """By noun, such as `records` or `negatives`, then by value; of the labels that are valid."""

    @property
    def is_valid(self) -> bool:
        """Whether there is no error; notes are none."""
        return all(problem.level == "note" for problem in self.problems)


def validate_suite(name: str, *, task: str | None = None, home: Path | None = None) -> Validation:
    """Check every file of a suite's cases.

    Raises UsageError where there is no such suite, ConfigurationError where its own file is wrong
    or finds no case, TaskError for a task that cannot be loaded.
    """
    listing = list_cases(name, task=task, home=home)
    records = load_task(listing.file.task, home=home).records
    cases = [validate_case(folder, records) for folder in listing.folders]
    tags = set(listing.file.tags)
    kept = [case for case in cases if _is_selected(case, tags)]
    problems = [problem for case in kept for problem in case.problems]
    problems += _check_twins(kept)
    golds = [case.gold for case in kept if case.gold]
    suite = _check_selection(kept, tags)
    problems += [replace(problem, file=_show(listing.path.resolve())) for problem in suite]
    return Validation(tuple(problems), count_labels(golds, records))


def _check_selection(cases: Sequence[CheckedCase], tags: set[str]) -> Iterator[Problem]:
    """What is wrong with the suite as a whole."""
    golds = [case.gold for case in cases if case.gold]
    if not cases:
        yield Problem("tags", f"no case is selected by {', '.join(sorted(tags))}", "tags")
    elif len(golds) == len(cases):
        for tag in sorted(tags - {tag for gold in golds for tag in name_strata(gold)}):
            yield Problem("tags", f"no case has the tag {tag!r}", "tags")
    negatives = [negative for gold in golds for negative in gold.negatives]
    untyped = sum(negative.type is None for negative in negatives)
    if untyped:
        message = f"{untyped} of {len(negatives)} negatives say no type, such as hope or demand"
        yield Problem("cases", message, "type", "note")


def _is_selected(case: CheckedCase, tags: set[str]) -> bool:
    """Whose tags cannot be read is checked as well."""
    return not tags or case.gold is None or bool(tags.intersection(name_strata(case.gold)))


def _check_twins(cases: Sequence[CheckedCase]) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for case in cases:
        id = case.gold.id if case.gold else case.folder.name
        twin = seen.setdefault(id, case.folder)
        if twin != case.folder:
            file = _show(case.folder / GOLD)
            yield Problem("id", f"{id!r} is the id of {_show(twin)} as well", "twins", file=file)


def validate_case(folder: Path, records: Records) -> CheckedCase:
    """Check the article of a case, its labels, every reading of it, and its rulings."""
    try:
        text = read_text(folder / TEXT)
        page = open_page(text, id=folder.name)
    except (ConfigurationError, ArticleError) as error:
        message = str(error).removeprefix(f"{folder / TEXT}: ")
        broken = Problem("file", message, "file", file=_show(folder / TEXT))
        return CheckedCase(folder, (broken,), None)
    problems = [replace(each, file=_show(folder / TEXT)) for each in check_text(text)]
    checker = FileChecker(page, records)
    gold = checker.check(folder / GOLD, Gold)
    for path in sorted((folder / ANNOTATIONS).glob("*.json")):
        checker.check(path, Reading)
    problems += checker.problems
    problems += _check_rulings(folder)
    is_usable = all(one.level == "note" or one.file != _show(folder / GOLD) for one in problems)
    usable = gold if is_usable and isinstance(gold, Gold) else None
    return CheckedCase(folder, tuple(problems), usable)


def _show(path: Path) -> str:
    """The path from the working folder where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def check_text(text: str) -> Iterator[Problem]:
    """What is wrong with a text to be labelled: offsets must mean the same on every machine."""
    if text.startswith("\ufeff"):
        yield Problem("start", "has a byte order mark", "text")
    if "\r" in text:
        at = text.index("\r")
        yield Problem(f"offset {at}", "has a carriage return; lines end in LF", "text")
    if not unicodedata.is_normalized("NFC", text):
        at = next(n for n, c in enumerate(unicodedata.normalize("NFC", text)) if text[n] != c)
        yield Problem(f"offset {at}", "is not in Unicode's form NFC", "text")
    for at, character in enumerate(text):
        if unicodedata.category(character) == "Cc" and character not in "\n\t\r":
            name = f"U+{ord(character):04X}"
            yield Problem(f"offset {at}", f"has the control character {name}", "text")


def _check_rulings(folder: Path) -> Iterator[Problem]:
    path = folder / RULINGS
    try:
        read_rulings(path)
    except ConfigurationError as error:
        message = str(error).removeprefix(f"{path}: ")
        yield Problem("file", message, "file", file=_show(path))


class FileChecker:
    """Checks the files of labels of one article, and gathers what is wrong."""

    def __init__(self, page: Page, records: Records) -> None:
        self._page = page
        self._records = records
        self._types = {kind: label_type(record) for kind, record in records.items()}
        self.problems: list[Problem] = []

    def check(self, path: Path, type_: type[Gold] | type[Reading]) -> Gold | Reading | None:
        """Check one file; give what it holds, wrong labels left out, or None where it is broken."""
        found: list[Problem] = []
        holder = self._read(path, type_, found)
        self.problems += [replace(problem, file=_show(path)) for problem in found]
        return holder

    def _read(
        self, path: Path, type_: type[Gold] | type[Reading], found: list[Problem]
    ) -> Gold | Reading | None:
        data = _read_object(path, found)
        if data is None:
            return None
        raw = {name: _list_of(data, name, found) for name in ("records", "negatives")}
        holder = _parse(type_, {**data, "records": [], "negatives": []}, "", found)
        labels = self._check_labels(raw["records"], found)
        negatives = self._check_negatives(raw["negatives"], labels, found)
        if not isinstance(holder, Gold | Reading):
            return None
        found += _check_holder(holder, path, self._page.text)
        content = {"records": tuple(labels.values()), "negatives": tuple(negatives)}
        return holder.model_copy(update=content)

    def _check_labels(self, raw: Sequence[Any], found: list[Problem]) -> dict[str, Label]:
        labels: dict[str, Label] = {}
        for number, data in enumerate(raw, start=1):
            place = str(data.get("id") or "") if isinstance(data, dict) else ""
            place = place or f"records[{number}]"
            kind = self._name_kind(data, place, found)
            label = _parse(self._types[kind], data, place, found) if kind else None
            if not isinstance(label, Label) or kind is None:
                continue
            if label.id in labels:
                found.append(Problem(place, "another record has the same id", "id"))
            labels[label.id] = label
            found += check_label(label, self._records[kind], self._page, place)
            found += check_accept(label, self._records[kind], tuple(self._records), place)
        return labels

    def _name_kind(self, data: Any, place: str, found: list[Problem]) -> str | None:
        if not isinstance(data, dict):
            found.append(Problem(place, "not an object", "shape"))
            return None
        kinds = tuple(self._records)
        if len(kinds) == 1:
            return kinds[0]
        kind = data.get("kind")
        if kind in kinds:
            return str(kind)
        message = f"{kind!r} is none of {', '.join(kinds)}"
        found.append(Problem(f"{place}.kind", message, "shape"))
        return None

    def _check_negatives(
        self, raw: Sequence[Any], labels: Mapping[str, Label], found: list[Problem]
    ) -> list[Negative]:
        negatives: list[Negative] = []
        for number, data in enumerate(raw, start=1):
            place = f"negatives[{number}]"
            negative = _parse(Negative, data, place, found)
            if isinstance(negative, Negative):
                negatives.append(negative)
                found += check_negative(negative, labels, self._page, place)
        return negatives


def _read_object(path: Path, found: list[Problem]) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        found.append(Problem("file", f"cannot be read: {error.strerror}", "file"))
        return None
    except ValueError as error:
        found.append(Problem("file", f"not JSON: {error}", "file"))
        return None
    if isinstance(data, dict):
        return data
    found.append(Problem("file", "not a JSON object", "file"))
    return None


def _list_of(data: Mapping[str, Any], name: str, found: list[Problem]) -> list[Any]:
    value = data.get(name, [])
    if name == "records" and name not in data:
        found.append(Problem(name, "missing; [] where the article reports none", "shape"))
    if isinstance(value, list):
        return value
    found.append(Problem(name, "not a list", "shape"))
    return []


def _parse(type_: type[BaseModel], data: Any, place: str, found: list[Problem]) -> BaseModel | None:
    try:
        return type_.model_validate(data)
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            where = ".".join(filter(None, [place, *map(str, each["loc"])]))
            found.append(Problem(where or "file", each["msg"], "shape"))
        return None


def _check_holder(holder: Gold | Reading, path: Path, text: str) -> Iterator[Problem]:
    """What is wrong with a file beside its labels."""
    if isinstance(holder, Reading):
        if holder.annotator != path.stem:
            message = f"{holder.annotator!r} is not the file's name"
            yield Problem("annotator", message, "name", "note")
        return
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if holder.text_sha256 != sha256:
        message = f"the labels are of another text; this one's is {sha256}"
        yield Problem("text_sha256", message, "hash")
    if holder.id != path.parent.name:
        yield Problem("id", f"{holder.id!r} is not the folder's name", "name", "note")
    if holder.source.title not in text:
        yield Problem("source.title", "does not stand in the article", "words", "note")


def count_labels(golds: Sequence[Gold], records: Records) -> dict[str, dict[str, int]]:
    """How many cases, records and negatives there are, by what they are."""
    labels = [label for gold in golds for label in gold.records]
    negatives = [negative for gold in golds for negative in gold.negatives]
    fields = [field for record in records.values() for field in record_fields(record)]
    choices = dict.fromkeys(field.name for field in fields if field.shape == "choice")
    counts = {
        "cases": Counter(["all"] * len(golds)),
        "strata": Counter(tag for gold in golds for tag in name_strata(gold)),
        "records": Counter("optional" if label.optional else "required" for label in labels),
        **{
            name: Counter(str(getattr(one, name)) for one in labels if hasattr(one, name))
            for name in choices
        },
        "negatives": Counter(negative.type or UNTYPED for negative in negatives),
    }
    return {noun: dict(counter.most_common()) for noun, counter in counts.items()}
