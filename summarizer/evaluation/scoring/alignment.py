"""Alignment: which predicted record is which labelled one, by evidence and fields.

One-to-one, order-free and exact: the pairs whose similarities sum to the most, after pairs that are
too unlike are ruled out. The weights are bound to the shape of a field, so that a new task is
aligned without new code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.draft import RecordField
from summarizer.evaluation.scoring.item import Form, Item
from summarizer.evaluation.scoring.likeness import Likeness, compare_values, count_shared

THRESHOLD = 0.5
EVIDENCE_SHARE = 0.6
"""What the evidence weighs beside the fields, where both records quote the article truly."""
UNGROUNDED_SHARE = 0.85
"""What the fields alone can reach."""
CONTAINED = 0.8
"""What evidence is worth that lies within the other's, or around it."""
MOST_TIMES_LONGER = 3
"""Around it, but not longer than so many times: quoting the whole article is no evidence."""

KIND_WEIGHT = 0.20
ACTORS_WEIGHT = 0.45
OTHER_PARTIES_WEIGHT = 0.10
TIME_WEIGHT = 0.10
ACT_WEIGHT = 0.15
"""Of the first phrase of a record, which says what is done; other fields do not tell records
apart."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled and a predicted record, how alike they are, and by which fields."""

    gold: Item
    predicted: Item
    similarity: float
    evidence: float
    fields: Mapping[str, Likeness]
    """Of the fields that are scored: not who acts and to whom where the prediction has another
    kind that the label accepts, as the same parties then stand on other sides."""


def align_items(
    gold: Sequence[Item], predicted: Sequence[Item], form: Form, *, threshold: float = THRESHOLD
) -> tuple[Pair, ...]:
    """The best one-to-one pairs of similarity `threshold` or more, in the order of the labels."""
    from scipy.optimize import linear_sum_assignment

    if not gold or not predicted:
        return ()
    ordered = sorted(predicted, key=_canonical)
    rows = sorted(gold, key=_canonical)
    pairs = [[compare_items(one, two, form) for two in ordered] for one in rows]
    weights = [[_weigh(pair, threshold) for pair in row] for row in pairs]
    solved = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    chosen = [pairs[i][j] for i, j in solved if weights[i][j] > 0]
    places = {id(item): place for place, item in enumerate(gold)}
    return tuple(sorted(chosen, key=lambda pair: places[id(pair.gold)]))


def _canonical(item: Item) -> tuple[object, ...]:
    """An order that depends on what records say, not on the order they came in."""
    return (item.spans[:1], item.spans, item.kind, repr(sorted(item.fields.items())))


def _weigh(pair: Pair, threshold: float) -> float:
    """The pair's weight for the solver, 0 where it is ruled out; a required label wins a tie."""
    similarity = round(pair.similarity, 6)
    if similarity < threshold:
        return 0.0
    return similarity + (0.0 if pair.gold.is_optional else 1e-9)


def compare_items(gold: Item, predicted: Item, form: Form) -> Pair:
    """How alike two records are; 0 where neither evidence nor a party is shared."""
    fields = form.fields_of(gold.kind, predicted.kind)
    likenesses = {
        field.name: compare_values(
            gold.fields.get(field.name),
            predicted.fields.get(field.name),
            field.shape,
            accept=gold.accept.get(field.name, ()),
        )
        for field in fields
    }
    evidence = compare_evidence(gold.spans, predicted.spans)
    is_anchored = evidence > 0 or _share_a_party(gold, predicted, fields)
    alike = _mean(gold, predicted, fields, likenesses)
    if not is_anchored:
        similarity = 0.0
    elif gold.is_grounded and predicted.is_grounded:
        similarity = EVIDENCE_SHARE * evidence + (1 - EVIDENCE_SHARE) * alike
    else:
        similarity = UNGROUNDED_SHARE * alike
    is_other_kind = predicted.kind != gold.kind and predicted.kind in gold.accept.get("kind", ())
    moved = {field.name for field in fields if is_other_kind and field.shape == "parties"}
    scored = {name: one for name, one in likenesses.items() if name not in moved}
    return Pair(gold, predicted, similarity, evidence, scored)


def _mean(
    gold: Item,
    predicted: Item,
    fields: Sequence[RecordField],
    likenesses: Mapping[str, Likeness],
) -> float:
    """The weighted mean over the fields that either record has."""
    kinds_match = predicted.kind == gold.kind or predicted.kind in gold.accept.get("kind", ())
    total, weight = KIND_WEIGHT * kinds_match, KIND_WEIGHT
    for name, share in _weights(fields).items():
        if likenesses[name].verdict != "absent":
            total += share * likenesses[name].similarity
            weight += share
    return total / weight


def _weights(fields: Sequence[RecordField]) -> dict[str, float]:
    weights: dict[str, float] = {}
    first: set[str] = set()
    for field in fields:
        shape = "parties" if field.shape == "party" else field.shape
        if shape == "parties":
            weights[field.name] = OTHER_PARTIES_WEIGHT if shape in first else ACTORS_WEIGHT
        elif shape == "timeframe":
            weights[field.name] = TIME_WEIGHT
        elif shape == "phrase" and shape not in first:
            weights[field.name] = ACT_WEIGHT
        first.add(shape)
    return weights


def _share_a_party(gold: Item, predicted: Item, fields: Sequence[RecordField]) -> bool:
    names = [field.name for field in fields if field.shape in ("party", "parties")]

    def all_of(item: Item) -> list[object]:
        found: list[object] = []
        for name in names:
            value = item.fields.get(name)
            found += value if isinstance(value, tuple) else ()
        return found

    return count_shared(all_of(gold), all_of(predicted)) > 0  # type: ignore[arg-type]  # parties only


def compare_evidence(
    gold: Sequence[tuple[int, int]], predicted: Sequence[tuple[int, int]]
) -> float:
    """How much of the evidence is shared, from 0 to 1: intersection over union, or containment.

    Each is a list of disjoint spans in order. Containment counts for less, and not at all where
    the prediction is more than three times as long as the label.
    """
    shared = measure_overlap(gold, predicted)
    if not shared:
        return 0.0
    size, other = measure_length(gold), measure_length(predicted)
    contained = shared / min(size, other) if other <= MOST_TIMES_LONGER * size else 0.0
    return max(shared / (size + other - shared), CONTAINED * contained)


def measure_overlap(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> int:
    """How many characters two lists of disjoint spans share."""
    return sum(max(0, min(one[1], two[1]) - max(one[0], two[0])) for one in first for two in second)


def measure_length(spans: Sequence[tuple[int, int]]) -> int:
    """How many characters disjoint spans have."""
    return sum(end - start for start, end in spans)
