"""Scenes: which of the actors of one sentence a number of sides can mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from summarizer.party.actors import BESIDE, SPOKEN_TO, SUBJECT, TOPIC, Actor, find_lead
from summarizer.party.groups import Group
from summarizer.party.lines import Line, Who
from summarizer.party.register import Register

_EVENT = re.compile(r"'?s? (?:[\w']+ ){0,3}(?:summit|meeting|talks|call|dialogue)\b", re.IGNORECASE)
_AT_EVENT = re.compile(r"\b(?:at|during|in) (?:the |their |a )?$", re.IGNORECASE)


def gather(actors: Sequence[Actor], number: int | None, *, floor: float) -> tuple[Who, ...]:
    """The parties that a number of sides can mean in one sentence; () where they do not come out.

    Surer actors are asked first; less sure ones, down to `floor`, only where those are too few.
    """
    for actor in reversed(actors):
        size = len(actor.whos)
        if actor.kind == "group" and size > 1 and size == (number or size):
            return actor.whos
    acting = [actor for actor in actors if actor.kind != "organisation"]
    for kept in (acting, actors):
        if any(actor.weight >= SPOKEN_TO for actor in kept):
            whos = gather_tiers(kept, number, floor)
            if whos:
                return whos
    return ()


def gather_tiers(actors: Sequence[Actor], number: int | None, floor: float) -> tuple[Who, ...]:
    """The parties of the surest tier that has the right number of them."""
    for weight in (SUBJECT, SPOKEN_TO, BESIDE, TOPIC):
        if weight < floor:
            break
        whos = collect(actor for actor in actors if actor.weight >= weight)
        if len(whos) == number or (number is None and len(whos) > 1):
            return whos
        if number is not None and len(whos) > number:
            break
    return ()


def drop_surnames(line: Line, register: Register) -> Line:
    """The line without capitals that end a person's name, such as a President Lima."""
    ends = {person.end for person in register.people.get(line.number, ())}
    kept = tuple(a for a in line.anchors if a.kind != "capital" or a.end not in ends)
    return replace(line, anchors=kept)


def collect(actors: Iterable[Actor]) -> tuple[Who, ...]:
    """The parties of some actors, each once, in order."""
    return tuple(dict.fromkeys(who for actor in actors for who in actor.whos))


def is_taken(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch touches one of those that are spoken for."""
    return any(start < until and end > begin for begin, until in spans)


def is_object(text: str, group: Group) -> bool:
    """Whether something is done to the group: "thanked both leaders"."""
    lead = find_lead(text, group.start)
    return bool(re.fullmatch(r"(?!.*agreed)\w+ed|met|told", lead)) and group.number is not None


def is_event(text: str, run: Sequence[Actor]) -> bool:
    """Whether hyphenated names stand in "at the A-B summit"."""
    return bool(_AT_EVENT.search(text[: run[0].start])) and bool(_EVENT.match(text, run[-1].end))


def is_quoted(text: str, position: int) -> bool:
    """Whether a place in a sentence stands inside of quotation marks."""
    before = text[:position]
    if "“" in text or "”" in text:
        return before.rfind("“") > before.rfind("”") or ("”" in text[position:] and "“" not in text)
    return before.count('"') % 2 == 1
