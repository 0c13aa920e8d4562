"""Schemas of the files that people write, for editors that check and complete while one types."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel

from summarizer.draft import record_fields
from summarizer.evaluation.labels.label import gold_type, label_type, reading_type
from summarizer.evaluation.labels.suite import SuiteFile
from summarizer.records import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FileKind = Literal["gold", "reading", "suite"]
"""Labels of a case, one reader's labels, or a suite."""


def make_schema(kind: FileKind, records: Mapping[str, type[Record]]) -> dict[str, Any]:
    """The JSON Schema of one kind of file, its labels with the fields of these record types."""
    types: dict[FileKind, Callable[[], type[BaseModel]]] = {
        "gold": lambda: gold_type(records),
        "reading": lambda: reading_type(records),
        "suite": lambda: SuiteFile,
    }
    schema = {"$schema": DIALECT, **types[kind]().model_json_schema(by_alias=True)}
    for record in records.values():
        label = schema["$defs"].get(label_type(record).__name__)
        if label is not None:
            _refine_label(label, record, records)
    return schema


def _refine_label(
    schema: dict[str, Any], record: type[Record], records: Mapping[str, type[Record]]
) -> None:
    """Say which values `accept` may list, and that fields of other kinds may stand there empty."""
    fields = record_fields(record)
    choices = {field.name: list(field.choices) for field in fields if field.shape == "choice"}
    if "kind" in choices:
        choices["kind"] = list(records)
    properties = schema["properties"]
    properties["accept"]["additionalProperties"] = False
    properties["accept"]["properties"] = {
        name: {"type": "array", "items": {"enum": values}} for name, values in choices.items()
    }
    for other in records.values():
        for field in record_fields(other):
            properties.setdefault(field.name, {"enum": [None, [], ""]})
