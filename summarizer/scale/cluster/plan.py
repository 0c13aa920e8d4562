"""Plan: how a corpus is cut into shards, the same for the same files whoever makes it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from summarizer.records import Frozen
from summarizer.scale.cluster.jsonlines import cut_lines
from summarizer.scale.cluster.parquet import cut_rows, read_table
from summarizer.scale.cluster.shard import Shard
from summarizer.scale.cluster.source import Kind, Source, open_source


class Input(Frozen):
    """One file of the corpus as it was when the plan was made."""

    origin: str
    path: str
    bytes: int
    state: str
    """Changes when the file does."""
    missing: tuple[str, ...] = ()
    """Columns that a Parquet file has not."""


class Plan(Frozen):
    """The files of a corpus, and the shards that they are cut into, in their order."""

    inputs: tuple[Input, ...]
    shards: tuple[Shard, ...]

    @property
    def lines(self) -> int:
        """How many lines or rows there are, blank lines among them."""
        return sum(shard.inputs for shard in self.shards)

    def is_of(self, sources: Sequence[Source]) -> bool:
        """Whether these are its files, unchanged."""
        mine = [(one.path, one.origin, one.bytes, one.state) for one in self.inputs]
        return mine == [(one.path, one.origin, one.size, one.state) for one in sources]


def make_plan(sources: Sequence[Source], *, shard_size: int) -> Plan:
    """The plan for these files with shards of at most so many lines or rows.

    Reads every file of JSON lines once, and the footers of Parquet. Raises UsageError for a
    Parquet file without a column `text`.
    """
    inputs, shards = [], []
    for source in sources:
        missing, cut = _cut(source, shard_size)
        shards += cut
        inputs.append(
            Input(
                origin=source.origin,
                path=source.path,
                bytes=source.size,
                state=source.state,
                missing=missing,
            )
        )
    return Plan(inputs=tuple(inputs), shards=tuple(shards))


def _cut(source: Source, shard_size: int) -> tuple[tuple[str, ...], list[Shard]]:
    """The columns that are missing, and the shards of one file."""
    if source.kind == "parquet":
        table = read_table(source)
        ranges = [
            (start, end, start + 1, end - start, table.digest)
            for start, end in cut_rows(table.groups, rows=shard_size)
        ]
        return table.missing, list(_make_shards(source, source.kind, ranges))
    with open_source(source.path) as file:
        ranges = [
            (cut.start, cut.end, cut.first, cut.lines, cut.digest)
            for cut in cut_lines(file, lines=shard_size)
        ]
    return (), list(_make_shards(source, source.kind, ranges))


def _make_shards(
    source: Source, kind: Kind, ranges: Sequence[tuple[int, int, int, int, str]]
) -> Iterator[Shard]:
    for start, end, first, inputs, digest in ranges:
        # What a row says of its origin and its content; not the place of the disk.
        told = json.dumps([source.origin, kind, start, end, first, digest])
        stem = "".join(c if c.isalnum() else "-" for c in PurePath(source.origin).stem)[:40]
        identity = hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()
        yield Shard(
            name=f"{stem}-{first:010d}-{identity[:16]}",
            path=source.path,
            origin=source.origin,
            kind=kind,
            start=start,
            end=end,
            first=first,
            inputs=inputs,
            digest=digest,
            is_alone=len(ranges) == 1,
        )
