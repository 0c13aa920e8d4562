"""Folder: where a run on a cluster keeps its plan, its journals and its finished shards.

manifest.json          settings and plan, with their SHA-256
lock                   held by the program that is at work on the folder
journals/NAME.jsonl    what is kept of a shard while it is worked through, and after
shards/NAME.jsonl      its rows, as `summarizer run` writes them; there once it is finished
shards/NAME.json       its report; the second line has the key of each row
"""

import contextlib
import hashlib
import json
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import ValidationError

from summarizer.errors import ConfigurationError, UsageError
from summarizer.lock import try_lock
from summarizer.scale.cluster.manifest import FILE, Manifest
from summarizer.scale.cluster.shard import Shard, ShardReport

_PARTS: Final = ("journals", "shards")


class Folder:
    """The files of one run; every worker sees them under the same path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the folder; UsageError where it cannot be, or holds something else."""
        try:
            if self.path.is_dir() and not (self.path / FILE).exists() and any(self._list_strange()):
                raise UsageError(f"{self.path} holds other files: give -o a folder of its own")
            for part in _PARTS:
                (self.path / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot write to {self.path}: {error.strerror}") from error

    def _list_strange(self) -> Iterator[str]:
        return (path.name for path in self.path.iterdir() if path.name not in (*_PARTS, "lock"))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """While the block runs no other run may work on the folder; UsageError where one does."""
        with (self.path / "lock").open("a+b") as handle:
            if not try_lock(handle.fileno()):
                raise UsageError(
                    f"another run is at work on {self.path}, or its file system has no locks: "
                    "wait for it, or give -o another folder"
                )
            yield

    def write_manifest(self, manifest: Manifest) -> None:
        """Put the manifest in place."""
        with publish(self.path / FILE) as file:
            file.write(manifest.model_dump_json(indent=1).encode())

    def check(self, manifest_sha256: str) -> None:
        """Raise ConfigurationError where this machine does not see the run's own folder."""
        try:
            head = (self.path / FILE).read_bytes()[:200]
        except OSError:
            head = b""
        if manifest_sha256.encode() not in head:
            raise ConfigurationError(
                f"the worker on {socket.gethostname()} does not see the run in {self.path}: "
                "every worker has to see the folder of -o under the same path"
            )

    def journal(self, shard: Shard) -> Path:
        """The file of a shard's journal."""
        return self.path / "journals" / f"{shard.name}.jsonl"

    def rows(self, shard: Shard) -> Path:
        """The file of a finished shard's rows."""
        return self.path / "shards" / f"{shard.name}.jsonl"

    def clear(self, shard: Shard) -> None:
        """Remove what a killed worker left half written; for whoever has the shard's journal."""
        for partial in (self.path / "shards").glob(f"{shard.name}.*.partial"):
            partial.unlink(missing_ok=True)

    def read_report(self, shard: Shard) -> ShardReport | None:
        """The report of a finished shard; None where it is not finished, or its files are torn."""
        try:
            with self._report(shard).open("rb") as file:
                report = ShardReport.model_validate_json(file.readline())
            is_whole = self.rows(shard).stat().st_size == report.bytes
        except (OSError, ValidationError):
            return None
        return report if is_whole and report.shard == shard.name else None

    def read_keys(self, shard: Shard) -> tuple[str | None, ...]:
        """The key of each row of a finished shard, None for what could not be read."""
        with self._report(shard).open("rb") as file:
            file.readline()
            return tuple(json.loads(file.readline()))

    def is_whole(self, shard: Shard, report: ShardReport) -> bool:
        """Whether the rows of a finished shard are those that were published."""
        with self.rows(shard).open("rb") as file:
            return hash_file(file) == report.sha256

    def publish_report(self, shard: Shard, report: ShardReport, keys: list[str | None]) -> None:
        """Put a finished shard's report in place: from now on it counts as finished."""
        with publish(self._report(shard)) as file:
            file.write(report.model_dump_json().encode() + b"\n" + json.dumps(keys).encode())

    def _report(self, shard: Shard) -> Path:
        return self.path / "shards" / f"{shard.name}.json"


def hash_file(file: BinaryIO) -> str:
    """The SHA-256, in hexadecimal, of all of an open file."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


@contextlib.contextmanager
def publish(path: Path) -> Iterator[BinaryIO]:
    """A file beside it that takes its name once it is whole and on the disk; else nothing."""
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        with partial.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    with contextlib.suppress(OSError):  # some systems cannot
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
