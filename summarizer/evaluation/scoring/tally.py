"""Tally: the counts of one case while they are made."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from summarizer.evaluation.scoring.alignment import (
    EVIDENCE_SHARE,
    THRESHOLD,
    Pair,
    align_items,
    compare_evidence,
    measure_length,
    measure_overlap,
)
from summarizer.evaluation.scoring.item import Form, Item
from summarizer.evaluation.scoring.key import Key
from summarizer.evaluation.scoring.likeness import Likeness, count_shared

SENSITIVITY = (0.3, 0.7)
"""Further thresholds at which records are aligned, to show what depends on the choice."""

HALF = 0.5
"""Share of a tempting sentence, or of a record's evidence, from which it counts as cited."""


class Tally:
    """The counts of one case while they are made."""

    def __init__(self, key: Key, predicted: tuple[Item, ...], form: Form) -> None:
        self._key = key
        self._predicted = predicted
        self._form = form
        self.pairs = align_items(key.items, predicted, form)
        aligned = {id(pair.gold) for pair in self.pairs}
        taken = {id(pair.predicted) for pair in self.pairs}
        self._required = [item for item in key.items if not item.is_optional]
        self._counted = [pair for pair in self.pairs if not pair.gold.is_optional]
        self.missed = [item for item in self._required if id(item) not in aligned]
        self.spurious = {
            place: item for place, item in enumerate(predicted) if id(item) not in taken
        }
        self.tempted: Counter[str] = Counter()
        self.counts: defaultdict[str, float] = defaultdict(float)

    def blame(self, item: Item) -> str:
        """Why a prediction has no label."""
        taken = any(compare_evidence(pair.gold.spans, item.spans) >= HALF for pair in self.pairs)
        if taken:
            return "split"
        return "unsupported" if item.is_grounded else "fabricated"

    def count_pairs(self) -> None:
        """Right, spurious and missing records at each level, and at other thresholds."""
        levels = {
            "found": self._counted,
            "typed": [pair for pair in self._counted if is_typed(pair)],
            "strict": [pair for pair in self._counted if is_strict(pair, self._form)],
        }
        for level, pairs in levels.items():
            self._count_level(level, pairs)
        for threshold in SENSITIVITY:
            aligned = align_items(self._key.items, self._predicted, self._form, threshold=threshold)
            optional = sum(pair.gold.is_optional for pair in aligned)
            right = sum(is_typed(pair) and not pair.gold.is_optional for pair in aligned)
            self._count(
                f"typed@{threshold}", right, len(self._predicted) - optional, len(self._required)
            )
        self.counts["soft.similarity"] += sum(pair.similarity for pair in self._counted)

    def _count_level(self, level: str, pairs: Sequence[Pair]) -> None:
        """A pair of the wrong kind is one too many of the one kind and one too few of the other."""
        claims = [
            pair.gold.kind if level == "found" or is_typed(pair) else pair.predicted.kind
            for pair in self._counted
        ] + [item.kind for item in self.spurious.values()]
        self._count(level, len(pairs), len(claims), len(self._required))
        for kind in self._form.kinds:
            right = sum(pair.gold.kind == kind for pair in pairs)
            claimed = sum(kind == one for one in claims)
            asked = sum(item.kind == kind for item in self._required)
            self._count(f"kind.{kind}.{level}", right, claimed, asked)

    def _count(self, name: str, right: float, predicted: float, asked: float) -> None:
        self.counts[f"{name}.right"] += right
        self.counts[f"{name}.spurious"] += predicted - right
        self.counts[f"{name}.missing"] += asked - right

    def count_fields(self) -> None:
        """Each field end to end: what is not aligned counts as missing or spurious."""
        for pair in self._counted:
            self.counts["pairs"] += 1
            self.counts["pairs.swapped"] += is_swapped(pair, self._form)
            self.counts["pairs.by_evidence"] += EVIDENCE_SHARE * pair.evidence >= THRESHOLD
            self._count_evidence(pair)
            self._count_confusion(pair)
            for name, likeness in pair.fields.items():
                self._count_field(name, likeness)
        for item in self.missed:
            for name, value in item.fields.items():
                self.counts[f"field.{name}.missing"] += _size(value)
        for item in self.spurious.values():
            for name, value in item.fields.items():
                self.counts[f"field.{name}.spurious"] += _size(value)

    def _count_field(self, name: str, likeness: Likeness) -> None:
        self.counts[f"field.{name}.right"] += likeness.right
        self.counts[f"field.{name}.spurious"] += likeness.spurious
        self.counts[f"field.{name}.missing"] += likeness.missing
        self.counts[f"field.{name}.{likeness.verdict}"] += 1
        self.counts[f"field.{name}.agreed"] += likeness.verdict in ("matched", "absent")

    def _count_confusion(self, pair: Pair) -> None:
        """Which value was predicted for which: an accepted one counts as the label's own."""
        kind = pair.gold.kind if is_typed(pair) else pair.predicted.kind
        self.counts[f"confusion.kind.{pair.gold.kind}>{kind}"] += 1
        for field in self._form.fields_of(pair.gold.kind, pair.predicted.kind):
            if field.shape == "choice":
                gold = pair.gold.fields.get(field.name)
                right = pair.fields[field.name].verdict == "matched"
                value = gold if right else pair.predicted.fields.get(field.name)
                self.counts[f"confusion.{field.name}.{gold}>{value}"] += 1

    def _count_evidence(self, pair: Pair) -> None:
        gold, predicted = pair.gold.spans, pair.predicted.spans
        shared = measure_overlap(gold, predicted)
        self._count("evidence", shared, measure_length(predicted), measure_length(gold))

    def count_article(self, *, is_valid: bool) -> None:
        """What is counted once an article: empty ones, wholly right ones, temptations, faults."""
        spurious, missed = len(self.spurious), len(self.missed)
        strict = sum(is_strict(pair, self._form) for pair in self._counted)
        self.counts["articles"] += 1
        self.counts["articles.valid"] += is_valid
        self.counts["articles.right"] += (
            is_valid and not spurious and not missed and strict == len(self._counted)
        )
        self._count_presence(spurious, is_valid=is_valid)
        if is_valid:
            self._count_temptations()
        self.counts["predicted"] += len(self._predicted)
        self.counts["predicted.grounded"] += sum(item.is_grounded for item in self._predicted)
        for item in self.spurious.values():
            self.counts[f"predicted.{self.blame(item)}"] += 1

    def _count_presence(self, spurious: int, *, is_valid: bool) -> None:
        """An answer that could not be used leaves nothing alone: it is not there."""
        has_record = bool(self._required)
        says_record = bool(self._counted) or spurious > 0
        self._count("presence", has_record and says_record, says_record, has_record)
        if has_record:
            right, wrong = self.counts["typed.right"], self.counts["typed.spurious"]
            total = 2 * right + wrong + self.counts["typed.missing"]
            self.counts["reporting"] += 1
            self.counts["reporting.f1"] += 2 * right / total if total else 0.0
        else:
            self.counts["empty"] += 1
            self.counts["empty.clean"] += is_valid and not spurious
            self.counts["empty.spurious"] += spurious

    def _count_temptations(self) -> None:
        for temptation in self._key.temptations:
            self.counts["tempting"] += 1
            self.counts[f"tempting.{temptation.type}"] += 1
            start, end = temptation.span
            cited = any(
                min(end, two) - max(start, one) >= HALF * (end - start)
                for item in self.spurious.values()
                for one, two in item.spans
            )
            if cited:
                self.tempted[temptation.type] += 1
                self.counts["tempted"] += 1
                self.counts[f"tempted.{temptation.type}"] += 1


def is_typed(pair: Pair) -> bool:
    """Whether the prediction's kind is the label's, or accepted for it."""
    return pair.predicted.kind in (pair.gold.kind, *pair.gold.accept.get("kind", ()))


def is_strict(pair: Pair, form: Form) -> bool:
    """Whether the kind and every field but the phrases are right."""
    phrases = {
        field.name
        for field in form.fields_of(pair.gold.kind, pair.predicted.kind)
        if field.shape == "phrase"
    }
    return is_typed(pair) and all(
        likeness.verdict in ("matched", "absent")
        for name, likeness in pair.fields.items()
        if name not in phrases
    )


def is_swapped(pair: Pair, form: Form) -> bool:
    """Whether the prediction has the label's two sides the other way round."""
    fields = form.fields_of(pair.gold.kind, pair.predicted.kind)
    sides = [field.name for field in fields if field.shape == "parties"][:2]
    if len(sides) < 2:
        return False
    acts, gains = sides
    return _is_same_side(pair.gold.fields.get(acts), pair.predicted.fields.get(gains)) and (
        _is_same_side(pair.gold.fields.get(gains), pair.predicted.fields.get(acts))
    )


def _is_same_side(first: object, second: object) -> bool:
    if not isinstance(first, tuple) or not isinstance(second, tuple):
        return False
    return len(first) == len(second) == count_shared(first, second)


def _size(value: object) -> int:
    return len(value) if isinstance(value, tuple) else int(value is not None)
