"""Region: marked sentences of an annotation, those of one record together with what it says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from summarizer.errors import ConfigurationError
from summarizer.evaluation.exchange.interface import LABEL

Lines = tuple[str, ...]


class Value(BaseModel):
    """What a result says; what other kinds of control say is passed over."""

    start: Any = None
    end: Any = None
    text: str | list[str] | None = None
    labels: list[str] = []
    choices: list[str] = []


class Result(BaseModel):
    """One entry of an annotation."""

    type: str = ""
    id: str = ""
    """Of the region that it makes or belongs to."""
    from_name: str = ""
    """The control that it was made with."""
    from_id: str = ""
    to_id: str = ""
    value: Value = Value()


@dataclass(frozen=True, slots=True)
class Region:
    """One marked place of the text."""

    id: str
    label: str
    start: int
    """In code points."""
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Group:
    """Linked regions, and the values given to any of them, by control."""

    label: str
    regions: tuple[Region, ...]
    """In the order of the text."""
    values: Mapping[str, Lines]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything in the results of one annotation."""

    groups: tuple[Group, ...]
    values: Mapping[str, Lines]
    """Of the annotation as a whole, by control."""


def read_sheet(results: Sequence[Result], text: str) -> Sheet:
    """What the results of an annotation of this text say.

    Raises ConfigurationError, one line, for what no reader can have meant.
    """
    regions = {one.id: one for one in _list_regions(results, text)}
    heads = _link(regions, results)
    members: dict[str, list[Region]] = {}
    for region in regions.values():
        members.setdefault(heads[region.id], []).append(region)
    values: dict[str, dict[str, Lines]] = {}
    for result in results:
        if result.type in ("textarea", "choices"):
            owner = heads.get(result.id, "")
            _add_value(values.setdefault(owner, {}), result)
    groups = (_make_group(each, values.get(head, {})) for head, each in members.items())
    return Sheet(tuple(groups), values.get("", {}))


def _list_regions(results: Iterable[Result], text: str) -> Iterator[Region]:
    for result in results:
        if result.type != "labels" or result.from_name != LABEL:
            continue
        labels = result.value.labels
        if len(labels) != 1:
            raise ConfigurationError(f"a region has {len(labels)} labels; it needs one")
        start, end = locate(result.value, text)
        yield Region(result.id, labels[0], start, end, text[start:end])


def locate(value: Value, text: str) -> tuple[int, int]:
    """Where a region stands, in code points.

    Some versions of Label Studio count UTF-16 units, which the words that go with the offsets
    tell; ConfigurationError where the words stand at neither place.
    """
    start, end, words = value.start, value.end, value.text
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ConfigurationError(f"a region has no place in the text: {start!r} to {end!r}")
    if end <= len(text) and _agrees(text[start:end], words):
        return start, end
    units = text.encode("utf-16-le")
    before, found = (
        part.decode("utf-16-le", "replace")
        for part in (units[: 2 * start], units[2 * start : 2 * end])
    )
    if words is not None and _agrees(found, words):
        return len(before), len(before) + len(found)
    raise ConfigurationError(f"the text at {start} to {end} is not {_shorten(str(words))!r}")


def _agrees(found: str, words: object) -> bool:
    """Whether these are a region's words; white space aside, of which it is not always true."""
    return words is None or found.split() == str(words).replace("\\n", " ").split()


def _shorten(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"


def _link(regions: Mapping[str, Region], results: Sequence[Result]) -> Mapping[str, str]:
    """For each region the first of those that it is linked with, by any number of links."""
    heads = {id: id for id in regions}
    order = {id: place for place, id in enumerate(regions)}
    for result in results:
        if result.type != "relation":
            continue
        if result.from_id not in heads or result.to_id not in heads:
            raise ConfigurationError("a link leads to a region that is not there")
        ends = heads[result.from_id], heads[result.to_id]
        first = min(ends, key=order.__getitem__)
        heads = {id: first if head in ends else head for id, head in heads.items()}
    return heads


def _add_value(values: dict[str, Lines], result: Result) -> None:
    """Values of linked regions are one record's: they may not contradict one another."""
    text = result.value.text
    found = result.value.choices if result.type == "choices" else text
    lines = (found,) if isinstance(found, str) else tuple(found or ())
    if values.setdefault(result.from_name, lines) != lines:
        what = result.from_name
        raise ConfigurationError(f"{what} is given twice, and differently, for one record")


def _make_group(regions: Sequence[Region], values: Mapping[str, Lines]) -> Group:
    labels = dict.fromkeys(region.label for region in regions)
    if len(labels) > 1:
        raise ConfigurationError(f"linked regions are labelled {' and '.join(labels)}")
    ordered = sorted(regions, key=lambda region: (region.start, region.end))
    return Group(ordered[0].label, tuple(ordered), values)
