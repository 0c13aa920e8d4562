"""Parquet: cut into ranges of rows at row groups, and read back as lines of JSON.

What a column may hold is what a field of a JSON line may; so both are checked in one place.
"""

import datetime
import hashlib
import importlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from summarizer.errors import ConfigurationError, UsageError
from summarizer.scale.cluster.shard import Shard
from summarizer.scale.cluster.source import Source, open_source

COLUMNS: Final = ("id", "text", "title", "date", "source", "url")
"""What is read of a file; all but `text` may be missing."""

_BATCH: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the footer of a file says."""

    groups: tuple[int, ...]
    """Rows of each row group."""
    digest: str
    """SHA-256 of the footer, in which sizes, places and statistics of all columns stand."""
    missing: tuple[str, ...]
    """Those of COLUMNS that it has not."""


def read_table(source: Source) -> Table:
    """The footer of a Parquet file; UsageError where it is none, or has no column `text`."""
    with open_source(source.path) as file:
        parquet = _open(file, source.origin)
        names = parquet.schema_arrow.names
        if "text" not in names:
            raise UsageError(
                f"{source.origin} has no column `text`, only {', '.join(names) or 'none'}; "
                f"read are {', '.join(COLUMNS)}"
            )
        metadata = parquet.metadata
        groups = tuple(metadata.row_group(n).num_rows for n in range(metadata.num_row_groups))
        missing = tuple(name for name in COLUMNS if name not in names)
        return Table(groups=groups, digest=_hash_footer(file), missing=missing)


def cut_rows(groups: Sequence[int], *, rows: int) -> Iterator[tuple[int, int]]:
    """Ranges of rows that end where a row group does; a group larger than a range is cut too.

    A file without rows is one empty range.
    """
    start = end = 0
    for size in groups:
        if end > start and end + size - start > rows:
            yield start, end
            start = end
        end += size
        while end - start > rows:
            yield start, start + rows
            start += rows
    if end > start or end == 0:
        yield start, end


def read_rows(shard: Shard) -> Iterator[tuple[int, bytes]]:
    """The rows of a shard as lines of JSON, and their numbers.

    Raises ConfigurationError where the file is not what the plan was made of.
    """
    with open_source(shard.path) as file:
        if _hash_footer(file) != shard.digest:
            raise ConfigurationError(
                f"{shard.origin} was changed while the run was on it: run the same command again"
            )
        parquet = _open(file, shard.origin)
        wanted = range(shard.start, shard.end)
        for number, row in _iterate(parquet, wanted):
            yield number + 1, json.dumps(row, ensure_ascii=False, default=_to_text).encode()


def _iterate(parquet: Any, wanted: range) -> Iterator[tuple[int, dict[str, object]]]:
    """The wanted rows and their places in the file, read from the row groups that hold them."""
    metadata = parquet.metadata
    sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    ends = list(itertools.accumulate(sizes, initial=0))
    groups = [
        number
        for number, (start, end) in enumerate(itertools.pairwise(ends))
        if start < wanted.stop and end > wanted.start
    ]
    if not groups:
        return
    columns = [name for name in COLUMNS if name in parquet.schema_arrow.names]
    place = ends[groups[0]]
    for batch in parquet.iter_batches(_BATCH, row_groups=groups, columns=columns):
        skipped = max(0, wanted.start - place)
        kept = batch.slice(skipped, max(0, min(batch.num_rows, wanted.stop - place) - skipped))
        yield from enumerate(kept.to_pylist(), start=place + skipped)
        place += batch.num_rows


def _open(file: BinaryIO, origin: str) -> Any:  # pyarrow has no types
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'agreements-summarizer[parquet]'"
        ) from error
    try:
        return parquet.ParquetFile(file, pre_buffer=False)
    except (arrow.ArrowException, OSError) as error:
        told = " ".join(str(error).split())
        raise UsageError(f"{origin} cannot be read as Parquet: {told}") from error


def _hash_footer(file: BinaryIO) -> str:
    """The SHA-256 of the footer: its length stands in 4 bytes before the last 4."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    length = int.from_bytes(file.read(8)[:4], "little")
    file.seek(max(0, size - 8 - length))
    return hashlib.sha256(file.read()).hexdigest()


def _to_text(value: object) -> str:
    """Days and times as JSON lines have them."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value)
