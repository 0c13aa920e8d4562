"""ruling: what a task's rules decide about one article's sentences, with or without a model."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.article.caseless import compile_caseless
from summarizer.draft import actors_of, record_fields
from summarizer.party import Cast
from summarizer.records import Party, Rejection
from summarizer.task import Task
from summarizer.task.probe import Judgement
from summarizer.task.rules import Opening, Signs

Draft = dict[str, Any]

_QUOTES = '"“”„«「'


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports something, with the kind decided for it."""

    sentence: Sentence
    kind: str
    probability: float
    certainty: float = 1.0
    """Of the kind, from 0 to 1."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Fields that a probe has decided; rules decide the others."""
    actors: tuple[Party, ...] = ()
    """Who acts, as far as it is known."""
    bent: float = 0.0
    """What the words say for the kind of one party over the joint one, in log-odds."""
    supports: int | None = None
    """The number of a sentence with a report that this one only tells more of."""
    chances: Mapping[str, float] = field(default_factory=dict)
    """How likely each whom the article names acts in it, by identity; empty where not weighed."""


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
        signs = self._weigh(sentence)
        kind, probability = combine(probabilities, labels, signs, trust=self.rules.trust)
        if probability < threshold:
            return None
        return Report(sentence, kind, probability, bent=self._bend(signs))

    def _weigh(self, sentence: Sentence) -> Signs:
        actors = len(self._cast.subjects(sentence.number))
        return self.rules.weigh(self._article.read(sentence), actors=actors)

    def list_signs(self, sentence: Sentence) -> dict[str, float]:
        """Everything that rules say of a sentence as named numbers, for a probe."""
        text = self._article.read(sentence)
        actors = len(self._cast.subjects(sentence.number))
        signs = self.rules.weigh(text, actors=actors)
        choices = [f"{name}={value}" for name, value in self.rules.choose(text, self._opening)]
        present = [
            *choices,
            f"role={sentence.role}",
            f"actors={min(actors, 2)}",
            *(["quotation"] if any(mark in text for mark in _QUOTES) else []),
        ]
        kinds = {f"kind={kind}": weight for kind, weight in signs.kinds.items()}
        return {"report": signs.report, **kinds, **dict.fromkeys(present, 1.0)}

    def insist(self, sentence: Sentence, judgement: Judgement) -> Judgement:
        """The judgement, or that it is a report after all where the sentence's words are sure."""
        sure = self.rules.sure
        if sure is None or not sure.holds(self._article.read(sentence)):
            return judgement
        probability = max(judgement.probability, sure.probability)
        return replace(judgement, probability=probability, is_report=True)

    def follow(self, sentence: Sentence, judgement: Judgement) -> Report | None:
        """What a probe makes of the sentence, None where that is no report."""
        if not judgement.is_report:
            return None
        choices = {name: judgement.choose(name) or "" for name in judgement.choices}
        kind = choices.pop("kind", "") or next(iter(self._task.records))
        certainty = judgement.choices.get("kind", {}).get(kind, 1.0)
        return Report(
            sentence,
            kind,
            judgement.probability,
            certainty,
            choices,
            bent=self._bend(self._weigh(sentence)),
        )

    def _bend(self, signs: Signs) -> float:
        """What a sentence's signs say for the kind of one party over the joint one."""
        rule = self.rules.sides
        if rule is None:
            return 0.0
        return signs.kinds.get(rule.alone, 0.0) - signs.kinds.get(rule.joint, 0.0)

    def attach(self, report: Report, drafts: Sequence[Draft]) -> bool:
        """Whether a sentence only tells more of what an earlier one reports: it is then proof of
        that draft, or of the last of its kind where it points back ("made the pledge in …")."""
        if report.supports is not None:
            same = [draft for draft in drafts if report.supports in draft["evidence"]]
            return _add_evidence(same, report)
        rule = self.rules.acts
        if rule is None or rule.refer is None:
            return False
        text = self._article.read(report.sentence)
        if not compile_caseless(rule.refer).search(text):
            return False
        return _add_evidence([draft for draft in drafts if self._continues(report, draft)], report)

    def _continues(self, report: Report, draft: Draft) -> bool:
        """Whether a report can be more of a draft: the same kind, and nobody else who acts."""
        if draft["kind"] != report.kind:
            return False
        actors = actors_of(self._task.records[report.kind])
        names = draft.get(actors) or [] if actors else []
        number = report.sentence.number
        known = {
            party.identity for name in names for party in self._cast.resolve(name, sentence=number)
        }
        acting = {party.identity for party in report.actors}
        return not known or not acting or bool(known & acting)

    def know(self, report: Report) -> Draft:
        """What needs no question: kind, evidence, who acts, and the fields that rules fill in."""
        text = self._article.read(report.sentence)
        known: Draft = dict(self.rules.fill(text, opening=self._opening)) | dict(report.choices)
        known |= {"kind": report.kind, "evidence": [report.sentence.number]}
        acting = [party.name for party in report.actors]
        actors = actors_of(self._task.records[report.kind])
        if acting and actors is not None:
            known[actors] = acting
        return known

    def hold_times(self, draft: Draft, report: Report) -> tuple[Draft, tuple[Rejection, ...]]:
        """The draft without times that cannot be the act's, each refused with its reason."""
        rule, refused = self.rules.times, list[Rejection]()
        text = self._article.read(report.sentence)
        for each in record_fields(self._task.records[report.kind]):
            words = draft.get(each.name)
            if rule is None or each.shape != "timeframe" or not words:
                continue
            if rule.admits(words, text):
                continue
            detail = f"{each.name}: {words!r} is not the time of an act"
            refused.append(Rejection(reason="not_a_time", detail=detail, answer={"value": words}))
            draft = {**draft, each.name: None}
        return draft, tuple(refused)


def _add_evidence(drafts: Sequence[Draft], report: Report) -> bool:
    """Whether there is a draft, the last of which then gains the report's sentence as proof."""
    if not drafts:
        return False
    drafts[-1]["evidence"] = [*drafts[-1]["evidence"], report.sentence.number]
    return True


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
