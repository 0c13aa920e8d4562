"""What became of the scores, and whether that is allowed, as plain text."""

from collections.abc import Iterable, Iterator, Sequence

from summarizer.cli.evaluation.table import show_interval, show_number
from summarizer.cli.lines import print_line
from summarizer.evaluation.comparison.comparison import Comparison, Headline, MetricChange, Side
from summarizer.evaluation.comparison.flip import CaseCounts, Flip, Outcome, RecordFlip
from summarizer.evaluation.comparison.gate import INCOMPLETE, GateCheck, GateReport
from summarizer.evaluation.scoring.metric import Measurement
from summarizer.output.characters import make_inert

TITLES: dict[Outcome, str] = {
    "better": "better",
    "worse": "worse",
    "even": "as many errors, on other records",
}
SIGNS = {"found": "+", "dropped": "+", "lost": "-", "spurious": "-"}
EVENTS = {
    "found": "found",
    "lost": "no longer found",
    "spurious": "one too many:",
    "dropped": "no longer claimed:",
}


def print_comparison(found: Comparison) -> None:
    """The headline and its verdict, tables by metric and by stratum, and the cases that differ."""
    rows = [_side("base", found.base), _side("cand", found.cand)]
    print_columns(rows, left=len(rows[0]))
    print_line(f"{found.cases} cases compared")
    for name, left in (("base", found.base_only), ("cand", found.cand_only)):
        if left:
            print_line(f"left out, only {name} has them ({len(left)}): {', '.join(left)}")
    print_line()
    _print_headline(found.headline)
    print_line()
    _print_changes("metric", [(change.metric, change) for change in found.metrics])
    print_line()
    _print_changes(f"{found.headline.change.metric} by tag", list(found.strata.items()))
    _print_flips(found.flips)


def _side(role: str, side: Side) -> tuple[str, ...]:
    coverage = side.coverage
    scored = f"{coverage.scored} scored of {coverage.attempted} asked of {coverage.selected}"
    return (role, side.name, side.suite, side.model, side.prompt, scored)


def _print_headline(headline: Headline) -> None:
    change = headline.change
    before, after = _show_measured(headline.base), _show_measured(headline.cand)
    print_line(f"{change.metric}   {before} → {after}")
    print_line(f"  {_show_difference(change)}   {_show_power(headline.p, headline.mde)}")
    print_line(f"  {headline.verdict}: {headline.reason}")


def _show_measured(found: Measurement) -> str:
    return "-" if found.value is None else f"{show_number(found.value)} ({show_interval(found)})"


def _show_difference(change: MetricChange) -> str:
    interval = f"95 % interval {_show_reach(change)}"
    return f"Δ {_sign(change.delta)}   {interval}   n {change.n}, {change.differing} differ"


def _show_power(p: float | None, mde: float | None) -> str:
    shown = "-" if p is None else f"{p:.4f}" if p < 0.01 else f"{p:.3f}"
    return f"p {shown}   smallest change that would show {'-' if mde is None else f'{mde:.3f}'}"


def _show_reach(change: MetricChange) -> str:
    if change.low is None or change.high is None:
        return "-"
    return f"{_sign(change.low)} to {_sign(change.high)}"


def _sign(value: float | None) -> str:
    return "-" if value is None else f"{value + 0.0:+.3f}"


def _print_changes(title: str, changes: Sequence[tuple[str, MetricChange]]) -> None:
    rows: list[tuple[str, ...]] = [(title, "base", "cand", "Δ", "95 % interval", "n", "differ")]
    for name, change in changes:
        values = [
            "-" if value is None else show_number(value) for value in (change.base, change.cand)
        ]
        reach = (_sign(change.delta), _show_reach(change))
        rows.append((name, *values, *reach, str(change.n), str(change.differing)))
    print_columns(rows, left=1)


def _print_flips(flips: Sequence[Flip]) -> None:
    for outcome, title in TITLES.items():
        chosen = [flip for flip in flips if flip.outcome == outcome]
        if chosen:
            print_line()
            print_line(f"{title} ({len(chosen)})")
        for flip in chosen:
            print_line(f"  {flip.case}   {_show_counts(flip.base, flip.cand)}")
            for record in flip.records:
                print_line(f"    {_show_record(record)}")


def _show_counts(base: CaseCounts, cand: CaseCounts) -> str:
    pairs = {
        "right": (base.right, cand.right),
        "spurious": (base.spurious, cand.spurious),
        "missing": (base.missing, cand.missing),
    }
    return ", ".join(f"{name} {old:.3g} → {new:.3g}" for name, (old, new) in pairs.items())


def _show_record(record: RecordFlip) -> str:
    parts = [SIGNS[record.event], EVENTS[record.event], record.record]
    if {record.base, record.cand} != {0.0, 1.0}:
        parts.append(f"in {record.base:.0%} → {record.cand:.0%} of epochs")
    if record.why:
        parts.append(f"({record.why})")
    if record.words:
        parts.append(f"“{record.words}”")
    return " ".join(parts)


def print_gates(report: GateReport, *, on_stdout: bool = True) -> None:
    """Each gate with what was measured, then the outcome; what is not a pass also on stderr."""
    coverage = report.coverage
    scored = f"{coverage.scored} scored of {coverage.attempted} asked of {coverage.selected}"
    if on_stdout:
        print_line(f"{report.run} · {report.suite} · {scored}")
        for check in report.checks:
            for line in _show_check(check):
                print_line(line)
        print_line(report.outcome)
    if report.exit_code == INCOMPLETE:
        print_line(
            f"summarizer: {report.run} is incomplete, {scored}: finish it with the same "
            "`summarizer eval run`, or give --allow-errors",
            err=True,
        )
    elif report.outcome != "PASS":
        _say_what_failed(report)


def _show_check(check: GateCheck) -> Iterator[str]:
    yield f"{check.verdict:<12}  {check.metric} {check.rule}"
    value = "-" if check.value is None else show_number(check.value)
    reach = "-" if check.low is None or check.high is None else _show_interval(check)
    yield f"{'':14}{value}   95 % interval {reach}   n {check.n}"
    if check.regression is not None:
        found = check.regression
        yield f"{'':14}{_show_difference(found.change)}   {_show_power(found.p, found.mde)}"
        if found.left_out:
            few = ", ".join(found.left_out[:3]) + (" ..." if len(found.left_out) > 3 else "")
            yield f"{'':14}left out, as only one of the two has them: {len(found.left_out)} ({few})"
    yield f"{'':14}{check.reason}"


def _show_interval(check: GateCheck) -> str:
    assert check.low is not None  # the caller has looked
    assert check.high is not None
    return f"{show_number(check.low)} to {show_number(check.high)}"


def _say_what_failed(report: GateReport) -> None:
    bad = [check for check in report.checks if check.verdict == report.outcome]
    told = "; ".join(f"{check.metric} {check.rule}" for check in bad)
    if report.outcome == "FAIL":
        print_line(f"summarizer: gate failed: {told}", err=True)
    else:
        kind = "gate failed (--strict)" if report.exit_code else "warning"
        print_line(f"summarizer: {kind}: inconclusive: {told}", err=True)


def print_columns(rows: Sequence[Sequence[str]], *, left: int) -> None:
    """Rows in columns, the first `left` of them to the left, the others to the right."""
    plain = [[make_inert(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    for row in plain:
        cells = _align(row, widths, left)
        print_line("  ".join(cells).rstrip())


def _align(row: Iterable[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.ljust(width) if place < left else cell.rjust(width)
