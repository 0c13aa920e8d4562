"""Rule: one demand of a gate, as a suite's file or the command line states it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from summarizer.errors import UsageError
from summarizer.evaluation.labels.suite import Gate


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand: a bound of a metric, or how far it may fall behind a baseline."""

    metric: str
    bound: Literal["min", "max", "max_drop"]
    limit: float
    on: Literal["point", "ci"]
    vs: str
    """The baseline's name; empty for a bound."""
    vs_is_path: bool = False
    """Whether `vs` is a run's folder or a file, which a suite never names: in its gates it is the
    name of a baseline, whatever the working folder holds."""

    def __str__(self) -> str:
        if self.bound == "max_drop":
            return f"at most {self.limit:g} worse than {self.vs}"
        where = " with all of its interval" if self.on == "ci" else ""
        return f"{'at least' if self.bound == 'min' else 'at most'} {self.limit:g}{where}"


def list_rules(
    gates: Iterable[Gate], *, baseline: str | None = None, is_path: bool = False
) -> tuple[Rule, ...]:
    """The demands of some gates, each once.

    `baseline` is for those that name none; it may be a path.

    Raises UsageError for a gate that demands nothing or does not say of what it may fall short,
    and where there is no demand at all: what checks nothing must not pass.
    """
    rules = tuple(dict.fromkeys(rule for gate in gates for rule in _split(gate, baseline, is_path)))
    if not rules:
        raise UsageError(
            "there is no gate to check: add `gates:` to the suite's file, or give --min, --max or "
            "--baseline"
        )
    return rules


def _split(gate: Gate, baseline: str | None, is_path: bool) -> Iterator[Rule]:
    limits = {"min": gate.min, "max": gate.max, "max_drop": gate.max_drop}
    if all(limit is None for limit in limits.values()):
        raise UsageError(f"the gate on {gate.metric} demands nothing: give it min, max or max_drop")
    if not all(limit is None or math.isfinite(limit) for limit in limits.values()):
        raise UsageError(f"the gate on {gate.metric} has a limit that is no number")
    vs = gate.vs or baseline or ""
    if gate.max_drop is not None and not vs:
        raise UsageError(
            f"the gate on {gate.metric} has max_drop but nothing to compare with: give it `vs`, or "
            "give --baseline"
        )
    if gate.min is not None:
        yield Rule(gate.metric, "min", gate.min, gate.on, "")
    if gate.max is not None:
        yield Rule(gate.metric, "max", gate.max, gate.on, "")
    if gate.max_drop is not None:
        yield Rule(gate.metric, "max_drop", gate.max_drop, "point", vs, is_path and not gate.vs)
