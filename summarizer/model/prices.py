"""Prices: what a model's tokens cost at its endpoint, where genai-prices (an extra) knows it."""

import importlib.util
from dataclasses import dataclass
from typing import Final

from summarizer.records import Usage

PRICES: Final = "genai_prices"


@dataclass(frozen=True, slots=True)
class Price:
    """What one model costs at one endpoint."""

    model: str
    endpoint: str

    def cost(self, usage: Usage) -> float:
        """US dollars for this usage, at today's prices."""
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price

        cached = min(usage.cached_tokens, usage.prompt_tokens)
        tokens = Tokens(
            input_tokens=usage.prompt_tokens,
            cache_read_tokens=cached,
            output_tokens=usage.completion_tokens,
        )
        found = calc_price(tokens, self.model, provider_api_url=self.endpoint)
        return float(found.total_price)


def knows_prices() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec(PRICES) is not None


def find_price(model: str, endpoint: str) -> Price | None:
    """The price of a model at an address; None where it is unknown or the extra is not installed.

    The address counts: the same model at another address is another's, at another price.
    """
    if not knows_prices():
        return None
    price = Price(model, endpoint)
    try:
        price.cost(Usage(prompt_tokens=1, completion_tokens=1))
    except (LookupError, ValueError):
        return None
    return price
