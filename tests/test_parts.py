"""Articles that are too long for one question or one answer."""

import asyncio
import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from summarizer import load_task, make_article
from summarizer.article import Article, Sentence
from summarizer.errors import AnswerError, ModelError, TooLongError, TruncatedError
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Message
from summarizer.pipeline import summarize_article
from summarizer.records import Summary
from summarizer.strategy.parts import LEAD, ask_in_parts, find_middle

TASK = dataclasses.replace(load_task("agreements"), probe=None)


def article(sentences: int, *, paragraph: int = 1) -> Article:
    """Chile pledges something else to Peru in each sentence, `paragraph` sentences a paragraph."""
    lines = [f"Chile will send {n}00 tents to Peru." for n in range(1, sentences + 1)]
    blocks = [" ".join(lines[n : n + paragraph]) for n in range(0, len(lines), paragraph)]
    return make_article("\n\n".join(blocks), id="tents", origin="tents.txt")


def ask_of(text: Article, room: int, error: type[ModelError], asked: list[list[int]]) -> Any:
    """A question that has room for so many sentences, and notes which it was asked about."""

    async def ask(sentences: Sequence[Sentence]) -> list[int]:
        numbers = [sentence.number for sentence in sentences]
        asked.append(numbers)
        if len(sentences) > room:
            raise error("no room")
        return numbers

    return ask


@given(
    count=st.integers(1, 60),
    room=st.integers(LEAD + 1, 70),
    error=st.sampled_from([TooLongError, TruncatedError]),
)
@settings(max_examples=40, deadline=None)
def test_every_sentence_is_asked_about_once_after_the_lead(
    count: int, room: int, error: type[ModelError]
) -> None:
    text = article(count, paragraph=3)
    asked: list[list[int]] = []
    parts = asyncio.run(ask_in_parts(text.content, ask_of(text, room, error, asked)))
    lead = [sentence.number for sentence in text.content[:LEAD]]
    rest = [number for part in parts for number in part[len(lead) :]]
    assert [*lead, *rest] == [sentence.number for sentence in text.content]
    assert all(part[:LEAD] == lead for part in parts)
    assert len(asked) <= 2 * len(text.content)


@pytest.mark.parametrize("error", [TooLongError, TruncatedError])
def test_no_room_for_one_sentence_is_the_articles_error(error: type[ModelError]) -> None:
    text = article(8)
    with pytest.raises(error):
        asyncio.run(ask_in_parts(text.content, ask_of(text, LEAD, error, [])))


def test_another_error_is_not_tried_in_parts() -> None:
    text, asked = article(8), list[list[int]]()
    with pytest.raises(AnswerError):
        asyncio.run(ask_in_parts(text.content, ask_of(text, 0, AnswerError, asked)))
    assert len(asked) == 1


def test_halves_meet_between_two_paragraphs_where_they_can() -> None:
    text = article(12, paragraph=4)
    middle = find_middle(text.content)
    assert text.content[middle].paragraph != text.content[middle - 1].paragraph
    assert middle in (4, 8)


def test_one_long_paragraph_is_halved_between_two_sentences() -> None:
    assert find_middle(article(10, paragraph=10).content) == 5


def model_with_room(sentences: int) -> FakeModel:
    """Finds a pledge in each sentence that it is shown, if they are not too many."""

    def answer(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        shown = re.findall(r"^\[(\d+)\] .*?(\d+) tents", messages[-1].content, re.MULTILINE)
        if len(shown) > sentences:
            raise TooLongError("no room")
        return {"gist": "Chile will send tents.", "records": [pledge(*one) for one in shown]}

    return FakeModel(answer)


def pledge(number: str, tents: str) -> dict[str, Any]:
    return {
        "kind": "pledge",
        "evidence": [int(number)],
        "parties": ["Chile"],
        "action": f"send {tents} tents",
        "status": "new",
        "strength": "firm",
        "topic": "humanitarian",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
        "counterparts": ["Peru"],
    }


def summarise(text: Article, room: int) -> Summary:
    return asyncio.run(summarize_article(text, TASK, model_with_room(room), strategy="whole"))


def test_the_records_of_all_parts_are_one_summary_and_the_lead_is_told_once() -> None:
    text = article(9, paragraph=2)
    whole, parts = summarise(text, room=9), summarise(text, room=4)
    assert [record.evidence for record in parts.records] == [r.evidence for r in whole.records]
    assert parts.provenance.usage.calls > whole.provenance.usage.calls == 1


def test_the_gist_of_one_part_is_not_the_gist_of_the_article() -> None:
    text = article(9)
    assert summarise(text, room=9).gist == "Chile will send tents."
    assert "100 tents" in summarise(text, room=4).gist
