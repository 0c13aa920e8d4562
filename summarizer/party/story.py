"""Story: who acts in each sentence of an article, anaphors included, read once from top to end."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property

from summarizer.party.actors import (
    BESIDE,
    SPOKEN_TO,
    SUBJECT,
    TOPIC,
    Actor,
    is_attribution,
    read_actors,
    weigh_lead,
)
from summarizer.party.collectives import Collective, find_collectives, find_owned
from summarizer.party.countries import find_countries
from summarizer.party.groups import (
    Group,
    Office,
    Single,
    find_groups,
    find_offices,
    find_singles,
)
from summarizer.party.kinds import Kinds, read_kinds
from summarizer.party.leads import find_lead
from summarizer.party.lines import Line, Who, name_country
from summarizer.party.organisations import list_members
from summarizer.party.register import Register
from summarizer.party.scenes import (
    collect,
    drop_surnames,
    find_event,
    find_opened,
    gather,
    is_object,
    is_taken,
)
from summarizer.party.speakers import recall_speaker
from summarizer.party.verbs import acts_next
from summarizer.party.vocabulary import list_words

_SAYS = re.compile(r"(?:,[^,]{3,60},)? (?:said|says|told|announced)\b")
_BLOCS = frozenset({"group", "bloc", "alliance", "agency", "organisation", "organization"})
_BODIES = frozenset({"name", "office", "capital", "seat", "organisation"})


class Story:
    """The actors of every content sentence of one article."""

    def __init__(
        self, lines: Sequence[Line], register: Register, *, home: str | None, english: bool = True
    ) -> None:
        self.lines = tuple(drop_surnames(line, register) for line in lines)
        self.register = register
        self.home = home
        self.english = english
        self.offices: list[tuple[int, Office, Who]] = []
        self._told = tuple(lines)
        self._actors: dict[int, list[Actor]] = {}

    @cached_property
    def kinds(self) -> Kinds:
        """What sort of body each organisation is."""
        return read_kinds(self._told)

    @cached_property
    def opened(self) -> frozenset[int]:
        """The sentences in which a quotation from before still runs at the beginning."""
        return find_opened(self._told)

    @property
    def actors(self) -> dict[int, list[Actor]]:
        """Who acts in each sentence; read when first asked for, as plain names do not ask."""
        if not self._actors:
            for line in self.lines:
                people = self.register.people.get(line.number, ())
                self._actors[line.number] = read_actors(line, people)
            for line in self.lines:
                self._read(line)  # asks for what was read before
        return self._actors

    def _read(self, line: Line) -> None:
        people = self.register.people.get(line.number, ())
        taken = [(person.start, person.until) for person in people]
        for office in find_offices(line):
            if not is_taken(office.start, office.end, taken):
                self._add(line, office, self.recall_office(line, office), "office")
        for body in find_collectives(line):
            spans = [(actor.start, actor.end) for actor in self.actors[line.number]]
            spans += [(group.start, group.end) for group in find_groups(line)]
            if not is_taken(body.start, body.end, [*taken, *spans]):
                whos = (Who(None, line.text[body.start : body.end]),)
                self._add(line, body, whos, "organisation")
        for body in find_owned(line):
            self._add(line, body, (Who(None, line.text[body.start : body.end]),), "organisation")
        for single in find_singles(line):
            self._add(line, single, self.recall_single(line, single), "person")
        for group in find_groups(line):
            if not is_taken(group.start, group.end, taken):
                self._add(line, group, self.recall_group(line, group), "group")

    def _add(
        self,
        line: Line,
        span: Office | Single | Group | Collective,
        whos: tuple[Who, ...],
        kind: str,
    ) -> None:
        if not whos:
            return
        actor = Actor(span.start, span.end, whos, SUBJECT, kind, find_lead(line.text, span.start))
        free = actor.lead not in list_words("leads", "followers")
        acting = kind == "person" or (free and acts_next(line.text, actor.end))
        weight = SUBJECT if acting else weigh_lead(line.text, actor)
        if line.text.startswith("'", actor.end):
            weight = min(weight, BESIDE)
        actors = self.actors[line.number]
        actors[:] = [
            other
            for other in actors
            if not (span.start <= other.start and other.end <= span.end)
            or not (other.whos == whos or isinstance(span, Collective | Single | Group))
        ]
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
        """The country that the article speaks from: its outlet's, else the first that acts.

        Never the EU: it has no ministries.
        """
        if self.home:
            return (name_country(self.home),)
        first = [actor for line in self.lines[:3] for actor in self.actors[line.number]]
        for floor in (SUBJECT, BESIDE):
            for actor in first:
                if actor.weight >= floor and actor.whos[0].code not in (None, "EU"):
                    return actor.whos[:1]
        return self._most_named

    @cached_property
    def _most_named(self) -> tuple[Who, ...]:
        named = (mention.code for line in self.lines for mention in find_countries(line.text))
        found = Counter(code for code in named if code != "EU")
        return tuple(name_country(code) for code, _ in found.most_common(1))

    # One person or country

    def recall_single(self, line: Line, single: Single) -> tuple[Who, ...]:
        """Whom "he", "I", "the president" or "the country" stands for."""
        if single.title == "i":
            return recall_speaker(self, line, single.start)[:1]
        if single.title in list_words("singles", "bodies"):
            return self._recall_body(line, single)
        if single.title == "it":
            return self._recall_nearest(line, single.start, _BODIES)
        if single.title in ("country", "nation"):
            return self._recall_nearest(line, single.start, {"person", *_BODIES})
        if single.title:
            return self._recall_title(line, single) or self._recall_national(single)
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
        """The organisation that "the union" or "the company" means; the words themselves else."""
        bodies = [
            actor
            for scene in (line, *self.before(line.number))
            for actor in sorted(self.actors[scene.number], key=lambda actor: -actor.weight)
            if (actor.kind == "organisation" or actor.whos[0].code == "EU")
            and (scene is not line or actor.end <= single.start)
        ]
        named = [a for a in bodies if self.kinds.is_kind(a.whos[0], single.title)]
        if not named and single.title in _BLOCS:
            named = bodies
        if not named and single.title in list_words("singles", "firms"):
            named = [a for a in bodies if self.kinds.is_firm(a.whos[0])]
        if named:
            return named[0].whos[:1]
        words = line.text[single.start : single.end]
        acting = acts_next(line.text, single.end) or _SAYS.match(line.text, single.end)
        return (Who(None, words),) if acting else ()

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

    def _recall_national(self, single: Single) -> tuple[Who, ...]:
        """The home country of a minister without a name, where nothing else says whose he is."""
        state = re.search(r"minister|president|premier|chancellor|secretary", single.title)
        return self.recall_home() if state and "general" not in single.title else ()

    # Several parties

    def recall_group(self, line: Line, group: Group) -> tuple[Who, ...]:
        """Whom "they", "the two leaders" or "we" stands for."""
        if group.circle is not None:
            return self._recall_circle(line, group)
        if group.speaker:
            return recall_speaker(self, line, group.start, number=group.number)
        if group.firms:
            return self._recall_firms(line, group)
        return (
            self._find_crowd(line, group)
            or find_event(line.text, self.actors[line.number], group.number)
            or self._find_here(line, group)
            or self.find_earlier(line, group)
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
            firms = [a for a in firms if scene is not line or a.end <= group.start]
            for floor in (SUBJECT, TOPIC):
                whos = collect(a for a in firms if a.weight >= floor)
                if len(whos) > 1 and len(whos) == (group.number or len(whos)):
                    return whos
        return ()

    def _find_crowd(self, line: Line, group: Group) -> tuple[Who, ...]:
        """The one body of many that "they" means: "the rebels said they"."""
        if line.text[group.start : group.end].lower() != "they":
            return ()
        here = [a for a in self.actors[line.number] if a.end <= group.start and a.weight >= SUBJECT]
        return here[0].whos if len(here) == 1 and here[0].kind == "organisation" else ()

    def _find_here(self, line: Line, group: Group) -> tuple[Who, ...]:
        if is_object(line.text, group):
            return ()
        here = [actor for actor in self.actors[line.number] if actor.end <= group.start]
        here = [actor for actor in here if not is_attribution(line.text, actor)]
        return gather(here, group.number, floor=SPOKEN_TO)

    def find_earlier(self, line: Line, group: Group) -> tuple[Who, ...]:
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
