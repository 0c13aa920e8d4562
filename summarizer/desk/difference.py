"""Difference: what one reader labelled otherwise than another, and the ways to settle it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article
from summarizer.evaluation.scoring.alignment import Pair, align_items
from summarizer.evaluation.scoring.item import Form, Item, read_item

Document = dict[str, Any]
RIGHT = ("matched", "absent")


@dataclass(frozen=True, slots=True)
class Difference:
    """One question for whoever settles two readings."""

    item: str
    """The ids of the record in both readings, `-` where one lacks it, or a sentence's span."""
    field: str | None
    """What differs; None for the record or the negative as a whole."""
    about: str
    values: tuple[Any, Any]
    """The first and the second reader's; None where there is nothing."""
    choices: tuple[str, ...]
    quotes: tuple[str, ...]
    """The sentences that it is about."""

    @property
    def key(self) -> str:
        """What its decision is kept by."""
        return f"{self.item} {self.field or ''}".strip()


@dataclass(frozen=True)
class Readings:
    """Two readings of one article: the records that both have, and the others."""

    article: Article
    form: Form
    first: Document
    second: Document

    def align(self) -> list[tuple[Document | None, Document | None, Pair | None]]:
        """Records of both, then of the first only, then of the second only."""
        one, two = self._read(self.first), self._read(self.second)
        pairs = align_items([item for item, _ in one], [item for item, _ in two], self.form)
        raw = {id(item): data for item, data in (*one, *two)}
        both = [(raw[id(pair.gold)], raw[id(pair.predicted)], pair) for pair in pairs]
        paired = {id(item) for pair in pairs for item in (pair.gold, pair.predicted)}
        return [
            *both,
            *((data, None, None) for item, data in one if id(item) not in paired),
            *((None, data, None) for item, data in two if id(item) not in paired),
        ]

    def _read(self, reading: Document) -> list[tuple[Item, Document]]:
        return [
            (read_item(data, self.form, text=self.article.text, id=f"r{number}"), data)
            for number, data in enumerate(reading["records"], start=1)
        ]

    def list_differences(self) -> list[Difference]:
        """Everything to be decided: records, then fields of records, then negatives."""
        found: list[Difference] = []
        for first, second, pair in self.align():
            if pair is None:
                found.append(self._tell_record(first, second))
            elif first is not None and second is not None:
                found += self._compare(first, second, pair)
        return [*found, *self._compare_negatives()]

    def _tell_record(self, first: Document | None, second: Document | None) -> Difference:
        record = first or second or {}
        choices = ("keep", "optional", "drop")
        return Difference(
            name_item(first, second), None, self._name_act(record), (first, second), choices,
            _list_quotes(record),
        )  # fmt: skip

    def _compare(self, first: Document, second: Document, pair: Pair) -> Iterator[Difference]:
        about, quotes = self._name_act(first), _list_quotes(first, second)
        for name, choices in self._list_differing(first, second, pair):
            values = (first.get(name), second.get(name))
            yield Difference(name_item(first, second), name, about, values, choices, quotes)

    def _list_differing(
        self, first: Document, second: Document, pair: Pair
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The names of what differs, and how it can be settled."""
        sides = ("first", "second")
        if not _accepts(first, second, "kind"):
            yield "kind", (*sides, "accept both")
        for field in self.form.fields_of(pair.gold.kind, pair.predicted.kind):
            likeness = pair.fields.get(field.name)
            if field.shape == "choice":
                if not _accepts(first, second, field.name):
                    yield field.name, (*sides, "accept both")
            elif likeness is not None and likeness.verdict not in RIGHT:
                yield field.name, (*sides, *(("union",) if field.shape == "parties" else ()))
        if pair.gold.spans != pair.predicted.spans:
            yield "evidence", (*sides, "union")
        if pair.gold.is_optional != pair.predicted.is_optional:
            yield "optional", sides

    def _name_act(self, record: Document) -> str:
        """The first phrase of a record, which says what is done."""
        kind = str(record.get("kind") or next(iter(self.form.kinds)))
        phrases = [field.name for field in self.form.fields_of(kind) if field.shape == "phrase"]
        return str(record.get(phrases[0]) or "") if phrases else kind

    def _compare_negatives(self) -> Iterator[Difference]:
        first, second = (_by_span(reading) for reading in (self.first, self.second))
        for span in sorted(first.keys() | second.keys()):
            one, two = first.get(span), second.get(span)
            item, known = f"{span[0]}-{span[1]}", one or two or {}
            quotes = (str(known.get("quote") or ""),)
            if one is None or two is None:
                yield Difference(item, None, "negative", (one, two), ("keep", "drop"), quotes)
            elif one.get("type") != two.get("type"):
                yield Difference(item, "type", "negative", (one, two), ("first", "second"), quotes)


def name_item(first: Document | None, second: Document | None) -> str:
    """A record by its ids in both readings."""
    return "|".join(str(each["id"]) if each else "-" for each in (first, second))


def _accepts(first: Document, second: Document, name: str) -> bool:
    """Whether two choices are the same, or either reader accepts the other's."""
    one, two = first.get(name), second.get(name)
    accepted = [*(first.get("accept") or {}).get(name, ())]
    return one == two or two in accepted or one in (second.get("accept") or {}).get(name, ())


def _list_quotes(*records: Mapping[str, Any]) -> tuple[str, ...]:
    quotes = {(q["start"], q["end"]): str(q["quote"]) for one in records for q in one["evidence"]}
    return tuple(quotes[span] for span in sorted(quotes))


def _by_span(reading: Document) -> dict[tuple[int, int], Document]:
    return {(one["start"], one["end"]): one for one in reading["negatives"]}
