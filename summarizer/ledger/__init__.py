"""Ledger: the records of many articles, searched, put in order of time, and linked into threads."""

from summarizer.ledger.entry import Entry, LedgerParty, Link, Member, Thread
from summarizer.ledger.ledger import Ledger
from summarizer.ledger.query import Query, read_day
from summarizer.ledger.rows import describe_entry, describe_thread, flatten_entry, list_heading
from summarizer.ledger.threads import THRESHOLD, link_threads
from summarizer.ledger.wording import Vocabulary, read_vocabulary

__all__ = [
    "THRESHOLD",
    "Entry",
    "Ledger",
    "LedgerParty",
    "Link",
    "Member",
    "Query",
    "Thread",
    "Vocabulary",
    "describe_entry",
    "describe_thread",
    "flatten_entry",
    "link_threads",
    "list_heading",
    "read_day",
    "read_vocabulary",
]
