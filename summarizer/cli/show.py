"""`summarizer show`: one result of the store, and how it came about."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.lines import print_json, print_line
from summarizer.cli.options import Home, read_settings
from summarizer.cli.runs import AsJson, StoreFile, open_store
from summarizer.errors import TaskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from summarizer.records import Exchange, Summary
    from summarizer.store import Result


def show(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="An article's id, or the beginning of a key.")
    ],
    prompt: Annotated[
        bool, typer.Option("--prompt", help="The exact messages and raw answers instead.")
    ] = False,
    store: StoreFile = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what the store holds of an article: status, reason, model, tokens, the summary.

    Of several results the newest is shown, and the keys of the others are named.

    Example: summarizer show 004_48921f08486c1056 --prompt
    """
    with open_store(store) as opened:
        found = opened.find_results(id)
        if not found:
            raise UsageError(
                f"{opened.path} holds nothing of {id!r}: "
                "`summarizer runs show RUN` names the articles of a run"
            )
        newest, *others = found
        exchanges = opened.exchanges(newest.key)
    if as_json:
        print_json(_as_json(newest, exchanges if prompt else None))
    elif prompt:
        _print_exchanges(newest, exchanges)
    else:
        _print_result(newest, home=read_settings({"home": home}).home)
    for other in others:
        print_line(
            f"also there: {other.key[:12]}  {other.created:%Y-%m-%d %H:%M}  "
            f"{other.status}  {other.model}  {other.article_id}",
            err=True,
        )


def _as_json(result: "Result", exchanges: "Sequence[Exchange] | None") -> dict[str, object]:
    import dataclasses

    told: dict[str, Any] = dataclasses.asdict(result)
    told["usage"] = result.usage.model_dump()
    told["published"] = result.published and result.published.isoformat()
    told["created"] = result.created.isoformat()
    told["summary"] = result.summary and json.loads(result.summary)
    told["spans"] = result.spans and json.loads(result.spans)
    if exchanges is not None:
        told["exchanges"] = [exchange.model_dump() for exchange in exchanges]
    return told


def _print_result(result: "Result", *, home: "Path | None") -> None:
    usage = result.usage
    calls = f"{usage.calls} call" + ("" if usage.calls == 1 else "s")
    tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"
    print_line(f"status    {result.status}{f': {result.reason}' if result.reason else ''}")
    print_line(f"article   {result.article_id} ({result.origin})")
    print_line(f"model     {result.model} at {result.endpoint}, {result.strategy}")
    print_line(f"cost      {calls}, {tokens}, {result.seconds:.1f} s")
    print_line(f"created   {result.created:%Y-%m-%d %H:%M:%S} UTC")
    print_line(f"key       {result.key}")
    if result.summary is not None:
        print_line()
        _print_summary(result, result.summary, home=home)


def _print_summary(result: "Result", document: str, *, home: "Path | None") -> None:
    """As text; as JSON where the task it was made for is not there any more."""
    from summarizer.output.text import write_text
    from summarizer.store.redaction import GAP

    if result.spans is not None:
        document = document.replace(GAP, "…")
        print_line("… stands for the article's words, which were not stored.", err=True)
    summary = _read_summary(result.task, document, home=home)
    if summary is None:
        print_line(f"the task {result.task!r} is not as it was: shown as JSON", err=True)
        print_json(json.loads(document))
        return
    write_text([summary], sys.stdout, terminal=sys.stdout.isatty())


def _read_summary(task: str, document: str, *, home: "Path | None") -> "Summary | None":
    from pydantic import ValidationError

    from summarizer.task import load_task

    try:
        return load_task(task, home=home).summary.model_validate_json(document)
    except (TaskError, UsageError, ValidationError):
        return None


def _print_exchanges(result: "Result", exchanges: "Sequence[Exchange]") -> None:
    if not exchanges:
        print_line(
            f"no request is kept for {result.article_id}: it needed none, the answers were known, "
            "or --no-store-text was given",
            err=True,
        )
    for number, exchange in enumerate(exchanges, start=1):
        usage = exchange.usage
        tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"
        print_line(f"=== request {number} of {len(exchanges)}: {exchange.outcome}, {tokens}")
        for name, value in exchange.request.items():
            if name != "messages":
                print_line(f"{name}: {json.dumps(value, ensure_ascii=False)}")
        _print_messages(exchange.request.get("messages"))
        print_line("[answer]")
        _print_lines(exchange.answer)
        print_line()


def _print_messages(messages: object) -> None:
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            print_line(f"[{message.get('role')}]")
            _print_lines(str(message.get("content")))


def _print_lines(text: str) -> None:
    """Line by line: nothing in a message or an answer acts on a terminal."""
    for line in text.split("\n"):
        print_line(line)
