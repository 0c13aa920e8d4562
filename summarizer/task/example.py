"""Example: one invented article with its answer, from which few-shot turns are made."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.draft import Draft, citing, whole_draft_type
from summarizer.errors import TaskError
from summarizer.records import Record
from summarizer.task.yamlfile import read_yaml


class Example(BaseModel):
    """One invented article and the answer a careful reader gives; sentences count from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    date: datetime.date | None = None
    sentences: Annotated[tuple[str, ...], Field(min_length=1)]
    gist: str
    records: tuple[dict[str, Any], ...] = ()

    def kind_of(self, number: int, *, only: str) -> str:
        """The kind of the first record that the sentence is evidence of; empty where of none.

        `only` is the kind of a record that does not name one: a task with one type needs none.
        """
        for record in self.records:
            if number in record["evidence"]:
                return str(record.get("kind", only))
        return ""


def read_examples(
    text: str, records: Mapping[str, type[Record]], *, name: str
) -> tuple[Example, ...]:
    """Examples from YAML, each checked against the drafts of the task's records.

    Raises TaskError naming the example and the field that does not fit.
    """
    try:
        raw = read_yaml(text) or []
    except yaml.YAMLError as error:
        raise TaskError(f"{name}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, list):
        raise TaskError(f"{name}: a list of examples is expected")
    return tuple(
        _read_example(item, records, f"{name}, example {n}") for n, item in enumerate(raw, 1)
    )


def _read_example(item: object, records: Mapping[str, type[Record]], where: str) -> Example:
    try:
        example = Example.model_validate(item)
        _draft_of(example, tuple(records.values()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise TaskError(f"{where}: {place}: {first['msg']}") from error
    return example


def _draft_of(example: Example, records: Sequence[type[Record]]) -> Draft:
    draft = whole_draft_type(tuple(records))
    with citing(range(1, len(example.sentences) + 1)):
        return draft.model_validate({"gist": example.gist, "records": list(example.records)})
