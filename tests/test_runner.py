"""Many articles: in order, a bounded number at a time, each with an outcome of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from summarizer import Article, load_task, make_article
from summarizer.article import Unreadable
from summarizer.errors import AnswerError, ArticleError, EndpointError
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Answer, Message, Reply
from summarizer.runner import Outcome, run_articles

TASK = load_task("agreements")
NOTHING = {"gist": "", "records": []}


def article(number: int) -> Article:
    return make_article(f"The ministers met on day {number}.", id=f"a{number}", origin=f"a{number}")


def answer(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
    """Nothing; but day 3 fails, and on day 7 the endpoint is gone."""
    if "day 3." in messages[-1].content:
        raise AnswerError("nothing fits")
    if "day 7." in messages[-1].content:
        raise EndpointError("gone")
    return NOTHING


class SlowModel(FakeModel):
    """Takes longer for earlier articles, and knows how many are in work."""

    working = 0
    most = 0
    cancelled = 0

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        SlowModel.working += 1
        SlowModel.most = max(SlowModel.most, SlowModel.working)
        try:
            await asyncio.sleep(0.05 if "day 0." in messages[-1].content else 0.001)
            return await super().ask(messages, answer, max_tokens=max_tokens)
        except asyncio.CancelledError:
            SlowModel.cancelled += 1
            raise
        finally:
            SlowModel.working -= 1


async def collect(
    inputs: Sequence[Article | Unreadable], model: FakeModel, *, concurrency: int
) -> list[Outcome]:
    outcomes = run_articles(inputs, TASK, model, strategy="whole", concurrency=concurrency)
    return [outcome async for outcome in outcomes]


@given(numbers=st.lists(st.integers(0, 5), max_size=8), concurrency=st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_there_is_one_outcome_for_each_input_in_its_order(
    numbers: list[int], concurrency: int
) -> None:
    inputs = [article(number) for number in numbers]
    found = asyncio.run(collect(inputs, SlowModel(answer), concurrency=concurrency))
    assert [outcome.origin for outcome in found] == [item.origin for item in inputs]
    for outcome, number in zip(found, numbers, strict=True):
        assert (outcome.summary is None) == (outcome.error is not None) == (number == 3)


def test_an_input_that_cannot_be_read_is_an_outcome_too() -> None:
    error = ArticleError("is empty")
    inputs: list[Article | Unreadable] = [article(0), Unreadable("b.txt", error), article(1)]
    found = asyncio.run(collect(inputs, FakeModel(answer), concurrency=2))
    assert [outcome.error for outcome in found] == [None, error, None]


def test_no_more_articles_are_in_work_than_allowed() -> None:
    SlowModel.most = 0
    asyncio.run(collect([article(n) for n in (0, 1, 2, 4, 5)], SlowModel(answer), concurrency=2))
    assert SlowModel.most == 2


def test_inputs_are_read_only_as_far_as_needed() -> None:
    """A corpus of millions is never in memory."""
    read: list[int] = []

    async def take_one() -> None:
        inputs = (read.append(n) or article(n) for n in range(100))  # type: ignore[func-returns-value]
        outcomes = run_articles(inputs, TASK, FakeModel(answer), strategy="whole", concurrency=3)
        await anext(outcomes)
        await outcomes.aclose()

    asyncio.run(take_one())
    assert len(read) <= 3


def test_a_lost_endpoint_ends_the_run_and_cancels_what_is_under_way() -> None:
    SlowModel.cancelled = 0
    with pytest.raises(EndpointError, match="gone"):
        asyncio.run(collect([article(n) for n in (7, 0, 1)], SlowModel(answer), concurrency=3))
    assert SlowModel.working == 0
    assert SlowModel.cancelled >= 1
