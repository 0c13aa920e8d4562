"""Gate: whether a run keeps to what is demanded of it, and the exit code that says so.

A gate passes, fails or is inconclusive: few cases can show neither that a run is as good as a
baseline nor that it is worse.
"""

import math
from collections.abc import Callable, Sequence
from typing import Literal

from summarizer.errors import ConfigurationError
from summarizer.evaluation.comparison.comparison import (
    SIGNIFICANT,
    MetricChange,
    compare_metric,
    describe_change,
    find_metric,
)
from summarizer.evaluation.comparison.joined import join_runs
from summarizer.evaluation.comparison.rule import Rule
from summarizer.evaluation.comparison.scored import Scored
from summarizer.evaluation.scoring.summary import Coverage
from summarizer.records import Frozen

Verdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]
Outcome = Literal["PASS", "FAIL", "INCONCLUSIVE", "INCOMPLETE"]

FAILED = 5
INCOMPLETE = 3
UNREACHABLE = 100_000
"""More cases than anybody labels."""

LoadScored = Callable[[Rule], Scored]
"""From a rule to the scores of what it compares with."""


class Regression(Frozen):
    """What the metric was measured against."""

    vs: str
    change: MetricChange
    p: float | None
    """Of a paired permutation test, two-sided, adjusted for all regression gates by Holm's
    method."""
    mde: float | None
    """The smallest change that so many cases would show four times in five."""
    left_out: tuple[str, ...]
    """Cases that one of the two has no answer to."""


class GateCheck(Frozen):
    """One demand, what was measured, and whether it is kept."""

    metric: str
    rule: str
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    """The 95 % interval of `value`."""
    n: int
    """How many cases (or clusters of cases) have a part in it."""
    regression: Regression | None = None
    """Null for a bound."""
    reason: str


class GateReport(Frozen):
    """All demands on a run: its outcome is what is printed, its exit code what is exited with."""

    run: str
    suite: str
    coverage: Coverage
    outcome: Outcome
    exit_code: int
    checks: tuple[GateCheck, ...]


def check_run(
    run: Scored,
    rules: Sequence[Rule],
    load: LoadScored,
    *,
    allow_errors: int = 0,
    strict: bool = False,
) -> GateReport:
    """Check a run against demands; one that lacks more than `allow_errors` answers is not checked.

    `strict` makes the exit code of an inconclusive gate that of a failed one. Raises UsageError
    for an unknown metric or baseline and for runs that cannot be compared.
    """
    missing = run.coverage.selected - run.coverage.scored
    if missing > allow_errors:
        return _report(run, "INCOMPLETE", (), exit_code=INCOMPLETE)
    bounds = {rule: _check_bound(rule, run) for rule in rules if rule.bound != "max_drop"}
    others = [rule for rule in rules if rule not in bounds]
    regressions = _check_regressions(others, run, load, allow_errors)
    found = {**bounds, **regressions}
    checks = tuple(found[rule] for rule in rules)
    outcome = _worst(checks)
    is_failure = outcome == "FAIL" or (strict and outcome == "INCONCLUSIVE")
    return _report(run, outcome, checks, exit_code=FAILED if is_failure else 0)


def _report(
    run: Scored, outcome: Outcome, checks: tuple[GateCheck, ...], *, exit_code: int
) -> GateReport:
    return GateReport(
        run=run.name,
        suite=run.summary.suite,
        coverage=run.coverage,
        outcome=outcome,
        exit_code=exit_code,
        checks=checks,
    )


def _worst(checks: Sequence[GateCheck]) -> Verdict:
    verdicts = {check.verdict for check in checks}
    if "FAIL" in verdicts:
        return "FAIL"
    return "INCONCLUSIVE" if "INCONCLUSIVE" in verdicts else "PASS"


def _check(
    rule: Rule, run: Scored, verdict: Verdict, reason: str, regression: Regression | None = None
) -> GateCheck:
    found = run.summary.metrics[rule.metric]
    return GateCheck(
        metric=rule.metric,
        rule=str(rule),
        verdict=verdict,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        regression=regression,
        reason=reason,
    )


def _check_bound(rule: Rule, run: Scored) -> GateCheck:
    """Whether the value keeps to a bound and, where asked for, its interval does."""
    find_metric(rule.metric, run)
    found = run.summary.metrics[rule.metric]
    if found.value is None:
        return _check(rule, run, "INCONCLUSIVE", "no case of the run has a part in it")
    sign = 1 if rule.bound == "min" else -1
    room = sign * (found.value - rule.limit)
    if room < 0:
        return _check(rule, run, "FAIL", "the value is beyond the bound")
    if rule.on == "point":
        return _check(rule, run, "PASS", "the value keeps to the bound")
    edge = found.low if rule.bound == "min" else found.high
    if edge is None:
        return _check(rule, run, "INCONCLUSIVE", "so few cases give no interval")
    if sign * (edge - rule.limit) >= 0:
        return _check(rule, run, "PASS", "all of the interval keeps to the bound")
    need = _need(found.n, reach=abs(found.value - edge), room=room)
    return _check(rule, run, "INCONCLUSIVE", f"the interval goes beyond the bound; {need}")


def _need(n: int, *, reach: float, room: float) -> str:
    """How many cases would make an interval that reaches so far fit into so much room."""
    cases = n * (reach / room) ** 2 if room > 0 else math.inf
    if cases > UNREACHABLE:
        return f"no number of cases that is in reach would decide, {n} do not"
    return f"about {max(n + 1, math.ceil(cases))} such cases would decide, {n} do not"


def _check_regressions(
    rules: Sequence[Rule], run: Scored, load: LoadScored, allow_errors: int
) -> dict[Rule, GateCheck]:
    """Whether the run is no worse than its baselines, all tests adjusted for one another."""
    from summarizer.evaluation.comparison.permutation import holm

    bases: dict[tuple[str, bool], Scored] = {}
    for rule in rules:
        if _name_base(rule) not in bases:
            bases[_name_base(rule)] = _load(rule, load, allow_errors)
    found = {rule: _measure(rule, run, bases[_name_base(rule)]) for rule in rules}
    names = {str(place): rule for place, rule in enumerate(rules)}
    known = {name: p for name, rule in names.items() if (p := found[rule].p) is not None}
    adjusted = holm(known)
    checks = {}
    for name, rule in names.items():
        p = adjusted.get(name)
        regression = found[rule].model_copy(update={"p": None if p is None else round(p, 6)})
        direction = find_metric(rule.metric, run).direction
        verdict, reason = _decide(direction, rule.limit, regression)
        checks[rule] = _check(rule, run, verdict, reason, regression)
    return checks


def _name_base(rule: Rule) -> tuple[str, bool]:
    return rule.vs, rule.vs_is_path


def _load(rule: Rule, load: LoadScored, allow_errors: int) -> Scored:
    """What to compare with; a run that was not finished is none, unlike a baseline set from one."""
    base = load(rule)
    if not base.is_baseline and base.coverage.selected - base.coverage.scored > allow_errors:
        raise ConfigurationError(
            f"{rule.vs} is incomplete and cannot be compared with: finish it with the same "
            "`summarizer eval run`, or give --allow-errors"
        )
    return base


def _measure(rule: Rule, run: Scored, base: Scored) -> Regression:
    """What became of the metric, the p-value not yet adjusted."""
    metric = find_metric(rule.metric, run)
    unselected = set(base.cases) - set(run.cases)  # part of a suite is held to the same part
    joined = join_runs(
        base,
        run,
        expendable=run.unanswered | base.unanswered | unselected,
        advice=f"look at the shared ones: `summarizer eval compare {base.name} {run.name} "
        "--allow-partial`",
    )
    tables = joined.tabulate()
    change = compare_metric(metric, tables)
    return Regression(
        vs=rule.vs,
        change=describe_change(metric, tables, change),
        p=change.p,
        mde=None if change.mde is None else round(change.mde, 6),
        left_out=tuple(sorted({*joined.base_only, *joined.cand_only})),
    )


def _decide(direction: int, drop: float, found: Regression) -> tuple[Verdict, str]:
    """PASS where the interval shows no larger loss; FAIL where the loss is larger, and no luck."""
    change = found.change
    if change.delta is None:
        return "INCONCLUSIVE", "one of the two has nothing to measure"
    gain = direction * change.delta
    edge = change.low if direction > 0 else change.high
    least = None if edge is None else direction * edge
    if least is not None and least >= -drop:
        return "PASS", "the interval of the difference holds no larger loss"
    if gain < -drop and found.p is not None and found.p < SIGNIFICANT:
        return "FAIL", "the loss is larger, and more than chance would give"
    if change.differing < 6:
        few = f"{change.differing} of {change.n} cases differ"
        return "INCONCLUSIVE", f"only {few}, and fewer than six can show no loss"
    reach, room = _measure_lack(gain, least, drop)
    seen = "" if found.mde is None else f"; they show a change of {found.mde:.3f}"
    return "INCONCLUSIVE", _need(change.n, reach=reach, room=room) + seen


def _measure_lack(gain: float, least: float | None, drop: float) -> tuple[float, float]:
    """How far the interval reaches, and how far it may: to the loss allowed, else to no loss."""
    reach = math.inf if least is None else gain - least
    return (reach, gain + drop) if gain >= -drop else (reach, -gain)
