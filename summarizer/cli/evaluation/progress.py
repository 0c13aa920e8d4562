"""What `summarizer eval run` says on stderr while it works."""

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from summarizer.cli.download import show_download
from summarizer.cli.lines import print_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from summarizer.evaluation.runs.prediction import Prediction
    from summarizer.model.sources import Progress


class RunProgress:
    """A bar on a terminal, else one line an answer."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._stack = ExitStack()
        self._show_download: Progress | None = None
        self._bars: Bars | None = None
        self._done = 0
        self._total = 0

    def __enter__(self) -> "RunProgress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._rest()

    def say(self, line: str) -> None:
        """One line for a person."""
        self._rest()
        print_line(line, err=True)

    def download(self, done: int, total: int, what: str) -> None:
        """How far the fetching of weights is; ready to be handed to `open_model`."""
        if self._show_download is None:
            self._show_download = self._stack.enter_context(show_download("weights"))
        self._show_download(done, total, what)

    def begin(self, what: str, total: int, *, done: int) -> None:
        """Begin counting answers, some of which may be there already."""
        self._rest()
        self._done, self._total = done, total
        if not self._console.is_terminal:
            return
        from rich.markup import escape
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        from summarizer.output.characters import make_inert

        self._bars = self._stack.enter_context(
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
        )
        self._bars.add_task(escape(make_inert(what)), total=total, completed=done)

    def advance(self, answer: "Prediction | None") -> None:
        """One more answer; None for one that is not worth a line."""
        self._done += 1
        if self._bars is not None:
            self._bars.advance(self._bars.task_ids[0])
        if answer is None or (self._bars is not None and answer.status == "ok"):
            return
        print_line(f"[{self._done}/{self._total}] {_describe(answer)}", err=True)

    def _rest(self) -> None:
        self._stack.close()
        self._show_download = self._bars = None


def _describe(answer: "Prediction") -> str:
    name = answer.case if answer.epoch == 1 else f"{answer.case} (epoch {answer.epoch})"
    if answer.summary is None:
        return f"{name}: {answer.status.replace('_', ' ')}: {answer.error}"
    count = len(answer.summary["records"])
    records = "1 record" if count == 1 else f"{count} records"
    kept = ", from the cache" if answer.cached else ""
    return f"{name}: {records}, {answer.seconds:.0f} s{kept}"
