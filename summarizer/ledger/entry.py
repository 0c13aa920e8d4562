"""Entry: one record of the ledger, and a thread of them, as plain data."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["first made", "first seen", "repeated", "reaffirmed", "recalled"]
"""What a report is in its thread.

`first made` is the earliest one, `first seen` the same where it says itself that the commitment is
older; `repeated` tells within days of another report what that one tells; `reaffirmed` comes
later; `recalled` tells it as background.
"""


@dataclass(frozen=True, slots=True)
class LedgerParty:
    """One party of a record: it `acts`, it `receives`, or it stands in another field."""

    role: str
    name: str
    code: str | None
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record with its article: `fields` are its columns by name, None where nothing is said.

    `act` is its first phrase; `quote` joins the sentences that prove it by ` ¶ `.
    """

    id: str
    key: str
    article_id: str
    date: datetime.date | None
    source: str | None
    title: str | None
    task: str
    kind: str
    fields: Mapping[str, str | None]
    parties: tuple[LedgerParty, ...]
    act: str
    quote: str
    sentences: str

    def list_parties(self, role: str) -> tuple[LedgerParty, ...]:
        """Those of one role, in the order of the record."""
        return tuple(party for party in self.parties if party.role == role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Why a report belongs to a thread: the earlier report it is most alike, and how.

    `score` is from 0 to 1; `words` are those of its act that the other report has as well.
    """

    to: str
    score: float
    parties: tuple[str, ...]
    words: tuple[str, ...]
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One report in a thread; no link for the first one, or where only a later one is like it."""

    entry: Entry
    role: Role
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Reports of one commitment, the earliest first; `label` is the act most alike the others."""

    label: str
    members: tuple[Member, ...]
    parties: tuple[str, ...]
    articles: int
    outlets: int
