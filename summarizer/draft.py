"""Drafts: what a model is asked to answer, generated from a task's records.

A draft is to a record what a form is to a file: a party is a name, a timeframe is words, evidence
is a list of sentence numbers that exist. Every field is required and nullable instead of optional,
nothing has a default and no definition is referred to, because grammars and strict modes agree
only on that much.
"""

import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from summarizer.records import Evidence, Party, Record, Summary, Timeframe

Shape = Literal["choice", "phrase", "party", "parties", "timeframe", "evidence"]

MAX_RECORDS = 30
MAX_NAMES = 12
MAX_EVIDENCE = 8


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of a record type, as drafting, grounding, rendering and scoring see it."""

    name: str
    shape: Shape
    nullable: bool
    choices: tuple[str, ...]
    description: str


def record_types(summary: type[Summary]) -> tuple[type[Record], ...]:
    """The record types that a summary holds, in the order its schema names them."""
    annotation = summary.model_fields["records"].annotation
    return tuple(_leaves(annotation))


def _leaves(annotation: object) -> Iterable[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from _leaves(part)


def kind_of(record: type[Record]) -> str:
    """The word that tells this record type from the others: its `kind`, or its name."""
    field = record.model_fields.get("kind")
    return str(get_args(field.annotation)[0]) if field else record.__name__.lower()


def record_fields(record: type[Record]) -> tuple[RecordField, ...]:
    """The fields of a record type with their shapes, the discriminator first.

    Raises TypeError for a field of a type that the program cannot handle.
    """
    fields = [_read_field(name, info) for name, info in record.model_fields.items()]
    return tuple(sorted(fields, key=lambda field: field.name != "kind"))


def actors_of(record: type[Record]) -> str | None:
    """The field that says who acts: the first field of parties; None where there is none."""
    fields = record_fields(record)
    return next((field.name for field in fields if field.shape == "parties"), None)


def _read_field(name: str, info: FieldInfo) -> RecordField:
    annotation, nullable = _split_null(info.annotation)
    choices = tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()
    return RecordField(
        name=name,
        shape=_shape_of(name, annotation),
        nullable=nullable,
        choices=choices,
        description=" ".join((info.description or "").split()),
    )


def _split_null(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    rest = [part for part in get_args(annotation) if part is not type(None)]
    if len(rest) != 1:
        return annotation, False
    inner = rest[0]
    return (get_args(inner)[0] if get_origin(inner) is Annotated else inner), True


def _shape_of(name: str, annotation: Any) -> Shape:
    if get_origin(annotation) is Literal and all(isinstance(v, str) for v in get_args(annotation)):
        return "choice"
    simple: dict[object, Shape] = {
        str: "phrase",
        Party: "party",
        tuple[Party, ...]: "parties",
        Timeframe: "timeframe",
        tuple[Evidence, ...]: "evidence",
    }
    if annotation not in simple:
        known = "a Literal of strings, Phrase, Party, tuple[Party, ...], Timeframe"
        raise TypeError(f"field {name!r} is of a type that no record can have; use {known}")
    return simple[annotation]


class Draft(BaseModel):
    """What a model answers: unknown fields refused, so that nothing is lost unseen."""

    model_config = ConfigDict(extra="forbid")


def draft_type(
    record: type[Record], numbers: Sequence[int] | None, *, skip: frozenset[str] = frozenset()
) -> type[Draft]:
    """The draft of one record type.

    `numbers` are the sentence numbers that evidence may cite, None where evidence is not asked
    for; fields named in `skip` are left out because a rule decides them.
    """
    definitions: dict[str, Any] = {}
    for field in record_fields(record):
        if field.name in skip or (field.shape == "evidence" and numbers is None):
            continue
        annotation = _draft_annotation(field, numbers or ())
        definitions[field.name] = (annotation, Field(description=field.description or None))
    name = f"{record.__name__}Draft"
    return create_model(name, __base__=Draft, __doc__=record.__doc__, **definitions)


def _draft_annotation(field: RecordField, numbers: Sequence[int]) -> Any:
    text = Annotated[str, Field(max_length=300)]
    number: Any = Literal[tuple(numbers)] if numbers else int
    plain: dict[Shape, Any] = {
        "choice": Literal[field.choices] if field.choices else str,
        "phrase": text,
        "party": text,
        "timeframe": text,
        "parties": Annotated[list[text], Field(max_length=MAX_NAMES)],
        "evidence": Annotated[list[number], Field(max_length=MAX_EVIDENCE)],
    }
    annotation = plain[field.shape]
    return annotation | None if field.nullable else annotation


def whole_draft_type(records: Sequence[type[Record]], numbers: Sequence[int]) -> type[Draft]:
    """The draft of a whole summary: a gist, and records of any of the types."""
    drafts = [draft_type(record, numbers) for record in records]
    item: Any = drafts[0] if len(drafts) == 1 else Union[tuple(drafts)]  # noqa: UP007 - built at run time
    if len(drafts) > 1 and all("kind" in draft.model_fields for draft in drafts):
        item = Annotated[item, Field(discriminator="kind")]
    return create_model(
        "SummaryDraft",
        __base__=Draft,
        gist=(
            Annotated[str, Field(max_length=400)],
            Field(description="One sentence that says what the article reports."),
        ),
        records=(
            Annotated[list[item], Field(max_length=MAX_RECORDS)],
            Field(description="Every record the article reports; empty where it reports none."),
        ),
    )


class _Strict(GenerateJsonSchema):
    """No titles, no defaults, every field required."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_is_required(self, field: object, total: bool) -> bool:
        return True


def draft_schema(draft: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a draft, with every definition written out in place."""
    schema = draft.model_json_schema(schema_generator=_Strict)
    definitions = schema.pop("$defs", {})
    inlined = _inline(schema, definitions)
    assert isinstance(inlined, dict)
    return inlined


def _inline(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inline(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    kept = {key: value for key, value in node.items() if key not in ("title", "discriminator")}
    if "oneOf" in kept:  # strict modes know anyOf only; the discriminator keeps it unambiguous
        kept["anyOf"] = kept.pop("oneOf")
    return {key: _inline(value, definitions) for key, value in kept.items()}
