"""Who undertakes something in a sentence, by grammar alone."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from summarizer.party.actors import BESIDE, SPOKEN_TO, SUBJECT, Actor, is_attribution, is_listed
from summarizer.party.lines import Line, Who
from summarizer.party.scenes import gather
from summarizer.party.story import Story
from summarizer.party.vocabulary import join_words

_NOUNS = "commitments?|pledges?|promises?|vow|plans?|decision|announcement|determination|intention"
_OURS = re.compile(rf"\b(?:[Oo]ur|[Mm]y) (?:\w+ ){{0,2}}(?:{_NOUNS}|support)")
_OWN = re.compile(rf"\b(?:his|her|its|their) (?:\w+ ){{0,2}}(?:{_NOUNS})")
_OWNED = re.compile(rf"(?:'s?)? (?:[\w-]+ ){{0,3}}(?:{_NOUNS})\b", re.IGNORECASE)
_DEAL = re.compile(
    r"\b(?:agreement|deal|pact|accord|memorandum|treaty|partnership) (between|with) (?:the )?$",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"; |: |\bthat |, (?:and|but|while|as|which|who|when|where) |(?<=[a-z]), “|\bafter "
)


def find_subjects(story: Story, line: Line) -> tuple[Who, ...]:
    """The parties before the verb of undertaking; those of the whole scene where no verb tells."""
    actors = story.actors[line.number]
    for verb in _list_verbs(line.text):
        found = _find_before(line, actors, verb)
        if found:
            return _add_partner(line, actors, verb, found)
    firms = _compile_firms().match(line.text)
    if firms:
        return (Who(None, firms.group(1)),)
    ours = _OURS.search(line.text)
    if ours:
        return story.recall_speaker(line, ours.start())
    return _find_owner(line, actors) or _find_scene(story, line)


@lru_cache(maxsize=1)
def _compile_firms() -> re.Pattern[str]:
    return re.compile(
        rf"((?:[A-Z][\w-]+ )(?:[\w-]+ ){{0,3}}?(?:{join_words('groups', 'firms')}))\b"
    )


def _list_verbs(text: str) -> list[re.Match[str]]:
    """The verbs of undertaking in order, the weaker ones last."""
    return sorted(_compile_verbs().finditer(text), key=lambda verb: bool(verb.group("weak")))


@lru_cache(maxsize=1)
def _compile_verbs() -> re.Pattern[str]:
    together, alone = join_words("verbs", "together"), join_words("verbs", "alone")
    weak = join_words("verbs", "weak")
    return re.compile(
        rf"(?<![\w-])(?:(?P<together>{together})|(?:{alone})|(?P<weak>{weak}))(?![\w-])"
    )


def _find_before(line: Line, actors: Sequence[Actor], verb: re.Match[str]) -> tuple[Who, ...]:
    """The last subject before the verb, with the list it stands in."""
    before = [
        actor
        for actor in actors
        if actor.end <= verb.start()
        and actor.weight >= SUBJECT
        and not is_attribution(line.text, actor)
    ]
    clause = _find_clause(line.text, actors, verb.start())
    if re.match(r"(?:it|they) ", line.text[clause:]):
        owners = [a for a in actors if a.end <= clause and _OWNED.match(line.text, a.end)]
        if owners:
            return owners[-1].whos
    if not before:
        return ()
    inside = [actor for actor in before if actor.start >= clause]
    if not inside:
        return before[-1].whos  # "A's announcement that it will"
    subject = inside[:1] if _is_behind(inside[-1], verb) else inside[-1:]
    subject = _extend(line.text, inside, subject[0])
    return tuple(dict.fromkeys(who for actor in subject for who in actor.whos))


def _find_clause(text: str, actors: Sequence[Actor], end: int) -> int:
    """Where the clause begins that a verb belongs to; an "and" inside a list begins none."""
    gaps = [
        (left.end, right.start)
        for left, right in pairwise(actors)
        if is_listed(text[left.end : right.start])
    ]
    starts = [match for match in _BREAK.finditer(text, 0, end)]
    kept = [m.end() for m in starts if not any(a <= m.start() and m.end() <= b for a, b in gaps)]
    return kept[-1] if kept else 0


def _is_behind(actor: Actor, verb: re.Match[str]) -> bool:
    """Whether the last actor before the verb is an object: "A met B and agreed"."""
    if actor.kind == "group" or verb.group().endswith("ing"):
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
    line: Line, actors: Sequence[Actor], verb: re.Match[str], found: tuple[Who, ...]
) -> tuple[Who, ...]:
    """With whom one party agreed: "A agreed with B to", "A met B and agreed"."""
    if len(found) > 1 or verb.group("together") is None:
        return found
    behind = re.compile(r" (?:\w+ )?with (?:the )?").match(line.text, verb.end())
    partners = [a for a in actors if behind and a.start >= behind.end() - 1 and a.lead == "with"][
        :1
    ]
    partners = partners or [
        actor
        for actor in actors
        if actor.end <= verb.start() and actor.lead == "with" and actor.kind == "person"
    ]
    return tuple(dict.fromkeys([*found, *(who for actor in partners for who in actor.whos)]))


def _find_owner(line: Line, actors: Sequence[Actor]) -> tuple[Who, ...]:
    """Who has a pledge told as a noun, "A's commitment", or who are the sides of a deal."""
    for actor in actors:
        if _OWNED.match(line.text, actor.end):
            return actor.whos
    for actor in actors:
        deal = _DEAL.search(line.text[: actor.start])
        if deal:
            sides = _extend(line.text, actors, actor)
            first = (
                [a for a in actors if a.weight >= SUBJECT][:1] if deal.group(1) == "with" else []
            )
            return tuple(dict.fromkeys(who for side in [*first, *sides] for who in side.whos))
    if not _OWN.search(line.text):
        return ()
    subject = [actor for actor in actors if actor.weight >= SUBJECT][:1]
    return subject[0].whos if subject else ()


def _find_scene(story: Story, line: Line) -> tuple[Who, ...]:
    actors = story.actors[line.number]
    whos = gather(actors, None, floor=SPOKEN_TO)
    if whos:
        return whos
    for actor in sorted(actors, key=lambda actor: -actor.weight):
        if actor.weight >= (SUBJECT if actor.kind == "organisation" else BESIDE):
            return actor.whos
    for earlier in story.before(line.number):
        whos = gather(story.actors[earlier.number], None, floor=SPOKEN_TO)
        if whos:
            return whos
    return ()
