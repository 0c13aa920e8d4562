"""Record: a labelled or predicted record as a card of its fields, with a verdict on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.scoring.item import Form, Item, PartyName, Time, Value, read_item
from summarizer.evaluation.scoring.likeness import Verdict
from summarizer.evaluation.scoring.score import PairScore

SIGNS: Mapping[str, str] = {"matched": "✓", "misread": "✗", "unfound": "−", "invented": "+"}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field: its labelled and its predicted value, and what is to be said of the two."""

    name: str
    gold: str
    predicted: str
    verdict: Verdict | None
    """None where there is nothing to compare with."""

    @property
    def sign(self) -> str:
        """The verdict as a sign, for eyes that do not tell the colours apart."""
        return SIGNS.get(self.verdict or "", "")


@dataclass(frozen=True, slots=True)
class Chip:
    """The name of a record on the page, and the key of its marks in the text."""

    key: str
    name: str
    is_marked: bool
    """Whether any of its evidence stands in the text."""


@dataclass(frozen=True, slots=True)
class Card:
    """One pair of records, or one record without a partner."""

    chips: tuple[Chip, ...]
    verdict: str
    """In a few words."""
    tone: str
    """`right`, `partly`, `wrong` or `open`."""
    notes: tuple[str, ...]
    lines: tuple[FieldLine, ...]
    quotes: tuple[str, ...] = ()
    """Evidence that does not stand in the article."""


def read_predicted(answer: Prediction | None, case: Case) -> tuple[Item, ...]:
    """The records of an answer as scoring saw them; none where there is no summary."""
    return tuple(
        read_item(record, case.form, text=case.text, id=f"p{place}")
        for place, record in enumerate(_records(answer))
    )


def _records(answer: Prediction | None) -> Sequence[Mapping[str, Any]]:
    return answer.summary["records"] if answer is not None and answer.summary is not None else ()


def list_false_quotes(answer: Prediction | None, place: int, text: str) -> tuple[str, ...]:
    """The quotes of a predicted record that the article does not have where they should stand."""
    evidence = _records(answer)[place].get("evidence") or ()
    return tuple(
        str(quote["quote"])
        for quote in evidence
        if text[quote["start"] : quote["end"]] != str(quote["quote"])
    )


def name_record(item: Item, form: Form) -> str:
    """What tells a record from others in one line: its kind, and the first phrase that it has."""
    phrases = [field.name for field in form.fields_of(item.kind) if field.shape == "phrase"]
    words = next((str(item.fields[name]) for name in phrases if item.fields.get(name)), "")
    return f"{item.kind}: {words}" if words else item.kind


def show_value(value: Value) -> str:
    """The value of a field in words; nothing where it is absent."""
    if value is None:
        return ""
    if isinstance(value, Time):
        return _show_time(value)
    if isinstance(value, tuple):
        return "; ".join(map(_show_party, value))
    return value


def _show_time(time: Time) -> str:
    if time.start is None and time.end is None:
        return time.text
    if time.start == time.end:
        return f"{time.text} ({time.start})"
    days = [f"from {time.start}"] if time.start else []
    days += [f"until {time.end}"] if time.end else []
    return f"{time.text} ({' '.join(days)})"


def _show_party(party: PartyName) -> str:
    name = party.names[0] if party.names else "?"
    return f"{name} ({party.code})" if party.code else name


def list_pair_lines(gold: Item, predicted: Item, pair: PairScore, form: Form) -> list[FieldLine]:
    """The fields of two aligned records; those that both leave open are left out."""
    kind: Verdict = "matched" if pair.is_typed else "misread"
    accepted = _with_accepted("kind", gold.kind, gold)
    lines = [FieldLine("kind", accepted, predicted.kind, kind)] if len(form.kinds) > 1 else []
    for field in form.fields_of(gold.kind, predicted.kind):
        verdict = pair.fields.get(field.name, "absent")
        if verdict != "absent":
            value = _with_accepted(field.name, show_value(gold.fields.get(field.name)), gold)
            beside = show_value(predicted.fields.get(field.name))
            lines.append(FieldLine(field.name.replace("_", " "), value, beside, verdict))
    return lines


def _with_accepted(name: str, value: str, gold: Item) -> str:
    others = [each for each in gold.accept.get(name, ()) if each != value]
    return " or ".join([value, *others]) if others else value


def list_lines(item: Item, form: Form, *, is_gold: bool) -> list[FieldLine]:
    """The fields of a record that has no partner."""
    values = {"kind": item.kind} if len(form.kinds) > 1 else {}
    values |= {
        field.name.replace("_", " "): show_value(item.fields.get(field.name))
        for field in form.fields_of(item.kind)
    }
    return [
        FieldLine(name, value if is_gold else "", "" if is_gold else value, None)
        for name, value in values.items()
        if value
    ]
