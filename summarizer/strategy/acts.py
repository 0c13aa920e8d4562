"""acts: what is done in a sentence that reports a commitment, by the sentence's own grammar.

Found without a model: behind verbs of agreeing and promising, behind "will" and "to", as a passive,
in a headline.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.article.caseless import compile_caseless
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import ActRule

MOST_WORDS = 20
"""Words that an act may have."""

MOST_ACTS = 4
"""Acts that one sentence can tell of."""

LONGEST = 1500
"""Code points of a sentence in which acts are looked for."""

ASIDE = 2
"""How many ranks the words lose that introduce an act in passing."""

WEAK = 3
"""The rank from which an act must have an object."""

_COMMON = (
    r"^(?:An?|The|Its?|All|Both|Every|Each|Some|Any|No|More|Such|One|Two|Three|Four|Five)\b"
    r"|^[A-Z][a-z]+s(?= (?:on|of|between|for|from|with) )"
)
"""A word that is not a name although a sentence begins with it in a capital."""
LY = r"(?!(?:supply|comply|apply|fly|rally|multiply|rely|reply|ally)$)\w+ly"
"""An adverb that ends so; the words left out are verbs."""
_ADVERB = re.compile(rf"(?:{LY}|not|never|also|further)$", re.IGNORECASE)
_MARKS = '["“”]'


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, as a verb phrase, and where in the sentence it is told, in code points."""

    text: str
    start: int
    rank: int = 0
    """What introduces it: the place in the rule's `find`, 0 the surest; more for what is told in
    passing."""


@dataclass(frozen=True, slots=True, order=True)
class _Cue:
    """Where an act may begin; the least is the likeliest to be what a sentence reports."""

    rank: int
    start: int
    opening: int
    """Where the words begin that introduce it."""


def find_acts(sentence: str, rule: ActRule) -> tuple[Act, ...]:
    """What is done in a sentence that reports a commitment, each act that can be kept by itself.

    A verb phrase of at most `MOST_WORDS` words of the sentence, its verb in the plain form where
    the rule knows it; empty where nothing in the sentence says what is done.
    """
    plain = straighten(sentence)[:LONGEST]
    cues = _drop_denied(sorted(_list_cues(plain, rule)), plain, rule)
    for first in cues:
        acts, end = _read_clause(plain, first, rule)
        if _is_told(acts[0], rule):
            break
    else:
        return ()
    while len(acts) < MOST_ACTS:
        further = _find_further(plain, acts[-1].start, end=end, cues=cues, rule=rule)
        if further is None:
            break
        more, end = _read_clause(plain, further, rule)
        acts += more
    return tuple(acts[:MOST_ACTS])


def clip_act(words: str) -> str:
    """The first `MOST_WORDS` words, without what opens or ends a quotation or a sentence."""
    return " ".join(words.split()[:MOST_WORDS]).strip(' .,;"“”')


def _is_told(act: Act, rule: ActRule) -> bool:
    """Whether an act says what is done; a single word must be a verb, and surely introduced."""
    if " " not in act.text:
        return act.rank < WEAK and act.text.lower() in _inflect(rule.verbs)
    return not compile_caseless(rule.vague).match(act.text)


def _drop_denied(cues: Sequence[_Cue], plain: str, rule: ActRule) -> list[_Cue]:
    """The cues outside the clauses that say that nobody agreed ("neither of them agreed to")."""
    clauses = [
        (cue.opening, _find_end(plain, cue.start, rule))
        for cue in cues
        if compile_caseless(rule.strip).match(plain[cue.opening :])
        and compile_caseless(rule.denied).search(plain[: cue.opening])
    ]
    # Beside a denial, what only a headline's or an infinitive's place tells is part of it.
    surest = [cue for cue in cues if cue.rank <= WEAK] if clauses else cues
    return [cue for cue in surest if not any(a <= cue.start < b for a, b in clauses)]


def _list_cues(plain: str, rule: ActRule) -> Iterator[_Cue]:
    ranked = [(rank, pattern) for rank, equals in enumerate(rule.find) for pattern in equals]
    for rank, pattern in ranked:
        for match in compile_caseless(pattern).finditer(plain):
            start = match.start("act")
            # What only looks ahead to an act begins before the last word of its subject.
            opening = match.start() if match.end() > start else start
            aside = compile_caseless(rule.aside).search(plain[:opening])
            lost = ASIDE * (1 + bool(aside[1])) if aside else 0
            if _is_verb(match, rule):
                yield _Cue(rank + lost, start, opening)


def _is_verb(match: re.Match[str], rule: ActRule) -> bool:
    """Whether what a pattern takes for a verb is one, and plain where it is an infinitive."""
    verb = (match.groupdict().get("verb") or "").lower()
    base = _inflect(rule.verbs).get(verb)
    is_infinitive = compile_caseless(rule.lead).match(match["act"])
    return not verb or (base == verb if is_infinitive else base is not None)


def _find_further(
    plain: str, last: int, *, end: int, cues: Sequence[_Cue], rule: ActRule
) -> _Cue | None:
    """The first cue after a clause that the sentence puts beside it, not under it."""
    further = [
        cue
        for cue in cues
        if cue.start > end
        and cue.rank < ASIDE
        and compile_caseless(rule.again).match(plain[end : cue.start])
    ]
    for pattern in rule.more:
        if match := compile_caseless(pattern).match(plain[end:]):
            start = end + match.start("act")
            verb = match.groupdict().get("verb")
            if verb is None or _is_beside(verb, plain[last:start], rule):
                further.append(_Cue(0, start, start))
    return min(further, key=lambda cue: cue.start, default=None)


def _is_beside(verb: str, before: str, rule: ActRule) -> bool:
    """Whether a plain verb goes with the act before it, not with what that act is for."""
    verbs = _inflect(rule.verbs)
    purposes = re.findall(rule.purpose, before, re.IGNORECASE)
    is_plain = [verbs.get(word.lower()) == word.lower() for word in (verb, *purposes)]
    return is_plain[0] and not any(is_plain[1:])


def _read_clause(plain: str, cue: _Cue, rule: ActRule) -> tuple[list[Act], int]:
    """The acts from a cue to the end of its clause, and where that is."""
    end = _find_end(plain, cue.start, rule)
    before = plain[: cue.opening]
    (start, stop), *others = _split(plain, cue.start, end, rule=rule)
    subject = _find_subject(before, rule)
    text = _phrase(plain[start:stop], rule, subject=subject)
    if compile_caseless(rule.denied).search(before) and not (subject and subject in text):
        text = f"not {text}"
    acts = [Act(_phrase(plain[a:b], rule), a, cue.rank) for a, b in others]
    return [Act(text, start, cue.rank), *acts], end


def _find_end(plain: str, start: int, rule: ActRule) -> int:
    """Where the clause ends in which an act of more than one word begins."""
    lead = compile_caseless(rule.lead).match(plain[start:])
    first = start + (lead.end() if lead else 0)
    for match in compile_caseless(rule.end).finditer(plain, first + 1):
        is_short = re.fullmatch(r"\S*(, [^,]*)?", plain[first : match.start()])
        if not (is_short and match[0][:1] in {",", " "}):
            return match.start()
    return len(plain)


def _split(plain: str, start: int, end: int, *, rule: ActRule) -> list[tuple[int, int]]:
    """The spans of the acts in one clause: a further one has a verb alike, and an object."""
    spans = [(start, end)]
    for match in re.compile(rule.split, re.IGNORECASE).finditer(plain, start, end):
        before, after = plain[spans[-1][0] : match.start()], plain[match.start("act") : end]
        is_alike = match["verb"].endswith("ing") and _read_verb(before).endswith("ing")
        is_alike = is_alike or _is_beside(match["verb"], before, rule)
        sizes = [len(re.sub(rule.lead, "", words).split()) for words in (before, after)]
        if is_alike and min(sizes) > 1:
            spans[-1:] = [(spans[-1][0], match.start()), (match.start("act"), end)]
    return spans


def _find_subject(before: str, rule: ActRule) -> str:
    """What the clause that ends here is about, for the object of a passive."""
    match = re.search(rule.subject, before, re.IGNORECASE)
    return re.sub(_COMMON, lambda word: word[0].lower(), match[1]) if match else ""


def _phrase(words: str, rule: ActRule, *, subject: str = "") -> str:
    """The words of an act with its verb first and in its plain form, without the time."""
    words = re.sub(r"^n't ", "not ", re.sub(rule.lead, r"\1", words, flags=re.IGNORECASE))
    words = re.sub(r"^(\w+ing) of ", r"\1 ", words)
    words = clip_act(re.sub(r"\s\([^)]*\)?", "", _make_active(words, rule, subject=subject)))
    while words != (cut := re.sub(rule.trail, "", words, count=1, flags=re.IGNORECASE)):
        words = cut
    head = _read_verb(words)
    words = words.replace(head, _inflect(rule.verbs).get(head.lower(), head), 1)
    return words if len(re.findall(_MARKS, words)) % 2 == 0 else re.sub(_MARKS, "", words)


def _make_active(words: str, rule: ActRule, *, subject: str) -> str:
    """An act with what it is done to as its object, where that is the subject of the clause."""
    parts: tuple[str | None, ...] = (words,)
    passive = re.match(rule.passive, words, re.IGNORECASE)
    moved = re.match(rule.moved, words, re.IGNORECASE)
    if passive and passive["verb"].lower() in _inflect(rule.verbs):
        rest = re.sub(rule.by, "", words[passive.end() :], count=1, flags=re.IGNORECASE)
        parts = passive["not"], passive["verb"], passive["particle"], subject, rest
    elif moved and subject and not re.search(rule.actors, subject, re.IGNORECASE):
        cause = rule.causes.get(moved["verb"].lower())
        parts = (moved["not"], cause, subject, words[moved.end() :]) if cause else parts
    return " ".join(part.strip() for part in parts if part)


def _read_verb(words: str) -> str:
    """The first word that is no adverb."""
    return next((word for word in words.split() if not re.match(_ADVERB, word)), "")


@lru_cache(maxsize=8)
def _inflect(verbs: str) -> Mapping[str, str]:
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
