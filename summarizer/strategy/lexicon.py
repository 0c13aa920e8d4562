"""lexicon: no model at all; what the task's cues and rules find by themselves.

A baseline: whatever a model adds shows in the difference. Sentences are sifted as for `stepwise`;
signs alone decide on them, and every field is filled in with the sentence's own words.
"""

import datetime
from typing import Any

from summarizer.article import Article
from summarizer.draft import RecordField, record_fields
from summarizer.errors import ModelError
from summarizer.model.protocol import Model
from summarizer.party import Cast
from summarizer.records import Usage
from summarizer.strategy.acts import clip_act, find_act
from summarizer.strategy.proposal import Proposal
from summarizer.strategy.question import sift
from summarizer.strategy.ruling import Report, Ruling
from summarizer.task import Task
from summarizer.task.rules import Rules
from summarizer.timeframe import find_timeframes

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
    labels = {"report": tuple(task.records), "none": ()}
    drafts: list[dict[str, Any]] = []
    for sentence in sift(article, task):
        report = ruling.decide(sentence, EVEN, labels, threshold=THRESHOLD)
        if report is not None and not ruling.refers_back(report, drafts):
            drafts.append(_describe(report, article, task, ruling))
    return Proposal(gist=article.title or "", drafts=tuple(drafts), usage=Usage())


def _require_words(article: Article, task: Task) -> None:
    if article.language not in (None, *task.rules.languages):
        known = ", ".join(task.rules.languages)
        raise ModelError(
            f"the article is in {article.language!r}, and the rules of the task {task.name!r} "
            f"know the words of {known} only; ask a model"
        )


def _describe(report: Report, article: Article, task: Task, ruling: Ruling) -> dict[str, Any]:
    """The draft of the one record that a sentence is taken to report."""
    text = article.read(report.sentence)
    draft = ruling.know(report)
    for field in record_fields(task.records[report.kind]):
        if field.name in draft:
            continue
        if field.shape == "phrase":
            draft[field.name] = _find_phrase(field, text, ruling.rules)
        elif field.shape == "timeframe":
            draft[field.name] = _find_time(text, ruling.rules, published=article.date)
    return draft


def _find_phrase(field: RecordField, text: str, rules: Rules) -> str | None:
    """What is done, by the rule of acts or from the strongest sign on; nothing for others."""
    rule = rules.acts if rules.acts and rules.acts.field == field.name else None
    if rule is None and field.nullable:
        return None
    found = find_act(text, rule) if rule else None
    return found or clip_act(text[rules.locate(text) :])


def _find_time(text: str, rules: Rules, *, published: datetime.date | None) -> str | None:
    """The first words for a time to come, where rules say which words can be the time of an act."""
    if rules.times is None or published is None:
        return None
    for time in find_timeframes(text, published=published):
        last = time.end or time.start
        if last is not None and last > published and rules.times.admits(time.text, text):
            return time.text
    return None
