"""lineup: everybody whom an article names, as those who may act in one of its reports.

Rules tell by grammar who acts in a sentence. Where it names nobody, or too many, that is a guess;
here it is one sign among others, weighed as labelled articles teach.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.article import Article
from summarizer.party import Cast
from summarizer.party.actors import SUBJECT, Actor, is_attribution
from summarizer.party.lines import Who
from summarizer.party.verbs import acts_next, list_verbs
from summarizer.records import Party
from summarizer.strategy.ruling import Report


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the article names, and named numbers about them and one report."""

    party: Party
    signs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Others:
    """Who acts in the other reports of the article, as seen from one of them."""

    alike: Sequence[frozenset[Who]]
    """In those of its kind."""
    first_deal: frozenset[Who]
    """In the first of several parties, if it is of that kind itself."""
    before: frozenset[Who]
    after: frozenset[Who]
    """In the nearest one before and after it."""
    beside: frozenset[str]
    """Which of the two, "before" and "after", is told in the very next sentence."""

    def sign(self, who: Who, *, is_joint: bool) -> Iterator[tuple[str, float]]:
        """In how many of them, and in which, somebody acts."""
        share = sum(who in acting for acting in self.alike) / max(1, len(self.alike))
        yield "alike", share
        yield "alike joint", share * is_joint
        yield "first deal", float(who in self.first_deal)
        for name, acting in (("before", self.before), ("after", self.after)):
            yield name, float(who in acting)
            yield f"{name} next", float(who in acting and name in self.beside)


class Lineup:
    """Whom an article names, beside each of its reports; `joint` is the kind of several parties.

    The reports hold those whom rules take for the ones who act, and stand in the article's order.
    """

    def __init__(
        self, article: Article, cast: Cast, reports: Sequence[Report], *, joint: str
    ) -> None:
        self._cast = cast
        self._reports = reports
        self._acting = [frozenset(map(_who, report.actors)) for report in reports]
        self._joint = joint
        self._texts = {one.number: article.read(one) for one in article.content}
        self._first = min(self._texts, default=0)
        self._places: dict[Who, list[tuple[int, Actor]]] = {}
        for number in self._texts:
            for actor in cast.actors(number):
                for who in actor.whos:
                    self._places.setdefault(who, []).append((number, actor))

    def list_candidates(self, place: int) -> list[Candidate]:
        """Everybody who is named, those first whom rules take for the ones who act."""
        report, others = self._reports[place], self._look_around(place)
        taken = {_who(party): party for party in report.actors}
        circumstances = dict(self._describe(report))
        found = []
        for who in dict.fromkeys([*taken, *self._places]):
            party = taken.get(who) or self._cast.name(who, sentence=report.sentence.number)
            if party is not None:
                signs = self._sign(who, place, circumstances, others)
                found.append(Candidate(party, {name: value for name, value in signs if value}))
        return found

    def names_enough(self, place: int) -> bool:
        """Whether the sentence itself names all whom rules take, and as many as its kind needs.

        Rules are then nearly always right.
        """
        report = self._reports[place]
        needed = 2 if report.kind == self._joint else 1
        return len(report.actors) >= needed and all(
            self._find_here(who, report) for who in self._acting[place]
        )

    def _describe(self, report: Report) -> Iterator[tuple[str, float]]:
        """What is the same for all candidates of one report."""
        here = sum(bool(self._find_here(who, report)) for who in self._places)
        yield "joint", float(report.kind == self._joint)
        yield "headline", float(report.sentence.role != "body")
        yield "named", float(here)
        yield "nobody", float(not here)
        yield "acting", float(len(report.actors))

    def _look_around(self, place: int) -> _Others:
        report = self._reports[place]
        told = [n for n, acting in enumerate(self._acting) if n != place and acting]
        alike = [n for n in told if self._reports[n].kind == report.kind]
        deals = [n for n in alike if report.kind == self._joint and len(self._acting[n]) > 1]
        near = {
            "before": [n for n in told if n < place][-1:],
            "after": [n for n in told if n > place][:1],
        }
        number = report.sentence.number
        return _Others(
            alike=[self._acting[n] for n in alike],
            first_deal=self._unite(deals[:1]),
            before=self._unite(near["before"]),
            after=self._unite(near["after"]),
            beside=frozenset(
                name
                for name, found in near.items()
                for n in found
                if abs(self._reports[n].sentence.number - number) == 1
            ),
        )

    def _unite(self, places: Sequence[int]) -> frozenset[Who]:
        return frozenset(who for place in places for who in self._acting[place])

    def _find_here(self, who: Who, report: Report) -> list[Actor]:
        number = report.sentence.number
        return [actor for at, actor in self._places.get(who, ()) if at == number]

    def _sign(
        self, who: Who, place: int, circumstances: Mapping[str, float], others: _Others
    ) -> Iterator[tuple[str, float]]:
        """The numbers about one candidate: each counts for itself whether the sentence names the
        candidate or not, and again where rules take the candidate for one who acts."""
        report = self._reports[place]
        here = self._find_here(who, report)
        side = "here" if here else "away"
        yield side, 1.0
        for name, value in circumstances.items():
            yield f"{side} {name}", value
        if who in self._acting[place]:
            yield f"{side} taken", 1.0
            for name, value in circumstances.items():
                yield f"{side} taken {name}", value
        is_joint = report.kind == self._joint
        for name, value in (*self._sign_fame(who), *others.sign(who, is_joint=is_joint)):
            yield f"{side} {name}", value
        if here:
            yield from _sign_grammar(here, self._texts[report.sentence.number])

    def _sign_fame(self, who: Who) -> Iterator[tuple[str, float]]:
        """How much the article is about somebody."""
        places = self._places.get(who, ())
        opening = [actor for number, actor in places if number <= self._first + 1]
        yield "often", math.log1p(len(places))
        yield "opening", float(any(actor.weight >= SUBJECT for actor in opening))


def _sign_grammar(actors: Sequence[Actor], text: str) -> Iterator[tuple[str, float]]:
    """Where and how a sentence names somebody."""
    best = max(actors, key=lambda actor: actor.weight)
    verbs = list_verbs(text)
    strong = [verb.start for verb in verbs if verb.strength == "strong"]
    first = min(strong or [verb.start for verb in verbs], default=len(text))
    yield f"weight {best.weight:g}", 1.0
    yield "where", best.start / max(1, len(text))
    yield "before verb", float(best.start < first)
    yield "acts next", float(any(acts_next(text, actor.end) for actor in actors))
    yield "says it", float(any(is_attribution(text, actor) for actor in actors))
    yield "owns", float(all(text.startswith("'", actor.end) for actor in actors))


def _who(party: Party) -> Who:
    return Who(party.code, party.identity)
