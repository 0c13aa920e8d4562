"""Selection: which of those whom an article names act in a report, fitted to labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.draft import actors_of
from summarizer.evaluation.fitting.regression import FOLDS
from summarizer.evaluation.fitting.sample import list_told, read_kind
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.label import Label, LabelledParty
from summarizer.evaluation.scoring.item import PartyName
from summarizer.evaluation.scoring.likeness import count_shared, is_same_party
from summarizer.party import read_cast
from summarizer.records import Party
from summarizer.strategy.lineup import Candidate, Lineup
from summarizer.strategy.ruling import Report
from summarizer.strategy.selection import choose_likely, weigh_candidates
from summarizer.strategy.sides import settle_sides
from summarizer.task import Task
from summarizer.task.probe import Logit

THRESHOLD = 0.7
"""Probability from which somebody acts. From .6 to .8 the parties of whole records hardly differ
(docs/experiments.md)."""
STRENGTH = 0.02
"""Inverse of the penalty on a weight, on the scale of one standard deviation."""
DIGITS = 3
"""Digits behind the point that a weight is written with."""


@dataclass(frozen=True, slots=True)
class Casting:
    """One report of a labelled article: those whom the article names, and those who act."""

    case: str
    candidates: tuple[Candidate, ...]
    parties: tuple[PartyName, ...]
    """Those of the labels; the article may tell them by words that make nobody a candidate."""
    is_joint: bool

    def list_truths(self) -> list[bool]:
        """Of each candidate, whether it acts."""
        return [self._is_party(name_party(one.party)) for one in self.candidates]

    def choose(self, logit: Logit) -> tuple[Party, ...]:
        """Those who are likely to act."""
        return choose_likely(
            (one.party for one in self.candidates),
            weigh_candidates(self.candidates, logit),
            threshold=logit.threshold,
            several=self.is_joint,
        )

    def _is_party(self, name: PartyName) -> bool:
        return any(is_same_party(party, name) for party in self.parties)


def name_party(party: Party) -> PartyName:
    """A party as scoring compares it."""
    return PartyName(tuple(dict.fromkeys((party.name, party.identity))), party.code)


def read_castings(case: Case, task: Task) -> list[Casting]:
    """The labelled reports of one case of which one candidate at least is said to act."""
    rule, article = task.rules.sides, case.article
    if rule is None or not article.content:
        return []
    cast = read_cast(article)
    told = list(_list_reports(case, task))
    settled = settle_sides([report for report, _ in told], article, cast, rule)
    asked = [replace(two, kind=one.kind) for (one, _), two in zip(told, settled, strict=True)]
    lineup = Lineup(article, cast, asked, joint=rule.joint)
    castings = [
        Casting(case.id, tuple(lineup.list_candidates(place)), parties, report.kind == rule.joint)
        for place, (report, parties) in enumerate(told)
    ]
    return [casting for casting in castings if any(casting.list_truths())]


def _list_reports(case: Case, task: Task) -> Iterator[tuple[Report, tuple[PartyName, ...]]]:
    """The sentences that are evidence, with the parties that all of their labels name, if any."""
    for sentence in case.article.content:
        labels = list_told(sentence, case.gold.records)
        labels = [label for label in labels if not label.optional] or labels
        if labels:
            named = {_read_parties(label, task) for label in labels}
            yield (
                Report(sentence, read_kind(labels[0], task), 1.0),
                named.pop() if len(named) == 1 else (),
            )


def _read_parties(label: Label, task: Task) -> tuple[PartyName, ...]:
    field = actors_of(task.records[read_kind(label, task)])
    parties: Sequence[LabelledParty] = getattr(label, field) if field else ()
    return tuple(PartyName((party.name,), party.code) for party in parties)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is fitted, and how many parties it gets right in articles that were left out."""

    logit: Logit
    meant: int
    """Parties of the labels."""
    chosen: int
    right: int


def fit_selection(castings: Sequence[Casting]) -> Selection | None:
    """The selection; None where there are too few articles, or nobody to choose between."""
    from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]  # ships none

    cases = [casting.case for casting in castings]
    truths = {truth for casting in castings for truth in casting.list_truths()}
    if len(set(cases)) < FOLDS or len(truths) < 2:
        return None
    chosen = right = 0
    for train, test in GroupKFold(FOLDS).split(castings, groups=cases):
        logit = _fit([castings[n] for n in train])
        for casting in (castings[n] for n in test):
            actors = casting.choose(logit)
            chosen += len(actors)
            right += count_shared(casting.parties, [name_party(party) for party in actors])
    meant = sum(len(casting.parties) for casting in castings)
    return Selection(_fit(castings), meant, chosen, right)


def _fit(castings: Sequence[Casting]) -> Logit:
    """Logistic regression on all candidates, with weights for signs as they are."""
    from sklearn.feature_extraction import (  # type: ignore[import-untyped]  # ships none
        DictVectorizer,
    )
    from sklearn.linear_model import (  # type: ignore[import-untyped]  # ships none
        LogisticRegression,
    )
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]  # ships none

    vectorizer, scaler = DictVectorizer(sparse=False), StandardScaler()
    signs = [candidate.signs for casting in castings for candidate in casting.candidates]
    rows = scaler.fit_transform(vectorizer.fit_transform(signs))
    truths = [truth for casting in castings for truth in casting.list_truths()]
    found = LogisticRegression(C=STRENGTH, max_iter=1000).fit(rows, truths)
    weights = found.coef_[0] / scaler.scale_
    bias = float(found.intercept_[0] - weights @ scaler.mean_)
    named = zip(vectorizer.get_feature_names_out(), weights, strict=True)
    return Logit(
        bias=round(bias, DIGITS),
        signs={name: round(float(weight), DIGITS) for name, weight in named},
        threshold=THRESHOLD,
    )
