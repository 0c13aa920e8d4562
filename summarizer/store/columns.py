"""Between rows of the tables and plain data: what goes into columns, and what comes out."""

import datetime
import json
from typing import Any

import pydantic_core

from summarizer.records import Exchange, Usage
from summarizer.store.rows import RUNNING, Result, Row, Run, RunStart


def show_now() -> str:
    """This moment, as the tables have it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def make_storable(text: str) -> str:
    """The text with lone surrogates, as names of files may hold, written as escapes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def to_json(content: object) -> str:
    """JSON that a person can read in any script, whatever is in it."""
    try:
        return pydantic_core.to_json(content).decode()
    except ValueError:  # a lone surrogate, or a value that JSON has not
        return make_storable(json.dumps(content, ensure_ascii=False, default=str))


def write_start(run: RunStart) -> tuple[object, ...]:
    """The columns of `runs` that are known when one begins: `began` up to `inputs`."""
    told = (run.command, run.task, run.strategy, run.model, run.endpoint, run.summarizer)
    return (show_now(), *map(make_storable, told), to_json(run.inputs))


def write_row(row: Row) -> tuple[object, ...]:
    """ROW_COLUMNS of one input."""
    return (
        row.position,
        row.key,
        make_storable(row.origin),
        _storable(row.article_id),
        row.status,
        _storable(row.reason),
        int(row.is_stored),
    )


def write_result(result: Result, *, keeps_text: bool) -> tuple[object, ...]:
    """RESULT_COLUMNS of one result; no title where no text is kept."""
    usage = result.usage
    return (
        result.key,
        result.status,
        _storable(result.reason),
        make_storable(result.article_id),
        make_storable(result.origin),
        result.article_sha256,
        _storable(result.title) if keeps_text else None,
        result.published.isoformat() if result.published else None,
        _storable(result.source),
        *map(make_storable, (result.task, result.strategy, result.model, result.endpoint)),
        _storable(result.summary),
        result.spans,
        usage.calls,
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        usage.seconds,
        result.seconds,
        result.created.isoformat(timespec="milliseconds"),
    )


def write_exchange(exchange: Exchange) -> tuple[object, ...]:
    """EXCHANGE_COLUMNS of one exchange but its number."""
    return (
        to_json(exchange.request),
        make_storable(exchange.answer),
        make_storable(exchange.outcome),
        exchange.usage.model_dump_json(),
    )


def read_run(columns: tuple[Any, ...]) -> Run:
    """One run from RUN_COLUMNS; ValueError where they do not fit."""
    ended, inputs = columns[2], json.loads(columns[9])
    return Run(
        id=columns[0],
        began=datetime.datetime.fromisoformat(columns[1]),
        ended=datetime.datetime.fromisoformat(ended) if ended else None,
        command=columns[3],
        task=columns[4],
        strategy=columns[5],
        model=columns[6],
        endpoint=columns[7],
        summarizer=columns[8],
        inputs=tuple(inputs),
        done=columns[10],
        failed=columns[11],
        how_ended=columns[12] or RUNNING,
    )


def read_row(columns: tuple[Any, ...]) -> Row:
    """One input from ROW_COLUMNS."""
    return Row(
        position=columns[0],
        key=columns[1],
        origin=columns[2],
        article_id=columns[3],
        status=columns[4],
        reason=columns[5],
        is_stored=bool(columns[6]),
    )


def read_result(columns: tuple[Any, ...]) -> Result:
    """One result from RESULT_COLUMNS; ValueError where they do not fit."""
    return Result(
        key=columns[0],
        status=columns[1],
        reason=columns[2],
        article_id=columns[3],
        origin=columns[4],
        article_sha256=columns[5],
        title=columns[6],
        published=datetime.date.fromisoformat(columns[7]) if columns[7] else None,
        source=columns[8],
        task=columns[9],
        strategy=columns[10],
        model=columns[11],
        endpoint=columns[12],
        summary=columns[13],
        spans=columns[14],
        usage=Usage(
            calls=columns[15],
            prompt_tokens=columns[16],
            cached_tokens=columns[17],
            completion_tokens=columns[18],
            seconds=columns[19],
        ),
        seconds=columns[20],
        created=datetime.datetime.fromisoformat(columns[21]),
    )


def read_exchange(columns: tuple[Any, ...]) -> Exchange:
    """One exchange from EXCHANGE_COLUMNS; ValueError where they do not fit."""
    return Exchange(
        request=json.loads(columns[1]),
        answer=columns[2],
        outcome=columns[3],
        usage=Usage.model_validate_json(columns[4]),
    )


def _storable(text: str | None) -> str | None:
    return None if text is None else make_storable(text)
