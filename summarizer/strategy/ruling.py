"""ruling: what a task's rules decide about one article's sentences, with or without a model."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.draft import actors_of, record_fields
from summarizer.party import Cast
from summarizer.records import Rejection
from summarizer.task import Task
from summarizer.task.rules import Opening, Signs

Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports something, with the kind decided for it."""

    sentence: Sentence
    kind: str
    probability: float


class Ruling:
    """The rules of one task, applied to the sentences of one article."""

    def __init__(self, article: Article, task: Task, cast: Cast) -> None:
        self._article = article
        self._task = task
        self._cast = cast
        self._opening = _read_opening(article)
        self.rules = task.rules.speak(article.language)

    def decide(
        self,
        sentence: Sentence,
        probabilities: Mapping[str, float],
        labels: Mapping[str, Sequence[str]],
        *,
        threshold: float,
    ) -> Report | None:
        """The kind of record that the sentence reports, None where it seems to report none.

        `probabilities` are a model's, by label; `labels` says which kinds each leaves possible.
        """
        text = self._article.read(sentence)
        signs = self.rules.weigh(text, actors=len(self._cast.subjects(sentence.number)))
        kind, probability = combine(probabilities, labels, signs, trust=self.rules.trust)
        return None if probability < threshold else Report(sentence, kind, probability)

    def know(self, report: Report) -> Draft:
        """What needs no question: kind, evidence, who acts, and the fields that rules fill in."""
        text = self._article.read(report.sentence)
        known: Draft = dict(self.rules.fill(text, opening=self._opening))
        known |= {"kind": report.kind, "evidence": [report.sentence.number]}
        acting = [party.name for party in self._cast.subjects(report.sentence.number)]
        actors = actors_of(self._task.records[report.kind])
        if acting and actors is not None:
            known[actors] = acting
        return known

    def refers_back(self, report: Report, drafts: Sequence[Draft]) -> bool:
        """Whether a sentence only points back ("made the pledge in a report"): it is then proof of
        the last draft of its kind, which gains it as evidence."""
        rule = self.rules.acts
        if rule is None or rule.refer is None:
            return False
        same = [draft for draft in drafts if draft["kind"] == report.kind]
        text = self._article.read(report.sentence)
        if not same or not re.search(rule.refer, text, re.IGNORECASE):
            return False
        same[-1]["evidence"] = [*same[-1]["evidence"], report.sentence.number]
        return True

    def hold_times(self, draft: Draft, report: Report) -> tuple[Draft, tuple[Rejection, ...]]:
        """The draft without times that cannot be the act's, each refused with its reason."""
        rule, refused = self.rules.times, list[Rejection]()
        text = self._article.read(report.sentence)
        for field in record_fields(self._task.records[report.kind]):
            words = draft.get(field.name)
            if rule is None or field.shape != "timeframe" or not words:
                continue
            if rule.admits(words, text):
                continue
            detail = f"{field.name}: {words!r} is not the time of an act"
            refused.append(Rejection(reason="not_a_time", detail=detail, answer={"value": words}))
            draft = {**draft, field.name: None}
        return draft, tuple(refused)


def combine(
    probabilities: Mapping[str, float],
    labels: Mapping[str, Sequence[str]],
    signs: Signs,
    *,
    trust: float,
) -> tuple[str, float]:
    """The likeliest kind, and the probability that anything is reported: model and rules together.

    The model's log-odds count `trust` times, the rules' signs in full; a label that leaves several
    kinds possible shares its probability among them.
    """
    kinds = dict.fromkeys((kind for named in labels.values() for kind in named), 0.0)
    for label, named in labels.items():
        for kind in named:
            kinds[kind] += probabilities.get(label, 0.0) / len(named)
    odds = {kind: _log(share) * trust + signs.kinds.get(kind, 0.0) for kind, share in kinds.items()}
    reported = sum(kinds.values())
    log_odds = trust * (_log(reported) - _log(1.0 - reported)) + signs.report
    return max(odds, key=lambda kind: odds[kind]), 1.0 / (1.0 + math.exp(-log_odds))


def _log(share: float) -> float:
    return math.log(max(share, 1e-6))


def _read_opening(article: Article) -> Opening:
    body = [article.read(sentence) for sentence in article.content if sentence.role == "body"]
    title = article.title or ""
    return Opening("\n".join([title, *body[:1]]), "\n".join([title, *body[:2]]))
