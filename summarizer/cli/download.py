"""What a person sees on stderr while weights are fetched: a bar, or a line for every tenth."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.cli.lines import print_line

if TYPE_CHECKING:
    from summarizer.model.sources import Progress


@contextlib.contextmanager
def show_download(title: str) -> "Iterator[Progress]":
    """A callback for `fetch_weights` that shows how far it is: bytes, speed and time left.

    A bar on a terminal; elsewhere (a log file, CI) one line for every tenth.
    """
    if sys.stderr.isatty():
        with _show_bar(title) as progress:
            yield progress
    else:
        yield _Tenths(title)


def say_on_stderr(line: str) -> None:
    """One line for a person."""
    print_line(line, err=True)


@contextlib.contextmanager
def _show_bar(title: str) -> "Iterator[Progress]":
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    columns = (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    text = TextColumn("{task.description}")
    with Bar(text, BarColumn(), *columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(title), total=None)

        def update(done: int, total: int, what: str) -> None:
            description = escape(f"{title}, {what}" if what else title)
            bar.update(task, completed=done, total=total or None, description=description)

        yield update


class _Tenths:
    def __init__(self, title: str) -> None:
        self._title = title
        self._shown = 0

    def __call__(self, done: int, total: int, what: str) -> None:
        tenths = 10 * done // total if total else 0
        if tenths < self._shown:  # the next source began again
            self._shown = tenths
        elif tenths > self._shown:
            self._shown = tenths
            sizes = f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
            say_on_stderr(f"{self._title}: {10 * tenths} %, {sizes} ({what})")
