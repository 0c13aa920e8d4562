"""Settlement: what was decided on the differences of two readers, written as the fixture."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article
from summarizer.desk.casebook import Place
from summarizer.desk.difference import Difference, Document, Readings, name_item
from summarizer.desk.draft import Decision, Labels
from summarizer.desk.fixture import (
    Answer,
    Records,
    check_documents,
    compose_gold,
    read_document,
    write_documents,
)
from summarizer.errors import UsageError
from summarizer.evaluation.document import read_json
from summarizer.evaluation.labels.case import GOLD
from summarizer.evaluation.labels.label import reading_type
from summarizer.evaluation.labels.ruling import RULINGS, Option, Ruling, read_rulings, write_rulings
from summarizer.evaluation.scoring.item import read_form

FIRST, SECOND = 0, 1


def read_readings(
    place: Place, article: Article, names: Sequence[str], records: Records
) -> Readings:
    """The labels of two readers.

    Raises UsageError for a name that has none, ConfigurationError for a file that cannot be used.
    """
    known = place.list_readers()
    if len(set(names)) != 2 or not set(names) <= set(known):
        raise UsageError(
            f"two of these readers can be compared: {', '.join(known) or 'nobody yet'}"
        )
    first, second = (
        read_json(place.reading(name), reading_type(records)).model_dump(mode="json")
        for name in names
    )
    return Readings(article, read_form(records), first, second)


@dataclass(frozen=True, slots=True)
class Settlement:
    """Two readings, by whom they are, and what was decided by whom."""

    place: Place
    readings: Readings
    names: tuple[str, str]
    decisions: Mapping[str, Decision]
    by: str

    def save(
        self, labels: Labels, records: Records, *, today: datetime.date, replaces: bool
    ) -> Answer:
        """Write the fixture and the rulings; refused while anything is undecided or wrong.

        `labels` give the source; an old fixture that is other than this is replaced if said so.
        """
        differences = self.readings.list_differences()
        open_ = [one for one in differences if self._choose(one) is None]
        if open_:
            return Answer("invalid", f"{len(open_)} of {len(differences)} are undecided.")
        gold = self._compose(labels, records)
        problems = check_documents(
            self.place, self.readings.article, {self.place.gold: gold}, records
        )
        notes = tuple(problem for problem in problems if problem.level == "note")
        if len(notes) < len(problems):
            return Answer("invalid", "Nothing is saved yet: see what has to be mended.", problems)
        old = read_document(self.place.gold)
        if old and not replaces and any(old.get(n) != gold[n] for n in ("records", "negatives")):
            return Answer("question", f"There is a {GOLD} already. Replace it by what is settled?")
        files = write_documents(self.place, {self.place.gold: gold})
        self._record(differences, today)
        files = (*files, RULINGS) if differences else files
        return Answer("saved", f"Saved: {', '.join(files)}.", notes, files)

    def _choose(self, difference: Difference) -> str | None:
        decision = self.decisions.get(difference.key)
        return decision.choice if decision and decision.choice in difference.choices else None

    def _compose(self, labels: Labels, records: Records) -> Document:
        chosen = sorted(self._settle_records(), key=lambda one: one["evidence"][0]["start"])
        named = [{**one, "id": f"r{number}"} for number, one in enumerate(chosen, start=1)]
        old = read_document(self.place.gold)
        seen = [
            r.get("pre_annotated_by_model") for r in (self.readings.first, self.readings.second)
        ]
        settled = Labels(
            source=labels.source,
            records=tuple(named),
            negatives=tuple(self._settle_negatives(named)),
            notes=str(old.get("notes") or ""),
        )
        model = ", ".join(dict.fromkeys(filter(None, seen))) or None
        return compose_gold(settled, old, place=self.place, records=records, model=model)

    def _settle_records(self) -> Iterator[Document]:
        differing = {(one.item, one.field): one for one in self.readings.list_differences()}
        for first, second, _ in self.readings.align():
            item, record = name_item(first, second), dict(first or second or {})
            if first is None or second is None:
                choice = self._choose(differing[item, None])
                if choice != "drop":
                    yield record | ({"optional": True} if choice == "optional" else {})
                continue
            accept = {**(second.get("accept") or {}), **(record.get("accept") or {})}
            record["accept"] = accept
            for name in second.keys() | first.keys():
                if (item, name) in differing:
                    choice = self._choose(differing[item, name])
                    record |= _pick(name, first.get(name), second.get(name), str(choice))
                    if choice == "accept both":
                        accept[name] = [first.get(name), second.get(name)]
            yield record

    def _settle_negatives(self, records: Sequence[Document]) -> Iterator[Document]:
        """Those of either reader that were kept and are evidence of no record."""
        spans = [(q["start"], q["end"]) for one in records for q in one["evidence"]]
        differing = {
            one.item: one for one in self.readings.list_differences() if "|" not in one.item
        }
        known: dict[str, tuple[Document | None, Document | None]] = {}
        for place, reading in enumerate((self.readings.first, self.readings.second)):
            for one in reading["negatives"]:
                pair = list(known.get(f"{one['start']}-{one['end']}", (None, None)))
                pair[place] = one
                known[f"{one['start']}-{one['end']}"] = (pair[FIRST], pair[SECOND])
        for item, (first, second) in known.items():
            choice = self._choose(differing[item]) if item in differing else "first"
            one = second if choice == "second" else first or second
            if one and choice != "drop" and not _overlaps(one, spans):
                yield one

    def _record(self, differences: Sequence[Difference], today: datetime.date) -> None:
        """Add the rulings that are new; earlier ones stay as they were."""
        path = self.place.folder / RULINGS
        old = read_rulings(path)
        known = {(one.item, one.field, one.decision) for one in old}
        made = [self._rule(difference, today) for difference in differences]
        new = [one for one in made if (one.item, one.field, one.decision) not in known]
        if new:
            write_rulings(path, [*old, *new])

    def _rule(self, difference: Difference, today: datetime.date) -> Ruling:
        decision = self.decisions[difference.key]
        return Ruling(
            item=difference.item,
            about=difference.about,
            field=difference.field,
            options=tuple(
                Option(by=name, value=value)
                for name, value in zip(self.names, difference.values, strict=True)
            ),
            decision=self._name_decision(decision.choice),
            rationale=decision.rationale.strip(),
            by=self.by,
            date=today,
        )

    def _name_decision(self, choice: str) -> str:
        """The reader whose answer stands, or the word itself."""
        return dict(zip(("first", "second"), self.names, strict=True)).get(choice, choice)


def _pick(name: str, first: Any, second: Any, choice: str) -> Document:
    if choice == "second":
        return {name: second}
    if choice == "union":
        return {name: _unite(first or [], second or [])}
    return {name: first}


def _unite(first: Sequence[Document], second: Sequence[Document]) -> list[Document]:
    """Quotes by their place and parties by who they are, each once."""

    def name(one: Document) -> Any:
        return (one["start"], one["end"]) if "start" in one else one.get("code") or one.get("name")

    return list({name(one): one for one in (*second, *first)}.values())


def _overlaps(quote: Document, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < quote["end"] and quote["start"] < end for start, end in spans)
