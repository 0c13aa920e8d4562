"""Intake: a run's inputs, read when they are wanted."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from summarizer.article import Article, Unreadable

Item = Article | Unreadable


@dataclass(frozen=True, slots=True)
class Input:
    """One input and its number in the run, from 0."""

    position: int
    item: Item


class Intake:
    """Reads the inputs one by one: where `in_thread`, without holding up the event loop.

    The thread is one that the program does not wait for at its end: a pipe may never be closed.
    `wake` is called when something was read. What reading raises, taking raises.
    """

    def __init__(
        self, inputs: Iterable[Item], *, in_thread: bool, wake: Callable[[], None]
    ) -> None:
        self._inputs = iter(inputs)
        self._in_thread = in_thread
        self._wake = wake
        self._reading: asyncio.Future[Item | None] | None = None
        self._position = 0
        self.is_exhausted = False

    def take(self) -> Input | None:
        """The next input; None where there is none, or where it has to be waited for."""
        if self.is_exhausted:
            return None
        if not self._in_thread:
            return self._number(next(self._inputs, None))
        if self._reading is None:
            self._reading = self._read()
        if not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        return self._number(reading.result())

    def _number(self, item: Item | None) -> Input | None:
        if item is None:
            self.is_exhausted = True
            return None
        self._position += 1
        return Input(self._position - 1, item)

    def _read(self) -> "asyncio.Future[Item | None]":
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Item | None] = loop.create_future()

        def settle(item: Item | None, error: BaseException | None) -> None:
            if error is None:
                future.set_result(item)
            else:
                future.set_exception(error)
            self._wake()

        def read() -> None:
            item, error = None, None
            try:
                item = next(self._inputs, None)
            except BaseException as raised:  # for whoever takes it
                error = raised
            with contextlib.suppress(RuntimeError):  # the run is over, and its loop closed
                loop.call_soon_threadsafe(settle, item, error)

        threading.Thread(target=read, daemon=True).start()
        return future
