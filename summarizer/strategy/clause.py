"""clause: what is done in one clause of a sentence, from the words that introduce it to its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.article.caseless import compile_caseless
from summarizer.strategy.phrasing import clip_act, is_beside, phrase_act, read_verb
from summarizer.task.rulefile import ActRule

_COMMON = (
    r"^(?:An?|The|Its?|All|Both|Every|Each|Some|Any|No|More|Such|One|Two|Three|Four|Five)\b"
    r"|^[A-Z][a-z]+s(?= (?:on|of|between|for|from|with) )"
)
"""A word that is not a name although a sentence begins with it in a capital."""

_STOP = re.compile(r'[.;:!?"](?=\s|$)|, (?:which|who|said|says|according)\b')
"""Where those end who do the same as the clause's subject."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, as a verb phrase, and where in the sentence it is told, in code points."""

    text: str
    start: int
    rank: int = 0
    """What introduces it: the place in the rule's `find`, 0 the surest; more for what is told in
    passing."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Where an act may begin, and how surely."""

    rank: int
    start: int
    opening: int
    """Where the words begin that introduce it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause of a sentence says is done, and where it stands in it, in code points."""

    acts: tuple[Act, ...]
    """One at least."""
    opening: int
    """Where the words begin that introduce the first."""
    end: int

    def meets(self, other: "Clause") -> bool:
        """Whether one of the two begins within the other."""
        return (
            self.opening <= other.opening < self.end
            or other.opening <= self.acts[0].start < other.end
        )


def is_told_of(place: int, act: int, starts: Sequence[int]) -> bool:
    """Whether what stands at a place is told of the act that begins at `act`: of all acts, which
    begin at `starts`, it is the last before the place, or none begins before."""
    return max((start for start in starts if start < place), default=act) == act


def read_clause(plain: str, cue: Cue, rule: ActRule, cuts: Sequence[int]) -> Clause:
    """The clause that a cue introduces; it ends before the next one of `cuts` at the latest."""
    next_cut = min((cut for cut in cuts if cut > cue.start), default=len(plain))
    end = min(find_end(plain, cue.start, rule), next_cut)
    spans = _split(plain, cue.start, end, rule=rule)
    gapped = _list_gapped(plain, spans[-1], next_cut, rule)
    for cut, _, _ in gapped[:1]:
        spans[-1] = (spans[-1][0], min(spans[-1][1], cut))
    texts = [_phrase_first(plain, cue, spans[0], rule)]
    texts += [phrase_act(plain[start:stop], rule) for start, stop in spans[1:]]
    verb = read_verb(texts[-1])
    texts += [clip_act(f"{verb} {phrase_act(plain[a:b], rule)}") for _, a, b in gapped]
    starts = [*(start for start, _ in spans), *(start for _, start, _ in gapped)]
    acts = tuple(Act(*told, cue.rank) for told in zip(texts, starts, strict=True))
    return Clause(acts, cue.opening, max([end, *(stop for _, _, stop in gapped)]))


def _phrase_first(plain: str, cue: Cue, span: tuple[int, int], rule: ActRule) -> str:
    """The words of a clause's first act, to which its subject belongs."""
    before = plain[: cue.opening]
    subject = _find_subject(before, rule)
    text = phrase_act(plain[slice(*span)], rule, subject=subject)
    if compile_caseless(rule.denied).search(before) and not (subject and subject in text):
        return f"not {text}"
    return text


def _list_gapped(
    plain: str, span: tuple[int, int], next_cut: int, rule: ActRule
) -> list[tuple[int, int, int]]:
    """The acts of others behind one whose verb they leave out: where what stands before each ends,
    where it begins, and where it ends."""
    stop = _STOP.search(plain, span[0], next_cut)
    limit = stop.start() if stop else next_cut
    found = list(re.compile(rule.gapped, re.IGNORECASE).finditer(plain, span[0], limit))
    if not found or found[0].start() > span[1]:
        return []
    ends = [*(match.start() for match in found[1:]), limit]
    return [(m.start(), m.start("act"), end) for m, end in zip(found, ends, strict=True)]


def find_end(plain: str, start: int, rule: ActRule) -> int:
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
        is_alike = match["verb"].endswith("ing") and read_verb(before).endswith("ing")
        is_alike = is_alike or is_beside(match["verb"], before, rule)
        # Of "design, build and run the port" neither of the first two has an object.
        sizes = [
            len(re.sub(rule.lead, "", words).split()) for words in (before.split(", ")[-1], after)
        ]
        # In "reopen Ban Laem and Ban Phakkat" the second is a name, in a headline of capitals not.
        is_name = match["verb"][0].isupper() and re.sub(rule.lead, "", before)[:1].islower()
        if is_alike and min(sizes) > 1 and not is_name:
            spans[-1:] = [(spans[-1][0], match.start()), (match.start("act"), end)]
    return spans


def _find_subject(before: str, rule: ActRule) -> str:
    """What the clause that ends here is about, for the object of a passive."""
    match = re.search(rule.subject, before, re.IGNORECASE)
    return re.sub(_COMMON, lambda word: word[0].lower(), match[1]) if match else ""
