"""Form: what the records of a task can be told apart by, from the types of their fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.draft import kind_of, record_fields
from summarizer.output.fields import show_name
from summarizer.records import Record


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that has one of a few values, which records can be filtered and counted by."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    """Each value, and how it is shown."""


@dataclass(frozen=True, slots=True)
class Form:
    """The kinds of record and the choices of all of them together."""

    kinds: tuple[str, ...]
    choices: tuple[Choice, ...]


def make_form(record_types: Sequence[type[Record]]) -> Form:
    """The form of a task's records; a choice without a choice, such as of one kind, is left out."""
    values: dict[str, dict[str, None]] = {}
    for record_type in record_types:
        for field in record_fields(record_type):
            if field.shape == "choice":
                values.setdefault(field.name, {}).update(dict.fromkeys(field.choices))
    return Form(
        kinds=tuple(kind_of(one) for one in record_types),
        choices=tuple(
            Choice(name, show_name(name), tuple((value, show_name(value)) for value in found))
            for name, found in values.items()
            if len(found) > 1
        ),
    )
