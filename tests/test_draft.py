"""Drafts: the form that a model fills in, made from any task's records."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from summarizer import Party, Phrase, Record, Summary, Timeframe, load_task
from summarizer.draft import (
    actors_of,
    citing,
    draft_schema,
    draft_type,
    kind_of,
    record_fields,
    record_types,
    whole_draft_type,
)


class Visit(Record):
    """Somebody travels somewhere."""

    visitors: tuple[Party, ...]
    """Who travels."""
    host: Party | None
    """Who receives them."""
    place: Phrase
    purpose: Literal["talks", "ceremony"] | None
    when: Timeframe | None
    kind: Literal["visit"]


class Call(Record):
    """Somebody rings somebody."""

    kind: Literal["call"]
    caller: Party


class Travels(Summary):
    records: tuple[Annotated[Visit | Call, Field(discriminator="kind")], ...]


def visit(**changes: object) -> dict[str, object]:
    given = {
        "kind": "visit",
        "evidence": [1],
        "visitors": ["Luthia"],
        "host": None,
        "place": "Dorsk",
        "purpose": "talks",
        "when": None,
    }
    return {**given, **changes}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object with properties in a JSON Schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


ANY_JSON = st.none() | st.booleans() | st.integers(0, 501) | st.text(max_size=3) | st.just([1])
"""What a model may put in place of a number."""


def tell(validate: Callable[[], object]) -> list[tuple[str, str]]:
    """The type and the message of each error."""
    try:
        validate()
    except ValidationError as error:
        return [(each["type"], each["msg"]) for each in error.errors()]
    return []


SCHEMAS = [
    draft_schema(whole_draft_type((Visit, Call))),
    draft_schema(whole_draft_type((Visit,))),
    draft_schema(draft_type(Visit, cites=False, skip=frozenset({"kind", "place"}))),
    draft_schema(whole_draft_type(tuple(load_task("agreements").records.values()))),
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_field_is_required_and_no_other_is_allowed(schema: dict[str, Any]) -> None:
    for item in objects(schema):
        assert item["required"] == list(item["properties"])
        assert item["additionalProperties"] is False


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("word", ["$ref", "$defs", "default", "oneOf", "discriminator", "title"])
def test_a_schema_uses_nothing_that_grammars_disagree_on(schema: dict[str, Any], word: str) -> None:
    assert f'"{word}":' not in json.dumps(schema)


def test_the_discriminator_stands_first_wherever_the_record_has_it() -> None:
    assert record_fields(Visit)[0].name == "kind"
    for item in objects(SCHEMAS[0]["properties"]["records"]):
        assert next(iter(item["properties"])) == "kind"


def test_the_form_and_its_schema_are_the_same_for_every_article() -> None:
    """They are built once, and a server that prepares a schema for its answers does so once."""
    with citing([1, 2]):
        first = whole_draft_type((Visit, Call))
    with citing([3]):
        assert whole_draft_type((Visit, Call)) is first
        assert draft_schema(first) is SCHEMAS[0]
    for item in objects(SCHEMAS[0]["properties"]["records"]):
        assert item["properties"]["evidence"]["items"] == {"type": "integer"}


def test_what_may_be_missing_is_null_and_not_left_out() -> None:
    draft = whole_draft_type((Visit, Call))
    answer = {"gist": "g", "records": [visit()]}
    assert draft.model_validate(answer).model_dump() == answer
    del answer["records"][0]["when"]  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="when"):
        draft.model_validate(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        visit(evidence=[2]),
        visit(kind="trip"),
        visit(purpose="fun"),
        visit(mood="good"),
        visit(visitors=["x"] * 13),
        visit(place="x" * 301),
        visit(visitors=None),
    ],
)
def test_an_answer_outside_the_form_is_refused(wrong: dict[str, object]) -> None:
    draft = whole_draft_type((Visit, Call))
    with pytest.raises(ValidationError), citing([1]):
        draft.model_validate({"gist": "g", "records": [wrong]})


def test_fields_have_the_shape_of_their_type() -> None:
    shapes = {field.name: (field.shape, field.nullable) for field in record_fields(Visit)}
    assert shapes == {
        "kind": ("choice", False),
        "evidence": ("evidence", False),
        "visitors": ("parties", False),
        "host": ("party", True),
        "place": ("phrase", False),
        "purpose": ("choice", True),
        "when": ("timeframe", True),
    }


def test_descriptions_reach_the_form() -> None:
    assert {field.name: field.description for field in record_fields(Visit)}["host"] == (
        "Who receives them."
    )
    assert "Who receives them." in json.dumps(SCHEMAS[0])
    assert "Somebody travels somewhere." in json.dumps(SCHEMAS[0])


def test_fields_that_rules_decide_are_not_asked_for() -> None:
    draft = draft_type(Visit, cites=False, skip=frozenset({"kind", "place"}))
    assert list(draft.model_fields) == ["visitors", "host", "purpose", "when"]


def test_record_types_and_their_kinds_are_read_off_the_summary() -> None:
    assert record_types(Travels) == (Visit, Call)
    assert [kind_of(record) for record in record_types(Travels)] == ["visit", "call"]
    assert actors_of(Visit) == "visitors"
    assert actors_of(Call) is None


@pytest.mark.parametrize(
    "annotation", [int, list[str], Literal[1, 2], dict[str, str], Party | Timeframe, float | None]
)
def test_a_field_of_another_type_is_refused_by_name(annotation: Any) -> None:
    odd = type("Odd", (Record,), {"__annotations__": {"count": annotation}})
    with pytest.raises(TypeError, match=r"field 'count' .* use a Literal of strings, Phrase"):
        record_fields(odd)


@given(numbers=st.sets(st.integers(1, 500), min_size=1, max_size=60), cited=st.integers(0, 501))
@settings(max_examples=30, deadline=None)
def test_exactly_the_sentences_shown_can_be_cited(numbers: set[int], cited: int) -> None:
    answer = {"kind": "call", "evidence": [cited], "caller": "Luthia"}
    with citing(numbers):
        if cited in numbers:
            draft_type(Call).model_validate(answer)
        else:
            with pytest.raises(ValidationError):
                draft_type(Call).model_validate(answer)


@given(numbers=st.sets(st.integers(1, 500), min_size=1, max_size=6), cited=ANY_JSON)
@settings(max_examples=60, deadline=None)
def test_a_wrong_number_is_told_the_numbers_there_are(numbers: set[int], cited: object) -> None:
    """In the words that an enumeration of the numbers has."""
    form: Any = Literal[tuple(sorted(numbers))]
    enumeration: TypeAdapter[int] = TypeAdapter(form)
    answer = json.dumps({"kind": "call", "evidence": [cited], "caller": "Luthia"})
    with citing(numbers):
        told = tell(lambda: draft_type(Call).model_validate_json(answer))
    assert told == tell(lambda: enumeration.validate_json(json.dumps(cited)))


def test_what_may_be_cited_is_each_tasks_own() -> None:
    """Articles are asked about at the same time."""

    async def cite(number: int) -> None:
        with citing([number]):
            await asyncio.sleep(0)
            draft_type(Call).model_validate(
                {"kind": "call", "evidence": [number], "caller": "Luthia"}
            )

    async def cite_all() -> None:
        await asyncio.gather(*map(cite, range(1, 5)))

    asyncio.run(cite_all())
