"""The commands of `summarizer ledger`: parse, ask, print."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.ledger.answers import (
    print_days,
    print_entries,
    print_entry,
    print_threads,
    write_csv,
)
from summarizer.cli.ledger.export import export
from summarizer.cli.ledger.options import (
    AsCsv,
    Kinds,
    Parties,
    Since,
    Statuses,
    Strengths,
    Topics,
    Until,
    Where,
    make_query,
    open_ledger,
    say_nothing_found,
)
from summarizer.cli.lines import print_json
from summarizer.cli.options import Home
from summarizer.cli.runs import AsJson, StoreFile
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.ledger import Entry, Ledger

ledger_app = typer.Typer(
    no_args_is_help=True,
    help=(
        "The records of all articles in the store: search, timeline, threads, export.\n\n"
        "Of each article the newest summary counts.\n\n"
        'Example: summarizer ledger search "water discharge" --party JP'
    ),
)
ledger_app.command()(export)

Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many records.")]


@ledger_app.command()
def search(
    words: Annotated[
        str, typer.Argument(metavar="[WORDS]", help='All of them; "two words" side by side; wat*.')
    ] = "",
    party: Parties = None,
    kind: Kinds = None,
    topic: Topics = None,
    status: Statuses = None,
    strength: Strengths = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    store: StoreFile = None,
    home: Home = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Find records by the words of act, evidence, title and names, and by what they say.

    Example: summarizer ledger search "water discharge" --party JP --kind pledge --since 2023-10
    """
    query = make_query(
        words,
        parties=party,
        kinds=kind,
        topics=topic,
        statuses=status,
        strengths=strength,
        where=where,
        since=since,
        until=until,
    )
    _refuse_both(as_json, as_csv)
    with open_ledger(store, home=home) as opened:
        found = opened.search(query, limit=limit)
        _print_found(found, opened, as_json=as_json, as_csv=as_csv, show=print_entries)


@ledger_app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A record's id, or how it begins.")],
    store: StoreFile = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one record with its article, its parties and the sentences that prove it.

    Example: summarizer ledger show 3fa9c1e2aa07-2
    """
    from summarizer.ledger import describe_entry

    with open_ledger(store, home=home) as opened:
        entry = opened.find(id)
    if as_json:
        print_json(describe_entry(entry))
    else:
        print_entry(entry)


@ledger_app.command()
def timeline(
    party: Parties = None,
    kind: Kinds = None,
    topic: Topics = None,
    status: Statuses = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    store: StoreFile = None,
    home: Home = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what the parties undertook together or to each other, day by day of the articles.

    Example: summarizer ledger timeline --party KR --party JP
    """
    query = make_query(
        "",
        parties=party,
        kinds=kind,
        topics=topic,
        statuses=status,
        where=where,
        since=since,
        until=until,
    )
    _refuse_both(as_json, as_csv)
    with open_ledger(store, home=home) as opened:
        found = opened.search(query)
        _print_found(found, opened, as_json=as_json, as_csv=as_csv, show=print_days)


@ledger_app.command()
def threads(
    words: Annotated[
        str, typer.Argument(metavar="[WORDS]", help="Threads with a report that has these words.")
    ] = "",
    threshold: Annotated[
        float,
        typer.Option("--threshold", min=0, max=1, help="How likely two reports must be of one."),
    ] = 0.5,
    least: Annotated[
        int, typer.Option("--least", min=1, help="Reports that a thread must have.")
    ] = 2,
    party: Parties = None,
    kind: Kinds = None,
    topic: Topics = None,
    since: Since = None,
    until: Until = None,
    store: StoreFile = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Link the reports of one commitment: first made, repeated, reaffirmed, recalled.

    Each report names the earlier one it is most alike, how likely both are of one commitment, and
    the parties and words they share. A higher threshold gives fewer and surer links. Filters
    choose threads that have such a report; the linking always weighs all records.

    Example: summarizer ledger threads "trilateral cooperation" --threshold 0.6
    """
    from summarizer.ledger import describe_thread

    query = make_query(words, parties=party, kinds=kind, topics=topic, since=since, until=until)
    with open_ledger(store, home=home) as opened:
        wanted = {entry.id for entry in opened.search(query)}
        linked = opened.link(threshold=threshold, least=least) if wanted else []
        found = [one for one in linked if any(m.entry.id in wanted for m in one.members)]
        if as_json:
            print_json([describe_thread(thread) for thread in found])
        else:
            print_threads(found)
        if not found:
            say_nothing_found(opened)


def _print_found(
    found: "Sequence[Entry]",
    opened: "Ledger",
    *,
    as_json: bool,
    as_csv: bool,
    show: "Callable[[Sequence[Entry], Ledger], None]",
) -> None:
    """The records in the format that was asked for; `show` is the one for people."""
    from summarizer.ledger import describe_entry

    if as_json:
        print_json([describe_entry(entry) for entry in found])
    elif as_csv:
        write_csv(found, opened.columns)
    else:
        show(found, opened)
    if not found:
        say_nothing_found(opened)


def _refuse_both(as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise UsageError("--json and --csv are two formats: give one of them")
