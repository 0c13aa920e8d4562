"""Steps: a run's outcomes, taken one at a time by a program without an event loop."""

import asyncio
from collections.abc import AsyncGenerator

from summarizer.outcome import Outcome


class Steps:
    """Outcomes taken one at a time from outside the event loop."""

    def __init__(self, outcomes: AsyncGenerator[Outcome, None]) -> None:
        self._outcomes = outcomes
        self._step: asyncio.Task[object] | None = None
        self.outcome: Outcome | None = None

    async def take(self) -> bool:
        """Whether there is another outcome: then it is in `outcome`.

        It is not returned, as asyncio makes a text of whatever a step returns when it looks after
        interrupts, which takes longer than the step.
        """
        self._step = asyncio.current_task()
        self.outcome = await anext(self._outcomes, None)
        return self.outcome is not None

    async def close(self) -> None:
        """End the outcomes, also where an interrupt left the loop in the middle of a step."""
        if self._step is not None and not self._step.done():
            self._step.cancel()
            await asyncio.wait([self._step])
        await self._outcomes.aclose()
