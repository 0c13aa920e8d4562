"""What a run says on stderr while it works, and at its end."""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from summarizer.cli.download import say_on_stderr, show_download
from summarizer.errors import ArticleError

if TYPE_CHECKING:
    from rich.status import Status

    from summarizer.article import Article, Unreadable
    from summarizer.model.sources import Progress
    from summarizer.records import Summary
    from summarizer.runner import Outcome


class Reporter:
    """Counts outcomes and shows them: a moving line on a terminal, else one line an article."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._bars = ExitStack()
        self._show_download: Progress | None = None
        self._status: Status | None = None
        self._began = time.monotonic()
        self._origin = ""
        self._records = 0
        self._tokens = 0
        self.done = 0
        self.failed = 0

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
        """One line for a person while the model is opened."""
        self._rest()
        self._bars.close()
        self._show_download = None
        say_on_stderr(line)
        self._show(self._origin)

    def download(self, done: int, total: int, what: str) -> None:
        """How far the fetching of weights is; ready to be handed to `open_model`."""
        self._rest()
        if self._show_download is None:
            self._show_download = self._bars.enter_context(show_download("weights"))
        self._show_download(done, total, what)

    def watch(self, inputs: "Iterable[Article | Unreadable]") -> "Iterator[Article | Unreadable]":
        """The inputs as they are, each named on the moving line when its turn comes."""
        for item in inputs:
            self._show(item.origin)
            yield item

    def report(self, outcomes: "Iterable[Outcome]") -> "Iterator[Summary]":
        """The summaries among the outcomes; a line for each article that failed."""
        for outcome in outcomes:
            self._rest()
            self.done += 1
            if outcome.summary is None:
                self.failed += 1
                say_on_stderr(f"summarizer: {_explain(outcome)}")
                continue
            self._count(outcome.summary)
            yield outcome.summary

    @property
    def summarised(self) -> int:
        """How many articles have a summary so far."""
        return self.done - self.failed

    def finish(self) -> None:
        """The totals in one line."""
        seconds = time.monotonic() - self._began
        articles = "1 article" if self.done == 1 else f"{self.done} articles"
        say_on_stderr(
            f"{articles}: {self.summarised} summarised, {self.failed} failed; "
            f"{_records(self._records)}; {self._tokens:,} tokens; {seconds:.0f} s"
        )

    def _count(self, summary: "Summary") -> None:
        usage = summary.provenance.usage
        self._records += len(summary.records)
        self._tokens += usage.prompt_tokens + usage.completion_tokens
        if not self._console.is_terminal:
            say_on_stderr(
                f"{summary.article.origin}: {_records(len(summary.records))}, "
                f"{len(summary.rejected)} refused, {summary.provenance.seconds:.0f} s"
            )

    def _show(self, origin: str) -> None:
        self._origin = origin
        if origin and self._console.is_terminal:
            from rich.text import Text

            self._rest()
            self._status = self._console.status(Text(f"reading {origin} ({self.done} done)"))
            self._status.start()

    def _rest(self) -> None:
        """Clear the moving line, so that other lines stand by themselves."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _explain(outcome: "Outcome") -> str:
    """What became of an article in one line; what cannot be read says itself which it is."""
    line = " ".join(str(outcome.error).split())
    return line if isinstance(outcome.error, ArticleError) else f"{outcome.origin}: {line}"
