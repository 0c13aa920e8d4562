"""whole: one call that reads the numbered article and answers with every record."""

import json
from typing import Any

from summarizer.article import Article
from summarizer.draft import whole_draft_type
from summarizer.model.protocol import Message, Model
from summarizer.party import Cast
from summarizer.records import Usage
from summarizer.strategy.prompt import (
    Line,
    describe_kinds,
    example_lines,
    read_lines,
    turn,
    view_article,
    view_example,
)
from summarizer.strategy.proposal import Proposal
from summarizer.task import Task


async def propose_whole(article: Article, task: Task, model: Model, *, cast: Cast) -> Proposal:
    """Everything the model finds in one reading; no call for an article without a sentence."""
    if not article.content:
        return Proposal(gist="", drafts=(), usage=Usage())
    numbers = [sentence.number for sentence in article.content]
    draft = whole_draft_type(tuple(task.records.values()), numbers)
    reply = await model.ask(render_whole(article, task), draft, max_tokens=task.whole.max_tokens)
    answer = reply.value.model_dump()
    return Proposal(gist=answer["gist"], drafts=tuple(answer["records"]), usage=reply.usage)


def render_whole(article: Article, task: Task) -> list[Message]:
    """The messages of the one call: instructions, few-shot turns, the article."""
    system = task.templates.render("whole", {"kinds": describe_kinds(task)})
    messages = [Message("system", system)]
    for example in task.examples:
        question = _render_turn(task, view_example(example), example_lines(example))
        answer = {"gist": example.gist, "records": list(example.records)}
        messages += turn(question, json.dumps(answer, ensure_ascii=False))
    lines = read_lines(article, article.content)
    return [*messages, Message("user", _render_turn(task, view_article(article), lines))]


def _render_turn(task: Task, article: dict[str, Any], lines: list[Line]) -> str:
    return task.templates.render("whole_turn", {"article": article, "sentences": lines})
