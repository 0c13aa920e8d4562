"""Time that passes at once: an event loop in which a minute of waiting takes no time at all."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")


class _Selector(selectors.SelectSelector):
    """Does not wait, but moves the clock by as long as it was to wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("everybody waits for something that never comes")
        if not ready:
            self.now += max(timeout or 0.0, 0.0)
        return ready


class FastLoop(asyncio.SelectorEventLoop):
    """Its clock begins at 0 and is moved by waiting alone."""

    def __init__(self) -> None:
        self._jumping = _Selector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._jumping.now


def run_fast(work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
    """The result of some work in such a loop."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work())
