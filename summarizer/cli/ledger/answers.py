"""What the ledger answers, as lines for people and as CSV."""

import csv
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from summarizer.cli.lines import print_line

if TYPE_CHECKING:
    from summarizer.ledger import Entry, Ledger, Member, Thread


def print_entries(entries: "Iterable[Entry]", ledger: "Ledger") -> None:
    """Each record on two lines: its id, date, outlet and choices; who, what, to whom."""
    for entry in entries:
        print_line("  ".join((entry.id, *_tell_place(entry), *_tell_choices(entry, ledger))))
        print_line(f"    {_tell_act(entry)}")


def print_days(entries: "Iterable[Entry]", ledger: "Ledger") -> None:
    """The records under the days of their articles."""
    last = None
    for entry in entries:
        day = str(entry.date) if entry.date else "no date"
        if day != last:
            print_line(day)
        last = day
        print_line(f"    {_tell_act(entry)}")
        told = (entry.source or "", *_tell_choices(entry, ledger), entry.id)
        print_line(f"        {', '.join(one for one in told if one)}")


def print_entry(entry: "Entry") -> None:
    """Everything that is known of one record, a line for each."""
    print_line(_tell_act(entry))
    print_line()
    told = {"id": entry.id, "kind": entry.kind, **entry.fields}
    names = {"date": entry.date, "source": entry.source, "title": entry.title}
    article = {**names, "article": entry.article_id, "task": entry.task}
    for name, value in {**told, **article}.items():
        if value:
            print_line(f"{name:<16}  {value}")
    for party in entry.parties:
        code = f" [{party.code}]" if party.code else ""
        same = "" if party.identity == party.name else f" ({party.identity})"
        print_line(f"{party.role:<16}  {party.name}{same}{code}")
    print_line()
    for sentence, quote in zip(entry.sentences.split("; "), entry.quote.split(" ¶ "), strict=False):
        print_line(f"[{sentence}] {quote}")


def print_threads(threads: "Iterable[Thread]") -> None:
    """Each thread with its reports, the earliest first, and what links each to an earlier one."""
    for number, thread in enumerate(threads, start=1):
        reports = f"{len(thread.members)} reports, {thread.articles} articles"
        print_line(f"{number}. {thread.label}")
        print_line(f"    {', '.join(thread.parties)}; {reports}, {thread.outlets} outlets")
        for member in thread.members:
            _print_member(member)
        print_line()


def write_csv(
    entries: "Iterable[Entry]", columns: Sequence[str], stream: TextIO | None = None
) -> None:
    """A heading and a row for each record, safe to open in a spreadsheet."""
    from summarizer.ledger import flatten_entry, list_heading
    from summarizer.output.table import guard_cell

    heading = list_heading(columns)
    writer = csv.writer(stream or sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(heading)
    for entry in entries:
        cells = flatten_entry(entry)
        writer.writerow([guard_cell(cells.get(name, "")) for name in heading])


def _print_member(member: "Member") -> None:
    entry = member.entry
    print_line(f"    {member.role:<10}  {'  '.join((*_tell_place(entry), entry.id))}")
    print_line(f"        {_tell_act(entry)}")
    print_line(f"        “{entry.quote.split(' ¶ ')[0]}”")
    link = member.link
    if link is not None:
        days = "" if link.days is None else f"; {link.days} days apart"
        shared = f"{', '.join(link.parties)}; {', '.join(link.words[:6]) or 'no word of its act'}"
        print_line(f"        {link.score:.2f} with {link.to}: {shared}{days}")


def _tell_place(entry: "Entry") -> tuple[str, ...]:
    return (str(entry.date) if entry.date else "no date", entry.source or entry.article_id)


def _tell_choices(entry: "Entry", ledger: "Ledger") -> tuple[str, ...]:
    return (" ".join((entry.kind, *ledger.list_choices(entry))),)


def _tell_act(entry: "Entry") -> str:
    sides = [", ".join(one.identity for one in entry.list_parties(r)) for r in ("acts", "receives")]
    return " → ".join(part for part in (sides[0], entry.act, sides[1]) if part)
