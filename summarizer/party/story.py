"""Story: who acts in each sentence of an article, anaphors included, read once from top to end."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from summarizer.party.actors import (
    BESIDE,
    SPOKEN_TO,
    SUBJECT,
    TOPIC,
    Actor,
    find_lead,
    is_attribution,
    is_listed,
    read_actors,
    weigh_lead,
)
from summarizer.party.groups import (
    Group,
    Office,
    Single,
    find_groups,
    find_offices,
    find_singles,
)
from summarizer.party.lines import Line, Who, name_country
from summarizer.party.organisations import list_members
from summarizer.party.register import Register
from summarizer.party.scenes import (
    collect,
    drop_surnames,
    gather,
    gather_tiers,
    is_event,
    is_object,
    is_quoted,
    is_taken,
)
from summarizer.party.vocabulary import list_words

_TOGETHER = re.compile(
    r"\b(?:two|three|both|our|between) (?:countries|nations|peoples|sides)"
    r"|\bagree|\btogether\b|\beach other\b|\bjointly\b"
)


_APPOSITION = re.compile(
    r"[Ww]e,? (?:the )?(?:(?:leaders|governments|ministers|heads)[\w ]* of )?(?:the )?"
)
_BODIES = frozenset({"name", "office", "capital", "seat", "organisation"})


class Story:
    """The actors of every content sentence of one article."""

    def __init__(self, lines: Sequence[Line], register: Register, *, home: str | None) -> None:
        self.lines = tuple(drop_surnames(line, register) for line in lines)
        self.register = register
        self.home = home
        self.offices: list[tuple[int, Office, Who]] = []
        self.actors: dict[int, list[Actor]] = {
            line.number: read_actors(line, register.people.get(line.number, ()))
            for line in self.lines
        }
        for line in self.lines:
            self._read(line)

    def _read(self, line: Line) -> None:
        people = self.register.people.get(line.number, ())
        taken = [(person.start, person.until) for person in people]
        for office in find_offices(line):
            if not is_taken(office.start, office.end, taken):
                self._add(line, office, self.recall_office(line, office), "office")
        for single in find_singles(line):
            self._add(line, single, self.recall_single(line, single), "person")
        for group in find_groups(line):
            if not is_taken(group.start, group.end, taken):
                self._add(line, group, self.recall_group(line, group), "group")

    def _add(
        self, line: Line, span: Office | Single | Group, whos: tuple[Who, ...], kind: str
    ) -> None:
        if not whos:
            return
        actor = Actor(span.start, span.end, whos, SUBJECT, kind, find_lead(line.text, span.start))
        weight = SUBJECT if kind == "person" else weigh_lead(line.text, actor)
        if line.text.startswith("'", actor.end):
            weight = min(weight, BESIDE)
        actors = self.actors[line.number]
        actors.append(Actor(actor.start, actor.end, whos, weight, kind, actor.lead))
        actors.sort(key=lambda actor: actor.start)

    def before(self, number: int) -> list[Line]:
        """The lines before a sentence, the nearest first."""
        return [line for line in reversed(self.lines) if line.number < number]

    # Offices

    def recall_office(self, line: Line, office: Office) -> tuple[Who, ...]:
        """Whose ministry, government or parliament it is."""
        if office.owner is not None:
            self.offices.append((line.number, office, office.owner.who))
            return (office.owner.who,)
        text = line.text[office.start : office.end]
        if not text.lower().startswith("the ") and not text[0].isupper():
            return ()
        known = [
            who
            for number, other, who in reversed(self.offices)
            if other.body == office.body and number <= line.number
        ]
        return tuple(known[:1]) or self.recall_home()

    def recall_home(self) -> tuple[Who, ...]:
        """The country that the article speaks from: its outlet's, else the first that acts."""
        if self.home:
            return (name_country(self.home),)
        for line in self.lines[:3]:
            for actor in self.actors[line.number]:
                if actor.weight >= BESIDE and actor.whos[0].code:
                    return actor.whos[:1]
        return ()

    # One person or country

    def recall_single(self, line: Line, single: Single) -> tuple[Who, ...]:
        """Whom "he", "I", "the president" or "the country" stands for."""
        if single.title == "i":
            return self.recall_speaker(line, single.start)[:1]
        if single.title in list_words("singles", "bodies"):
            return self._recall_body(line, single)
        if single.title == "it":
            return self._recall_nearest(line, single.start, _BODIES)
        if single.title in ("country", "nation"):
            return self._recall_nearest(line, single.start, {"person", *_BODIES})
        if single.title:
            return self._recall_title(line, single) or ()
        return self._recall_nearest(line, single.start, {"person"})

    def _recall_nearest(self, line: Line, end: int, kinds: Collection[str]) -> tuple[Who, ...]:
        here = [a for a in self.actors[line.number] if a.end <= end and a.kind in kinds]
        for actor in [a for a in here if a.weight >= SUBJECT] or here:
            return actor.whos[:1]
        for earlier in self.before(line.number)[:4]:
            there = [a for a in self.actors[earlier.number] if a.kind in kinds]
            for actor in sorted(there, key=lambda a: -a.weight):
                return actor.whos[:1]
        return ()

    def _recall_body(self, line: Line, single: Single) -> tuple[Who, ...]:
        """The organisation told last before "the group" or "the company"."""
        for scene in (line, *self.before(line.number)[:5]):
            bodies = [
                actor
                for actor in self.actors[scene.number]
                if (actor.kind == "organisation" or actor.whos[0].code == "EU")
                and (scene is not line or actor.end <= single.start)
            ]
            for actor in sorted(bodies, key=lambda actor: -actor.weight):
                return actor.whos[:1]
        return ()

    def _recall_title(self, line: Line, single: Single) -> tuple[Who, ...]:
        people = [p for p in self.register.people.get(line.number, ()) if p.end <= single.start]
        people = people[::-1]
        for earlier in self.before(line.number):
            people.extend(reversed(self.register.people.get(earlier.number, ())))
        placed = [person for person in people if person.who]
        same = [person for person in placed if person.title == single.title]
        alike = [person for person in placed if person.title.endswith(single.title)]
        if single.title == "president":
            alike = [person for person in alike if not person.title.endswith("vice president")]
        found = (same or alike)[:1]
        return tuple(person.who for person in found if person.who)

    # Several parties

    def recall_group(self, line: Line, group: Group) -> tuple[Who, ...]:
        """Whom "they", "the two leaders" or "we" stands for."""
        if group.circle is not None:
            return self._recall_circle(line, group)
        if group.speaker:
            return self.recall_speaker(line, group.start, number=group.number)
        if group.firms:
            return self._recall_firms(line, group)
        return (
            self._find_event(line, group)
            or self._find_here(line, group)
            or self._find_earlier(line, group)
            or self._find_later(line, group)
            or self._find_prominent(group.number)
        )

    def _recall_circle(self, line: Line, group: Group) -> tuple[Who, ...]:
        assert group.circle is not None
        identity = group.circle.who.identity
        members = set(list_members(identity))
        for scene in (line, *self.before(line.number), *self.lines):
            people = collect(a for a in self.actors[scene.number] if a.kind in ("person", "group"))
            codes = {who.code for who in people}
            if len(people) > 1 and members and codes <= members:
                return people
        return (group.circle.who,)

    def _recall_firms(self, line: Line, group: Group) -> tuple[Who, ...]:
        """The companies that "the two companies" means."""
        for scene in (line, *self.before(line.number)):
            firms = [a for a in self.actors[scene.number] if a.kind == "organisation"]
            whos = collect(a for a in firms if scene is not line or a.end <= group.start)
            if len(whos) > 1 and len(whos) == (group.number or len(whos)):
                return whos
        return ()

    def _find_event(self, line: Line, group: Group) -> tuple[Who, ...]:
        """The sides of "at the A-B summit" told in the same sentence."""
        run: list[Actor] = []
        for actor in [*self.actors[line.number], None]:
            if (
                actor is not None
                and actor.lead == "-"
                and (not run or actor.start - run[-1].end <= 3)
            ):
                run.append(actor)
                continue
            whos = collect(run)
            if len(whos) > 1 and group.number in (None, len(whos)) and is_event(line.text, run):
                return whos
            run = [actor] if actor is not None and actor.lead == "-" else []
        return ()

    def _find_here(self, line: Line, group: Group) -> tuple[Who, ...]:
        if is_object(line.text, group):
            return ()
        here = [actor for actor in self.actors[line.number] if actor.end <= group.start]
        here = [actor for actor in here if not is_attribution(line.text, actor)]
        return gather(here, group.number, floor=SPOKEN_TO)

    def _find_earlier(self, line: Line, group: Group) -> tuple[Who, ...]:
        """The nearest earlier sentence with so many sides, those already acting here among them."""
        here = [a for a in self.actors[line.number] if a.end <= group.start and a.weight >= SUBJECT]
        needed = set(collect(a for a in here if not is_attribution(line.text, a)))
        barred = needed if is_object(line.text, group) else set[Who]()
        needed = needed - barred
        floor = TOPIC if group.number else SPOKEN_TO
        for wanted in (needed, set[Who]()) if needed else (needed,):
            for earlier in self.before(line.number):
                actors = self.actors[earlier.number]
                said = [a for a in actors if a.kind == "office" and is_attribution(earlier.text, a)]
                whos = gather([a for a in actors if a not in said], group.number, floor=floor)
                if whos and wanted <= set(whos) and not barred & set(whos):
                    return whos
        return ()

    def _find_later(self, line: Line, group: Group) -> tuple[Who, ...]:
        actors = [a for a in self.actors[line.number] if a.start >= group.end]
        return gather(actors, group.number, floor=SPOKEN_TO)

    def _find_prominent(self, number: int | None) -> tuple[Who, ...]:
        counts = self.count_countries(speaking=True) or self.count_countries()
        ranked = [who for who, _ in counts.most_common(number or 2)]
        return tuple(ranked) if len(ranked) == (number or 2) else ()

    def count_countries(self, *, speaking: bool = False) -> Counter[Who]:
        """How often each country is named; `speaking` counts persons and offices only."""
        counts: Counter[Who] = Counter()
        for line in self.lines:
            if speaking:
                actors = [a for a in self.actors[line.number] if a.kind in ("person", "office")]
                counts.update(who for actor in actors for who in actor.whos if who.code)
            else:
                counts.update(anchor.who for anchor in line.anchors if anchor.who.code)
        return counts

    # Speakers

    def recall_speaker(
        self, line: Line, position: int, *, number: int | None = None
    ) -> tuple[Who, ...]:
        """Who says "we": the speaker of a quotation, outside of quotes the article's own voice."""
        if not is_quoted(line.text, position):
            return self._recall_voice(line, position)
        outside = [a for a in self.actors[line.number] if not is_quoted(line.text, a.start)]
        whos = collect(a for a in outside if a.kind in ("person", "office") and a.weight > TOPIC)
        if len(whos) == number or (len(whos) > 1 and _TOGETHER.search(line.text)):
            return whos
        if whos and number is None:
            return whos[:1]
        for earlier in self.before(line.number)[:3]:
            found = gather(self.actors[earlier.number], number, floor=SPOKEN_TO)
            if found and set(whos) <= set(found):
                return found
        return whos[:1]

    def _recall_voice(self, line: Line, position: int) -> tuple[Who, ...]:
        listed = self._read_apposition(line, position)
        if listed or not self.lines:
            return listed
        first = self.lines[0]
        actors = self.actors[first.number] if first.number != line.number else []
        if re.search(r"\bjoint\b", first.text, re.IGNORECASE):
            found = gather_tiers(actors, None, BESIDE)
            if found:
                return found
        persons = [a for a in actors if a.kind == "person"]
        if re.match(r"(?:Statement|Message|Remarks|Letter|Address) (?:by|from|of)", first.text):
            return persons[0].whos[:1] if persons else self.recall_home()
        if self.home:
            return (name_country(self.home),)
        group = Group(position, position, None)
        return self._find_earlier(line, group) or self.recall_home()

    def _read_apposition(self, line: Line, position: int) -> tuple[Who, ...]:
        """The list after "we": "We, the leaders of A, B and C,"."""
        after = [a for a in self.actors[line.number] if a.start > position]
        if not after or not _APPOSITION.fullmatch(line.text[position : after[0].start]):
            return ()
        listed = after[:1]
        for actor in after[1:]:
            if not is_listed(line.text[listed[-1].end : actor.start]):
                break
            listed.append(actor)
        return collect(listed)
