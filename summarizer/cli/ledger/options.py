"""Options of the ledger's commands, and the query and the ledger they add up to."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import read_settings
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from summarizer.ledger import Ledger, Query

Parties = Annotated[
    list[str] | None,
    typer.Option("--party", help="Who takes part, by code or name; again for one more."),
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="A kind of record; again for another.")
]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="The same as --where topic=….")]
Statuses = Annotated[
    list[str] | None, typer.Option("--status", help="The same as --where status=….")
]
Strengths = Annotated[
    list[str] | None, typer.Option("--strength", help="The same as --where strength=….")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FIELD=VALUE", help="What a field must say, of any task."),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Articles from this day, or month.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Articles to this day, or month.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV for spreadsheets instead of text.")]


@contextlib.contextmanager
def open_ledger(store: str | None, *, home: "Path | None") -> "Iterator[Ledger]":
    """The ledger of the store that a flag or the settings name; says what could not be read."""
    from summarizer.ledger import Ledger

    settings = read_settings({"store": store, "home": home})
    with contextlib.closing(Ledger(settings.store, home=settings.home)) as opened:
        for line in opened.skipped:
            print_line(f"summarizer: left out: {line}", err=True)
        yield opened


def make_query(
    words: str,
    *,
    parties: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    statuses: Sequence[str] | None = None,
    strengths: Sequence[str] | None = None,
    where: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
) -> "Query":
    """The query that options ask; UsageError for one that says nothing."""
    from summarizer.ledger import Query, read_day

    choices: dict[str, list[str]] = {}
    named = {"topic": topics, "status": statuses, "strength": strengths}
    for field, values in named.items():
        if values:
            choices[field] = list(values)
    for one in where or ():
        field, sign, value = one.partition("=")
        if not (field.strip() and sign and value.strip()):
            raise UsageError(f"--where {one!r}: write FIELD=VALUE, such as --where topic=security")
        choices.setdefault(field.strip(), []).append(value.strip())
    return Query(
        words=words,
        parties=tuple(parties or ()),
        kinds=tuple(kinds or ()),
        choices=choices,
        since=read_day(since) if since else None,
        until=read_day(until, is_last=True) if until else None,
    )


def say_nothing_found(ledger: "Ledger") -> None:
    """A line for people where a question has no answer; stdout stays empty."""
    count = ledger.count()
    if count:
        print_line(f"summarizer: none of {count} records is so", err=True)
    else:
        told = "holds no records yet: `summarizer run` fills it"
        print_line(f"summarizer: {ledger.path} {told}", err=True)
