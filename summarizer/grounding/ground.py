"""Ground: every check that a draft passes on its way to a record.

Sentence numbers become evidence with offsets, names become parties, words become dates; every
number and name in a record must stand in the article. What fails is mended by a rule where that is
certain, else refused with its reason. Nothing is dropped in silence.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from summarizer.article import Article
from summarizer.draft import RecordField, actors_of, record_fields
from summarizer.grounding.wording import Wording, check_phrase, read_wording, stands_in
from summarizer.party import Cast, find_countries
from summarizer.records import Evidence, Party, Record, Rejection, Timeframe
from summarizer.task import Task
from summarizer.timeframe import resolve_timeframe


@dataclass(frozen=True, slots=True)
class Ground:
    """One article as the checks see it."""

    article: Article
    cast: Cast
    wording: Wording
    leaks: frozenset[str]
    """Names and phrases of the few-shot examples, in lower case."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """A record, or None where the whole answer was refused; and what was refused of it."""

    record: Record | None
    rejected: tuple[Rejection, ...]


class _RefusalError(Exception):
    """One check that an answer failed; caught in this file, never outside."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def prepare_ground(article: Article, task: Task, cast: Cast) -> Ground:
    """Everything that the checks of one article share."""
    return Ground(article, cast, read_wording(article), _read_leaks(task))


@functools.lru_cache(maxsize=8)
def _read_leaks(task: Task) -> frozenset[str]:
    """The names and phrases that only the examples' records hold."""
    found: set[str] = set()
    for example in task.examples:
        for answer in example.records:
            for value in answer.values():
                items = value if isinstance(value, list) else [value]
                found.update(item.lower() for item in items if isinstance(item, str))
    kinds_and_choices = {
        choice.lower()
        for record in task.records.values()
        for field in record_fields(record)
        for choice in field.choices
    }
    return frozenset(found - kinds_and_choices)


def ground_draft(draft: Mapping[str, Any], record: type[Record], ground: Ground) -> Grounded:
    """The record that a draft stands for, and every part of the draft that a check refused."""
    notes: list[Rejection] = []
    try:
        made = _Grounding(ground, notes).build(draft, record)
        return Grounded(made, tuple(notes))
    except _RefusalError as refusal:
        whole = Rejection(reason=refusal.reason, detail=refusal.detail, answer=dict(draft))
        return Grounded(None, (*notes, whole))


class _Grounding:
    """The checks of one draft; `notes` collects what is refused of a record that is kept."""

    def __init__(self, ground: Ground, notes: list[Rejection]) -> None:
        self._ground = ground
        self._notes = notes
        self._evidence: tuple[Evidence, ...] = ()

    def build(self, draft: Mapping[str, Any], record: type[Record]) -> Record:
        self._evidence = self._read_evidence(draft.get("evidence") or [])
        fields = record_fields(record)
        values = {field.name: self._read(field, draft.get(field.name)) for field in fields}
        actors = actors_of(record)
        if actors is None:
            return self._validate(values, record)
        return self._build_with_actors(actors, values, record)

    def _build_with_actors(
        self, actors: str, values: dict[str, Any], record: type[Record]
    ) -> Record:
        """The record with the parties answered; where those will not do, with those that act."""
        self._keep_apart(actors, values)
        try:
            return self._validate(values, record)
        except _RefusalError:
            acting = self._ground.cast.subjects(self._evidence[0].sentence)
            if not acting or acting == values[actors]:
                raise
            mended = {**values, actors: acting}
            self._keep_apart(actors, mended)
            made = self._validate(mended, record)
            self._note_lost(actors, values[actors], acting)
            return made

    def _note_lost(self, actors: str, answered: Sequence[Party], acting: Sequence[Party]) -> None:
        """Say which of the parties answered had to give way to those that act in the sentence."""
        kept = {party.identity for party in acting}
        for party in answered:
            if party.identity not in kept:
                detail = f"{actors}: {party.name!r} does not act in the sentence"
                self._note("not_acting", detail, party.name)

    def _keep_apart(self, actors: str, values: dict[str, Any]) -> None:
        """Nobody is on both sides of a record."""
        acting = {party.identity for party in values[actors]}
        for name, value in values.items():
            if name == actors or not isinstance(value, tuple) or not _are_parties(value):
                continue
            values[name] = tuple(party for party in value if party.identity not in acting)
            for party in value:
                if party.identity in acting:
                    detail = f"{name}: {party.name!r} is one of the {actors}"
                    self._note("on_both_sides", detail, party.name)

    def _validate(self, values: dict[str, Any], record: type[Record]) -> Record:
        try:
            return record.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            detail = f"{place}: {first['msg']}" if place else first["msg"]
            missing = place == "parties" and not values.get("parties")
            raise _RefusalError("unknown_party" if missing else first["type"], detail) from error

    def _read_evidence(self, numbers: Sequence[int]) -> tuple[Evidence, ...]:
        article = self._ground.article
        known = {sentence.number: sentence for sentence in article.content}
        found = [known[number] for number in sorted(set(numbers)) if number in known]
        for number in sorted(set(numbers) - set(known)):
            self._note("no_evidence", f"sentence {number} is not of the article", number)
        if not found:
            raise _RefusalError("no_evidence", "no sentence of the article was named as proof")
        return tuple(
            Evidence(sentence=s.number, start=s.start, end=s.end, quote=article.quote(s))
            for s in found
        )

    def _read(self, field: RecordField, value: Any) -> Any:
        if field.shape == "evidence":
            return self._evidence
        if field.shape == "choice":
            return value
        if field.shape == "parties":
            return self._read_parties(field.name, value or [])
        if value is None or not str(value).strip():
            return self._read_nothing(field)
        if field.shape == "party":
            return next(iter(self._read_parties(field.name, [str(value)])), None)
        text = " ".join(str(value).split())
        return (
            self._read_timeframe(field, text)
            if field.shape == "timeframe"
            else self._read_phrase(field, text)
        )

    def _read_nothing(self, field: RecordField) -> None:
        if not field.nullable:
            raise _RefusalError("empty", f"{field.name} is empty")

    def _read_parties(self, name: str, answered: Sequence[str]) -> tuple[Party, ...]:
        found: dict[str, Party] = {}
        for answer in answered:
            spelling = _close_initials(answer)
            parties = self._ground.cast.resolve(spelling, sentence=self._evidence[0].sentence)
            if not parties:
                leaked = spelling.lower() in self._ground.leaks
                reason = "example_leak" if leaked else "unknown_party"
                self._note(reason, f"{name}: {spelling!r} does not stand in the article", spelling)
            self._note_strangers(name, spelling, known=bool(parties))
            for party in parties:
                found.setdefault(party.identity, party)
        return tuple(found.values())

    def _note_strangers(self, name: str, spelling: str, *, known: bool) -> None:
        """Say which countries of an answer the article never names, where others of it stand."""
        article = self._ground.article
        for mention in find_countries(spelling, language=article.language) if known else ():
            if mention.code not in self._ground.wording.countries:
                detail = f"{name}: {mention.name!r} does not stand in the article"
                self._note("unknown_party", detail, spelling)

    def _read_phrase(self, field: RecordField, text: str) -> str | None:
        if text.lower() in self._ground.leaks and not stands_in(text, self._ground.wording):
            failed: tuple[str, str] | None = ("example_leak", f"{text!r} stands in an example only")
        else:
            failed = check_phrase(text, self._ground.wording)
        if failed is None:
            return text
        self._refuse_part(field, *failed, text)
        return None

    def _read_timeframe(self, field: RecordField, text: str) -> Timeframe | None:
        if not stands_in(text, self._ground.wording):
            detail = f"{text!r} does not stand in the article"
            self._refuse_part(field, "not_in_article", detail, text)
            return None
        article = self._ground.article
        return resolve_timeframe(text, published=article.date, language=article.language)

    def _refuse_part(self, field: RecordField, reason: str, detail: str, answer: object) -> None:
        """A field that may be empty is emptied, with a note; else the record is refused."""
        if not field.nullable:
            raise _RefusalError(reason, f"{field.name}: {detail}")
        self._note(reason, f"{field.name}: {detail}; the record is kept without it", answer)

    def _note(self, reason: str, detail: str, answer: object) -> None:
        self._notes.append(Rejection(reason=reason, detail=detail, answer={"value": answer}))


def _close_initials(name: str) -> str:
    """The name with its initials side by side: models write "U. S." for "U.S."."""
    return re.sub(r"(?<=\b[A-Z]\.) (?=[A-Z]\.)", "", name)


def _are_parties(value: tuple[Any, ...]) -> bool:
    return bool(value) and all(isinstance(item, Party) for item in value)
