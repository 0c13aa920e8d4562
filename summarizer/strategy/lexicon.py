"""lexicon: no model at all; what the task's cues and rules find by themselves.

A baseline: whatever a model adds shows in the difference. Sentences are sifted as for `stepwise`;
signs alone decide on them, and every field is filled in with the sentence's own words.
"""

from typing import Any

from summarizer.article import Article
from summarizer.draft import record_fields
from summarizer.errors import ModelError
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Usage
from summarizer.strategy.description import Describer
from summarizer.strategy.phrasing import clip_act
from summarizer.strategy.proposal import Proposal
from summarizer.strategy.question import sift
from summarizer.strategy.ruling import Report, Ruling
from summarizer.strategy.sides import list_chances, settle_sides
from summarizer.task import Task

EVEN = {"report": 0.5, "none": 0.5}
"""What a model would answer that has no idea."""

THRESHOLD = 0.5
"""Probability from which a sentence counts as a report."""


async def propose_lexicon(article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
    """Everything that the rules find by themselves; the model is asked nothing.

    Raises ModelError where the rules know no words of the article's language.
    """
    _require_words(article, task)
    ruling = Ruling(article, task, cast)
    describer = Describer(article, task, cast, ruling)
    labels = {"report": tuple(task.records), "none": ()}
    decided = [
        ruling.decide(sentence, EVEN, labels, threshold=THRESHOLD)
        for sentence in sift(article, task)
    ]
    found = [report for report in decided if report is not None]
    drafts: list[dict[str, Any]] = []
    logit = task.probe.actors if task.probe else None
    reports = settle_sides(found, article, cast, ruling.rules.sides, logit)
    for report in reports:
        if not ruling.attach(report, drafts):
            drafts += describer.describe(report) or [
                _clip(report, article, task, describer, ruling)
            ]
    return Proposal("", tuple(drafts), Usage(), chances=list_chances(reports))


def _require_words(article: Article, task: Task) -> None:
    if article.language not in (None, *task.rules.languages):
        known = ", ".join(task.rules.languages)
        raise ModelError(
            f"the article is in {article.language!r}, and the rules of the task {task.name!r} "
            f"know the words of {known} only; ask a model"
        )


def _clip(
    report: Report, article: Article, task: Task, describer: Describer, ruling: Ruling
) -> dict[str, Any]:
    """The draft of a sentence in which no act was found: its words from the strongest sign on."""
    text = article.read(report.sentence)
    draft = describer.know(report)
    for field in record_fields(task.records[report.kind]):
        if field.shape == "phrase" and field.name not in draft:
            clipped = clip_act(text[ruling.rules.locate(text) :])
            draft[field.name] = None if field.nullable else clipped
    return draft
