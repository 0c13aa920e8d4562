"""Who undertakes something in a sentence, by grammar alone."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from summarizer.party.actors import BESIDE, SPOKEN_TO, SUBJECT, Actor, is_attribution
from summarizer.party.groups import Group
from summarizer.party.leads import is_listed
from summarizer.party.lines import Line, Who
from summarizer.party.phrases import read_subject
from summarizer.party.scenes import collect, gather, is_taken
from summarizer.party.speakers import recall_speaker
from summarizer.party.story import Story
from summarizer.party.verbs import Verb, acts_next, list_verbs
from summarizer.party.vocabulary import list_words

_NOUNS = (
    "commitments?|pledges?|promises?|vow|plans?|decision|announcement|determination|intention|word"
    "|undertaking"
)
_OURS = re.compile(rf"\b(?:[Oo]ur|[Mm]y) (?:\w+ ){{0,2}}(?:{_NOUNS}|support)")
_OWN = re.compile(rf"\b(?:his|her|its|their) (?:\w+ ){{0,2}}(?:{_NOUNS})")
_OWNED = re.compile(rf"(?:'s?)? (?:[\w-]+ ){{0,3}}(?:{_NOUNS})\b", re.IGNORECASE)
_DEALS = (
    r"(?:agreement|deal|pact|accord|memorandum|treaty|partnership|contract|lease|understanding"
    r"|arrangement|convention|concession|truce|ceasefire|venture|settlement|programme|program)"
)
_SIDES = re.compile(rf"\b{_DEALS}\b[^.;:]{{0,60}}?\b(between|with|by) (?:the )?$", re.IGNORECASE)
_BREAK = re.compile(
    r"; |: |\bthat |, (?:and|but|while|as|which|who|when|where) |(?<=[a-z]), [“\"]"
    r"|\bafter |\bbefore |\bunder which "
)
_ASIDE = re.compile(r", (?:which|who|whose|where)\b[^,;]{3,90},")
_WITH = re.compile(r"(?:[^;:]{0,90}?) with (?:[\w-]+ ){0,4}")
_AGREED_WITH = re.compile(r" (?:\w+ |on \w+day ){0,2}with (?:[\w-]+ ){0,4}")
_NEAR_AGENT = re.compile(r"(?: to| on|,)?(?: \w+day)?,? (?:by|between) (?:the |both )?")
_FAR_AGENT = re.compile(r"[^;:.]{0,60}? (?:by|between) (?:the |both )?")
_IMPERSONAL = re.compile(
    r"\b[Ii]t (?:was|has been|is) (?:\w+ )?(?:agreed|decided|settled|resolved|concluded)\b"
)
_BEGINS = re.compile(r"(?:^|[;,:“\"] ?|\b(?:and|but|while|whereas|after|since) )(?:[Tt]he )?$")
_FURTHER = re.compile(r"[,;:]| and ")
_DONE_BY = re.compile(
    r"\b(?:be|been|being|is|are|was|were) (?:\w+ ){0,2}?\w+(?:ed|en|wn|ne|id|ut|lt|ld|nt)\b"
    r"[^,;:.]{0,50}? by (?:the )?$"
)
_TOGETHER_WITH = re.compile(r"\b(?:[Tt]ogether|[Jj]ointly|[Aa]long) with (?:the )?$")


def find_subjects(story: Story, line: Line) -> tuple[Who, ...]:
    """The parties before the verb of undertaking; those of the whole scene where no verb tells."""
    return _find_explicit(story, line) or _find_scene(story, line)


def find_doers(story: Story, line: Line, *, after: int, before: int) -> tuple[Who, ...]:
    """Those between two places of a sentence who do something next, else whoever begins a clause
    there last; () for nobody."""
    between = [a for a in story.actors[line.number] if after <= a.start and a.end <= before]
    doing = [a for a in between if a.weight >= SUBJECT and acts_next(line.text, a.end)]
    begins = [
        a
        for a in between
        if _BEGINS.search(line.text[line.lede : a.start])
        and not _FURTHER.search(line.text, a.end, before)  # then it stands in a list
    ]
    return collect(doing or begins[-1:])


def _find_explicit(story: Story, line: Line) -> tuple[Who, ...]:
    """Who acts by what the sentence itself says."""
    actors = story.actors[line.number]
    verbs = list_verbs(line.text)
    for strength in ("strong", "weak"):
        for verb in verbs:
            if verb.strength == strength:
                found = _find_of_verb(line, actors, verb)
                if found:
                    return found
        if strength == "strong":
            sides = (
                _find_sides(line, actors)
                or _find_doers(line, actors)
                or _find_impersonal(story, line)
            )
            if sides:
                return sides
    ours = _OURS.search(line.text)
    if ours:
        return recall_speaker(story, line, ours.start())
    return _find_owner(line, actors) or (_find_main(line, actors) if story.english else ())


def _find_of_verb(line: Line, actors: Sequence[Actor], verb: Verb) -> tuple[Who, ...]:
    """Who does what one verb tells: its agents where it is passive, else its subject."""
    agents = _find_agents(line.text, actors, verb)
    if agents or verb.passive:
        return agents
    found = _find_before(line, actors, verb)
    return _add_partner(line, actors, verb, found) if found else ()


def _find_agents(text: str, actors: Sequence[Actor], verb: Verb) -> tuple[Who, ...]:
    """Those after "by" or "between" behind a participle, with the list they stand in."""
    pattern = _FAR_AGENT if verb.passive else _NEAR_AGENT
    for actor in actors:
        agent = actor.start > verb.end and actor.lead in ("by", "between")
        if agent and pattern.fullmatch(text, verb.end, actor.start):
            return collect(_extend(text, actors, actor))
    return ()


def _find_before(line: Line, actors: Sequence[Actor], verb: Verb) -> tuple[Who, ...]:
    """The last subject before the verb, with the list it stands in."""
    asides = [m.span() for m in _ASIDE.finditer(line.text, line.lede, verb.start)]
    actors = [a for a in actors if not is_taken(a.start, a.end, asides)]
    before = [
        actor
        for actor in actors
        if line.lede <= actor.start
        and actor.end <= verb.start
        and actor.weight >= SUBJECT
        and not is_attribution(line.text, actor)
    ]
    clause = _find_clause(line.text, actors, verb.start, asides=asides)
    if re.match(r"(?:it|they) ", line.text[clause:]):
        owners = [a for a in actors if a.end <= clause and _OWNED.match(line.text, a.end)]
        if owners:
            return owners[-1].whos
    inside = [actor for actor in before if actor.start >= clause]
    phrase = () if inside else read_subject(line, max(clause, line.lede), verb)
    if phrase or not before:
        return phrase
    if not inside:
        return collect(_extend(line.text, before, before[-1]))  # "A's announcement that it will"
    subject = inside[0] if _is_behind(line.text, inside[-1], verb) else inside[-1]
    return collect(_extend(line.text, inside, subject))


def _find_clause(
    text: str, actors: Sequence[Actor], end: int, *, asides: Sequence[tuple[int, int]]
) -> int:
    """Where the clause begins that a verb belongs to; an "and" inside a list begins none."""
    gaps = [
        (left.end, right.start)
        for left, right in pairwise(actors)
        if is_listed(text[left.end : right.start])
    ]
    gaps += asides
    starts = [match for match in _BREAK.finditer(text, 0, end)]
    kept = [m.end() for m in starts if not any(a <= m.start() and m.end() <= b for a, b in gaps)]
    return kept[-1] if kept else 0


def _is_behind(text: str, actor: Actor, verb: Verb) -> bool:
    """Whether the last actor before the verb is an object: "A met B and agreed"."""
    if actor.kind == "group" or verb.text.endswith("ing"):
        return False
    if actor.lead not in list_words("leads", "followers") and acts_next(text, actor.end):
        return False
    return actor.lead not in ("", "and", "that", "said", "today")


def _extend(text: str, actors: Sequence[Actor], subject: Actor) -> list[Actor]:
    """A subject with its neighbours in one list: "A, B and C"."""
    number = list(actors).index(subject)
    first = last = number
    while first > 0 and is_listed(text[actors[first - 1].end : actors[first].start]):
        first -= 1
    while last + 1 < len(actors) and is_listed(text[actors[last].end : actors[last + 1].start]):
        last += 1
    return list(actors[first : last + 1])


def _add_partner(
    line: Line, actors: Sequence[Actor], verb: Verb, found: tuple[Who, ...]
) -> tuple[Who, ...]:
    """With whom one party agreed: "A agreed with B to", "A met B and agreed"."""
    together = [a for a in actors if _TOGETHER_WITH.search(line.text[: a.start])]
    if len(found) > 1 or not (verb.together or together):
        return found
    pattern = _AGREED_WITH if verb.thinking else _WITH
    behind = [
        actor
        for actor in actors
        if actor.lead == "with" and pattern.fullmatch(line.text, verb.end, actor.start)
    ][:1]
    beside = [a for a in actors if a.end <= verb.start and a.lead == "with" and a.kind == "person"]
    partners = together[:1] or behind or beside
    whole = [side for actor in partners[:1] for side in _extend(line.text, actors, actor)]
    return _unite(found, collect([*whole, *partners]))


def _unite(first: Iterable[Who], second: Iterable[Who]) -> tuple[Who, ...]:
    return tuple(dict.fromkeys([*first, *second]))


def _find_sides(line: Line, actors: Sequence[Actor]) -> tuple[Who, ...]:
    """The sides of a deal told as a noun: "an accord between A and B", "A's deal with B"."""
    for actor in actors:
        deal = _SIDES.search(line.text[: actor.start])
        if not deal:
            continue
        sides = collect(_extend(line.text, actors, actor))
        if deal.group(1) == "with":
            first = [a for a in actors if a.weight >= SUBJECT and a.end <= actor.start]
            return _unite(collect(first[:1]), sides)
        if len(sides) > 1 or deal.group(1) == "by":
            return sides
    return ()


def _find_impersonal(story: Story, line: Line) -> tuple[Who, ...]:
    """Those who agreed where it is told without them: "It was also decided that"."""
    told = _IMPERSONAL.search(line.text)
    return story.recall_group(line, Group(told.start(), told.end(), None)) if told else ()


def _find_doers(line: Line, actors: Sequence[Actor]) -> tuple[Who, ...]:
    """Those by whom something is done, whatever it is: "is to be paid for by A and B"."""
    for actor in actors:
        if actor.lead == "by" and _DONE_BY.search(line.text[: actor.start]):
            return collect(_extend(line.text, actors, actor))
    return ()


def _find_owner(line: Line, actors: Sequence[Actor]) -> tuple[Who, ...]:
    """Who has a pledge told as a noun: "A's commitment"."""
    for actor in actors:
        owns = line.text.startswith("'", actor.end) or actor.kind == "adjective"
        if owns and _OWNED.match(line.text, actor.end):
            return actor.whos
    if not _OWN.search(line.text):
        return ()
    return collect([actor for actor in actors if actor.weight >= SUBJECT][:1])


def _find_main(line: Line, actors: Sequence[Actor]) -> tuple[Who, ...]:
    """The subject of the sentence where no verb of undertaking is known."""
    for actor in actors:
        leads = actor.lead in ("", "and", "that", "said") and actor.weight >= SUBJECT
        if leads and actor.start >= line.lede and not is_attribution(line.text, actor):
            return collect(_extend(line.text, actors, actor))
    return ()


def _find_scene(story: Story, line: Line) -> tuple[Who, ...]:
    actors = [a for a in story.actors[line.number] if a.start >= line.lede]
    whos = gather(actors, None, floor=SPOKEN_TO)
    if whos:
        return whos
    for actor in sorted(actors, key=lambda actor: -actor.weight):
        if actor.weight >= (SUBJECT if actor.kind == "organisation" else BESIDE):
            return actor.whos
    return _find_before_it(story, line)


def _find_before_it(story: Story, line: Line) -> tuple[Who, ...]:
    """Who acts in the sentences before: the nearest; where no verb is known, the nearest sides."""
    for earlier in story.before(line.number)[: 4 if story.english else None]:
        actors = story.actors[earlier.number]
        whos = (
            _find_explicit(story, earlier)
            if story.english
            else gather(actors, None, floor=SPOKEN_TO)
        )
        if whos:
            return whos
    return ()
