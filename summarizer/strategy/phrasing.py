"""phrasing: the words of an act, as a verb phrase with its verb first and in its plain form."""

import re
from collections.abc import Mapping
from functools import lru_cache

from summarizer.task.rulefile import ActRule

MOST_WORDS = 20
"""Words that an act may have."""

LY = r"(?!(?:supply|comply|apply|fly|rally|multiply|rely|reply|ally)$)\w+ly"
"""An adverb that ends so; the words left out are verbs."""
_ADVERB = re.compile(rf"(?:{LY}|not|never|also|further)$", re.IGNORECASE)
_MARKS = '["“”]'


def clip_act(words: str) -> str:
    """The first `MOST_WORDS` words, without what opens or ends a quotation or a sentence."""
    return " ".join(words.split()[:MOST_WORDS]).strip(' .,;"“”')


def phrase_act(words: str, rule: ActRule, *, subject: str = "") -> str:
    """The words of an act with its verb first and in its plain form, without the time."""
    words = re.sub(r"^n't ", "not ", re.sub(rule.lead, r"\1", words, flags=re.IGNORECASE))
    words = re.sub(r"^(\w+ing) of ", r"\1 ", words)
    words = clip_act(re.sub(r"\s\([^)]*\)?", "", _make_active(words, rule, subject=subject)))
    while words != (cut := re.sub(rule.trail, "", words, count=1, flags=re.IGNORECASE)):
        words = cut
    head = read_verb(words)
    words = words.replace(head, inflect(rule.verbs).get(head.lower(), head), 1)
    return words if len(re.findall(_MARKS, words)) % 2 == 0 else re.sub(_MARKS, "", words)


def _make_active(words: str, rule: ActRule, *, subject: str) -> str:
    """An act with what it is done to as its object, where that is the subject of the clause."""
    parts: tuple[str | None, ...] = (words,)
    passive = re.match(rule.passive, words, re.IGNORECASE)
    moved = re.match(rule.moved, words, re.IGNORECASE)
    if passive and passive["verb"].lower() in inflect(rule.verbs):
        rest = re.sub(rule.by, "", words[passive.end() :], count=1, flags=re.IGNORECASE)
        parts = passive["not"], passive["verb"], passive["particle"], subject, rest
    elif moved and subject and not re.search(rule.actors, subject, re.IGNORECASE):
        cause = rule.causes.get(moved["verb"].lower())
        parts = (moved["not"], cause, subject, words[moved.end() :]) if cause else parts
    return " ".join(part.strip() for part in parts if part)


def read_verb(words: str) -> str:
    """The first word that is no adverb."""
    return next((word for word in words.split() if not re.match(_ADVERB, word)), "")


@lru_cache(maxsize=8)
def inflect(verbs: str) -> Mapping[str, str]:
    """Every form of the verbs, each given as `plain` or `plain|irregular|irregular`, by form."""
    given = [entry.split("|") for entry in verbs.split()]
    forms = {entry[0]: entry[0] for entry in given}
    for base, *irregular in given:
        stem = re.sub(r"(?<=[^aeiou])y$", "i", base.removesuffix("e"))
        doubled = base + base[-1]
        ends = ("es", "ed", "ing", *([] if base.endswith("e") else ["s"]))
        regular = [stem + end for end in ends] + [doubled + "ed", doubled + "ing"]
        for form in [*irregular, *regular, base + "s", base + "ing"]:
            forms.setdefault(form, base)
    return forms


def is_beside(verb: str, before: str, rule: ActRule) -> bool:
    """Whether a plain verb goes with the act before it, not with what that act is for."""
    verbs = inflect(rule.verbs)
    purposes = re.findall(rule.purpose, before, re.IGNORECASE)
    is_plain = [verbs.get(word.lower()) == word.lower() for word in (verb, *purposes)]
    return is_plain[0] and not any(is_plain[1:])
