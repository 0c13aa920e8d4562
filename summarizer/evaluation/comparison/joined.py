"""Joined: two runs on the cases that both have answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.errors import UsageError
from summarizer.evaluation.comparison.scored import Scored, ScoredAnswer
from summarizer.evaluation.scoring.metric import Weights, gather_clusters
from summarizer.evaluation.scoring.score import CaseScore

Tables = tuple[list[Weights], list[Weights]]
"""The counts of two runs by cluster, in the same order."""


ALLOW = "compare the shared ones: --allow-partial"


@dataclass(frozen=True, slots=True)
class Joined:
    """Two runs' answers to the cases that both have answered."""

    base: Mapping[str, Sequence[ScoredAnswer]]
    cand: Mapping[str, Sequence[ScoredAnswer]]
    base_only: tuple[str, ...]
    cand_only: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """The strata that the cases belong to."""
        return tuple(sorted({tag for score in _scores_of(self.base) for tag in score.tags}))

    def tabulate(self, *, tag: str | None = None) -> Tables:
        """Both runs' counts by cluster, in one order; only of cases with the tag, if given."""
        first, second = (
            gather_clusters([one for one in _scores_of(side) if tag is None or tag in one.tags])
            for side in (self.base, self.cand)
        )
        names = sorted(first.keys() | second.keys())
        return [first.get(name, {}) for name in names], [second.get(name, {}) for name in names]


def _scores_of(side: Mapping[str, Sequence[ScoredAnswer]]) -> list[CaseScore]:
    return [answer.score for answers in side.values() for answer in answers]


def join_runs(
    base: Scored, cand: Scored, *, expendable: Collection[str] = (), advice: str = ALLOW
) -> Joined:
    """The two runs on the cases that both have answered.

    Raises UsageError, one line that says what to do, where they are the same run, were scored in
    different ways or with different labels, where they share no case, or where one lacks a case of
    the other that is not `expendable`: `advice` is what can be done besides running it.
    """
    _refuse_itself(base, cand)
    first, second = base.answered, cand.answered
    shared = sorted(first.keys() & second.keys())
    _refuse_other_scoring(base, cand, shared)
    left = sorted(first.keys() ^ second.keys())
    if not shared:
        raise UsageError(f"{base.name} and {cand.name} have no case in common")
    needed = [case for case in left if case not in expendable]
    if needed:
        raise UsageError(
            f"only one of {base.name} and {cand.name} has an answer to {_list_cases(needed)}: run "
            f"the same cases with both, or {advice}"
        )
    return Joined(
        base={case: first[case] for case in shared},
        cand={case: second[case] for case in shared},
        base_only=tuple(case for case in left if case in first),
        cand_only=tuple(case for case in left if case in second),
    )


def _refuse_itself(base: Scored, cand: Scored) -> None:
    if base.source == cand.source:
        raise UsageError(
            f"{cand.name} would be compared with itself: name another run, or a baseline (by its "
            "file where a run's folder has its name)"
        )


def _list_cases(cases: Sequence[str]) -> str:
    more = f" and {len(cases) - 3} more" if len(cases) > 3 else ""
    return f"{len(cases)} case{'s' * (len(cases) > 1)} ({', '.join(cases[:3])}{more})"


def _refuse_other_scoring(base: Scored, cand: Scored, shared: Iterable[str]) -> None:
    again = "score both again with `summarizer eval score`"
    if base.is_baseline or cand.is_baseline:
        again = (
            "score both runs again with `summarizer eval score`, and set the baseline again with "
            "`summarizer eval baseline set`"
        )
    versions = (base.summary.scorer_version, cand.summary.scorer_version)
    if versions[0] != versions[1]:
        raise UsageError(
            f"{base.name} was scored by version {versions[0]} of the scorer and {cand.name} by "
            f"version {versions[1]}: {again}"
        )
    relabelled = [case for case in shared if _digest(base, case) != _digest(cand, case)]
    if relabelled:
        raise UsageError(
            f"{base.name} and {cand.name} were scored with different labels of "
            f"{_list_cases(relabelled)}: {again}"
        )


def _digest(scored: Scored, case: str) -> str:
    """Of the case's text and labels; of the whole suite where the score does not say."""
    return scored.answered[case][0].score.sha256 or scored.summary.suite_sha256
