"""description: what a sentence reports, in its own words and by rules alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from summarizer.article import Article
from summarizer.article.caseless import compile_caseless
from summarizer.draft import actors_of, record_fields
from summarizer.party import Cast
from summarizer.party.addressees import find_addressees
from summarizer.records import Party
from summarizer.strategy.acts import find_acts
from summarizer.strategy.clause import Act, is_told_of
from summarizer.strategy.ruling import Report, Ruling
from summarizer.strategy.timing import find_act_time
from summarizer.task import Task
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import ActRule

Draft = dict[str, Any]


class Describer:
    """Fills in the records of one article's reports as far as rules know how."""

    def __init__(self, article: Article, task: Task, cast: Cast, ruling: Ruling) -> None:
        self._article = article
        self._task = task
        self._cast = cast
        self._ruling = ruling

    def describe(self, report: Report) -> tuple[Draft, ...]:
        """One draft for each act that rules find in the sentence; empty where they find none, or
        nobody who acts, or where a field is left that only a model can fill in."""
        rule = self._ruling.rules.acts
        if rule is None or not report.actors:
            return ()
        found = find_acts(self._article.read(report.sentence), rule)
        acts = self._join_details(report, found, rule)
        fields = {field.name for field in record_fields(self._task.records[report.kind])}
        drafts = [
            {**self.know(self._attribute(report, act, acts), act, acts), rule.field: act.text}
            for act in acts
        ]
        return tuple(drafts) if all(fields == set(draft) | {"kind"} for draft in drafts) else ()

    def _join_details(self, report: Report, acts: Sequence[Act], rule: ActRule) -> Sequence[Act]:
        """The first alone of several acts that nobody in the sentence does: they are details of one
        thing, as in "the money will be paid in May and will go to schools"."""
        sentence = report.sentence
        if len(acts) < 2 or sentence.role != "body":
            return acts
        doers = self._cast.doers(sentence.number, after=0, before=acts[-1].start)
        before = straighten(self._article.read(sentence))[: acts[0].start]
        return acts if doers or compile_caseless(rule.actors).search(before) else acts[:1]

    def _attribute(self, report: Report, act: Act, acts: Sequence[Act]) -> Report:
        """The report with those who do one of several acts; what is joint is done by all."""
        sides = self._ruling.rules.sides
        if len(acts) < 2 or (sides is not None and report.kind == sides.joint):
            return report
        return replace(report, actors=self._find_doers(report, act, acts) or report.actors)

    def _find_doers(self, report: Report, act: Act, acts: Sequence[Act]) -> tuple[Party, ...]:
        """Who does one of several acts: those named behind the act before it, else who did that;
        () where no act has anybody of its own."""
        number = report.sentence.number
        earlier = [other for other in acts if other.start < act.start]
        after = max((other.start for other in earlier), default=0)
        doers = self._cast.doers(number, after=after, before=act.start)
        if earlier and not doers:
            return self._find_doers(report, earlier[-1], acts)
        return doers

    def know(self, report: Report, act: Act | None = None, acts: Sequence[Act] = ()) -> Draft:
        """Everything but the act itself that rules know of what a sentence reports.

        Of several `acts` told in the sentence, `act` is the one that it is about.
        """
        known = self._ruling.know(report) | self._deny_others(report, act, acts)
        record = self._task.records[report.kind]
        others = [field.name for field in record_fields(record) if field.shape == "parties"][1:2]
        for field in record_fields(record):
            if field.name in (*known, actors_of(record)):  # who acts is not for us to leave empty
                continue
            if field.shape == "timeframe" and self._task.rules.times is not None:
                known[field.name] = self._find_time(report, act, acts)
            elif field.name in others and self._ruling.rules.acts is not None:
                known[field.name] = self._find_others(report, act)
        return known

    def _deny_others(self, report: Report, act: Act | None, acts: Sequence[Act]) -> Draft:
        """None for each phrase that the sentence tells of another of its acts."""
        if act is None or len(acts) < 2:
            return {}
        text, starts = self._article.read(report.sentence), [one.start for one in acts]
        return {
            name: None
            for name, place in self._ruling.rules.locate_phrases(text)
            if not is_told_of(place, act.start, starts)
        }

    def _find_time(self, report: Report, act: Act | None, acts: Sequence[Act]) -> str | None:
        return find_act_time(
            self._article.read(report.sentence),
            published=self._article.date,
            rule=self._ruling.rules.times,
            act_start=act.start if act else None,
            starts=[one.start for one in acts],
            language=self._article.language,
        )

    def _find_others(self, report: Report, act: Act | None) -> list[str]:
        """Who is on the other side of those who act."""
        number = report.sentence.number
        found = find_addressees(
            self._article,
            self._cast,
            number,
            actors=report.actors,
            act_start=act.start if act else None,
        )
        return [party.name for party in found]
