"""Labels: the records that a careful reader finds in an article, in the shape of a task's records.

A labelled record has the fields of the task's record, and offsets for its evidence. So a new task
has labels, their JSON Schema and their checks without new code.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Field, create_model, model_validator

from summarizer.draft import RecordField, Shape, record_fields
from summarizer.records import Frozen, Record

NegativeType = Literal[
    "demand",
    "hope",
    "assessment",
    "meeting",
    "speculation",
    "proposal",
    "failure",
    "threat",
    "withdrawal",
    "denial",
    "background",
    "chrome",
    "other",
]


class Quote(Frozen):
    """One whole sentence of the article, by its place and its words."""

    start: int
    """Where it begins, in code points."""
    end: int
    """Where it ends, in code points, exclusive."""
    quote: str
    """Its words: exactly `text[start:end]`."""


class Negative(Quote):
    """A tempting sentence that reports no record."""

    type: NegativeType | None = None
    """What makes it tempting and none; null in sets that do not say."""
    why: str
    """The reason in a few words."""


class LabelledParty(Frozen):
    """A party as the article spells it, and the code of its country."""

    name: str
    code: str | None
    """ISO 3166-1 alpha-2, `EU`, `UN` or null."""


class LabelledTime(Frozen):
    """The time named for an act."""

    text: str
    start: datetime.date | None
    end: datetime.date | None


class Label(Frozen):
    """One labelled record; the fields of the task's record come on top of these."""

    id: str
    """Unique within the case."""
    optional: bool = False
    """Two careful readers would differ: finding it is not punished, nor is missing it."""
    accept: Mapping[str, tuple[str, ...]] = {}
    """Other values of a choice that are as good as the label's own."""
    evidence: Annotated[tuple[Quote, ...], Field(min_length=1)]
    """The sentences that report it."""

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_fields_of_others(cls, data: Any) -> Any:
        """An agreement may say that it has no counterparts, a field that only pledges have."""
        if not isinstance(data, Mapping):
            return data
        empty = [key for key, value in data.items() if value in (None, [], "")]
        return {k: v for k, v in data.items() if k in cls.model_fields or k not in empty}


class Source(Frozen):
    """Where an article was published."""

    title: str
    published: datetime.date | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    """ISO 639-1."""


class Reading(Frozen):
    """One reader's labels of one article."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str | None = Field(default=None, alias="$schema")
    """For editors only."""
    annotator: str
    guidelines: str
    records: tuple[Label, ...]
    negatives: tuple[Negative, ...] = ()
    notes: str = ""
    pre_annotated_by_model: str | None = None
    """The model whose proposal the reader had seen; null where none was asked for."""


class Gold(Frozen):
    """The labels of one article that summaries are compared with."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: str | None = Field(default=None, alias="$schema")
    """For editors only."""
    id: str
    source: Source
    text_sha256: str
    """Of `article.txt` in UTF-8."""
    tags: tuple[str, ...] = ()
    """Strata that the case belongs to, such as `chrome` or `long`."""
    cluster: str | None = None
    """Cases of one event share it, and count as one in intervals and tests."""
    records: tuple[Label, ...]
    negatives: tuple[Negative, ...] = ()
    notes: str | Sequence[str] = ""
    pre_annotated_by_model: str | None = None
    """The model whose proposal a reader of these labels had seen; null where none was asked for."""


def gold_type(records: Mapping[str, type[Record]]) -> type[Gold]:
    """The type of a `gold.json` whose labels have the fields of these record types."""
    return create_model("Gold", __base__=Gold, records=_labels_of(records))


def reading_type(records: Mapping[str, type[Record]]) -> type[Reading]:
    """The type of a file in `annotations/` whose labels have the fields of these record types."""
    return create_model("Reading", __base__=Reading, records=_labels_of(records))


def _labels_of(records: Mapping[str, type[Record]]) -> Any:
    types = tuple(label_type(record) for record in records.values())
    item: Any = types[0] if len(types) == 1 else Union[types]  # noqa: UP007 - built at run time
    if len(types) > 1 and all("kind" in label.model_fields for label in types):
        item = Annotated[item, Field(discriminator="kind")]
    return (tuple[item, ...], ...)


def label_type(record: type[Record]) -> type[Label]:
    """The type of a label with the fields of one record type."""
    fields: dict[str, Any] = {
        field.name: _annotate(field) for field in record_fields(record) if field.shape != "evidence"
    }
    return create_model(f"{record.__name__}Label", __base__=Label, __doc__=record.__doc__, **fields)


def _annotate(field: RecordField) -> Any:
    plain: dict[Shape, Any] = {
        "choice": Literal[field.choices] if field.choices else str,
        "phrase": Annotated[str, Field(min_length=1)],
        "party": LabelledParty,
        "parties": tuple[LabelledParty, ...],
        "timeframe": LabelledTime,
    }
    annotation = plain[field.shape]
    described = Field(description=field.description or None)
    return (annotation | None, described) if field.nullable else (annotation, described)
