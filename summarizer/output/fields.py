"""Fields of a record laid out by their types, and what each says in words."""

from dataclasses import dataclass
from typing import Final

from summarizer.draft import RecordField, Shape, record_fields
from summarizer.output.characters import make_inert
from summarizer.records import Party, Record, Summary, Timeframe

NOTHING: Final = "Nothing of the kind is reported."


@dataclass(frozen=True, slots=True)
class Card:
    """One record in the order in which people read it; all text is inert and on one line.

    `headline` is who → what → to whom; `choices` the values of its choices; `details` the
    remaining fields that say something, as label and text; `quotes` the evidence with the
    numbers of the sentences.
    """

    headline: str
    choices: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    quotes: tuple[tuple[int, str], ...]


def ordered_fields(record_type: type[Record]) -> tuple[RecordField, ...]:
    """The fields in the order in which people read them: the discriminator first, evidence last."""
    return tuple(sorted(record_fields(record_type), key=lambda one: one.shape == "evidence"))


@dataclass(frozen=True, slots=True)
class Layout:
    """Which fields of a type of record stand where: who → what → to whom, choices, the rest."""

    actors: str | None
    """The first field of parties: who acts."""
    act: str | None
    """The first phrase: what is done."""
    receivers: tuple[str, ...]
    """The other fields of parties."""
    choices: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    """The remaining fields: what people call each, and its name."""


def lay_out(record_type: type[Record]) -> Layout:
    """The layout of a type of record, by the types of its fields."""
    fields = ordered_fields(record_type)
    actors, phrases = _names(fields, "party", "parties"), _names(fields, "phrase")
    times = _names(fields, "timeframe")
    labels = {times[0]: "when"} if len(times) == 1 else {}
    details = ((labels.get(name) or show_name(name), name) for name in (*times, *phrases[1:]))
    return Layout(
        actors=next(iter(actors), None),
        act=next(iter(phrases), None),
        receivers=actors[1:],
        choices=_names(fields, "choice"),
        details=tuple(details),
    )


def make_card(record: Record) -> Card:
    """The record as people read it: first parties → first phrase → the other parties."""
    layout = lay_out(type(record))
    parts = [
        show_field(record, name) for name in (layout.actors, layout.act, *layout.receivers) if name
    ]
    details = [(label, show_field(record, name)) for label, name in layout.details]
    choices = [show_field(record, name) for name in layout.choices]
    return Card(
        headline=" → ".join(part for part in parts if part) or "-",
        choices=tuple(choice for choice in choices if choice),
        details=tuple((label, text) for label, text in details if text),
        quotes=tuple(
            (one.sentence, make_inert(" ".join(one.quote.split()))) for one in record.evidence
        ),
    )


def show_name(name: str) -> str:
    """The name of a field, or a value of a choice, as words."""
    return name.replace("_", " ")


def show_field(record: Record, name: str) -> str:
    """The field's value in words, inert and on one line; empty where it says nothing."""
    return make_inert(_shown(getattr(record, name)))


def show_title(summary: Summary) -> str:
    """The article's title, or its identity where it has none."""
    return make_inert(summary.article.title or summary.article.id)


def show_origin(summary: Summary) -> str:
    """Date, outlet and identity of the article, as far as they are known."""
    article = summary.article
    known = (str(article.date) if article.date else None, article.source, article.id)
    return " · ".join(make_inert(one) for one in known if one)


def show_rejected(summary: Summary) -> str:
    """How many answers a check refused and why; empty for none."""
    counts: dict[str, int] = {}
    for one in summary.rejected:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    if not counts:
        return ""
    reasons = ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in counts.items())
    return make_inert(f"{len(summary.rejected)} rejected: {reasons}")


def show_warnings(summary: Summary) -> tuple[str, ...]:
    """A line for each place where something in the article seems meant for a machine."""
    return tuple(make_inert(f"suspected injection: {one}") for one in summary.warnings)


def show_cost(summary: Summary) -> str:
    """Model, calls, tokens read and written, and seconds."""
    usage = summary.provenance.usage
    calls = f"{usage.calls} call" + ("" if usage.calls == 1 else "s")
    tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"
    return make_inert(
        f"{summary.provenance.model.name} · {calls} · {tokens} · {summary.provenance.seconds:.1f} s"
    )


def values_of(value: object) -> tuple[object, ...]:
    """One value, several, or none, as a tuple."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple) else (value,)


def _shown(value: object) -> str:
    if isinstance(value, Timeframe):
        return f"{value.text}{_dates(value)}"
    if isinstance(value, Party):
        same = value.identity.casefold() == value.name.casefold()
        return value.name if same else f"{value.name} ({value.identity})"
    if isinstance(value, tuple):
        return ", ".join(_shown(one) for one in value)
    return "" if value is None else str(value)


def _dates(timeframe: Timeframe) -> str:
    start, end = timeframe.start, timeframe.end
    if start and end:
        return f" ({start})" if start == end else f" ({start} – {end})"
    return f" (from {start})" if start else f" (by {end})" if end else ""


def _names(fields: tuple[RecordField, ...], *shapes: Shape) -> tuple[str, ...]:
    return tuple(one.name for one in fields if one.shape in shapes)
