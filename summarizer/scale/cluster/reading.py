"""Reading: the articles of one shard, as a local run reads the same lines."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from summarizer.article import Article, Unreadable
from summarizer.article.intake import Intake, refuse
from summarizer.article.reading import check_json_lines, read_json_lines
from summarizer.errors import ArticleError, EmptyArticleError
from summarizer.scale.cluster.jsonlines import read_lines
from summarizer.scale.cluster.parquet import read_rows
from summarizer.scale.cluster.shard import Shard


def read_shard(
    shard: Shard, *, date: datetime.date | None = None, source: str | None = None
) -> Iterator[Article | Unreadable]:
    """The articles of a shard in their order, one at a time; what cannot be read among them.

    `date` and `source` stand for every article. Ids are distinct within the shard.
    """
    origin, is_empty = shard.origin, True
    lines = read_rows(shard) if shard.kind == "parquet" else read_lines(shard)
    checked = _check_first(lines, origin)
    try:
        intake = Intake(date, source, leaves_blanks=True)
        for item in read_json_lines(checked, intake, id=PurePath(origin).stem, origin=origin):
            is_empty = False
            yield item
    except ArticleError as error:
        yield refuse(origin, error)
        return
    if is_empty and shard.is_alone:
        yield refuse(origin, EmptyArticleError(f"{origin} is empty"))


def _check_first(lines: Iterable[tuple[int, bytes]], origin: str) -> Iterator[tuple[int, bytes]]:
    """The lines; ArticleError where the file's first shows that it is no JSON lines at all."""
    for number, line in lines:
        if number == 1:
            check_json_lines(line, origin=origin)
        yield number, line
