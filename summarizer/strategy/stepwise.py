"""stepwise: many small questions for a small model; sift, decide, describe.

A model of one or two billion parameters answers a small question about one sentence better than a
large one about an article. What the words decide by themselves, the task's rules decide.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, create_model

from summarizer.article import Article, Sentence
from summarizer.draft import actors_of, draft_type, record_fields
from summarizer.errors import AnswerError, ModelError, TruncatedError
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Record, Rejection, Usage
from summarizer.strategy.acts import hold_to_sentence
from summarizer.strategy.proposal import Proposal
from summarizer.strategy.question import render_about, render_opening, sift
from summarizer.task import Task
from summarizer.task.rules import Opening, Signs
from summarizer.task.settings import Stepwise

MOST_RECORDS = 3
"""Records that one sentence may report."""

GIST_TOKENS = 90


class Gist(BaseModel):
    """One sentence about the article."""

    gist: str = Field(max_length=400)


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports something, with the kind decided for it."""

    sentence: Sentence
    kind: str
    probability: float


async def propose_stepwise(article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
    """Everything found by asking about one sentence at a time.

    Raises ModelError where no report at all could be described.
    """
    if task.stepwise is None or not article.content:
        return Proposal(gist="", drafts=(), usage=Usage())
    questions = _Questions(article, task, task.stepwise, model, cast)
    reports = [
        report
        for sentence in sift(article, task)
        if (report := await questions.decide(sentence)) is not None
    ]
    drafts: list[dict[str, Any]] = []
    for report in reports:
        if not _refers_back(report, article, task, drafts):
            drafts += await questions.describe(report)
    if questions.failure is not None and not drafts:
        raise questions.failure  # an empty summary would say that nothing is reported
    gist = await questions.tell()
    return Proposal(gist, tuple(drafts), questions.usage, tuple(questions.rejected))


def _refers_back(
    report: Report, article: Article, task: Task, drafts: list[dict[str, Any]]
) -> bool:
    """Whether a sentence only points back ("made the pledge in a report"): it is then proof of
    the last draft of its kind, which gains it as evidence."""
    rule = task.rules.speak(article.language).acts
    if rule is None or rule.refer is None:
        return False
    same = [draft for draft in drafts if draft["kind"] == report.kind]
    if not same or not re.search(rule.refer, article.read(report.sentence), re.IGNORECASE):
        return False
    same[-1]["evidence"] = [*same[-1]["evidence"], report.sentence.number]
    return True


class _Questions:
    """The questions about one article, and what they have cost so far."""

    def __init__(
        self, article: Article, task: Task, settings: Stepwise, model: Model, cast: Cast
    ) -> None:
        self._article = article
        self._task = task
        self._settings = settings
        self._model = model
        self._cast = cast
        self._rules = task.rules.speak(article.language)
        self.usage = Usage()
        self.rejected: list[Rejection] = []
        self.failure: ModelError | None = None

    async def decide(self, sentence: Sentence) -> Report | None:
        """The kind of record that the sentence reports, None where it seems to report none."""
        messages = render_about(self._article, self._task, number=sentence.number)
        choice = await self._model.choose(messages, tuple(self._settings.labels))
        self.usage += choice.usage
        text = self._article.read(sentence)
        signs = self._rules.weigh(text, actors=len(self._cast.subjects(sentence.number)))
        kind, probability = combine(
            choice.probabilities, self._settings.labels, signs, trust=self._rules.trust
        )
        if probability < self._settings.threshold:
            return None
        return Report(sentence, kind, probability)

    async def describe(self, report: Report) -> list[dict[str, Any]]:
        """The drafts of what the sentence reports; what rules know is filled in, not asked.

        An answer that does not fit costs its own sentence, not the whole article.
        """
        known = self._know(report)
        record = self._task.records[report.kind]
        messages = render_about(
            self._article,
            self._task,
            number=report.sentence.number,
            kind=report.kind,
            known=frozenset(known),
        )
        answer = description_type(record, frozenset(known))
        try:
            reply = await self._model.ask(messages, answer, max_tokens=self._settings.max_tokens)
        except (AnswerError, TruncatedError) as error:
            self.rejected.append(Rejection(reason="no_answer", detail=str(error), answer=known))
            self.failure = error
            return []
        self.usage += reply.usage
        answered = [{**known, **draft} for draft in reply.value.model_dump()["records"]]
        text = self._article.read(report.sentence)
        acts = hold_to_sentence(answered, text, self._rules.acts)
        self.rejected += acts.rejected
        return [self._hold_times(draft, record, text) for draft in acts.drafts]

    def _hold_times(self, draft: dict[str, Any], record: type[Record], text: str) -> dict[str, Any]:
        """The draft without times that cannot be the act's, each refused with its reason."""
        rule = self._rules.times
        for field in record_fields(record):
            words = draft.get(field.name)
            if rule is None or field.shape != "timeframe" or not words:
                continue
            if rule.admits(words, text):
                continue
            detail = f"{field.name}: {words!r} is not the time of an act"
            self.rejected.append(
                Rejection(reason="not_a_time", detail=detail, answer={"value": words})
            )
            draft = {**draft, field.name: None}
        return draft

    def _know(self, report: Report) -> dict[str, Any]:
        """What needs no question: kind, evidence, who acts, and the fields that rules fill in."""
        record = self._task.records[report.kind]
        text = self._article.read(report.sentence)
        known: dict[str, Any] = dict(self._rules.fill(text, opening=_opening(self._article)))
        known |= {"kind": report.kind, "evidence": [report.sentence.number]}
        acting = [party.name for party in self._cast.subjects(report.sentence.number)]
        actors = actors_of(record)
        if acting and actors is not None:
            known[actors] = acting
        return known

    async def tell(self) -> str:
        """One sentence about the article, from its beginning; empty where no answer fits."""
        messages = render_opening(self._article, self._task)
        try:
            reply = await self._model.ask(messages, Gist, max_tokens=GIST_TOKENS)
        except (AnswerError, TruncatedError) as error:
            self.rejected.append(Rejection(reason="no_answer", detail=f"gist: {error}", answer={}))
            return ""
        self.usage += reply.usage
        return reply.value.gist


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


def description_type(record: type[Record], known: frozenset[str]) -> type[BaseModel]:
    """The answer to `describe`: one to three drafts of the fields that are not known."""
    draft = draft_type(record, None, skip=known | {"kind"})
    drafts = (list[draft], Field(min_length=1, max_length=MOST_RECORDS))  # type: ignore[valid-type]
    return create_model("Description", records=drafts)


def _opening(article: Article) -> Opening:
    body = [article.read(sentence) for sentence in article.content if sentence.role == "body"]
    title = article.title or ""
    return Opening("\n".join([title, *body[:1]]), "\n".join([title, *body[:2]]))
