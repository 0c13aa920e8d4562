"""What a run says on stderr while it works, and at its end."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from summarizer.cli.download import say_on_stderr, show_download
from summarizer.cli.tally import Tally

if TYPE_CHECKING:
    from rich.status import Status

    from summarizer.article import Article, Unreadable
    from summarizer.model.sources import Progress
    from summarizer.outcome import Outcome
    from summarizer.records import Failure, Summary


class Reporter:
    """Counts outcomes and shows them: a moving line on a terminal, else one line an article.

    `expected` is how many inputs there are, where somebody knows.
    """

    def __init__(self, *, expected: int | None = None) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._is_watched = self._console.is_terminal  # which is asked anew every time
        self._bars = ExitStack()
        self._show_download: Progress | None = None
        self._status: Status | None = None
        self._lock = threading.RLock()  # inputs may be read in a thread of their own
        self._began = time.monotonic()
        self._origin = ""
        self._is_written = False
        self.tally = Tally(expected=expected)

    def __enter__(self) -> "Reporter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._rest()
        self._bars.close()

    def say(self, line: str) -> None:
        """One line for a person."""
        with self._lock:
            self._rest()
            self._bars.close()
            self._show_download = None
            say_on_stderr(line)
            self._show()

    def download(self, done: int, total: int, what: str) -> None:
        """How far the fetching of weights is; ready to be handed to `open_model`."""
        self._rest()
        if self._show_download is None:
            self._show_download = self._bars.enter_context(show_download("weights"))
        self._show_download(done, total, what)

    def watch(self, inputs: "Iterable[Article | Unreadable]") -> "Iterator[Article | Unreadable]":
        """The inputs as they are, each named on the moving line when its turn comes."""
        for item in inputs:
            self._origin = item.origin
            self._show()
            yield item

    def report(self, outcomes: "Iterable[Outcome]") -> "Iterator[Summary | Failure]":
        """The outcomes as rows; a line for each article that failed."""
        from summarizer.output import describe_failure

        for outcome in outcomes:
            self._is_written = True  # stdout may be the same terminal
            self._rest()
            line = self.tally.count(outcome)
            if line and (outcome.summary is None or not self._is_watched):
                say_on_stderr(line)
            yield outcome.summary or describe_failure(outcome)
            self._is_written = False
            self._show()
        self._rest()

    def finish(self) -> None:
        """The totals in one line."""
        self._rest()
        say_on_stderr(self.tally.describe(seconds=time.monotonic() - self._began))

    def _show(self) -> None:
        if not self._origin or self._is_written or not self._is_watched:
            return
        from rich.text import Text

        with self._lock:
            line = Text(f"{self.tally.describe_progress()}; reading {self._origin}")
            if self._status is None:
                self._status = self._console.status(line)
                self._status.start()
            else:
                self._status.update(line)

    def _rest(self) -> None:
        """Clear the moving line, so that other lines stand by themselves."""
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None
