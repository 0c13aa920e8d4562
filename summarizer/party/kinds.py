"""Kinds: what sort of body each organisation of an article is, by its name and by apposition."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.party.leads import end_of
from summarizer.party.lines import Line, Who
from summarizer.party.organisations import is_public
from summarizer.party.vocabulary import join_words, list_words


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kind words told of each organisation: "union", "company"."""

    told: Mapping[Who, frozenset[str]]

    def is_kind(self, who: Who, word: str) -> bool:
        """Whether the organisation is named or told as a body of this kind."""
        return word in who.identity.lower().split() or word in self.told.get(who, ())

    def is_firm(self, who: Who) -> bool:
        """Whether nothing speaks against the organisation being a company."""
        told = self.told.get(who, frozenset())
        named = who.identity[:1].isupper() or who.identity[1:2].isupper()
        return (
            named
            and not is_public(who.identity)
            and (not told or bool(told & list_words("singles", "firms")))
        )


def read_kinds(lines: Sequence[Line]) -> Kinds:
    """The kinds that an article tells beside a name: "the Unite union", "Nordbahn, a railway"."""
    bodies = join_words("singles", "bodies")
    before = re.compile(rf"\b({bodies}) $", re.IGNORECASE)
    after = re.compile(rf"(?:,? (?:an?|the|its) (?:[\w'-]+ ){{0,4}}?| (?:[a-z]+ )?)({bodies})\b")
    told: dict[Who, frozenset[str]] = {}
    for line in lines:
        for anchor in line.anchors:
            found = (
                before.search(end_of(line.text, anchor.start)),
                after.match(line.text, anchor.end),
            )
            words = frozenset(match.group(1).lower() for match in found if match)
            if words and anchor.kind == "organisation":
                told[anchor.who] = told.get(anchor.who, frozenset()) | words
    return Kinds(told)
