"""Merging: the rows of finished shards as those of one run, in the order of the plan."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.errors import ConfigurationError, UsageError
from summarizer.scale.cluster.folder import Folder
from summarizer.scale.cluster.manifest import Manifest, read_manifest
from summarizer.scale.cluster.shard import Shard, ShardReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What of a folder is finished."""

    folder: Folder
    manifest: Manifest
    reports: dict[str, ShardReport]
    """Of the finished shards, by their names."""

    @property
    def shards(self) -> list[Shard]:
        """The finished shards, in the order of the plan."""
        return [shard for shard in self.manifest.plan.shards if shard.name in self.reports]

    @property
    def missing(self) -> list[Shard]:
        """Those of the plan that are not finished, or whose rows were changed."""
        return [shard for shard in self.manifest.plan.shards if shard.name not in self.reports]

    def describe_missing(self) -> str:
        """What is missing, in one line; empty where nothing is."""
        missing = self.missing
        if not missing:
            return ""
        plan, first = self.manifest.plan, missing[0]
        lines = sum(shard.inputs for shard in missing)
        return (
            f"{self.folder.path} is not finished: {len(missing):,} of {len(plan.shards):,} shards "
            f"with {lines:,} of {plan.lines:,} lines are missing, the first from "
            f"{first.origin}:{first.first} on; the run's own command goes on"
        )


def open_finished(path: Path) -> Finished:
    """The finished shards of a folder, each checked against its report.

    Raises UsageError for what is no such folder, ConfigurationError for a broken manifest.
    """
    manifest, folder = read_manifest(path), Folder(path)
    if manifest is None:
        raise UsageError(f"{path} is no folder of `summarizer run --engine dask`")
    found = {shard.name: folder.read_report(shard) for shard in manifest.plan.shards}
    reports = {
        shard.name: report
        for shard in manifest.plan.shards
        if (report := found[shard.name]) is not None and folder.is_whole(shard, report)
    }
    return Finished(folder=folder, manifest=manifest, reports=reports)


@dataclass(slots=True)
class Choice:
    """Which of several folders' rows count: an article that more than one has is taken once.

    A summary goes before a failure, an earlier folder before a later one. The rows of one folder
    all count, as a run gives each input a row.
    """

    _places: dict[bytes, tuple[bool, int]] = field(default_factory=dict)

    @classmethod
    def make(cls, folders: Sequence[Finished]) -> "Choice":
        """The choice among these; of one folder nothing has to be remembered."""
        choice = cls()
        for place, finished in enumerate(folders if len(folders) > 1 else ()):
            for shard in finished.shards:
                for line, key in _read_rows(finished, shard):
                    choice._see(key, place, is_failure=not _is_summary(line))
        return choice

    def counts(self, key: str | None, place: int) -> bool:
        """Whether a row counts that stands under this key in this folder, from 0."""
        known = self._places.get(bytes.fromhex(key)) if key else None
        return known is None or known[1] == place

    def _see(self, key: str | None, place: int, *, is_failure: bool) -> None:
        if key is not None:
            mine, digest = (is_failure, place), bytes.fromhex(key)
            self._places[digest] = min(mine, self._places.get(digest, mine))


def merge_rows(folders: Sequence[Finished]) -> Iterator[bytes]:
    """Each row that counts as the line that a run writes; no two articles with one id."""
    choice, taken = Choice.make(folders), Ids()
    for place, finished in enumerate(folders):
        for shard in finished.shards:
            for line, key in _read_rows(finished, shard):
                if choice.counts(key, place):
                    yield _distinguish(line, taken)


def _distinguish(line: bytes, taken: "Ids") -> bytes:
    """The row, its id with a suffix from its origin where another had it, as in a run."""
    article = json.loads(line)["article"]
    id = article["id"]
    if id is None or (name := taken.take(id, article["origin"])) == id:
        return line
    before, after = (f'"article":{{"id":{json.dumps(i, ensure_ascii=False)}' for i in (id, name))
    return line.replace(before.encode(), after.encode(), 1)


class Ids:
    """The ids that rows have had; workers that do not know of each other may give one twice."""

    def __init__(self) -> None:
        self._taken: set[bytes] = set()

    def take(self, id: str, origin: str) -> str:
        """An id that was not taken yet."""
        suffix = hashlib.sha256(origin.encode("utf-8", "surrogateescape")).hexdigest()
        for name in (id, *(f"{id}-{suffix[:length]}" for length in (8, 16, 64))):
            digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
            if digest not in self._taken:
                self._taken.add(digest)
                return name
        return id  # the same line of the same file, from two folders


def _read_rows(finished: Finished, shard: Shard) -> Iterator[tuple[bytes, str | None]]:
    keys = finished.folder.read_keys(shard)
    with finished.folder.rows(shard).open("rb") as file:
        lines = file.readlines()
    if len(lines) != len(keys) or len(lines) != finished.reports[shard.name].inputs:
        raise ConfigurationError(
            f"{finished.folder.rows(shard)} has {len(lines)} rows where its report counts "
            f"{len(keys)}: remove it, and the run's own command makes it anew"
        )
    yield from zip(lines, keys, strict=True)


def _is_summary(line: bytes) -> bool:
    """Whether a row is a summary: what every row begins with says so."""
    return line.startswith(b'{"status":"ok"')
