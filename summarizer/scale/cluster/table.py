"""Table: merged rows as a Parquet file, one row for each input."""

import importlib
import itertools
import json
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

from summarizer.errors import UsageError

ARTICLE: Final = ("id", "origin", "sha256", "title", "date", "source", "url", "language")
"""Columns that say which article it is; dates as ISO 8601."""

COLUMNS: Final = (*ARTICLE, "status", "reason", "gist", "records", "row")
"""Every column is text; `records` is a JSON array of them, `row` all that a run writes."""

_BATCH: Final = 1000


def write_table(rows: Iterable[bytes], file: BinaryIO) -> int:
    """Write rows as they come, and say how many; UsageError where pyarrow is missing."""
    try:
        arrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'agreements-summarizer[parquet]'"
        ) from error
    schema = arrow.schema([(name, arrow.string()) for name in COLUMNS])
    waiting, count = iter(rows), 0
    with parquet.ParquetWriter(file, schema) as writer:
        while batch := list(map(_flatten, itertools.islice(waiting, _BATCH))):
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _flatten(line: bytes) -> dict[str, str | None]:
    row = json.loads(line)
    article = row["article"]
    return {
        **{name: article.get(name) for name in ARTICLE},
        "status": row["status"],
        "reason": row.get("reason"),
        "gist": row.get("gist"),
        "records": _to_json(row["records"]) if "records" in row else None,
        "row": line.decode().rstrip(),
    }


def _to_json(records: Any) -> str:
    return json.dumps(records, ensure_ascii=False, separators=(",", ":"))
