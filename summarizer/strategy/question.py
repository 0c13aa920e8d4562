"""question: the messages of stepwise's small questions.

Instructions and examples are the same from sentence to sentence and stand first, so a server with
a prompt cache reads them once.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.article import Article, Sentence
from summarizer.draft import actors_of, draft_type
from summarizer.errors import UsageError
from summarizer.model.protocol import Message
from summarizer.strategy.prompt import (
    Line,
    describe_kinds,
    example_turns,
    read_lines,
    turn,
    view_article,
    view_example,
)
from summarizer.task import Task
from summarizer.task.example import Example


def sift(article: Article, task: Task) -> tuple[Sentence, ...]:
    """The sentences that hold a cue word."""
    return tuple(
        sentence
        for sentence in article.content
        if task.cues.match(article.read(sentence), language=article.language)
    )


def render_about(
    article: Article,
    task: Task,
    *,
    number: int | None = None,
    kind: str | None = None,
    known: frozenset[str] | None = None,
) -> list[Message]:
    """The messages about one sentence: to decide on it, or, given a kind, to describe it.

    `known` names the fields that the description need not give: those that rules fill in and who
    acts, unless said otherwise.

    Without a number it is about the first candidate. Raises UsageError where the article has no
    such sentence.
    """
    sentence = _find_sentence(article, task, number)
    [line] = read_lines(article, [sentence], is_guarded=task.is_guarded)
    before = _before(article, task, sentence)
    if kind is None:
        return _render_decide(task, article, line, before)
    if known is None:
        known = task.rules.speak(article.language).names | {actors_of(task.records[kind]) or ""}
    return _render_describe(task, article, line, before, kind, known)


def _find_sentence(article: Article, task: Task, number: int | None) -> Sentence:
    candidates = sift(article, task) if number is None else article.content
    for sentence in candidates:
        if number in (None, sentence.number):
            return sentence
    numbers = ", ".join(str(sentence.number) for sentence in article.content)
    raise UsageError(f"no such sentence can be asked about; the article has: {numbers}")


def _before(article: Article, task: Task, sentence: Sentence) -> str:
    """The sentence of the body before this one, for words such as "they"."""
    earlier = [s for s in article.content if s.role == "body" and s.number < sentence.number]
    lines = read_lines(article, earlier[-1:], is_guarded=task.is_guarded)
    return lines[0].text if lines else ""


def _render_decide(task: Task, article: Article, line: Line, before: str) -> list[Message]:
    question = _ask(task, "decide_turn", _view(task, article), line, before)
    return [*_open_decide(task), Message("user", question)]


@functools.lru_cache(maxsize=8)
def _open_decide(task: Task) -> tuple[Message, ...]:
    """The instructions and few-shot turns of the decision: the same for every sentence."""
    messages = [Message("system", task.templates.render("decide", _system(task)))]
    labels = task.stepwise.labels if task.stepwise else {}
    for example in task.examples:
        for number, text, previous in example_turns(example):
            question = _ask(
                task,
                "decide_turn",
                view_example(example, is_guarded=task.is_guarded),
                Line(number, text),
                previous,
            )
            kind = example.kind_of(number, only=next(iter(task.records)))
            messages += turn(question, _label_of(kind, labels))
    return tuple(messages)


def _view(task: Task, article: Article) -> dict[str, str]:
    return view_article(article, is_guarded=task.is_guarded)


def _system(task: Task) -> dict[str, Any]:
    """What every template of instructions may say."""
    return {"kinds": describe_kinds(task), "guarded": task.is_guarded}


def _label_of(kind: str, labels: Mapping[str, Sequence[str]]) -> str:
    """The answer that stands for a kind, or for none."""
    return next(label for label, kinds in labels.items() if (kind in kinds if kind else not kinds))


def _render_describe(
    task: Task, article: Article, line: Line, before: str, kind: str, known: frozenset[str]
) -> list[Message]:
    question = _ask(task, "describe_turn", _view(task, article), line, before, kind)
    return [*_open_describe(task, known), Message("user", question)]


@functools.lru_cache(maxsize=64)
def _open_describe(task: Task, known: frozenset[str]) -> tuple[Message, ...]:
    """The instructions and few-shot turns of the description, for what is not known."""
    values = {**_system(task), "known": known}
    messages = [Message("system", task.templates.render("describe", values))]
    for example in task.examples:
        messages += _describe_example(task, example, known)
    return tuple(messages)


def _describe_example(task: Task, example: Example, known: frozenset[str]) -> list[Message]:
    messages: list[Message] = []
    for number, text, previous in example_turns(example):
        found = [record for record in example.records if number in record["evidence"]]
        if not found:
            continue
        kind = example.kind_of(number, only=next(iter(task.records)))
        question = _ask(
            task,
            "describe_turn",
            view_example(example, is_guarded=task.is_guarded),
            Line(number, text),
            previous,
            kind,
        )
        answer = {"records": [_form(record, task, known) for record in found]}
        messages += turn(question, json.dumps(answer, ensure_ascii=False))
    return messages


def _form(answer: Mapping[str, Any], task: Task, known: frozenset[str]) -> dict[str, Any]:
    """An example's record as the form asks for it, fields in the form's order."""
    record = task.records[str(answer.get("kind", next(iter(task.records))))]
    asked = draft_type(record, cites=False, skip=known | {"kind"}).model_fields
    return {name: answer.get(name) for name in asked}


def _ask(
    task: Task, template: str, article: dict[str, str], line: Line, before: str, kind: str = ""
) -> str:
    values: dict[str, Any] = {
        "article": article,
        "sentence": line,
        "before": before,
        "kind": kind,
        "guarded": task.is_guarded,
    }
    return task.templates.render(template, values)
