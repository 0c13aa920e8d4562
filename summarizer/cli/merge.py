"""`summarizer merge`: the finished shards of runs on a cluster as one file, or in a store."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.output import find_output
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.scale.cluster.merging import Finished

_SUFFIXES = (".jsonl", ".parquet")


def merge(
    folders: Annotated[
        list[str], typer.Argument(help="Folders that `summarizer run --engine dask` wrote.")
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="<path>", help="A .jsonl or .parquet file."),
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="<path>", help="A file of finished work, to add to.")
    ] = None,
) -> None:
    """Merge the shards of runs on a cluster, in the order of their plans.

    Each input has one row, as in a run on one machine. An article that several folders have is
    taken once: a summary before a failure, then from the folder named first. What is not finished
    is said, and the exit code is 1.

    Example: summarizer merge out/ -o all.jsonl
    """
    from summarizer.cli.lines import print_line
    from summarizer.scale.cluster.merging import open_finished

    path = find_output(output)
    if (path is None) == (store is None):
        raise UsageError("name one of -o FILE and --store FILE: where the rows go")
    if path is not None and path.suffix.lower() not in _SUFFIXES:
        raise UsageError(f"{path} is neither .jsonl nor .parquet: merge writes these")
    finished = [open_finished(Path(os.path.abspath(name))) for name in folders]  # noqa: PTH100
    count = _store(finished, Path(store)) if store else _write(finished, path or Path())
    missing = [told for one in finished if (told := one.describe_missing())]
    for told in missing:
        print_line(f"summarizer: {told}", err=True)
    rows = "1 row" if count == 1 else f"{count:,} rows"
    print_line(f"{rows} in {store or path}", err=True)
    if missing:
        raise typer.Exit(1)


def _write(finished: "list[Finished]", path: Path) -> int:
    from summarizer.scale.cluster.folder import publish
    from summarizer.scale.cluster.merging import merge_rows
    from summarizer.scale.cluster.table import write_table

    try:
        with publish(path) as file:
            if path.suffix.lower() == ".parquet":
                return write_table(merge_rows(finished), file)
            return sum(1 for row in merge_rows(finished) if file.write(row))
    except OSError as error:
        raise UsageError(f"cannot write to {path}: {error.strerror or error}") from error


def _store(finished: "list[Finished]", path: Path) -> int:
    from contextlib import closing

    from summarizer.scale.cluster.storing import merge_into_store
    from summarizer.store import Store

    keeps_text = all(one.manifest.terms.keeps_text for one in finished)
    with closing(Store(path, keeps_text=keeps_text)) as store:
        return merge_into_store(finished, store)
