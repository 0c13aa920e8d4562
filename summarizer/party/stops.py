"""Stops: names of countries and capitals inside the names of something else."""

import re
from functools import lru_cache

from summarizer.party.mention import Mention, read_aliases


@lru_cache(maxsize=1)
def _compile_stops() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    stops = read_aliases()["stops"]
    tails = "|".join(map(re.escape, stops["tails"]))
    capitals = "|".join(map(re.escape, stops["tails"] + stops["capital_tails"]))
    heads = "|".join(map(re.escape, stops["heads"]))
    prefixes = "|".join(map(re.escape, stops["prefixes"]))
    return (
        re.compile(rf" (?:{tails})(?!\w)"),
        re.compile(rf" (?:{capitals})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?:\b(?:{heads}) (?:the )?|(?<!\w)(?:{prefixes}))$"),
    )


def is_other(text: str, mention: Mention) -> bool:
    """Whether the name is part of a longer name of something else: a sea, a paper, a person."""
    if text.startswith("$", mention.end):
        return True  # "US$5 million" is money
    tails, capital_tails, heads = _compile_stops()
    rest = capital_tails if mention.kind == "capital" else tails
    if rest.match(text, mention.end) or heads.search(
        text[max(0, mention.start - 24) : mention.start]
    ):
        return True
    if mention.kind != "adjective" and _is_state(text, mention):
        return True
    personal = read_aliases()["stops"]["personal"]
    return mention.name in personal and _is_person(text, mention)


def _is_person(text: str, mention: Mention) -> bool:
    """Whether a given name or a surname stands beside it: Israel Katz, Michael Jordan."""
    stops = read_aliases()["stops"]
    after = re.match(r" ([A-Z][a-z]+)", text[mention.end : mention.end + 24])
    if after and after.group(1) not in stops["office_words"] and mention.kind != "adjective":
        return True
    before = re.search(
        r"(?<=[^.!?:] )[A-Z][a-z]+ $", text[max(0, mention.start - 24) : mention.start]
    )
    return bool(before) and mention.name in stops["surnames"]


def _is_state(text: str, mention: Mention) -> bool:
    """Whether it is the state of Georgia: told after one of its towns, or called a state."""
    if mention.name != "Georgia":
        return False
    before = text[max(0, mention.start - 24) : mention.start]
    return bool(re.search(r"(?:Atlanta|Savannah|Augusta|Macon|Athens), $|[Ss]tate of $", before))
