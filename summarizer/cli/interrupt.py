"""What Ctrl-C and SIGTERM do to a run: the first asks it to stop, the second ends it at once."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.runner import Stopping

_BASE = 128
"""Exit codes of programs that a signal ended begin here."""


@dataclass(slots=True)
class Interruption:
    """Whether a signal came, and which was the last."""

    stopping: "Stopping"
    signal: int = signal.SIGINT

    @property
    def exit_code(self) -> int:
        """130 for Ctrl-C, 143 for SIGTERM."""
        return _BASE + self.signal

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Ask the run to stop; where it was asked before, or is not yet on, end it here."""
        self.signal = number
        is_gentle = self.stopping.is_heeded and not self.stopping.is_asked
        self.stopping.ask()
        if not is_gentle:
            raise KeyboardInterrupt


@contextlib.contextmanager
def heed_signals(stopping: "Stopping") -> Iterator[Interruption]:
    """Handle both signals while the block runs; one that is ignored, as under nohup, stays so."""
    interruption = Interruption(stopping)
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, interruption.handle)
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
