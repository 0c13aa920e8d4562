"""Budget: how much a run may ask, and how much it has."""

from dataclasses import dataclass, field

from summarizer.errors import BudgetError
from summarizer.model.prices import Price
from summarizer.records import Usage


@dataclass(slots=True)
class Budget:
    """Lets requests out until a limit is reached; None is no limit.

    Requests are counted as they go out, so never more than `max_calls` do. What a request costs is
    known only once it is over: tokens and money (US dollars, by `price`) can be exceeded by the
    requests that were in flight when the limit was reached, and by nothing else.
    """

    max_calls: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    price: Price | None = None
    calls: int = field(default=0, init=False)
    """Requests that went out."""
    spent: Usage = field(default_factory=Usage, init=False)
    """What their answers cost, estimated where a server does not tell."""
    cost: float | None = field(default=None, init=False)
    """US dollars; None where the price is not known, or nothing was answered yet."""

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.spent.prompt_tokens + self.spent.completion_tokens

    def admit(self) -> None:
        """Count one more request; BudgetError, and nothing counted, where it may not go out."""
        reached = self._reached()
        if reached:
            raise BudgetError(
                f"{reached} reached, {self.describe()}: what is finished is written, "
                "and the same command with a higher limit goes on"
            )
        self.calls += 1

    def add(self, usage: Usage) -> None:
        """Count what one request cost."""
        self.spent += usage
        if self.price is not None:
            self.cost = (self.cost or 0.0) + self.price.cost(usage)

    def describe(self) -> str:
        """What was spent, in a phrase: calls, tokens and, where it is known, money."""
        money = "" if self.cost is None else f", {self.cost:,.4f} US dollars"
        return f"{self.calls:,} calls, {self.tokens:,} tokens{money} spent"

    def _reached(self) -> str:
        if self.max_calls is not None and self.calls >= self.max_calls:
            return f"--max-calls {self.max_calls}"
        if self.max_tokens is not None and self.tokens >= self.max_tokens:
            return f"--max-tokens-total {self.max_tokens}"
        if self.max_cost is not None and (self.cost or 0.0) >= self.max_cost:
            return f"--max-cost {self.max_cost:g}"
        return ""
