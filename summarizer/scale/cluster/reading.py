"""Reading: the articles of one shard, as a local run reads the same lines."""

import datetime
from collections.abc import Iterator
from pathlib import PurePath

from summarizer.article import Article, Unreadable
from summarizer.article.formats import LARGEST, binary_kind, read_json_line, wide_encoding
from summarizer.article.intake import Intake, refuse
from summarizer.errors import ArticleError, EmptyArticleError, LargeArticleError
from summarizer.scale.cluster.jsonlines import read_lines
from summarizer.scale.cluster.parquet import read_rows
from summarizer.scale.cluster.shard import Shard


def read_shard(
    shard: Shard, *, date: datetime.date | None = None, source: str | None = None
) -> Iterator[Article | Unreadable]:
    """The articles of a shard in their order, one at a time; what cannot be read among them.

    `date` and `source` stand for every article. Ids are distinct within the shard.
    """
    intake, is_empty = Intake(date, source), True
    lines = read_rows(shard) if shard.kind == "parquet" else read_lines(shard)
    for number, line in lines:
        if number == 1 and (refused := _refuse_file(line, shard)) is not None:
            yield refused
            return
        if line.removeprefix(b"\xef\xbb\xbf").strip():
            is_empty = False
            yield _read_article(line, number, shard.origin, intake)
    if is_empty and shard.is_alone:
        yield refuse(shard.origin, EmptyArticleError(f"{shard.origin} is empty"))


def _refuse_file(line: bytes, shard: Shard) -> Unreadable | None:
    """A file whose beginning shows that it is no JSON lines at all, as one input."""
    beginning, origin = line[:64], shard.origin
    if kind := binary_kind(beginning):
        return refuse(origin, ArticleError(f"{origin} is {kind}, not JSON lines"))
    if wide := wide_encoding(beginning):
        return refuse(origin, ArticleError(f"{origin} is in {wide.upper()}: save it as UTF-8"))
    return None


def _read_article(line: bytes, number: int, origin: str, intake: Intake) -> Article | Unreadable:
    place = f"{origin}:{number}"
    try:
        if len(line) > LARGEST:
            raise LargeArticleError(
                f"{place} is larger than {LARGEST // 1_000_000} MB, which no single article is"
            )
        content = read_json_line(line, origin=place)
        return intake.make(content, id=f"{PurePath(origin).stem}-{number}", origin=place)
    except ArticleError as error:
        return refuse(place, error)
