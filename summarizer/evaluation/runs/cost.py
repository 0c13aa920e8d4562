"""Cost: what the answers of a run took in tokens, seconds and money."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from summarizer.evaluation.document import read_yaml
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.scoring.metric import Measurement, state
from summarizer.records import Frozen, Usage

PRICES = Path("evals") / "prices.yaml"


class Price(Frozen):
    """What a model's tokens cost, in US dollars per million."""

    input: Decimal
    cached: Decimal | None = None
    """Of input that the server had in its cache; as `input` where it is not given."""
    output: Decimal


class Prices(Frozen):
    """A file of prices: yours to keep, as they change without notice."""

    models: Mapping[str, Price] = Field(default_factory=dict)


class Cost(Frozen):
    """What the answers took: totals, and means per answer with 95 % intervals."""

    answers: int
    usage: Usage
    """All answers together; seconds are those of the model."""
    cached: int
    """Questions that were answered from the cache, whose seconds are not this run's."""
    seconds: Measurement
    """Per answer, from text to summary, of answers that did not come from the cache."""
    tokens: Measurement
    """Per answer, read and written together."""
    calls: Measurement
    price: Measurement
    """US dollars per answer; null for a model without a known price."""
    dollars: Decimal | None
    """All answers together."""


def measure_cost(predictions: Sequence[Prediction], price: Price | None) -> Cost:
    """What the answers took; those that were not given are left out."""
    answered = [one for one in predictions if one.status != "infra_error"]
    prices = [pay(one.usage, price) for one in answered] if price is not None else []
    total = Usage()
    for one in answered:
        total += one.usage
    return Cost(
        answers=len(answered),
        usage=total,
        cached=sum(one.cached for one in answered),
        seconds=_mean([one.seconds for one in answered if not one.cached]),
        tokens=_mean(
            [float(one.usage.prompt_tokens + one.usage.completion_tokens) for one in answered]
        ),
        calls=_mean([float(one.usage.calls) for one in answered]),
        price=_mean([float(each) for each in prices]),
        dollars=sum(prices, Decimal(0)) if price is not None else None,
    )


def pay(usage: Usage, price: Price) -> Decimal:
    """What some usage costs in US dollars."""
    cached = price.input if price.cached is None else price.cached
    fresh = usage.prompt_tokens - usage.cached_tokens
    spent = (
        fresh * price.input + usage.cached_tokens * cached + usage.completion_tokens * price.output
    )
    return spent / 1_000_000


def load_prices(path: Path | None) -> Prices:
    """The prices in a file; none where no file is named and the working folder has none.

    Raises ConfigurationError where the file is not one of prices.
    """
    if path is None and not PRICES.is_file():
        return Prices()
    return read_yaml(path or PRICES, Prices)


def _mean(values: Sequence[float]) -> Measurement:
    from summarizer.evaluation.scoring.interval import estimate_mean

    return state(estimate_mean(values), total=len(values))
