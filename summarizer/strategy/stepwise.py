"""stepwise: many small questions for a small model; sift, decide, describe.

A model of one or two billion parameters answers a small question about one sentence better than a
large one about an article. What the words decide by themselves, the task's rules decide.
"""

from typing import Any

from pydantic import BaseModel, Field, create_model

from summarizer.article import Article, Sentence
from summarizer.draft import draft_type
from summarizer.errors import AnswerError, ModelError, TruncatedError
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Record, Rejection, Usage
from summarizer.strategy.acts import hold_to_sentence
from summarizer.strategy.proposal import Proposal
from summarizer.strategy.question import render_about, render_opening, sift
from summarizer.strategy.ruling import Report, Ruling
from summarizer.task import Task
from summarizer.task.settings import Stepwise

MOST_RECORDS = 3
"""Records that one sentence may report."""

GIST_TOKENS = 90


class Gist(BaseModel):
    """One sentence about the article."""

    gist: str = Field(max_length=400)


async def propose_stepwise(article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
    """Everything found by asking about one sentence at a time.

    Raises ModelError where no report at all could be described.
    """
    if task.stepwise is None or not article.content:
        return Proposal(gist="", drafts=(), usage=Usage())
    ruling = Ruling(article, task, cast)
    questions = _Questions(article, task, task.stepwise, model, ruling)
    reports = [
        report
        for sentence in sift(article, task)
        if (report := await questions.decide(sentence)) is not None
    ]
    drafts: list[dict[str, Any]] = []
    for report in reports:
        if not ruling.refers_back(report, drafts):
            drafts += await questions.describe(report)
    if questions.failure is not None and not drafts:
        raise questions.failure  # an empty summary would say that nothing is reported
    gist = await questions.tell()
    return Proposal(gist, tuple(drafts), questions.usage, tuple(questions.rejected))


class _Questions:
    """The questions about one article, and what they have cost so far."""

    def __init__(
        self, article: Article, task: Task, settings: Stepwise, model: Model, ruling: Ruling
    ) -> None:
        self._article = article
        self._task = task
        self._settings = settings
        self._model = model
        self._ruling = ruling
        self.usage = Usage()
        self.rejected: list[Rejection] = []
        self.failure: ModelError | None = None

    async def decide(self, sentence: Sentence) -> Report | None:
        """The kind of record that the sentence reports, None where it seems to report none."""
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
        known = self._ruling.know(report)
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


def description_type(record: type[Record], known: frozenset[str]) -> type[BaseModel]:
    """The answer to `describe`: one to three drafts of the fields that are not known."""
    draft = draft_type(record, None, skip=known | {"kind"})
    drafts = (list[draft], Field(min_length=1, max_length=MOST_RECORDS))  # type: ignore[valid-type]
    return create_model("Description", records=drafts)
