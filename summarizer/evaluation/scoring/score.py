"""Score: what one summary got right and wrong of one case, as counts that add up over cases."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from summarizer.evaluation.scoring.alignment import Pair
from summarizer.evaluation.scoring.item import Form, Item
from summarizer.evaluation.scoring.key import Key
from summarizer.evaluation.scoring.likeness import Verdict
from summarizer.evaluation.scoring.tally import Tally, is_strict, is_swapped, is_typed
from summarizer.records import Frozen

SCORER_VERSION = 1
"""Raised whenever the same prediction could get another score."""

Status = Literal["ok", "invalid_output", "infra_error"]
"""Answered; answered in a way that cannot be used, which counts as nothing found; not answered
for reasons that are not the model's, which counts as not measured."""


class PairScore(Frozen):
    """One predicted record that is a labelled one, and what it got right."""

    gold: str
    """The label's id."""
    predicted: int
    """The prediction's place in the summary, from 0."""
    similarity: float
    is_optional: bool
    is_typed: bool
    """Whether its kind is right."""
    is_strict: bool
    """Whether every field but the phrases is right as well."""
    is_swapped: bool
    """Whether who acts and to whom are exchanged."""
    fields: Mapping[str, Verdict]


class CaseScore(Frozen):
    """What one summary got right and wrong of one case."""

    case: str
    epoch: int
    status: Status
    cluster: str
    tags: tuple[str, ...]
    sha256: str = ""
    """Of the text and the labels it was scored with; empty where they are no case's."""
    pairs: tuple[PairScore, ...] = ()
    missed: tuple[str, ...] = ()
    """Ids of required labels that no prediction is aligned with."""
    spurious: Mapping[int, str] = Field(default_factory=dict)
    """Predictions that no label is aligned with, by place: `unsupported` where they quote the
    article truly (it may be the label that is missing), `split` where another prediction has the
    label already, else `fabricated`."""
    tempted: Mapping[str, int] = Field(default_factory=dict)
    """Tempting sentences that were taken for records, by type."""
    counts: Mapping[str, float] = Field(default_factory=dict)
    """Everything that metrics are made of; names without a count are 0."""


def score_case(
    key: Key, predicted: Sequence[Item] | None, form: Form, *, epoch: int = 1
) -> CaseScore:
    """The score of one summary's records; None for an answer that could not be used."""
    items = tuple(predicted or ())
    tally = Tally(key, items, form)
    tally.count_pairs()
    tally.count_fields()
    tally.count_article(is_valid=predicted is not None)
    return CaseScore(
        case=key.case,
        epoch=epoch,
        status="ok" if predicted is not None else "invalid_output",
        cluster=key.cluster,
        tags=key.tags,
        sha256=key.sha256,
        pairs=tuple(_describe(pair, items, form) for pair in tally.pairs),
        missed=tuple(item.id for item in tally.missed),
        spurious={place: tally.blame(item) for place, item in tally.spurious.items()},
        tempted=dict(sorted(tally.tempted.items())),
        counts={name: tally.counts[name] for name in sorted(tally.counts)},
    )


def skip_case(key: Key, *, epoch: int = 1) -> CaseScore:
    """The score of a case that was not answered for reasons that are not the model's."""
    return CaseScore(
        case=key.case,
        epoch=epoch,
        status="infra_error",
        cluster=key.cluster,
        tags=key.tags,
        sha256=key.sha256,
    )


def _describe(pair: Pair, predicted: Sequence[Item], form: Form) -> PairScore:
    place = next(n for n, item in enumerate(predicted) if item is pair.predicted)
    return PairScore(
        gold=pair.gold.id,
        predicted=place,
        similarity=round(pair.similarity, 6),
        is_optional=pair.gold.is_optional,
        is_typed=is_typed(pair),
        is_strict=is_strict(pair, form),
        is_swapped=is_swapped(pair, form),
        fields={name: likeness.verdict for name, likeness in pair.fields.items()},
    )
