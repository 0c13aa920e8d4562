"""Actors: who does something in a sentence, and how surely, by its place in the sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.party.leads import find_lead, is_listed, match_list
from summarizer.party.lines import Anchor, Line, Who
from summarizer.party.people import Person
from summarizer.party.verbs import acts_next
from summarizer.party.vocabulary import join_words, list_words

SUBJECT, SPOKEN_TO, BESIDE, TOPIC, NOBODY = 3.0, 2.0, 1.0, 0.5, 0.0
"""How surely an actor acts: as subject; among two; told beside others; as object; not at all."""

_HYPHEN = re.compile(r" ?[-–—/] ?")
_RELATION = re.compile(
    r"\b(?:talks|relations|ties|agreement|deal|accord|pact|cooperation|meeting|summit|call|truce"
    r"|understanding|dialogue|alliance|partnership|signed|reached|agreed|trade|contacts|treaty|memorandum|peace)\b"
)
_TALKED_WITH = re.compile(
    r"\b(?:spoke|met|talks|talked|call|meeting|summit|conferred|phone) (?:[\w-]+ ){0,3}?with "
    r"(?:\S+ ){0,5}$"
)
_ATTACHED = re.compile(
    r"-(?:backed|led|based|made|born|aligned|allied|held|funded|controlled|owned|style|brokered|mediated"
    r"|sponsored|run|headquartered|listed|financed|bound)\b"
)
_CALL = re.compile(
    r"'s? (?:\w+ )?(?:call|meeting|talks|summit|trilateral|announcement|decision)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Actor:
    """One stretch of a sentence and the parties it stands for; offsets count from its start."""

    start: int
    end: int
    whos: tuple[Who, ...]
    weight: float
    kind: str
    """"person", "office", "group", "organisation", or the kind of a country's mention."""
    lead: str = ""
    """The word before it, or before the list it stands in."""


def read_actors(line: Line, people: Sequence[Person]) -> list[Actor]:
    """The persons, countries and organisations of a line as actors, in order."""
    persons = [_make_person(line, person) for person in people if person.who]
    anchors = [
        anchor
        for anchor in _join_owned(line)
        if anchor.start >= line.lede
        and not _ATTACHED.match(line.text, anchor.end)
        and not any(person.start <= anchor.start < person.until for person in people)
    ]
    items = sorted([*persons, *map(_make_anchor, anchors)], key=lambda actor: actor.start)
    led = _lead_in(line.text, items)
    nouns = _find_nouns(line.text, led)
    return [_weigh(line.text, actor, noun) for actor, noun in zip(led, nouns, strict=True)]


def _join_owned(line: Line) -> list[Anchor]:
    """The anchors, "Japan's Toyota" as one of them: the company."""
    joined: list[Anchor] = []
    for anchor in line.anchors:
        before = joined[-1] if joined else None
        if (
            before
            and anchor.kind == "organisation"
            and line.text[before.end : anchor.start] == "'s "
        ):
            joined[-1] = Anchor(before.start, anchor.end, anchor.who, anchor.kind)
        else:
            joined.append(anchor)
    return joined


def _make_person(line: Line, person: Person) -> Actor:
    return Actor(person.start, person.until, (person.who,) if person.who else (), SUBJECT, "person")


def _make_anchor(anchor: Anchor) -> Actor:
    return Actor(anchor.start, anchor.end, (anchor.who,), SUBJECT, anchor.kind)


def _lead_in(text: str, items: list[Actor]) -> list[Actor]:
    """The items with the word before each; in a list all have the word before the first."""
    led: list[Actor] = []
    for item in items:
        lead = find_lead(text, item.start)
        if led:
            gap = text[led[-1].end : item.start]
            if _HYPHEN.fullmatch(gap):
                lead = "-"
                led[-1] = _replace(led[-1], lead="-")
            elif is_listed(gap) and not _is_setting(text[: led[-1].start], gap):
                lead = led[-1].lead
        led.append(_replace(item, lead=lead))
    return led


def _is_setting(before: str, gap: str) -> bool:
    """Whether the sentence begins with a place that a comma ends: "In Hanoi, Japan"."""
    return gap.strip() == "," and bool(
        re.fullmatch(r"\W*(?:In|At|From|After|With) (?:the )?", before)
    )


def _replace(actor: Actor, *, lead: str | None = None, weight: float | None = None) -> Actor:
    return Actor(
        actor.start,
        actor.end,
        actor.whos,
        actor.weight if weight is None else weight,
        actor.kind,
        actor.lead if lead is None else lead,
    )


def _find_nouns(text: str, items: list[Actor]) -> list[str]:
    """For each item what its adjective stands before: "actor", "undertaking" or ""."""
    nouns: list[str] = []
    for number in range(len(items) - 1, -1, -1):
        item = items[number]
        following = items[number + 1] if number + 1 < len(items) else None
        gap = text[item.end : following.start] if following else "."
        shared = following is not None and (match_list(gap) or _HYPHEN.fullmatch(gap))
        nouns.append(_find_noun(text, item) or (nouns[-1] if shared and nouns else ""))
    return nouns[::-1]


def _find_noun(text: str, item: Actor) -> str:
    match = re.match(r"(?:'s?)? ((?:[\w'-]+ ?){1,3})", text[item.end : item.end + 60])
    for word in match.group(1).split() if match else ():
        if word in list_words("groups", "actors"):
            return "actor"
        if word.lower() in list_words("groups", "undertakings"):
            return "undertaking"
    return ""


def _weigh(text: str, actor: Actor, noun: str) -> Actor:
    if actor.kind == "person":
        return _replace(actor, weight=_weigh_person(text, actor))
    lead = actor.lead
    if (
        actor.kind in ("capital", "seat") and lead in list_words("leads", "places")
    ) or lead == "in":
        return _replace(actor, weight=NOBODY)
    if lead not in list_words("leads", "followers") and acts_next(text, actor.end):
        return _replace(actor, weight=SUBJECT)
    if actor.kind == "organisation" and lead not in ("", "and", "that", "said", "with", "-"):
        return _replace(actor, weight=min(BESIDE, weigh_lead(text, actor)))
    if lead == "-" and noun != "actor":
        return _replace(actor, weight=BESIDE)
    weight = weigh_lead(text, actor)
    owned = text.startswith("'", actor.end) or actor.kind == "adjective"
    if owned and noun != "actor":
        weight = min(weight, TOPIC if actor.kind == "adjective" and not noun else BESIDE)
    return _replace(actor, weight=weight)


def weigh_lead(text: str, actor: Actor) -> float:
    """How surely an actor acts by the word before it."""
    lead = actor.lead
    if lead in ("between", "among", "amongst"):
        route = actor.kind == "capital" and not _RELATION.search(text[: actor.start])
        return TOPIC if route else SPOKEN_TO
    if lead == "by" and re.search(
        r"\b(?:statement|held|issued|signed|made|agreed)\b[^.]{0,12}by ", text, re.I
    ):
        return SUBJECT
    if lead == "with" and _TALKED_WITH.search(text[: actor.start]):
        return SPOKEN_TO
    if lead in list_words("leads", "objects"):
        return TOPIC
    return NOBODY if lead in list_words("leads", "topics") else SUBJECT


def _weigh_person(text: str, actor: Actor) -> float:
    if text.startswith("'", actor.end):
        return SUBJECT if _CALL.match(text, actor.end) else BESIDE
    if actor.lead in ("about", "over", "under", "regarding", "like", "against"):
        return BESIDE
    return SPOKEN_TO if actor.lead == "of" and "eadout" not in text else SUBJECT


def is_attribution(text: str, actor: Actor) -> bool:
    """Whether the actor only says it: "the ministry said" at the end, "according to Seoul"."""
    if actor.lead == "to" and re.search(r"[Aa]ccording to (?:the )?$", text[: actor.start]):
        return True
    speech = re.match(rf" (?:also )?(?:{join_words('verbs', 'speech')})(?!\w)", text[actor.end :])
    return bool(speech) and bool(
        re.search(r"[,”\"] (?:the )?(?:[a-z-]+ ){0,2}$", text[: actor.start])
    )
