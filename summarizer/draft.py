"""Drafts: what a model is asked to answer, generated from a task's records.

A draft is to a record what a form is to a file: a party is a name, a timeframe is words, evidence
is a list of sentence numbers. Every field is required and nullable instead of optional, nothing has
a default and no definition is referred to, because grammars and strict modes agree only on that
much. A task's drafts and their schemas are the same for every article, so that they are built once,
and a server that prepares a schema or keeps a prompt does so once; which sentences an article has
is known to `citing` alone.
"""

import contextlib
import functools
import types
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticKnownError, core_schema

from summarizer.records import Evidence, Party, Record, Summary, Timeframe

Shape = Literal["choice", "phrase", "party", "parties", "timeframe", "evidence"]

MAX_RECORDS = 30
MAX_NAMES = 12
MAX_EVIDENCE = 8

_CITABLE: Final[ContextVar[frozenset[int] | None]] = ContextVar("citable", default=None)
"""The sentences that a draft may cite, None for any; told past the model that is asked for it, as
pydantic has no other way to tell a validator under a caller of its own."""


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


@functools.lru_cache(maxsize=256)
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


@contextlib.contextmanager
def citing(numbers: Iterable[int]) -> Iterator[None]:
    """While the block runs, only these sentences can be evidence in a draft that is validated."""
    token = _CITABLE.set(frozenset(numbers))
    try:
        yield
    finally:
        _CITABLE.reset(token)


def _check_citable(number: object) -> object:
    """The number of a sentence; the error of an enumeration where no such sentence was shown."""
    citable = _CITABLE.get()
    if citable is None or (isinstance(number, int | float) and number in citable):
        return number
    *others, last = map(str, sorted(citable)) if citable else ("none",)
    expected = f"{', '.join(others)} or {last}" if others else last
    raise PydanticKnownError("literal_error", {"expected": expected})


class Draft(BaseModel):
    """What a model answers: unknown fields refused, so that nothing is lost unseen."""

    model_config = ConfigDict(extra="forbid")


@functools.lru_cache(maxsize=256)
def draft_type(
    record: type[Record], *, cites: bool = True, skip: frozenset[str] = frozenset()
) -> type[Draft]:
    """The draft of one record type.

    With `cites` it asks for evidence: which sentences that may be, `citing` says. Fields named in
    `skip` are left out because a rule decides them.
    """
    definitions: dict[str, Any] = {
        field.name: (_draft_annotation(field), Field(description=field.description or None))
        for field in record_fields(record)
        if field.name not in skip and (cites or field.shape != "evidence")
    }
    name = f"{record.__name__}Draft"
    return create_model(name, __base__=Draft, __doc__=record.__doc__, **definitions)


def _draft_annotation(field: RecordField) -> Any:
    text = Annotated[str, Field(max_length=300)]
    number = Annotated[int, BeforeValidator(_check_citable)]
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


@functools.lru_cache(maxsize=64)
def whole_draft_type(records: tuple[type[Record], ...]) -> type[Draft]:
    """The draft of a whole summary: a gist, and records of any of the types."""
    drafts = [draft_type(record) for record in records]
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


@functools.lru_cache(maxsize=256)
def draft_schema(draft: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a draft, with every definition written out in place; not to be changed."""
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
