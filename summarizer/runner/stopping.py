"""Stopping: the wish that a run takes nothing new."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass


def _tell_nobody(_in_work: int) -> None:
    pass


@dataclass(slots=True)
class Stopping:
    """A wish that a run stops; a signal's handler or another thread may ask for it.

    `tell` is called once, by the run that heeds it, with the number of articles in work.
    """

    tell: Callable[[int], None] = _tell_nobody
    is_asked: bool = False
    is_heeded: bool = False
    """Whether a run is on that looks for it."""
    _wake: Callable[[], object] | None = None

    def ask(self) -> None:
        """Nothing new is begun from now on."""
        self.is_asked = True
        if self._wake is not None:
            self._wake()

    @contextlib.contextmanager
    def heeding(self, wake: Callable[[], object]) -> Iterator[None]:
        """While the block runs, `wake` is called when stopping is asked for."""
        self._wake, self.is_heeded = wake, True
        try:
            yield
        finally:
            self._wake, self.is_heeded = None, False

    @contextlib.contextmanager
    def unheeded(self) -> Iterator[None]:
        """While the block runs nobody looks for it: something takes long that cannot be left."""
        before, self.is_heeded = self.is_heeded, False
        try:
            yield
        finally:
            self.is_heeded = before
