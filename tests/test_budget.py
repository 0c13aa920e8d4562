"""Budget: laws of what a run may spend, what is said when it is spent, and prices."""

import asyncio
import importlib.util

import pytest
from asking import KEY, MESSAGES, RIGHT, Count
from clock import run_fast
from endpoint import Endpoint, complete, refuse
from hypothesis import given, settings
from hypothesis import strategies as st
from tenacity.wait import wait_none

from summarizer.errors import BudgetError, SummarizerError, UsageError
from summarizer.model import prices
from summarizer.model.budget import Budget
from summarizer.model.client import EndpointModel
from summarizer.model.opening import make_budget
from summarizer.model.prices import Price, find_price
from summarizer.model.traffic import Traffic
from summarizer.records import Exchange, ModelInfo, Usage
from summarizer.settings import Settings

OPENAI = "https://api.openai.com/v1"
priced = pytest.mark.skipif(
    importlib.util.find_spec("genai_prices") is None, reason="prices are an optional extra"
)


async def spend(budget: Budget, costs: list[int], *, workers: int) -> list[int]:
    """What the calls that were let out cost, by so many workers at once."""
    paid: list[int] = []
    gate = asyncio.Semaphore(workers)

    async def one(cost: int) -> None:
        async with gate:
            try:
                budget.admit()
            except BudgetError:
                return
            await asyncio.sleep(cost)
            budget.add(Usage(calls=1, prompt_tokens=cost))
            paid.append(cost)

    await asyncio.gather(*map(one, costs))
    return paid


@given(limit=st.integers(1, 50), calls=st.integers(0, 80), workers=st.integers(1, 16))
@settings(max_examples=40, deadline=None)
def test_never_more_calls_than_allowed(limit: int, calls: int, workers: int) -> None:
    budget = Budget(max_calls=limit)
    paid = run_fast(lambda: spend(budget, [1] * calls, workers=workers))
    assert len(paid) == min(limit, calls) == budget.calls


@given(
    limit=st.integers(1, 500),
    costs=st.lists(st.integers(1, 90), max_size=60),
    workers=st.integers(1, 16),
)
@settings(max_examples=60, deadline=None)
def test_a_limit_of_tokens_is_exceeded_by_the_calls_in_flight_at_most(
    limit: int, costs: list[int], workers: int
) -> None:
    budget = Budget(max_tokens=limit)
    paid = run_fast(lambda: spend(budget, costs, workers=workers))
    assert sum(paid) < limit + workers * max(costs, default=0) + 1
    assert sum(paid) >= min(limit, sum(costs))
    assert budget.tokens == sum(paid)


@given(costs=st.lists(st.integers(0, 90), max_size=30))
@settings(max_examples=20, deadline=None)
def test_without_a_limit_everything_is_let_out_and_counted(costs: list[int]) -> None:
    budget = Budget()
    assert sum(run_fast(lambda: spend(budget, costs, workers=3))) == sum(costs) == budget.tokens


@pytest.mark.parametrize(
    ("budget", "reached"),
    [
        (Budget(max_calls=1), "--max-calls 1 reached"),
        (Budget(max_tokens=10), "--max-tokens-total 10 reached"),
        (Budget(max_cost=0.0001, price=Price("gpt-4o-mini", OPENAI)), "--max-cost 0.0001 reached"),
    ],
)
@priced
def test_what_was_reached_and_spent_and_how_to_go_on_is_one_line(
    budget: Budget, reached: str
) -> None:
    budget.admit()
    budget.add(Usage(calls=1, prompt_tokens=1200, completion_tokens=34))
    with pytest.raises(BudgetError) as caught:
        budget.admit()
    line = str(caught.value)
    assert line.startswith(f"{reached}, 1 calls, 1,234 tokens")
    assert "same command with a higher limit goes on" in line
    assert "\n" not in line
    assert budget.calls == 1


# Through the real client


def open_model(url: str, budget: Budget) -> EndpointModel:
    info = ModelInfo(name="m", endpoint=url, file=None, sha256=None, parameters={"seed": 7})
    traffic = Traffic(backoff=wait_none())
    return EndpointModel(
        info, base_url=url, api_key=KEY, key_name="K", traffic=traffic, budget=budget
    )


def ask_many(url: str, budget: Budget, *, calls: int) -> list[object]:
    """What became of so many questions at once, errors included."""

    async def work() -> list[object]:
        model = open_model(url, budget)
        try:
            return list(
                await asyncio.gather(
                    *(model.ask(MESSAGES, Count, max_tokens=50) for _ in range(calls)),
                    return_exceptions=True,
                )
            )
        finally:
            await model.close()

    return asyncio.run(work())


def test_a_run_of_at_most_five_calls_makes_five(endpoint: Endpoint) -> None:
    endpoint.play(complete('{"who": "S", "ships": 2}', delay=0.02))
    found = ask_many(endpoint.url, Budget(max_calls=5), calls=20)
    assert endpoint.calls == 5
    assert len([each for each in found if isinstance(each, BudgetError)]) == 15


def test_second_tries_and_second_questions_count_as_calls(endpoint: Endpoint) -> None:
    endpoint.play(refuse(503), "no json")
    [found] = ask_many(endpoint.url, Budget(max_calls=3), calls=1)
    assert isinstance(found, BudgetError)
    assert endpoint.calls == 3


def test_copies_of_a_model_spend_from_one_budget(endpoint: Endpoint) -> None:
    endpoint.play(RIGHT)
    heard: list[Exchange] = []

    async def work() -> None:
        model = open_model(endpoint.url, Budget(max_calls=2))
        await model.reseed(8).ask(MESSAGES, Count, max_tokens=50)
        await model.overheard(heard.append).ask(MESSAGES, Count, max_tokens=50)
        with pytest.raises(BudgetError):
            await model.ask(MESSAGES, Count, max_tokens=50)
        await model.close()

    asyncio.run(work())
    assert endpoint.calls == 2
    assert len(heard) == 1


@pytest.mark.parametrize("usage", [{}, "none", {"prompt_tokens": 0, "completion_tokens": 0}])
def test_f25_what_a_server_does_not_count_is_estimated_for_the_budget(
    endpoint: Endpoint, usage: object
) -> None:
    """And is 0, not known, in what the answer says that it cost."""
    endpoint.play(complete('{"who": "S", "ships": 2}', usage=usage))
    budget = Budget(max_tokens=10)
    [first] = ask_many(endpoint.url, budget, calls=1)
    assert not isinstance(first, SummarizerError)
    assert budget.tokens >= 12
    [second] = ask_many(endpoint.url, budget, calls=1)
    assert isinstance(second, BudgetError)
    assert endpoint.calls == 1


# Prices


@priced
def test_the_price_of_a_known_model_at_its_own_endpoint_is_known() -> None:
    price = find_price("gpt-4o-mini", OPENAI)
    assert price is not None
    dear = price.cost(Usage(prompt_tokens=1000, completion_tokens=1000))
    assert 0 < price.cost(Usage(prompt_tokens=1000)) < dear
    assert price.cost(Usage(prompt_tokens=1000, cached_tokens=900)) < price.cost(
        Usage(prompt_tokens=1000)
    )


@priced
def test_more_cached_tokens_than_tokens_are_no_trouble() -> None:
    """Some servers count what they had in their cache apart."""
    price = find_price("gpt-4o-mini", OPENAI)
    assert price is not None
    assert price.cost(Usage(prompt_tokens=10, cached_tokens=900)) > 0


@pytest.mark.parametrize(
    ("model", "endpoint"),
    [
        ("gpt-4o-mini", "http://127.0.0.1:8000/v1"),
        ("some-model-of-ours", OPENAI),
        ("qwen", "embedded"),
        ("", OPENAI),
    ],
)
def test_what_nobody_knows_the_price_of_has_none_and_not_zero(model: str, endpoint: str) -> None:
    assert find_price(model, endpoint) is None


def test_a_limit_of_money_where_the_price_is_unknown_is_refused(endpoint: Endpoint) -> None:
    info = ModelInfo(name="m", endpoint=endpoint.url, file=None, sha256=None, parameters={})
    with pytest.raises(UsageError, match="use --max-tokens-total or --max-calls instead"):
        make_budget(Settings(max_cost=1.0), info)
    assert make_budget(Settings(max_calls=3, max_tokens_total=9), info).max_tokens == 9


def test_without_the_extra_no_price_is_known_and_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prices, "PRICES", "no_such_package")
    info = ModelInfo(name="gpt-4o-mini", endpoint=OPENAI, file=None, sha256=None, parameters={})
    with pytest.raises(UsageError, match=r"pip install 'agreements-summarizer\[prices\]'"):
        make_budget(Settings(max_cost=1.0), info)


@priced
def test_a_limit_of_money_is_kept_where_the_price_is_known() -> None:
    info = ModelInfo(name="gpt-4o-mini", endpoint=OPENAI, file=None, sha256=None, parameters={})
    budget = make_budget(Settings(max_cost=0.001), info)
    budget.admit()
    budget.add(Usage(calls=1, prompt_tokens=10_000))
    with pytest.raises(BudgetError, match=r"US dollars spent"):
        budget.admit()
