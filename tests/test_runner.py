"""Many articles: in order, a bounded number at a time, each with an outcome of its own."""

import asyncio
import dataclasses
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from summarizer import Article, load_task, make_article
from summarizer.article import Unreadable
from summarizer.article.document import Found, Told
from summarizer.errors import (
    AnswerError,
    ArticleError,
    BudgetError,
    ConfigurationError,
    EndpointError,
    SummarizerError,
    UnavailableError,
)
from summarizer.journal import Journal, Policy
from summarizer.model.deferred import DeferredModel
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Answer, Message, Model, Reply
from summarizer.outcome import Outcome
from summarizer.runner import AHEAD, Steps, Stopping, run_articles
from summarizer.store import RunStart, Store

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


class HeldModel(SlowModel):
    """Answers about day 0 only once its gate is open."""

    gate = asyncio.Event()

    async def ask(
        self, messages: Sequence[Message], answer: type[Answer], *, max_tokens: int
    ) -> Reply[Answer]:
        if "day 0." in messages[-1].content:
            SlowModel.working += 1
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                SlowModel.cancelled += 1
                raise
            finally:
                SlowModel.working -= 1
        return await super().ask(messages, answer, max_tokens=max_tokens)


@pytest.fixture(autouse=True)
def _closed_gate() -> None:
    HeldModel.gate = asyncio.Event()


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


async def collect_until_error(
    inputs: Iterable[Article], model: Model, **options: Any
) -> tuple[list[Outcome], SummarizerError | None]:
    """The outcomes, and the error that ended the run."""
    found: list[Outcome] = []
    try:
        async for outcome in run_articles(inputs, TASK, model, strategy="whole", **options):
            found.append(outcome)
    except SummarizerError as error:
        return found, error
    return found, None


def test_a_lost_endpoint_ends_the_run_and_cancels_what_is_under_way() -> None:
    SlowModel.cancelled = 0
    inputs = [article(n) for n in (7, 0, 1, 2)]
    found, error = asyncio.run(collect_until_error(inputs, HeldModel(answer), concurrency=3))
    assert isinstance(error, EndpointError)
    assert SlowModel.working == 0
    assert SlowModel.cancelled >= 1
    assert [outcome.status for outcome in found][:2] == ["http_error", "cancelled"]
    assert len(found) == 3  # the fourth was never begun


def test_what_is_done_is_delivered_before_a_lost_endpoint_ends_the_run() -> None:
    inputs = [article(n) for n in (0, 1, 2, 7)]
    found, error = asyncio.run(collect_until_error(inputs, HeldModel(answer), concurrency=2))
    assert isinstance(error, EndpointError)
    assert [outcome.status for outcome in found] == ["cancelled", "ok", "ok", "http_error"]


def test_a_slow_article_does_not_hold_up_those_behind_it() -> None:
    """As many as may wait behind it are worked on meanwhile, and no more."""
    model = HeldModel(answer)

    async def count() -> int:
        inputs = [article(n) for n in (0, *[1] * 60)]
        outcomes = run_articles(inputs, TASK, model, strategy="whole", concurrency=2)
        first = asyncio.ensure_future(anext(outcomes))
        async with asyncio.timeout(30):
            while len(model.history) < 2 * AHEAD - 1:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        asked = len(model.history)
        model.gate.set()
        await first
        await outcomes.aclose()
        return asked

    assert asyncio.run(count()) == 2 * AHEAD - 1


def test_outcomes_may_come_as_they_are_completed() -> None:
    def open_gate(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        if "day 4." in messages[-1].content:
            HeldModel.gate.set()
        return NOTHING

    inputs = [article(n) for n in (0, 1, 2, 4)]
    options: dict[str, Any] = {"concurrency": 2, "in_order": False}
    found, _ = asyncio.run(collect_until_error(inputs, HeldModel(open_gate), **options))
    assert [outcome.origin for outcome in found] == ["a1", "a2", "a4", "a0"]
    assert sorted(outcome.position for outcome in found) == [0, 1, 2, 3]


def test_an_article_that_takes_longer_than_its_deadline_is_a_timeout() -> None:
    inputs = [article(0), article(1)]
    options: dict[str, Any] = {"concurrency": 2, "deadline": 1.5}
    found, error = asyncio.run(collect_until_error(inputs, HeldModel(answer), **options))
    assert error is None
    assert [outcome.status for outcome in found] == ["timeout", "ok"]
    assert found[0].reason == "was not finished within 1.5 seconds: give --deadline more"


def test_a_fault_of_the_program_costs_one_article_and_says_so() -> None:
    def fail(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        if "day 1." in messages[-1].content:
            raise IndexError("a\nb")
        return NOTHING

    found, error = asyncio.run(collect_until_error([article(1), article(2)], FakeModel(fail)))
    assert error is None
    assert [outcome.status for outcome in found] == ["unreadable", "ok"]
    told = "a1: the program failed on this article (IndexError: a b): report it"
    assert found[0].reason == told


# --- with a store -------------------------------------------------------------------------------

START = RunStart(
    command="", task="agreements", strategy="whole", model="m", endpoint="e", summarizer="1"
)


def open_journal(path: Path, *, policy: Policy = "continue") -> Journal:
    journal = Journal(Store(path), lambda item: item.text, summary=TASK.summary, policy=policy)
    journal.begin(START)
    return journal


def run_with_store(
    inputs: Sequence[Article], model: Model, path: Path, *, policy: Policy = "continue"
) -> tuple[list[Outcome], SummarizerError | None]:
    journal = open_journal(path, policy=policy)
    try:
        options: dict[str, Any] = {"concurrency": 2, "journal": journal}
        return asyncio.run(collect_until_error(inputs, model, **options))
    finally:
        journal.close()


def list_statuses(path: Path, number: int = 1) -> list[str]:
    store = Store(path, is_read_only=True)
    try:
        return [row.status for row in store.rows(number)]
    finally:
        store.close()


def test_what_is_in_the_store_is_not_asked_again(tmp_path: Path) -> None:
    model = FakeModel(answer)
    run_with_store([article(1)], model, tmp_path / "s")
    found, _ = run_with_store([article(2), article(1)], model, tmp_path / "s")
    assert len(model.history) == 2
    assert [outcome.is_stored for outcome in found] == [False, True]
    assert [outcome.status for outcome in found] == ["ok", "ok"]


def test_the_key_of_an_article_is_worked_out_once(tmp_path: Path) -> None:
    """It is a hash of all its text, wanted to look it up and to keep it."""
    keys: list[str] = []

    def identify(item: Article) -> str:
        keys.append(item.id)
        return item.text

    journal = Journal(Store(tmp_path / "s"), identify, summary=TASK.summary)
    journal.begin(START)
    inputs = [article(1), article(2), article(1)]
    options: dict[str, Any] = {"concurrency": 2, "journal": journal}
    found, _ = asyncio.run(collect_until_error(inputs, FakeModel(answer), **options))
    journal.close()
    assert [outcome.is_stored for outcome in found] == [False, False, True]
    assert keys == [item.id for item in inputs]


def test_an_article_of_which_nothing_can_be_read_is_not_asked_about(tmp_path: Path) -> None:
    """It is told as unreadable, whether or not there is a store."""
    blank = make_article("* * *\n\n- - -\n", id="b", origin="b.txt")
    model = FakeModel(answer)
    stored, _ = run_with_store([blank, article(1)], model, tmp_path / "s")
    plain = asyncio.run(collect([blank, article(1)], model, concurrency=1))
    for found in (stored, plain):
        assert [outcome.status for outcome in found] == ["empty_input", "ok"]
        assert found[0].reason == "b.txt holds only menus, marks or what nobody sees"
    assert len(model.history) == 2
    assert list_statuses(tmp_path / "s") == ["empty_input", "ok"]


def test_an_article_that_is_in_the_store_is_not_split_again(tmp_path: Path) -> None:
    """To split it takes several times as long as all else that is done about it."""

    def refuse(text: str, told: Told) -> Found:
        raise AssertionError("the article was split")

    run_with_store([article(1)], FakeModel(answer), tmp_path / "s")
    unread = dataclasses.replace(article(1), find=refuse)
    found, _ = run_with_store([unread], FakeModel(answer), tmp_path / "s")
    assert [outcome.is_stored for outcome in found] == [True]
    with pytest.raises(AssertionError):
        run_with_store([unread], FakeModel(answer), tmp_path / "other")


def test_a_model_that_need_not_be_asked_is_never_opened(tmp_path: Path) -> None:
    def refuse() -> Model:
        raise ConfigurationError("no weights")

    run_with_store([article(1)], FakeModel(answer), tmp_path / "s")
    closed = DeferredModel(FakeModel(answer).info, refuse)
    found, error = run_with_store([article(1)], closed, tmp_path / "s")
    assert [outcome.status for outcome in found] == ["ok"]
    assert error is None
    found, error = run_with_store([article(1), article(2)], closed, tmp_path / "s")
    assert [outcome.status for outcome in found] == ["ok"]
    assert isinstance(error, ConfigurationError)


def test_the_same_content_is_asked_about_once_while_it_is_in_work(tmp_path: Path) -> None:
    model = SlowModel(answer)
    text = article(0).text
    inputs = [make_article(text, id=name, origin=f"{name}.txt") for name in "abc"]
    found, _ = run_with_store(inputs, model, tmp_path / "s")
    assert len(model.history) == 1
    named = [outcome.summary.article.origin for outcome in found if outcome.summary]
    assert named == ["a.txt", "b.txt", "c.txt"]
    assert list_statuses(tmp_path / "s") == ["ok"] * 3


def test_failures_are_asked_about_again_only_where_that_may_help(tmp_path: Path) -> None:
    broken = True

    def fail(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        if broken:
            raise (AnswerError if "day 1." in messages[-1].content else UnavailableError)("no")
        return NOTHING

    model, inputs, path = FakeModel(fail), [article(1), article(2)], tmp_path / "s"
    found, _ = run_with_store(inputs, model, path)
    assert [outcome.status for outcome in found] == ["invalid_output", "http_error"]
    broken = False
    found, _ = run_with_store(inputs, model, path)
    assert [outcome.status for outcome in found] == ["invalid_output", "ok"]
    assert "--retry-failed" in str(found[0].reason)
    found, _ = run_with_store(inputs, model, path, policy="retry_failed")
    assert [(outcome.status, outcome.is_stored) for outcome in found] == [
        ("ok", False),
        ("ok", True),
    ]
    asked = len(model.history)
    run_with_store(inputs, model, path, policy="force")
    assert len(model.history) == asked + 2


def test_once_a_budget_is_spent_only_what_is_stored_is_delivered(tmp_path: Path) -> None:
    spent = False

    def pay(_messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        if spent:
            raise BudgetError("nothing left")
        return NOTHING

    model, path = FakeModel(pay), tmp_path / "s"
    run_with_store([article(5)], model, path)
    spent = True
    inputs = [article(n) for n in (1, 2, 4, 5, 6)]
    found, error = run_with_store(inputs, model, path)
    assert error is None
    assert [outcome.status for outcome in found] == ["budget", "budget", "budget", "ok", "budget"]
    assert len(model.history) <= 1 + 2  # what was in work when it was spent
    assert list_statuses(path, 2) == [outcome.status for outcome in found]
    spent = False
    found, _ = run_with_store(inputs, model, path)
    assert {outcome.status for outcome in found} == {"ok"}


def test_what_was_in_work_when_the_endpoint_was_lost_is_a_failed_row(tmp_path: Path) -> None:
    found, error = run_with_store([article(7), article(0)], SlowModel(answer), tmp_path / "s")
    assert isinstance(error, EndpointError)
    assert list_statuses(tmp_path / "s") == ["http_error", "cancelled"]
    assert [outcome.status for outcome in found] == ["http_error", "cancelled"]


def test_a_store_that_fails_ends_the_run_but_loses_nothing_that_was_paid_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConfigurationError("the disk is full")

    monkeypatch.setattr(Store, "keep", fail)
    model = FakeModel(answer)
    found, error = run_with_store([article(1), article(2)], model, tmp_path / "s")
    assert str(error) == "the disk is full"
    assert [outcome.status for outcome in found] == ["ok", "cancelled"]
    assert len(model.history) == 1


def test_an_article_is_asked_about_before_the_next_one_is_begun() -> None:
    """Else all requests go out together, and the model and the program wait by turns."""
    asked: list[str] = []
    begun: list[int] = []

    def note(messages: Sequence[Message], form: type[BaseModel]) -> dict[str, Any]:
        asked.append(messages[-1].content)
        return answer(messages, form)

    def read() -> Iterator[Article]:
        for number in range(4):
            begun.append(len(asked))
            yield article(number)

    asyncio.run(collect_until_error(read(), FakeModel(note), concurrency=4))
    assert begun == [0, 1, 2, 3]


# --- stopping -----------------------------------------------------------------------------------


def test_a_run_that_is_asked_to_stop_ends_what_is_in_work_and_begins_nothing() -> None:
    heard: list[int] = []
    stopping = Stopping(tell=heard.append)

    def stop(_messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        stopping.ask()
        return NOTHING

    inputs = [article(n) for n in range(20)]
    options: dict[str, Any] = {"concurrency": 2, "stopping": stopping}
    found, error = asyncio.run(collect_until_error(inputs, SlowModel(stop), **options))
    assert error is None
    assert [outcome.status for outcome in found] == ["ok"] * len(found)
    assert len(found) == 2
    assert len(heard) == 1


def test_what_is_not_done_within_the_grace_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.runner.run.GRACE", 0.1)
    stopping = Stopping()
    journal = open_journal(tmp_path / "s")

    def stop(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        if "day 2." in messages[-1].content:
            stopping.ask()
        return NOTHING

    options: dict[str, Any] = {"concurrency": 2, "stopping": stopping, "journal": journal}
    inputs = [article(n) for n in (0, 1, 2, 4)]
    found, _ = asyncio.run(collect_until_error(inputs, HeldModel(stop), **options))
    journal.close()
    assert [outcome.status for outcome in found] == ["cancelled", "ok", "ok"]
    assert list_statuses(tmp_path / "s") == ["cancelled", "ok", "ok"]


def test_a_caller_that_takes_no_more_cuts_off_what_is_in_work(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "s")

    async def take_one() -> None:
        inputs = [article(1), article(0)]
        options: dict[str, Any] = {"concurrency": 2, "journal": journal, "in_order": False}
        outcomes = run_articles(inputs, TASK, HeldModel(answer), strategy="whole", **options)
        assert (await anext(outcomes)).origin == "a1"
        await outcomes.aclose()

    asyncio.run(take_one())
    journal.close()
    assert list_statuses(tmp_path / "s") == ["ok", "cancelled"]


def test_an_interrupt_in_the_middle_of_a_step_leaves_nothing_running(tmp_path: Path) -> None:
    def interrupt(messages: Sequence[Message], _form: type[BaseModel]) -> dict[str, Any]:
        raise KeyboardInterrupt

    journal = open_journal(tmp_path / "s")
    with asyncio.Runner() as loop:
        options: dict[str, Any] = {"concurrency": 2, "journal": journal}
        inputs = [article(0), article(1)]
        steps = Steps(run_articles(inputs, TASK, HeldModel(interrupt), strategy="whole", **options))
        with pytest.raises(KeyboardInterrupt):
            loop.run(steps.take())
        loop.run(steps.close())
        assert not asyncio.all_tasks(loop.get_loop())
    journal.close()
    assert list_statuses(tmp_path / "s") == ["cancelled", "cancelled"]


# --- inputs that take long ----------------------------------------------------------------------


def test_inputs_that_take_long_hold_up_nothing_when_they_are_read_in_a_thread() -> None:
    gate = threading.Event()

    def read() -> Iterator[Article]:
        yield article(1)
        gate.wait(20)
        yield article(2)

    async def take() -> list[str]:
        options: dict[str, Any] = {"concurrency": 2, "in_thread": True}
        outcomes = run_articles(read(), TASK, FakeModel(answer), strategy="whole", **options)
        async with asyncio.timeout(20):
            first = await anext(outcomes)
        gate.set()
        return [first.origin, *[outcome.origin async for outcome in outcomes]]

    assert asyncio.run(take()) == ["a1", "a2"]


def test_a_run_that_waits_for_an_input_can_be_stopped() -> None:
    gate, stopping = threading.Event(), Stopping()

    def read() -> Iterator[Article]:
        yield article(1)
        gate.wait(20)

    began = time.monotonic()
    threading.Timer(0.3, stopping.ask).start()
    options: dict[str, Any] = {"in_thread": True, "stopping": stopping}
    found, _ = asyncio.run(collect_until_error(read(), FakeModel(answer), **options))
    gate.set()
    assert [outcome.origin for outcome in found] == ["a1"]
    assert time.monotonic() - began < 15
