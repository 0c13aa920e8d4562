"""Shard: a stretch of one file of a corpus, and the report of what became of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from summarizer.errors import Status
from summarizer.outcome import Outcome
from summarizer.records import Frozen, Usage
from summarizer.scale.cluster.source import Kind

TOLD: Final = 3
"""Failures of one shard that are told; the rows have them all."""

UNFINISHED: Final[tuple[Status, ...]] = ("budget", "cancelled")
"""What became of articles that nothing is wrong with."""


class Shard(Frozen):
    """What one worker takes at a time; cut so that it is the same whoever cuts it."""

    name: str
    """Of its files; it stands for place and content, and is the same while these are."""
    path: str
    """The file, as every worker opens it."""
    origin: str
    """The file, as it was named."""
    kind: Kind
    start: int
    """First byte of JSON lines, else first row."""
    end: int
    """Behind the last one."""
    first: int
    """Number of the first line or row in its file, from 1."""
    inputs: int
    """Lines, blank ones too, or rows."""
    digest: str
    """SHA-256 of its bytes; in Parquet, of the file's footer."""
    is_alone: bool
    """Whether it is all of its file."""


class ShardReport(Frozen):
    """What became of the inputs of one shard, in numbers."""

    shard: str
    summarised: int = 0
    failed: int = 0
    unfinished: int = 0
    """Not asked about, or cut off: the same command goes on with them."""
    mendable: int = 0
    """Those of the failed that another try may mend."""
    stored: int = 0
    """Those that the shard's journal had from before."""
    records: int = 0
    usage: Usage = Usage()
    """Of what was asked this time."""
    is_spent: bool = False
    """Whether a limit kept an article from being asked about."""
    told: tuple[str, ...] = ()
    """The first failures, one line each."""
    bytes: int = 0
    sha256: str = ""
    """Of the published rows."""

    @property
    def inputs(self) -> int:
        """How many rows there are."""
        return self.summarised + self.failed + self.unfinished


@dataclass(slots=True)
class Count:
    """Adds the outcomes of a shard up to its report."""

    shard: str
    mendable: Collection[Status]
    """Failures that another try may mend."""
    _statuses: Counter[Status] = field(default_factory=Counter)
    _stored: int = 0
    _records: int = 0
    _usage: Usage = field(default_factory=Usage)
    _told: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self._statuses[outcome.status] += 1
        self._stored += outcome.is_stored
        if not outcome.is_stored:
            self._usage += outcome.usage
        if outcome.summary is not None:
            self._records += len(outcome.summary.records)
        elif outcome.status not in UNFINISHED and len(self._told) < TOLD:
            self._told.append(_describe_failure(outcome))

    def report(self) -> ShardReport:
        """The report so far."""
        statuses = self._statuses
        unfinished = sum(statuses[status] for status in UNFINISHED)
        failed = statuses.total() - statuses["ok"] - unfinished
        return ShardReport(
            shard=self.shard,
            summarised=statuses["ok"],
            failed=failed,
            unfinished=unfinished,
            mendable=sum(n for status, n in statuses.items() if self._may_be_mended(status)),
            stored=self._stored,
            records=self._records,
            usage=self._usage,
            is_spent=statuses["budget"] > 0,
            told=tuple(self._told),
        )

    def _may_be_mended(self, status: Status) -> bool:
        return status in self.mendable and status not in UNFINISHED


def _describe_failure(outcome: Outcome) -> str:
    """One line that names the article, which the reason may do already."""
    reason = outcome.reason or outcome.status
    return reason if reason.startswith(outcome.origin) else f"{outcome.origin}: {reason}"
