"""JSON lines: cut into byte ranges at line ends, and read back range by range."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from summarizer.article.formats import LARGEST
from summarizer.errors import ConfigurationError
from summarizer.scale.cluster.shard import Shard
from summarizer.scale.cluster.source import open_source

BLOCK: Final = 1 << 22
"""Bytes that are read at a time."""


@dataclass(slots=True, kw_only=True)
class Cut:
    """A range of bytes that ends behind a line end or at the end of the file."""

    start: int
    first: int
    """Number of its first line, from 1."""
    end: int = 0
    lines: int = 0
    digest: str = ""
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take(self, data: memoryview) -> None:
        """Add bytes."""
        self._hash.update(data)

    def finish(self, end: int) -> "Cut":
        """The cut with its end."""
        self.end, self.digest = end, self._hash.hexdigest()
        return self


def cut_lines(file: BinaryIO, *, lines: int) -> Iterator[Cut]:
    """Ranges of at most so many lines, of the whole file in order; blocks are read one by one.

    The last line may lack its line end; an empty file is one empty range.
    """
    cut, offset, is_open_line = Cut(start=0, first=1), 0, False
    while block := file.read(BLOCK):
        view, begun, at = memoryview(block), 0, 0
        while (found := block.find(b"\n", at)) >= 0:
            at, is_open_line = found + 1, False
            cut.lines += 1
            if cut.lines == lines:
                cut.take(view[begun:at])
                begun = at
                yield cut.finish(offset + at)
                cut = Cut(start=offset + at, first=cut.first + lines)
        cut.take(view[begun:])
        is_open_line = is_open_line or at < len(block)
        offset += len(block)
    cut.lines += is_open_line
    if cut.lines or offset == 0:
        yield cut.finish(offset)


def read_lines(shard: Shard) -> Iterator[tuple[int, bytes]]:
    """The lines of a shard and their numbers; of one that is too long only what shows that it is.

    Raises ConfigurationError where the file is not what the plan was made of.
    """
    with open_source(shard.path) as file:
        _check(shard, file)
        file.seek(shard.start)
        number, left = shard.first, shard.end - shard.start
        while left > 0 and (line := file.readline(min(left, LARGEST + 1))):
            left -= len(line)
            yield number, line
            while len(line) > LARGEST and not line.endswith(b"\n") and left > 0:
                line = file.readline(min(left, LARGEST + 1))
                left -= len(line)
                if not line:
                    break
            number += 1


def _check(shard: Shard, file: BinaryIO) -> None:
    """Nothing is asked about lines that the plan does not know."""
    digest, left = hashlib.sha256(), shard.end - shard.start
    file.seek(shard.start)
    while left > 0 and (block := file.read(min(left, BLOCK))):
        digest.update(block)
        left -= len(block)
    if digest.hexdigest() != shard.digest:
        raise ConfigurationError(
            f"{shard.origin} was changed while the run was on it: run the same command again"
        )
