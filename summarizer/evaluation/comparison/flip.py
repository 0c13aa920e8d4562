"""Flip: a case that two runs did not answer alike, and the records that make the difference."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer.evaluation.comparison.scored import Claim, ScoredAnswer
from summarizer.evaluation.scoring.metric import average_epochs
from summarizer.records import Frozen

Outcome = Literal["better", "worse", "even"]
"""Fewer errors, more errors, or as many as before but on other records."""

Event = Literal["found", "lost", "spurious", "dropped"]
"""A label is found now or is not any more; a record without a label was added or is gone."""


class CaseCounts(Frozen):
    """A case's records of the right kind, means over epochs."""

    right: float
    spurious: float
    missing: float


class RecordFlip(Frozen):
    """One label or prediction that the two runs do not share."""

    event: Event
    record: str
    """The label's id, or the prediction's kind and where its evidence stands."""
    base: float
    """In what share of epochs it is there."""
    cand: float
    why: str | None = None
    """Why a prediction is one too many: `unsupported`, `fabricated`, `split` or `wrong kind`."""
    words: str | None = None
    """Null where no run's folder is at hand."""


class Flip(Frozen):
    """A case that differs, with its counts before and after."""

    case: str
    outcome: Outcome
    base: CaseCounts
    cand: CaseCounts
    records: tuple[RecordFlip, ...]


@dataclass(slots=True)
class _Seen:
    """How often a label was found, or a record claimed that is none."""

    share: float = 0.0
    why: str | None = None
    words: str | None = None


def find_flips(
    base: Mapping[str, Sequence[ScoredAnswer]], cand: Mapping[str, Sequence[ScoredAnswer]]
) -> tuple[Flip, ...]:
    """The cases of both that differ in what is right, spurious or missing, by id."""
    shared = sorted(base.keys() & cand.keys())
    flips = (_compare_case(case, base[case], cand[case]) for case in shared)
    return tuple(flip for flip in flips if flip is not None)


def _compare_case(
    case: str, base: Sequence[ScoredAnswer], cand: Sequence[ScoredAnswer]
) -> Flip | None:
    before, after = _count(base), _count(cand)
    labels = _pair(_note_labels(base), _note_labels(cand), gained="found", gone="lost")
    claims = _pair(_note_claims(base), _note_claims(cand), gained="spurious", gone="dropped")
    records = (*labels, *claims)
    if before == after and not records:
        return None
    return Flip(case=case, outcome=_judge(before, after), base=before, cand=after, records=records)


def _count(answers: Sequence[ScoredAnswer]) -> CaseCounts:
    (counts,) = average_epochs(answer.score for answer in answers).values()
    right, spurious, missing = (
        round(counts.get(f"typed.{part}", 0.0), 6) for part in ("right", "spurious", "missing")
    )
    return CaseCounts(right=right, spurious=spurious, missing=missing)


def _judge(before: CaseCounts, after: CaseCounts) -> Outcome:
    """By the number of errors; as many errors beside more right records are better."""
    old = (before.spurious + before.missing, -before.right)
    new = (after.spurious + after.missing, -after.right)
    return "better" if new < old else "worse" if new > old else "even"


def _pair(
    base: Mapping[str, _Seen], cand: Mapping[str, _Seen], *, gained: Event, gone: Event
) -> Iterator[RecordFlip]:
    for name in sorted(base.keys() | cand.keys()):
        old, new = base.get(name, _Seen()), cand.get(name, _Seen())
        first, second = round(old.share, 6), round(new.share, 6)
        if first != second:
            yield RecordFlip(
                event=gained if second > first else gone,
                record=name,
                base=first,
                cand=second,
                why=new.why or old.why,
                words=new.words or old.words,
            )


def _note_labels(answers: Sequence[ScoredAnswer]) -> dict[str, _Seen]:
    """The required labels that were found with their kind, by id."""
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for answer in answers:
        for pair in answer.score.pairs:
            if pair.is_typed and not pair.is_optional:
                _add(seen[pair.gold], answer.claims.get(pair.predicted), len(answers))
    return dict(seen)


def _note_claims(answers: Sequence[ScoredAnswer]) -> dict[str, _Seen]:
    """The predictions that are no label's, or have another kind than their label."""
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for answer in answers:
        faults = dict(answer.score.spurious)
        for pair in answer.score.pairs:
            if not pair.is_typed and not pair.is_optional:
                faults[pair.predicted] = f"wrong kind for {pair.gold}"
        for name, place in _name_claims(answer, sorted(faults)):
            seen[name].why = faults[place]
            _add(seen[name], answer.claims.get(place), len(answers))
    return dict(seen)


def _name_claims(answer: ScoredAnswer, places: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Names under which predictions are known again; twins of one place are numbered."""
    times: defaultdict[str, int] = defaultdict(int)
    for place in places:
        claim = answer.claims.get(place)
        name = f"{claim.kind}@{claim.place or '-'}" if claim else f"record {place + 1}"
        times[name] += 1
        yield (name if times[name] == 1 else f"{name} #{times[name]}"), place


def _add(seen: _Seen, claim: Claim | None, epochs: int) -> None:
    seen.share += 1 / epochs
    seen.words = seen.words or (claim.words if claim else None)
