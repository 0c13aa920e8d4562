"""sides: who acts in each report, settled over the whole article.

A sentence seldom names everybody: "Under the accord, Poland will take command" is about a
commitment of three. What is undertaken together takes its parties from the nearest report that
names them; what only one party can be found for is that party's own.
"""

from collections.abc import Sequence
from dataclasses import replace

from summarizer.article import Article
from summarizer.party import Cast
from summarizer.party.addressees import find_addressees
from summarizer.records import Party
from summarizer.strategy.lineup import Lineup
from summarizer.strategy.ruling import Report
from summarizer.strategy.selection import Chances, choose_likely, weigh_candidates
from summarizer.task.probe import Logit
from summarizer.task.rulefile import SideRule


def settle_sides(
    reports: Sequence[Report],
    article: Article,
    cast: Cast,
    rule: SideRule | None,
    logit: Logit | None = None,
) -> list[Report]:
    """The reports with those who act in each, and with the kind that so many parties leave.

    Grammar says who acts; a `logit`, fitted to labelled articles, has the last word.
    """
    named = [replace(report, actors=cast.subjects(report.sentence.number)) for report in reports]
    if rule is None:
        return named
    settled = [_settle(n, named, article, cast, rule) for n in range(len(named))]
    if logit is None or not settled:
        return settled  # an article without reports needs no lineup
    asked = [_ask(one, two, rule) for one, two in zip(named, settled, strict=True)]
    lineup = Lineup(article, cast, asked, joint=rule.joint)
    return [_choose(n, asked, settled, lineup, logit, rule) for n in range(len(asked))]


def list_chances(reports: Sequence[Report]) -> Chances:
    """How likely each whom the article names acts, by the sentence of a report."""
    return {report.sentence.number: report.chances for report in reports if report.chances}


def _ask(named: Report, settled: Report, rule: SideRule) -> Report:
    """The report whose actors are asked for: joint again where only a lack of partners spoke
    against it."""
    is_lacking = named.kind == rule.joint and named.bent < rule.bent
    return replace(settled, kind=named.kind) if is_lacking else settled


def _choose(
    place: int,
    asked: Sequence[Report],
    settled: Sequence[Report],
    lineup: Lineup,
    logit: Logit,
    rule: SideRule,
) -> Report:
    """The report with the likeliest of all whom the article names."""
    report = asked[place]
    is_joint = report.kind == rule.joint
    candidates = lineup.list_candidates(place)
    chances = weigh_candidates(candidates, logit)
    if lineup.names_enough(place):
        return replace(settled[place], kind=report.kind, chances=chances)
    if not report.actors and max(chances.values(), default=0.0) < logit.threshold:
        return settled[place]  # nobody by grammar, and nobody likely: a model may know
    parties = (candidate.party for candidate in candidates)
    actors = choose_likely(parties, chances, threshold=logit.threshold, several=is_joint)
    kind = report.kind if is_joint and _has_two_sides(actors) else settled[place].kind
    return replace(settled[place], kind=kind, actors=actors, chances=chances)


def _settle(
    place: int, reports: Sequence[Report], article: Article, cast: Cast, rule: SideRule
) -> Report:
    report = reports[place]
    if report.kind == rule.alone:
        return report if report.actors else _recall_speaker(place, reports, rule)
    if report.kind != rule.joint or _has_two_sides(report.actors):
        return report
    if report.actors and report.bent >= rule.bent:
        return replace(report, kind=rule.alone)
    other = _find_joint(place, reports, rule)
    if other is not None:
        is_term = bool(report.actors) and other.sentence.number < report.sentence.number
        supported = other.sentence.number if is_term else None
        return replace(report, actors=other.actors, supports=supported)
    return _find_partners(report, article, cast, rule)


def _find_joint(place: int, reports: Sequence[Report], rule: SideRule) -> Report | None:
    """The nearest report of two sides, those before first, with all who act in the one at place."""
    known = {party.identity for party in reports[place].actors}
    for other in (*reversed(reports[:place]), *reports[place + 1 :]):
        is_joint = other.kind == rule.joint and _has_two_sides(other.actors)
        if is_joint and known <= {party.identity for party in other.actors}:
            return other
    return None


def _find_partners(report: Report, article: Article, cast: Cast, rule: SideRule) -> Report:
    """The report with the other side that its sentence names, or as one party's own."""
    if not report.actors:
        return report
    number = report.sentence.number
    partners = find_addressees(article, cast, number, actors=report.actors)
    if partners and report.certainty >= rule.sure:
        return replace(report, actors=(*report.actors, *partners))
    return replace(report, kind=rule.alone)


def _has_two_sides(actors: Sequence[Party]) -> bool:
    """Two parties, or one that is no country: a named group may agree among its members."""
    return len(actors) > 1 or any(party.code in (None, "EU") for party in actors)


def _recall_speaker(place: int, reports: Sequence[Report], rule: SideRule) -> Report:
    """The report with the one who acted in the last one of its kind, if that was not far before."""
    report = reports[place]
    for other in reversed(reports[:place]):
        apart = report.sentence.number - other.sentence.number
        if apart <= rule.reach and other.kind == rule.alone and other.actors:
            return replace(report, actors=other.actors)
    return report
