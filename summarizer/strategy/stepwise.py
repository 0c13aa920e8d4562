"""stepwise: small steps for a small model; decide on each sentence, then describe what it reports.

A model of one or two billion parameters is worth more read than asked: a probe on its states
decides on all sentences from one reading of the article. What the words of a sentence tell by
themselves, the task's rules fill in; the model is asked for the rest, one sentence at a time.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field, create_model

from summarizer.article import Article, Sentence
from summarizer.draft import draft_type
from summarizer.errors import AnswerError, ModelError, TruncatedError
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Record, Rejection, Usage
from summarizer.strategy.description import Describer
from summarizer.strategy.holding import hold_to_sentence
from summarizer.strategy.judgement import judge_sentences
from summarizer.strategy.proposal import Proposal
from summarizer.strategy.question import render_about, sift
from summarizer.strategy.ruling import Report, Ruling
from summarizer.strategy.sides import list_chances, settle_sides
from summarizer.task import Task
from summarizer.task.settings import Stepwise

MOST_RECORDS = 3
"""Records that one sentence may report."""


async def propose_stepwise(article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
    """Everything found by deciding on and describing one sentence at a time.

    Raises ModelError where no report at all could be described.
    """
    if task.stepwise is None or not article.content:
        return Proposal(gist="", drafts=(), usage=Usage())
    ruling = Ruling(article, task, cast)
    describer = Describer(article, task, cast, ruling)
    questions = _Questions(article, task, task.stepwise, model, ruling, describer)
    drafts: list[dict[str, Any]] = []
    found = await questions.find_reports()
    logit = task.probe.actors if task.probe else None
    reports = settle_sides(found, article, cast, ruling.rules.sides, logit)
    for report in reports:
        if not ruling.attach(report, drafts):
            drafts += describer.describe(report) or await questions.describe(report)
    if questions.failure is not None and not drafts:
        raise questions.failure  # an empty summary would say that nothing is reported
    rejected, chances = tuple(questions.rejected), list_chances(reports)
    return Proposal("", tuple(drafts), questions.usage, rejected, chances)


class _Questions:
    """The questions about one article, and what they have cost so far."""

    def __init__(
        self,
        article: Article,
        task: Task,
        settings: Stepwise,
        model: Model,
        ruling: Ruling,
        describer: Describer,
    ) -> None:
        self._article = article
        self._task = task
        self._settings = settings
        self._model = model
        self._ruling = ruling
        self._describer = describer
        self.usage = Usage()
        self.rejected: list[Rejection] = []
        self.failure: ModelError | None = None

    async def find_reports(self) -> list[Report]:
        """The sentences that report something: a probe's verdict where there is one that fits the
        model, else the model's answers about each sentence with a cue word."""
        judged = await judge_sentences(self._article, self._task, self._model, self._ruling)
        if judged is None:
            answers = [await self._decide(sentence) for sentence in sift(self._article, self._task)]
            return _drop_none(answers)
        judgements, usage = judged
        self.usage += usage
        return _drop_none(
            self._ruling.follow(sentence, judgements[sentence.number])
            for sentence in self._article.content
        )

    async def _decide(self, sentence: Sentence) -> Report | None:
        messages = render_about(self._article, self._task, number=sentence.number)
        choice = await self._model.choose(messages, tuple(self._settings.labels))
        self.usage += choice.usage
        return self._ruling.decide(
            sentence,
            choice.probabilities,
            self._settings.labels,
            threshold=self._settings.threshold,
        )

    async def describe(self, report: Report) -> list[dict[str, Any]]:
        """The drafts of what the sentence reports; what rules know is filled in, not asked.

        An answer that does not fit costs its own sentence, not the whole article.
        """
        known = self._describer.know(report)
        messages = render_about(
            self._article,
            self._task,
            number=report.sentence.number,
            kind=report.kind,
            known=frozenset(known),
        )
        answer = description_type(self._task.records[report.kind], frozenset(known))
        try:
            reply = await self._model.ask(messages, answer, max_tokens=self._settings.max_tokens)
        except (AnswerError, TruncatedError) as error:
            self.rejected.append(Rejection(reason="no_answer", detail=str(error), answer=known))
            self.failure = error
            return []
        self.usage += reply.usage
        return self._hold(
            [{**known, **draft} for draft in reply.value.model_dump()["records"]], report
        )

    def _hold(self, answered: list[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
        """The drafts that the sentence's grammar bears out; what it refuses is noted."""
        text = self._article.read(report.sentence)
        acts = hold_to_sentence(answered, text, self._ruling.rules.acts)
        self.rejected += acts.rejected
        drafts = []
        for draft in acts.drafts:
            held, refused = self._ruling.hold_times(draft, report)
            drafts.append(held)
            self.rejected += refused
        return drafts


def _drop_none(reports: Iterable[Report | None]) -> list[Report]:
    return [report for report in reports if report is not None]


def description_type(record: type[Record], known: frozenset[str]) -> type[BaseModel]:
    """The answer to `describe`: one to three drafts of the fields that are not known."""
    draft = draft_type(record, cites=False, skip=known | {"kind"})
    drafts = (list[draft], Field(min_length=1, max_length=MOST_RECORDS))  # type: ignore[valid-type]
    return create_model("Description", records=drafts)
