"""Agreement: how far two readings of the same articles agree, by the scorer that models get.

Records have no fixed list of things to be judged, so that agreement by chance has no meaning for
finding them; what has one is the F1 of either reading against the other (G. Hripcsak and A. S.
Rothschild, "Agreement, the F-measure, and reliability in information retrieval", JAMIA 12(3),
2005). For choices of records that both found there is Krippendorff's alpha besides.

The scorer treats a label and a prediction differently: evidence may be contained, other values may
be accepted. So each reading is scored against the other and the counts of both directions are
averaged, which makes every figure the same for (A, B) and (B, A).

Of the records that both have, each field is compared twice: as the readers gave it ("same"), which
is what alpha is computed from, and with the values that the one accepts counted as its own ("same
or accepted"), as the scorer does for F1. A disagreement of which both values are accepted would
otherwise look like none.

A record that either reading calls optional is left out together with the record that it is aligned
with: where one reader says that it need not be found, the other may find it or not. An optional
record that is aligned with nothing is left out as well.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.draft import RecordField
from summarizer.evaluation.scoring.alignment import Pair, align_items
from summarizer.evaluation.scoring.item import Form, Item
from summarizer.evaluation.scoring.key import Key
from summarizer.evaluation.scoring.metric import (
    LEVELS,
    Measurement,
    Metric,
    gather_clusters,
    list_metrics,
    measure,
    state,
)
from summarizer.evaluation.scoring.score import CaseScore, score_case

Readings = tuple[tuple[Item, ...], tuple[Item, ...]]
"""The records of one article in the first and in the second reading."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one reading of a case has otherwise than the other."""

    case: str
    first: Item | None
    """The first reading's record; None where only the second has one."""
    second: Item | None
    differing: tuple[str, ...] = ()
    """The kind and choices that differ, where both have the record."""
    quote: str = ""
    """The first sentence of its evidence."""


@dataclass(frozen=True)
class TwiceRead:
    """One case in two readings, optional records left out of both directions."""

    key: Key
    readings: Readings
    form: Form
    text: str = ""
    """The article's, to quote from where readers differ."""

    @cached_property
    def score(self) -> CaseScore:
        """The counts of both directions, averaged."""
        first, second = self.readings
        one = self._score(first, second)
        two = self._score(second, first)
        names = sorted(one.counts.keys() | two.counts.keys())
        mean = {n: (one.counts.get(n, 0.0) + two.counts.get(n, 0.0)) / 2 for n in names}
        counts = {**mean, **self._count_optional(), **self._count_given()}
        return one.model_copy(update={"counts": counts})

    def _score(self, gold: tuple[Item, ...], predicted: tuple[Item, ...]) -> CaseScore:
        required, found = drop_optional(gold, predicted, self.form)
        key = Key(self.key.case, required, (), self.key.cluster, self.key.tags)
        return score_case(key, found, self.form)

    def _count_optional(self) -> dict[str, float]:
        """Aligned records, those left out among them, and how many both call optional or not."""
        first, second = self.readings
        pairs = [*align_items(first, second, self.form), *align_items(second, first, self.form)]
        agreed = sum(pair.gold.is_optional == pair.predicted.is_optional for pair in pairs)
        return {"optional.pairs": len(pairs) / 2, "optional.agreed": agreed / 2}

    def _count_given(self) -> dict[str, float]:
        """Aligned records whose values are the same as they were given, by both directions."""
        first, second = self.readings
        counts: dict[str, float] = defaultdict(float)
        for pair in align_items(*drop_optional(first, second, self.form), self.form):
            _count_same(counts, pair, self.form)
            _count_chosen(counts, pair.gold, pair.predicted, self.form)
        for pair in align_items(*drop_optional(second, first, self.form), self.form):
            _count_same(counts, pair, self.form)
            _count_chosen(counts, pair.predicted, pair.gold, self.form)
        return {name: count / 2 for name, count in sorted(counts.items())}

    def list_disagreements(self) -> list[Disagreement]:
        """Records that only one reading has, then those whose kind or choices differ."""
        first, second = drop_optional(*self.readings, self.form)
        pairs = align_items(first, second, self.form)
        aligned = {id(item) for pair in pairs for item in (pair.gold, pair.predicted)}
        alone = [self._tell(one, None) for one in first if id(one) not in aligned]
        alone += [self._tell(None, one) for one in second if id(one) not in aligned]
        differing = [
            self._tell(pair.gold, pair.predicted, names)
            for pair in pairs
            if (names := _compare_choices(pair.gold, pair.predicted, self.form))
        ]
        return alone + differing

    def _tell(
        self, first: Item | None, second: Item | None, differing: tuple[str, ...] = ()
    ) -> Disagreement:
        item = first or second
        spans = item.spans[:1] if item else ()
        quote = " ".join(self.text[start:end] for start, end in spans)
        return Disagreement(self.key.case, first, second, differing, " ".join(quote.split()))


def _count_same(counts: dict[str, float], pair: Pair, form: Form) -> None:
    """Count for each field whether the two values are the same, accepted ones left aside."""
    same = {name: one.verdict in ("matched", "absent") for name, one in pair.fields.items()}
    values = _list_choices(pair.gold, pair.predicted, form)
    for name, is_same in {**same, **{n: one == two for n, (one, two) in values.items()}}.items():
        counts[f"given.{name}"] += 1
        counts[f"given.{name}.same"] += is_same


def _count_chosen(counts: dict[str, float], first: Item, second: Item, form: Form) -> None:
    """Count what the first reader chose, and what the second."""
    for name, (one, two) in _list_choices(first, second, form).items():
        counts[f"chosen.{name}.{one}>{two}"] += 1


def drop_optional(first: Sequence[Item], second: Sequence[Item], form: Form) -> Readings:
    """Both readings without what either calls optional and what that is aligned with."""
    dropped = {id(item) for item in (*first, *second) if item.is_optional}
    for pair in align_items(first, second, form):
        if dropped & {id(pair.gold), id(pair.predicted)}:
            dropped |= {id(pair.gold), id(pair.predicted)}
    return (
        tuple(item for item in first if id(item) not in dropped),
        tuple(item for item in second if id(item) not in dropped),
    )


def _compare_choices(first: Item, second: Item, form: Form) -> tuple[str, ...]:
    """The names of what differs, where neither reader accepts the other's value."""
    return tuple(
        name
        for name, (one, two) in _list_choices(first, second, form).items()
        if one != two
        and two not in first.accept.get(name, ())
        and one not in second.accept.get(name, ())
    )


def _list_choices(first: Item, second: Item, form: Form) -> dict[str, tuple[str, str]]:
    """The kind and the choices of two records, as they were given."""
    values = {"kind": (first.kind, second.kind)}
    for field in form.fields_of(first.kind, second.kind):
        if field.shape == "choice":
            one, two = first.fields.get(field.name), second.fields.get(field.name)
            values[field.name] = (str(one), str(two))
    return values


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readings agree; every figure with n and a 95 % interval."""

    cases: int
    metrics: Mapping[str, Measurement]
    """F1 of finding records; for each field the shares of aligned records where it is the same
    (`field.<name>.same`) and the same or accepted (`field.<name>.accuracy`), and for each choice
    `alpha.<name>`, of the values as they were given."""
    strata: Mapping[str, Mapping[str, Measurement]]
    """F1 for the cases of each tag."""
    disagreements: tuple[Disagreement, ...]


def measure_agreement(cases: Sequence[TwiceRead]) -> Agreement:
    """How far the two readings of these cases agree, all of them of one form."""
    scores = [case.score for case in cases]
    form = cases[0].form if cases else Form({})
    clusters = list(gather_clusters(scores).values())
    tags = sorted({tag for score in scores for tag in score.tags})
    return Agreement(
        cases=len(cases),
        metrics={
            **{metric.name: measure(metric, clusters) for metric in list_shown(form)},
            **{f"alpha.{f.name}": measure_alpha(f, clusters) for f in list_choices(form)},
        },
        strata={
            tag: _measure_levels([score for score in scores if tag in score.tags]) for tag in tags
        },
        disagreements=tuple(each for case in cases for each in case.list_disagreements()),
    )


def _measure_levels(scores: Sequence[CaseScore]) -> dict[str, Measurement]:
    clusters = list(gather_clusters(scores).values())
    return {
        metric.name: measure(metric, clusters) for metric in list_shown(Form({}))[: len(LEVELS)]
    }


def list_shown(form: Form) -> list[Metric]:
    """F1 at each level, then for aligned records: kind, fields, evidence, whether optional."""
    known = {metric.name: metric for metric in list_metrics(form, [])}
    fields = form.fields_of(*form.kinds)
    return [
        *(known[f"{level}.f1"] for level in LEVELS),
        _share_same("kind"),
        Metric("field.kind.accuracy", {"typed.right": 1}, {"pairs": 1}),
        *(
            metric
            for field in fields
            for metric in (_share_same(field.name), known[f"field.{field.name}.accuracy"])
        ),
        known["evidence.f1"],
        Metric("optional.accuracy", {"optional.agreed": 1}, {"optional.pairs": 1}),
    ]


def _share_same(name: str) -> Metric:
    return Metric(f"field.{name}.same", {f"given.{name}.same": 1}, {f"given.{name}": 1})


def list_choices(form: Form) -> list[RecordField]:
    """The choices of a form, the kind first where there are several."""
    kinds = tuple(form.kinds)
    kind = [RecordField("kind", "choice", False, kinds, "")] if len(kinds) > 1 else []
    return [*kind, *(field for field in form.fields_of(*kinds) if field.shape == "choice")]


def measure_alpha(field: RecordField, clusters: Sequence[Mapping[str, float]]) -> Measurement:
    """Krippendorff's alpha of one choice, of the values as the readers gave them.

    Records of two kinds of which one lacks the field say nothing of it.
    """
    from summarizer.evaluation.labels.reliability import estimate_alpha

    rows = [_list_pairs(field, counts) for counts in clusters]
    total = sum(weight for row in rows for _, weight in row)
    return state(estimate_alpha(rows), total=total)


def _list_pairs(
    field: RecordField, counts: Mapping[str, float]
) -> list[tuple[tuple[str, str], float]]:
    prefix = f"chosen.{field.name}."
    found: dict[tuple[str, str], float] = defaultdict(float)
    for name, count in counts.items():
        if name.startswith(prefix) and count:
            first, _, second = name.removeprefix(prefix).partition(">")
            if field.nullable or str(None) not in (first, second):
                found[(first, second)] += count
    return sorted(found.items())
