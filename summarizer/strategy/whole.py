"""whole: one call that reads the numbered article and answers with every record."""

import functools
import json
from collections.abc import Sequence
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.draft import citing, whole_draft_type
from summarizer.model.protocol import Message, Model
from summarizer.party import Cast
from summarizer.records import Usage
from summarizer.strategy.parts import ask_in_parts
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
    """Everything the model finds in one reading, or in several where one has no room.

    No call for an article without a sentence. Raises TooLongError or TruncatedError where there is
    no room for a single sentence.
    """
    if not article.content:
        return Proposal(gist="", drafts=(), usage=Usage())

    async def ask(sentences: Sequence[Sentence]) -> Proposal:
        draft = whole_draft_type(tuple(task.records.values()))
        messages = render_whole(article, task, sentences)
        with citing(sentence.number for sentence in sentences):
            reply = await model.ask(messages, draft, max_tokens=task.whole.max_tokens)
        answer = reply.value.model_dump()
        return Proposal(gist=answer["gist"], drafts=tuple(answer["records"]), usage=reply.usage)

    return _join(await ask_in_parts(article.content, ask))


def _join(parts: Sequence[Proposal]) -> Proposal:
    """The parts' drafts together; a gist of one part alone would be none of the article."""
    if len(parts) == 1:
        return parts[0]
    drafts = tuple(draft for part in parts for draft in part.drafts)
    return Proposal(gist="", drafts=drafts, usage=sum((part.usage for part in parts), Usage()))


def render_whole(
    article: Article, task: Task, sentences: Sequence[Sentence] | None = None
) -> list[Message]:
    """The messages of one call: instructions, few-shot turns, the article or some of it."""
    read = article.content if sentences is None else sentences
    lines = read_lines(article, read, is_guarded=task.is_guarded)
    view = view_article(article, is_guarded=task.is_guarded)
    return [*_render_opening(task), Message("user", _render_turn(task, view, lines))]


@functools.lru_cache(maxsize=8)
def _render_opening(task: Task) -> tuple[Message, ...]:
    """Instructions and few-shot turns: what is the same for every article."""
    values = {"kinds": describe_kinds(task), "guarded": task.is_guarded}
    messages = [Message("system", task.templates.render("whole", values))]
    for example in task.examples:
        seen = view_example(example, is_guarded=task.is_guarded)
        question = _render_turn(task, seen, example_lines(example))
        answer = {"gist": example.gist, "records": list(example.records)}
        messages += turn(question, json.dumps(answer, ensure_ascii=False))
    return tuple(messages)


def _render_turn(task: Task, article: dict[str, Any], lines: list[Line]) -> str:
    values = {"article": article, "sentences": lines, "guarded": task.is_guarded}
    return task.templates.render("whole_turn", values)
