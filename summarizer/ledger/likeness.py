"""Likeness: how likely two reports are of one commitment, and what sets two apart for certain."""

import datetime
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from summarizer.ledger.entry import Entry
from summarizer.ledger.wording import Vocabulary, list_amounts, read_opening
from summarizer.party import find_countries

YEAR: Final = 365.25

FEW: Final = 0.5
"""What two acts must weigh together for their words to count: common words alone tell little."""


@dataclass(frozen=True, slots=True)
class Report:
    """What of an entry is compared. `circle` are all who take part, also those the act names."""

    entry: Entry
    actors: frozenset[str]
    circle: frozenset[str]
    act: Mapping[str, str]
    """Stems of the act, each with its word."""
    context: frozenset[str]
    """Stems of act, evidence and title."""
    opening: frozenset[str]
    amounts: frozenset[str]
    start: datetime.date | None
    end: datetime.date | None


def read_report(entry: Entry, vocabulary: Vocabulary) -> Report:
    """What of an entry is compared with others."""
    actors = frozenset(map(_identify, entry.list_parties("acts")))
    named = {f"={mention.code}" for mention in find_countries(entry.act)}
    circle = frozenset({*map(_identify, entry.parties), *named})
    act = vocabulary.read(entry.act, sides=len(circle))
    told = vocabulary.read(f"{entry.quote} {entry.title or ''}", sides=len(circle))
    return Report(
        entry=entry,
        actors=actors,
        circle=circle,
        act=act,
        context=frozenset({*act, *told}),
        opening=read_opening(entry.act),
        amounts=list_amounts(entry.act),
        start=_read_bound(entry, "_start"),
        end=_read_bound(entry, "_end"),
    )


def count_words(reports: Sequence[Report], vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with how many of these reports have each word of an act."""
    counts = Counter(stem for report in reports for stem in report.act)
    return vocabulary.count(counts, reports=len(reports))


def are_apart(first: Report, second: Report, vocabulary: Vocabulary) -> bool:
    """Whether two reports cannot be of one commitment, whatever else speaks for it.

    One sentence tells of both as two; they name different amounts, or terms that do not meet; one
    act undoes the other; or nobody who acts in one takes part in the other.
    """
    ours, theirs = first.entry, second.entry
    if ours.key == theirs.key and _first_sentence(ours) == _first_sentence(theirs):
        return True
    if not (first.actors & second.circle and second.actors & first.circle):
        return True
    if not (first.amounts <= second.amounts or second.amounts <= first.amounts):
        return True
    return _terms_miss(first, second) or vocabulary.are_opposed(first.opening, second.opening)


def measure(first: Report, second: Report, vocabulary: Vocabulary) -> dict[str, float]:
    """What speaks for two reports being of one commitment, as named numbers from 0 to 1."""
    days = count_days(first.entry, second.entry)
    return {
        "act": _compare_acts(first, second, vocabulary),
        "context": _compare_contexts(first, second, vocabulary),
        "parties": len(first.circle & second.circle) / len(first.circle | second.circle),
        "actors": len(first.actors & second.actors) / len(first.actors | second.actors),
        "partners": _compare_circles(first.circle, second.circle),
        "choices": _compare_choices(first.entry, second.entry, vocabulary.choices),
        "time": 0.5 if days is None else 1.0 / (1.0 + days / YEAR),
    }


def score(measures: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability, from 0 to 1, that two reports are of one commitment."""
    odds = weights["bias"] + sum(weights[name] * value for name, value in measures.items())
    return 1.0 / (1.0 + math.exp(-odds))


def share_words(first: Report, second: Report, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words of the first act that the other report has too, the most telling ones first."""
    shared = [stem for stem in first.act if stem in second.context]
    shared.sort(key=vocabulary.weigh, reverse=True)
    return tuple(first.act[stem] for stem in shared)


def count_days(first: Entry, second: Entry) -> int | None:
    """Days between the articles of two reports; None where one has no date."""
    if first.date is None or second.date is None:
        return None
    return abs((first.date - second.date).days)


def _identify(party: object) -> str:
    code, identity = getattr(party, "code", None), getattr(party, "identity", "")
    return f"={code}" if code else identity.casefold()


def _read_bound(entry: Entry, ending: str) -> datetime.date | None:
    """The first day of its kind that the fields give."""
    found = (value for name, value in entry.fields.items() if name.endswith(ending) and value)
    text = next(found, None)
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _first_sentence(entry: Entry) -> str:
    return entry.sentences.split(";", 1)[0]


def _terms_miss(first: Report, second: Report) -> bool:
    """Whether both name a term with two ends, and the terms have no day in common."""
    if not (first.start and first.end and second.start and second.end):
        return False
    return first.end < second.start or second.end < first.start


def _compare_circles(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """1 where one circle holds the other; less, the more each has that the other lacks."""
    return len(ours & theirs) / min(len(ours), len(theirs))


def _compare_acts(first: Report, second: Report, vocabulary: Vocabulary) -> float:
    """How much of the telling words two acts share; words spelled nearly alike count in part."""
    ours, theirs = frozenset(first.act), frozenset(second.act)
    shared = _weigh(ours & theirs, vocabulary)
    total = _weigh(ours, vocabulary) + _weigh(theirs, vocabulary)
    by_words = 2 * shared / (total + FEW)
    by_letters = fuzz.token_set_ratio(first.entry.act.casefold(), second.entry.act.casefold())
    return (by_words + max(0.0, by_letters / 50.0 - 1.0)) / 2


def _compare_contexts(first: Report, second: Report, vocabulary: Vocabulary) -> float:
    """How much of each act stands in the other's act, evidence and title: the smaller share."""
    shares = (
        _weigh(frozenset(one.act) & other.context, vocabulary)
        / (_weigh(frozenset(one.act), vocabulary) or 1.0)
        for one, other in ((first, second), (second, first))
    )
    return min(shares)


def _weigh(stems: frozenset[str], vocabulary: Vocabulary) -> float:
    return math.fsum(map(vocabulary.weigh, stems))


def _compare_choices(first: Entry, second: Entry, choices: frozenset[str]) -> float:
    """The share of the choices both make that are the same; the kind is one of them."""
    made = [name for name in choices if first.fields.get(name) and second.fields.get(name)]
    same = [first.kind == second.kind]
    same += [first.fields[name] == second.fields[name] for name in made]
    return sum(same) / len(same)
