"""Intake: what Label Studio exports, checked as a whole and written as the folders of cases."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import explain, read_json, write_text
from summarizer.evaluation.exchange.interface import ANNOTATOR, GUIDELINES, MODEL, NOTES
from summarizer.evaluation.exchange.reader import read_labels
from summarizer.evaluation.exchange.region import Result, read_sheet
from summarizer.evaluation.labels.case import ANNOTATIONS, GOLD, TEXT
from summarizer.evaluation.labels.label import Gold, Reading, gold_type, reading_type
from summarizer.evaluation.labels.reading import GOLD_NAME
from summarizer.evaluation.labels.ruling import RULINGS, Ruling, write_json, write_rulings
from summarizer.records import Record

Records = Mapping[str, type[Record]]
Types = tuple[type[Gold], type[Reading]]
"""Of a task's files of labels; each is made once."""

UNKNOWN_MODEL = "a prediction in Label Studio"

_NAME = re.compile(r"[^\W_][\w.-]{0,119}")
"""What a file or folder may be called: these names come from a file, and nothing else's."""


class User(BaseModel):
    """Who is logged in to Label Studio."""

    id: int | None = None
    email: str | None = None


class Prediction(BaseModel):
    """What a model proposed in Label Studio."""

    id: int | str | None = None
    model_version: str | None = None


class Annotation(BaseModel):
    """What one person did with a task; what is not named here does not matter."""

    result: list[Result]
    ground_truth: bool = False
    was_cancelled: bool = False
    completed_by: int | str | User | None = None
    parent_prediction: int | str | Prediction | None = None


class TaskData(BaseModel):
    """The article of a task, and what of its case has no control."""

    text: str = Field(min_length=1)
    title: str = ""
    task: str | None = None
    case: dict[str, Any] = {}
    schemas: dict[str, str] = {}
    adjudication: tuple[Ruling, ...] = ()


class StudioTask(BaseModel):
    """One article in Label Studio, and everything that was done with it."""

    data: TaskData
    annotations: list[Annotation]
    predictions: list[int | Prediction] = []


@dataclass(frozen=True, slots=True)
class Labels:
    """One annotation, read."""

    name: str | None
    """Whose it is; None where nobody says."""
    is_gold: bool
    values: Mapping[str, str]
    """What is said of it as a whole, by control."""
    content: Mapping[str, Any]
    """Its records and negatives, as JSON."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was read, before it is written."""

    id: str
    text: str
    gold: Mapping[str, Any]
    readings: Mapping[str, Mapping[str, Any]]
    rulings: tuple[Ruling, ...]
    skipped: int
    """Annotations that their authors had cancelled: they say nothing."""


def import_cases(path: Path, folder: Path, *, task: str, records: Records) -> tuple[NewCase, ...]:
    """Read a file that Label Studio exported as JSON, and write a case for each of its tasks.

    Nothing is written unless all of it can be. Raises ConfigurationError, one line that names the
    task, for what cannot be labels of `task`; UsageError where a case is there already.
    """
    cases: dict[str, NewCase] = {}
    types = gold_type(records), reading_type(records)
    for number, each in enumerate(_read_tasks(path), start=1):
        try:
            case = _Reader(each, types, task=task, records=records).read(number)
        except ValidationError as error:
            raise ConfigurationError(f"{path}: task {number}: {explain(error)}") from error
        except ConfigurationError as error:
            raise ConfigurationError(f"{path}: task {number}: {error}") from error
        if case.id in cases:
            raise ConfigurationError(f"{path}: task {number}: there is a case {case.id!r} already")
        cases[case.id] = case
    _refuse_present(cases, folder)
    for case in cases.values():
        _write_case(folder / case.id, case)
    return tuple(cases.values())


def _read_tasks(path: Path) -> Sequence[StudioTask]:
    try:
        tasks = read_json(path, list[StudioTask])
    except ConfigurationError as error:
        hint = "export from Label Studio as JSON, not as JSON-MIN"
        raise ConfigurationError(f"{error}; {hint}") from error
    if not tasks:
        raise ConfigurationError(f"{path}: there is no task in it")
    return tasks


def _refuse_present(cases: Mapping[str, NewCase], folder: Path) -> None:
    present = [id for id in cases if (folder / id).exists()]
    if present:
        raise UsageError(f"{folder / present[0]} is there already: give another folder")


def _write_case(folder: Path, case: NewCase) -> None:
    write_text(folder / TEXT, case.text)
    for name, reading in case.readings.items():
        write_json(folder / ANNOTATIONS / f"{name}.json", reading)
    if case.rulings:
        write_rulings(folder / RULINGS, case.rulings)
    write_json(folder / GOLD, case.gold)


class _Reader:
    """Reads one task."""

    def __init__(self, article: StudioTask, types: Types, *, task: str, records: Records) -> None:
        self._article = article
        self._data = article.data
        self._types = types
        self._task = task
        self._records = records

    def read(self, number: int) -> NewCase:
        text = self._data.text
        kept = self._keep(number)
        done = [one for one in self._article.annotations if not one.was_cancelled]
        labels = [self._read_annotation(one, text) for one in done]
        return NewCase(
            id=check_name(kept["id"], "a case"),
            text=text,
            gold=self._compose_gold(kept, _choose_gold(labels)),
            readings=self._compose_readings(labels),
            rulings=self._data.adjudication,
            skipped=len(self._article.annotations) - len(done),
        )

    def _keep(self, number: int) -> dict[str, Any]:
        """What stands in `gold.json` beside the labels; made up as far as nobody said it."""
        if self._data.task not in (None, self._task):
            message = f"its labels are of another task: give --task {self._data.task}"
            raise ConfigurationError(message)
        text = self._data.text
        title = self._data.title or next(iter(text.strip().splitlines()), "")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        made = {"id": f"task-{number}", "source": {"title": title}, "text_sha256": sha256}
        kept = made | self._data.case
        if kept["text_sha256"] != sha256:
            raise ConfigurationError("its text is not the one that was exported")
        return kept

    def _read_annotation(self, annotation: Annotation, text: str) -> Labels:
        sheet = read_sheet(annotation.result, text)
        values = {control: "\n".join(lines) for control, lines in sheet.values.items()}
        if annotation.parent_prediction is not None and not values.get(MODEL):
            values[MODEL] = self._name_model(annotation.parent_prediction)
        name = values.get(ANNOTATOR, "").strip() or _name_user(annotation.completed_by)
        return Labels(
            name=name and check_name(name, "annotator"),
            is_gold=annotation.ground_truth or name == GOLD_NAME,
            values=values,
            content=read_labels(sheet, self._records),
        )

    def _name_model(self, begun: int | str | Prediction) -> str:
        """Whose prediction an annotation was begun from."""
        id = begun.id if isinstance(begun, Prediction) else begun
        known = [one for one in self._article.predictions if isinstance(one, Prediction)]
        names = [one.model_version for one in known if str(one.id) == str(id)]
        return next(filter(None, names), UNKNOWN_MODEL)

    def _compose_gold(self, kept: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
        notes = labels.values.get(NOTES) or kept.get("notes", "")
        data = {**kept, **labels.content, "notes": notes, **_say_model(labels)}
        return _dump(self._types[0].model_validate(data))

    def _compose_readings(self, labels: Sequence[Labels]) -> dict[str, Mapping[str, Any]]:
        readings: dict[str, Mapping[str, Any]] = {}
        for each in labels:
            if each.name is None or each.name == GOLD_NAME:
                continue
            if each.name in readings:
                raise ConfigurationError(f"two annotations are by {each.name!r}")
            readings[each.name] = self._compose_reading(each.name, each)
        return readings

    def _compose_reading(self, name: str, labels: Labels) -> dict[str, Any]:
        schema = self._data.schemas.get(name)
        data = {
            **({"$schema": schema} if schema else {}),
            "annotator": name,
            "guidelines": labels.values.get(GUIDELINES) or "unknown",
            **labels.content,
            "notes": labels.values.get(NOTES, ""),
            **_say_model(labels),
        }
        return _dump(self._types[1].model_validate(data))


def _choose_gold(labels: Sequence[Labels]) -> Labels:
    """The labels to score with: those marked as ground truth, or the only ones."""
    marked = [one for one in labels if one.is_gold] or list(labels)
    if len(marked) == 1:
        return marked[0]
    if not labels:
        raise ConfigurationError("nobody has labelled it: submit an annotation, or leave it out")
    said = (
        f"{len(marked)} annotations" if marked == list(labels) else f"{len(marked)} ground truths"
    )
    raise ConfigurationError(f"it has {said}: mark the one that counts as ground truth")


def _name_user(user: int | str | User | None) -> str | None:
    """A user of Label Studio as a file can be called: the first part of an address, or a number."""
    if isinstance(user, User):
        user = user.email or user.id
    if user is None:
        return None
    name = re.sub(r"[^\w.-]+", "-", str(user).partition("@")[0]).strip("-._")
    return f"user-{name}" if name.isdecimal() or not name else name


def check_name(name: Any, what: str) -> str:
    """The name, if a file or a folder can be called by it; ConfigurationError if not."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is no name for {what}: letters, digits, . _ and -")
    return name


def _say_model(labels: Labels) -> dict[str, str]:
    model = labels.values.get(MODEL, "")
    return {"pre_annotated_by_model": model} if model else {}


def _dump(holder: BaseModel) -> dict[str, Any]:
    data = holder.model_dump(mode="json", by_alias=True)
    return {k: v for k, v in data.items() if k != "$schema" or v is not None}
