"""Scenes: which of the actors of one sentence a number of sides can mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from summarizer.party.actors import BESIDE, SPOKEN_TO, SUBJECT, TOPIC, Actor
from summarizer.party.groups import Group
from summarizer.party.leads import find_lead
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
    if not any(actor.weight >= SPOKEN_TO for actor in actors):
        return ()
    return gather_tiers(actors, number, floor)


def gather_tiers(actors: Sequence[Actor], number: int | None, floor: float) -> tuple[Who, ...]:
    """The parties of the surest tier that has the right number of them."""
    acting = [actor for actor in actors if actor.kind != "organisation"]
    for weight in (SUBJECT, SPOKEN_TO, BESIDE, TOPIC):
        if weight < floor:
            break
        for kept in (acting, actors):
            whos = collect(actor for actor in kept if actor.weight >= weight)
            if len(whos) == number or (number is None and len(whos) > 1):
                return whos
        if number is not None and len(collect(a for a in acting if a.weight >= weight)) > number:
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


def find_event(text: str, actors: Sequence[Actor], number: int | None) -> tuple[Who, ...]:
    """The sides of "at the A-B summit", where there are so many."""
    run: list[Actor] = []
    for actor in [*actors, None]:
        joined = actor is not None and actor.lead == "-"
        if actor is not None and joined and (not run or actor.start - run[-1].end <= 3):
            run.append(actor)
            continue
        whos = collect(run)
        if len(whos) > 1 and number in (None, len(whos)) and _is_event(text, run):
            return whos
        run = [actor] if actor is not None and joined else []
    return ()


def _is_event(text: str, run: Sequence[Actor]) -> bool:
    """Whether hyphenated names stand in "at the A-B summit"."""
    return bool(_AT_EVENT.search(text[: run[0].start])) and bool(_EVENT.match(text, run[-1].end))


def is_quoted(text: str, position: int, *, opened: bool = False) -> bool:
    """Whether a place in a sentence stands inside of quotation marks.

    `opened` says that a quotation of an earlier sentence still runs where this one begins.
    """
    marks = re.findall(r"[“”\"]", text[:position])
    for mark in marks:
        opened = mark == "“" or (mark == '"' and not opened)
    if not marks and "”" in text[position:] and "“" not in text:
        return True
    return opened


def find_opened(lines: Sequence[Line]) -> frozenset[int]:
    """The numbers of the sentences in which a quotation from before still runs at the beginning."""
    found: set[int] = set()
    opened = False
    for line in lines:
        opened = opened and not re.match(r"\+? ?[“\"]", line.text)
        if opened:
            found.add(line.number)
        opened = is_quoted(line.text, len(line.text), opened=opened)
    return frozenset(found)
