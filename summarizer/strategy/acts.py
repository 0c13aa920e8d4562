"""acts: what is done in a sentence that reports a commitment, by the sentence's own grammar.

Found without a model: behind verbs of agreeing and promising, behind "will" and "to", as a passive,
in a headline.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from summarizer.article.caseless import compile_caseless
from summarizer.strategy.clause import Act, Clause, Cue, find_end, read_clause
from summarizer.strategy.phrasing import inflect, is_beside
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import ActRule

MOST_ACTS = 4
"""Acts that one sentence can tell of."""

LONGEST = 1500
"""Code points of a sentence in which acts are looked for."""

ASIDE = 2
"""How many ranks the words lose that introduce an act in passing."""

WEAK = 3
"""The rank from which an act must have an object."""


def find_acts(sentence: str, rule: ActRule) -> tuple[Act, ...]:
    """What is done in a sentence that reports a commitment, each act that can be kept by itself.

    A verb phrase of at most `MOST_WORDS` words of the sentence, its verb in the plain form where
    the rule knows it; empty where nothing in the sentence says what is done.
    """
    plain = straighten(sentence)[:LONGEST]
    beside = list(_list_beside(plain, rule))
    cuts = [cue.opening for cue in beside]
    found = _narrow(_list_cues(plain, rule), beside)
    cues = _drop_denied(sorted(found, key=_rank_cue), plain, rule)
    clauses = _read_chain(plain, cues, rule, cuts)
    if clauses:
        known = {cue.start: cue for cue in reversed(cues)}
        own = [known.get(cue.start, cue) for cue in beside]
        clauses += _read_beside(plain, clauses, own, rule, cuts)
    acts = [act for clause in clauses for act in clause.acts]
    return tuple(sorted(acts, key=lambda act: act.start)[:MOST_ACTS])


def _read_beside(
    plain: str, chain: Sequence[Clause], own: Sequence[Cue], rule: ActRule, cuts: Sequence[int]
) -> list[Clause]:
    """The clauses of acts of their own that meet none of the chain, nor one another."""
    found: list[Clause] = []
    for cue in own:
        if _count_acts([*chain, *found]) >= MOST_ACTS:
            break
        clause = read_clause(plain, cue, rule, cuts)
        if _is_told(clause.acts[0], rule) and not any(map(clause.meets, [*chain, *found])):
            found.append(clause)
    return found


def _count_acts(clauses: Sequence[Clause]) -> int:
    return sum(len(clause.acts) for clause in clauses)


def _narrow(cues: Iterable[Cue], beside: Sequence[Cue]) -> Iterator[Cue]:
    """The cues, none of which begins before the clause of its own act does."""
    openings = {cue.start: cue.opening for cue in beside}
    for cue in cues:
        yield replace(cue, opening=max(cue.opening, openings.get(cue.start, 0)))


def _rank_cue(cue: Cue) -> tuple[int, int, int]:
    """The likeliest first; of two for the same act the one with fewer words between."""
    return cue.rank, cue.start, -cue.opening


def _read_chain(
    plain: str, cues: Sequence[Cue], rule: ActRule, cuts: Sequence[int]
) -> list[Clause]:
    """The clause of what the sentence most likely reports, and those that it puts behind it."""
    read = (read_clause(plain, cue, rule, cuts) for cue in cues)
    first = next((clause for clause in read if _is_told(clause.acts[0], rule)), None)
    clauses = [first] if first else []
    while 0 < _count_acts(clauses) < MOST_ACTS:
        last = clauses[-1]
        further = _find_further(plain, last.acts[-1].start, end=last.end, cues=cues, rule=rule)
        if further is None:
            break
        clauses.append(read_clause(plain, further, rule, cuts))
    return clauses


def _list_beside(plain: str, rule: ActRule) -> Iterator[Cue]:
    """Where an act of its own begins, wherever in the sentence it stands."""
    for pattern in rule.beside:
        for match in compile_caseless(pattern).finditer(plain):
            start = match.start("act")
            clause = re.split(r"[,;:]\s", plain[:start])[-1]
            if _is_verb(match, rule) and not compile_caseless(rule.unheld).search(clause):
                yield Cue(0, start, match.start())


def _is_told(act: Act, rule: ActRule) -> bool:
    """Whether an act says what is done; a single word must be a verb, and surely introduced."""
    if " " not in act.text:
        return act.rank < WEAK and act.text.lower() in inflect(rule.verbs)
    return not compile_caseless(rule.vague).match(act.text)


def _drop_denied(cues: Sequence[Cue], plain: str, rule: ActRule) -> list[Cue]:
    """The cues outside the clauses that say that nobody agreed ("neither of them agreed to")."""
    clauses = [
        (cue.opening, find_end(plain, cue.start, rule))
        for cue in cues
        if compile_caseless(rule.strip).match(plain[cue.opening :])
        and compile_caseless(rule.denied).search(plain[: cue.opening])
    ]
    # Beside a denial, what only a headline's or an infinitive's place tells is part of it.
    surest = [cue for cue in cues if cue.rank <= WEAK] if clauses else cues
    return [cue for cue in surest if not any(a <= cue.start < b for a, b in clauses)]


def _list_cues(plain: str, rule: ActRule) -> Iterator[Cue]:
    ranked = [(rank, pattern) for rank, equals in enumerate(rule.find) for pattern in equals]
    for rank, pattern in ranked:
        for match in compile_caseless(pattern).finditer(plain):
            start = match.start("act")
            # What only looks ahead to an act begins before the last word of its subject.
            opening = match.start() if match.end() > start else start
            aside = compile_caseless(rule.aside).search(plain[:opening])
            lost = ASIDE * (1 + bool(aside[1])) if aside else 0
            if _is_verb(match, rule):
                yield Cue(rank + lost, start, opening)


def _is_verb(match: re.Match[str], rule: ActRule) -> bool:
    """Whether what a pattern takes for a verb is one, and plain where it is an infinitive."""
    verb = (match.groupdict().get("verb") or "").lower()
    base = inflect(rule.verbs).get(verb)
    is_infinitive = compile_caseless(rule.lead).match(match["act"])
    return not verb or (base == verb if is_infinitive else base is not None)


def _find_further(
    plain: str, last: int, *, end: int, cues: Sequence[Cue], rule: ActRule
) -> Cue | None:
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
            if verb is None or is_beside(verb, plain[last:start], rule):
                further.append(Cue(0, start, start))
    return min(further, key=lambda cue: cue.start, default=None)
