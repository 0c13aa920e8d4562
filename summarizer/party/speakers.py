"""Speakers: who says "we" or "I", inside of a quotation and outside."""

import re
from typing import TYPE_CHECKING

from summarizer.party.actors import BESIDE, SPOKEN_TO, SUBJECT, TOPIC, Actor
from summarizer.party.groups import Group
from summarizer.party.leads import is_listed
from summarizer.party.lines import Line, Who, name_country
from summarizer.party.scenes import collect, gather, gather_tiers, is_quoted

if TYPE_CHECKING:
    from summarizer.party.story import Story

_TOGETHER = re.compile(
    r"\b(?:two|three|both|our|between) (?:countries|nations|peoples|sides)"
    r"|\bagree|\btogether\b|\beach other\b|\bjointly\b"
)
_APPOSITION = re.compile(
    r"[Ww]e,? (?:the )?(?:(?:leaders|governments|ministers|heads)[\w ]* of )?(?:the )?"
)


def recall_speaker(
    story: "Story", line: Line, position: int, *, number: int | None = None
) -> tuple[Who, ...]:
    """Who says "we": the speaker of a quotation, outside of quotes the article's own voice."""
    opened = line.number in story.opened
    if not is_quoted(line.text, position, opened=opened):
        return _recall_voice(story, line, position)
    outside = _list_outside(story, line, position)
    whos = collect(a for a in outside if a.kind in ("person", "office") and a.weight > TOPIC)
    if len(whos) == number or (len(whos) > 1 and _TOGETHER.search(line.text)):
        return whos
    if whos and number is None:
        return whos[:1]
    together = number is not None or bool(_TOGETHER.search(line.text))
    for earlier in story.before(line.number)[:3]:
        found = gather(story.actors[earlier.number], number, floor=SPOKEN_TO)
        if found and set(whos) <= set(found) and together:
            return found
        acting = [a for a in story.actors[earlier.number] if a.weight >= SUBJECT]
        if acting and not whos and not together:
            return collect(acting[:1])
    return whos[:1]


def _list_outside(story: "Story", line: Line, position: int) -> list[Actor]:
    """The actors outside of the quotation that is open at a place, in the sentence it ends in."""
    for scene in [line, *(other for other in story.lines if other.number > line.number)][:4]:
        opened = scene.number in story.opened
        start = position if scene is line else 0
        closed = not is_quoted(scene.text, len(scene.text), opened=opened)
        if closed or not is_quoted(scene.text, start, opened=opened):
            actors = story.actors[scene.number]
            return [a for a in actors if not is_quoted(scene.text, a.start, opened=opened)]
    return []


def _recall_voice(story: "Story", line: Line, position: int) -> tuple[Who, ...]:
    listed = _read_apposition(story, line, position)
    if listed or not story.lines:
        return listed
    first = story.lines[0]
    actors = story.actors[first.number] if first.number != line.number else []
    if re.search(r"\bjoint\b", first.text, re.IGNORECASE):
        found = gather_tiers(actors, None, BESIDE)
        if found:
            return found
    persons = [a for a in actors if a.kind == "person"]
    if re.match(r"(?:Statement|Message|Remarks|Letter|Address) (?:by|from|of)", first.text):
        return persons[0].whos[:1] if persons else story.recall_home()
    if story.home:
        return (name_country(story.home),)
    group = Group(position, position, None)
    return story.find_earlier(line, group) or story.recall_home()


def _read_apposition(story: "Story", line: Line, position: int) -> tuple[Who, ...]:
    """The list after "we": "We, the leaders of A, B and C,"."""
    after = [a for a in story.actors[line.number] if a.start > position]
    if not after or not _APPOSITION.fullmatch(line.text[position : after[0].start]):
        return ()
    listed = after[:1]
    for actor in after[1:]:
        if not is_listed(line.text[listed[-1].end : actor.start]):
            break
        listed.append(actor)
    return collect(listed)
