"""Threads: reports of one commitment, across articles and over time, linked together."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from summarizer.ledger.entry import Entry, Link, Member, Role, Thread
from summarizer.ledger.grouping import Scores, group_reports
from summarizer.ledger.likeness import (
    Report,
    are_apart,
    count_days,
    count_words,
    measure,
    read_report,
    score,
    share_words,
)
from summarizer.ledger.wording import Vocabulary, read_words

THRESHOLD: Final = 0.5
"""How likely two reports must be of one commitment to be linked, unless the user says otherwise."""

REPEAT_DAYS: Final = 3
"""Days within which another report of the same is the same news."""

WINDOW: Final = 100
"""Reports after it, in order of time, with which one is compared for the sake of one word."""


def link_threads(
    entries: Sequence[Entry],
    vocabularies: Mapping[str, Vocabulary],
    *,
    threshold: float = THRESHOLD,
    least: int = 2,
) -> list[Thread]:
    """The threads of at least `least` reports, the longest first.

    `vocabularies` are those of the tasks; reports of two tasks are never linked. An entry of a
    task without a vocabulary is in no thread but its own.
    """
    found: list[Thread] = []
    for task, known in vocabularies.items():
        ordered = sorted((one for one in entries if one.task == task), key=_when)
        reports = [read_report(entry, known) for entry in ordered]
        vocabulary = count_words(reports, known)
        scores = _score_pairs(reports, vocabulary)
        for group in group_reports(len(reports), scores, threshold=threshold):
            if len(group) >= least:
                found.append(_make_thread(group, reports, scores, vocabulary))
    return sorted(found, key=lambda one: (-len(one.members), one.members[0].entry.id))


def _score_pairs(reports: Sequence[Report], vocabulary: Vocabulary) -> Scores:
    """The scores of all pairs that may be of one commitment; 0 for those that cannot be."""
    return {
        (n, m): 0.0
        if are_apart(reports[n], reports[m], vocabulary)
        else score(measure(reports[n], reports[m], vocabulary), _weights())
        for n, m in _list_candidates(reports, vocabulary)
    }


def _list_candidates(
    reports: Sequence[Report], vocabulary: Vocabulary
) -> Iterator[tuple[int, int]]:
    """Pairs that share somebody who takes part and a word that is not commonplace, each once.

    Of a word that very many reports share, each is compared with the next ones only.
    """
    by_word: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, report in enumerate(reports):
        telling = [stem for stem in report.act if stem not in vocabulary.commonplace]
        for party, stem in itertools.product(sorted(report.circle), telling):
            by_word[party, stem].append(number)
    pairs = (
        (number, other)
        for numbers in by_word.values()
        for place, number in enumerate(numbers)
        for other in numbers[place + 1 : place + 1 + WINDOW]
    )
    return iter(dict.fromkeys(pairs))


def _make_thread(
    group: Sequence[int], reports: Sequence[Report], scores: Scores, vocabulary: Vocabulary
) -> Thread:
    links = _order_links(group, reports, scores)
    entries = [reports[number].entry for number, _ in links]
    members = []
    for place, (number, nearest) in enumerate(links):
        told = None if nearest is None else (reports[nearest], scores[_pair(number, nearest)])
        members.append(_make_member(reports[number], told, entries[:place], vocabulary))
    return Thread(
        label=_find_label(group, reports, scores),
        members=tuple(members),
        parties=_list_parties(entries),
        articles=len({entry.key for entry in entries}),
        outlets=len({entry.source for entry in entries if entry.source}),
    )


def _order_links(
    group: Sequence[int], reports: Sequence[Report], scores: Scores
) -> list[tuple[int, int | None]]:
    """Each report of a group with the earlier one it is most alike, None for the first one.

    They go day by day; of one day, what is most alike an earlier report comes first.
    """
    best: dict[int, tuple[float, int | None]] = dict.fromkeys(group, (0.0, None))
    links: list[tuple[int, int | None]] = []
    while best:
        earliest = min(best)  # numbers are in order of time
        day = reports[earliest].entry.date
        same_day = [number for number in best if reports[number].entry.date == day]
        number = max(same_day, key=lambda one: (best[one][0], -one)) if links else earliest
        links.append((number, best.pop(number)[1]))
        for other, (likely, _) in best.items():
            found = scores.get(_pair(number, other), 0.0)
            if found > likely:
                best[other] = (found, number)
    return links


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _weights() -> Mapping[str, float]:
    weights: Mapping[str, float] = read_words()["weights"]
    return weights


def _when(entry: Entry) -> tuple[bool, str, bool, str]:
    """Dated ones by their dates; of one day, what is told as news before what is recalled."""
    date = entry.date.isoformat() if entry.date else ""
    return not date, date, _says(entry, "recalled"), entry.id


def _make_member(
    report: Report,
    told: tuple[Report, float] | None,
    before: Sequence[Entry],
    vocabulary: Vocabulary,
) -> Member:
    entry = report.entry
    if not before:
        role: Role = "first seen" if _says(entry, "earlier") else "first made"
        return Member(entry=entry, role=role, link=None)
    link = None if told is None else _make_link(report, *told, vocabulary)
    return Member(entry=entry, role=_find_role(entry, before), link=link)


def _make_link(report: Report, nearest: Report, likely: float, vocabulary: Vocabulary) -> Link:
    return Link(
        to=nearest.entry.id,
        score=round(likely, 3),
        parties=tuple(sorted(_show(party) for party in report.circle & nearest.circle)),
        words=share_words(report, nearest, vocabulary),
        days=count_days(report.entry, nearest.entry),
    )


def _find_role(entry: Entry, before: Sequence[Entry]) -> Role:
    if _says(entry, "recalled"):
        return "recalled"
    days = [count_days(entry, one) for one in before]
    if any(day is not None and day <= REPEAT_DAYS for day in days):
        return "repeated"
    return "reaffirmed"


def _says(entry: Entry, what: str) -> bool:
    """Whether a choice of the entry says that the commitment is `earlier`, or `recalled`."""
    values: Sequence[str] = read_words()[what]
    return any(value in values for value in entry.fields.values())


def _show(party: str) -> str:
    return party.removeprefix("=")


def _list_parties(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The identities of those who take part, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for entry in entries:
        for identity in {party.identity for party in entry.parties}:
            counts[identity] += 1
    return tuple(sorted(counts, key=lambda identity: (-counts[identity], identity)))


def _find_label(group: Sequence[int], reports: Sequence[Report], scores: Scores) -> str:
    """The act that is most alike all others."""

    def sum_up(number: int) -> float:
        return sum(scores.get(_pair(number, other), 0.0) for other in group if other != number)

    return reports[max(group, key=sum_up)].entry.act
