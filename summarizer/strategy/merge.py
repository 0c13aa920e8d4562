"""merge: reports of one commitment become one record with several sentences of evidence."""

import functools
import math
from collections.abc import Sequence
from typing import Any, TypeGuard

from summarizer.article.sentences import DOUBLE_QUOTES
from summarizer.draft import actors_of, record_fields
from summarizer.grounding import list_numbers, list_stems
from summarizer.records import Evidence, Party, Record, Timeframe
from summarizer.strategy.likeness import Likeness
from summarizer.strategy.phrasing import MOST_WORDS
from summarizer.task.probe import Logit

SAME_ACT = 0.75
"""Share of an act's telling words from which another of the same parties is that act again: 50 of
53 such pairs of labelled reports were (docs/experiments.md)."""

LEAD = 3
"""The number of the last sentence that can be the lead; the headline, and often a caption, stand
before it."""


def merge_records(
    records: Sequence[Record], likeness: Likeness, *, alike: float, bond: Logit | None = None
) -> tuple[Record, ...]:
    """The records with those that report the same act of the same parties made one.

    `alike` is how alike two acts must be, from 0 to 100; a bond, which is fitted to labelled
    articles, decides in its place where there is one. The result stands in the order of the first
    evidence.
    """
    if bond is not None:
        return _sort(_merge_bound(records, likeness, bond))
    merged = tuple(records)
    while len(joined := _merge_once(merged, likeness, alike)) < len(merged):
        merged = joined  # a joined record names more parties, so it may now be one with another
    return _sort(merged)


def _sort(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.evidence[0].start))


def _merge_bound(records: Sequence[Record], likeness: Likeness, bond: Logit) -> tuple[Record, ...]:
    """Each record joined to the group that it is most likely one with."""
    groups: list[list[Record]] = []
    for record in records:
        shares = [_bind(group, record, likeness, bond) for group in groups]
        best = max(range(len(groups)), key=lambda n: shares[n], default=None)
        if best is None or shares[best] < bond.threshold:
            groups.append([record])
        else:
            groups[best].append(record)
    return tuple(functools.reduce(_join, group) for group in groups)


def _bind(group: Sequence[Record], record: Record, likeness: Likeness, bond: Logit) -> float:
    """How likely a record is one with a group: between its mean probability of being one with the
    members and the highest, as a sentence often goes on about one of them only.

    1 where it is the act of a member again; 0 where something sets it apart from one: its kind, an
    amount, a day, somebody else on the other side, or that one sentence tells of both as two.
    """
    if any(are_apart(member, record) or are_told_together(member, record) for member in group):
        return 0.0
    told = [compare_reports(member, record, likeness) for member in group]
    same = [_actors(member) == _actors(record) for member in group]
    if any(of and signs["act_words"] >= SAME_ACT for of, signs in zip(same, told, strict=True)):
        return 1.0
    shares = [bond.weigh(signs) for signs in told]
    return (max(shares) + sum(shares) / len(shares)) / 2


def are_apart(first: Record, second: Record) -> bool:
    """Whether two reports cannot be of one commitment, whatever else speaks for it."""
    if type(first) is not type(second):
        return True
    return not (_agree(_amounts(first), _amounts(second)) and _sides_agree(first, second))


def are_told_together(first: Record, second: Record) -> bool:
    """Whether the two are acts of one sentence."""
    return first.evidence[0].sentence == second.evidence[0].sentence


def _sides_agree(first: Record, second: Record) -> bool:
    """Whether times and parties other than those who act can be of one commitment."""
    actors = actors_of(type(first))
    return all(
        _may_agree(getattr(first, field.name), getattr(second, field.name))
        for field in record_fields(type(first))
        if field.name != actors
    )


def compare_reports(first: Record, second: Record, likeness: Likeness) -> dict[str, float]:
    """What speaks for two reports of one kind being of one commitment, as named numbers."""
    acts = (read_act(first), read_act(second))
    before, after = sorted((first.evidence[0], second.evidence[0]), key=lambda one: one.sentence)
    ours, theirs = _actors(first), _actors(second)
    return {
        "act": likeness.compare(*acts) / 100.0,
        "act_words": likeness.overlap(*acts),
        "act_verb": float(_read_verb(acts[0]) == _read_verb(acts[1])),
        "act_amounts": float(bool(_amounts(first) & _amounts(second))),
        "sentence": likeness.overlap(before.quote, after.quote),
        "sentence_amounts": float(bool(list_numbers(before.quote) & list_numbers(after.quote))),
        "apart": math.log1p(after.sentence - before.sentence),
        "opening": float(before.sentence == 1),
        "quoted_before": float(_holds_speech(before.quote)),
        "quoted_after": float(_holds_speech(after.quote)),
        "actors": len(ours & theirs) / max(1, len(ours | theirs)),
        "actors_agree": float(_agree(ours, theirs)),
        "actors_apart": float(bool(ours and theirs) and not ours & theirs),
        "headline": float(before.sentence == 1 and after.sentence <= LEAD),
        **_sign_links(after.quote, likeness, is_next=after.sentence - before.sentence == 1),
    }


def _sign_links(sentence: str, likeness: Likeness, *, is_next: bool) -> dict[str, float]:
    """Whether the words of each link stand in the later sentence, and in the very next one."""
    found = likeness.list_links(sentence)
    return {f"link {name}": float(stands) for name, stands in found.items()} | {
        f"link {name} next": float(stands and is_next) for name, stands in found.items()
    }


def _amounts(record: Record) -> frozenset[str]:
    """The numbers in what is done."""
    return list_numbers(read_act(record))


def _read_verb(act: str) -> list[str]:
    return list_stems(act)[:1]


def _holds_speech(sentence: str) -> bool:
    return any(mark in sentence for mark in DOUBLE_QUOTES)


def _merge_once(records: Sequence[Record], likeness: Likeness, alike: float) -> tuple[Record, ...]:
    groups: list[list[Record]] = []
    for record in records:
        group = _find_group(record, groups, likeness, alike)
        if group is None:
            groups.append([record])
        else:
            group.append(record)
    return tuple(functools.reduce(_join, group) for group in groups)


def _find_group(
    record: Record, groups: Sequence[list[Record]], likeness: Likeness, alike: float
) -> list[Record] | None:
    """The group with the most alike report of the same commitment, None where there is none."""
    best, found = alike, None
    for group in groups:
        if not all(_could_be_one(member, record) for member in group):
            continue
        for other in group:
            score = likeness.compare(read_act(other), read_act(record))
            if score > best or (score == best and found is None):
                best, found = score, group
    return found


def _could_be_one(first: Record, second: Record) -> bool:
    """Same kind, the same actors or a part of them, and nothing that sets the two apart: another
    amount, another day, somebody else on the other side."""
    return _agree(_actors(first), _actors(second)) and not are_apart(first, second)


def _agree(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether one side says no more than the other, or nothing."""
    return ours <= theirs or theirs <= ours


def _may_agree(ours: object, theirs: object) -> bool:
    """Whether two values of one field can be of one commitment."""
    if isinstance(ours, Timeframe) and isinstance(theirs, Timeframe):
        return (ours.start, ours.end) == (theirs.start, theirs.end) or _is_vague(ours, theirs)
    if _are_parties(ours) and _are_parties(theirs):
        return bool({party.identity for party in ours} & {party.identity for party in theirs})
    return True


def _is_vague(ours: Timeframe, theirs: Timeframe) -> bool:
    return _is_undated(ours) or _is_undated(theirs)


def _is_undated(time: Timeframe) -> bool:
    return time.start is None and time.end is None


def _are_parties(value: object) -> TypeGuard[tuple[Party, ...]]:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Party)


def _actors(record: Record) -> frozenset[str]:
    """The identities of those who act."""
    name = actors_of(type(record))
    return frozenset(party.identity for party in getattr(record, name)) if name else frozenset()


def read_act(record: Record) -> str:
    """The first phrase of a record: what is done."""
    name = _act_of(type(record))
    return str(getattr(record, name) or "") if name else ""


def _act_of(record: type[Record]) -> str | None:
    return next((field.name for field in record_fields(record) if field.shape == "phrase"), None)


def _is_longer(act: str, other: str) -> bool:
    """Whether an act says more than another, and is not so long that it may have been cut."""
    return len(other.split()) < len(act.split()) < MOST_WORDS


def _join(first: Record, second: Record) -> Record:
    """The fuller of the two, with what it lacks from the other; parties and evidence of both.

    Of the two acts the longer one counts, as a headline is short of words, unless it may be cut; of
    two times one with days, as a headline says "soon" where the text names the day.
    """
    fuller, other = sorted((first, second), key=_count_filled, reverse=True)
    changes: dict[str, Any] = {"evidence": _unite(first.evidence, second.evidence)}
    act, longer = _act_of(type(fuller)), _is_longer(read_act(other), read_act(fuller))
    for field in record_fields(type(fuller)):
        ours, theirs = getattr(fuller, field.name), getattr(other, field.name)
        if field.shape == "parties":
            changes[field.name] = tuple({p.identity: p for p in (*theirs, *ours)}.values())
        elif _lacks(ours, theirs) or (field.name == act and longer):
            changes[field.name] = theirs
    return fuller.model_copy(update=changes)


def _lacks(ours: object, theirs: object) -> bool:
    """Whether a value is none, or a time without days where the other has some."""
    if isinstance(ours, Timeframe) and isinstance(theirs, Timeframe):
        return _is_undated(ours) and not _is_undated(theirs)
    return ours is None


def _count_filled(record: Record) -> int:
    """How much a record says: its filled fields and its parties."""
    fields = record_fields(type(record))
    filled = sum(getattr(record, field.name) is not None for field in fields if field.nullable)
    return filled + len(_actors(record))


def _unite(first: Sequence[Evidence], second: Sequence[Evidence]) -> tuple[Evidence, ...]:
    by_number = {item.sentence: item for item in (*first, *second)}
    return tuple(by_number[number] for number in sorted(by_number))
