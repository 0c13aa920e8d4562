"""Grouping: which reports become one thread, from how likely each two are of one commitment."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

COHESION: Final = 0.5
"""Share of the threshold that the mean score of two groups must reach to become one thread."""

Scores = Mapping[tuple[int, int], float]
"""Scores by pairs of numbers, the smaller first; 0 for what is set apart, none for what shares
nothing."""


def group_reports(count: int, scores: Scores, *, threshold: float) -> list[list[int]]:
    """Groups of the numbers below `count`: the most alike pair first, two groups become one.

    They do where the pair reaches the threshold, the mean score of all pairs across reaches
    `COHESION` of it, and no pair across is set apart.
    """
    groups = _Groups(count, scores)
    for (one, other), likely in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if likely < threshold or likely <= 0.0:
            break
        groups.join(one, other, least=COHESION * threshold)
    return groups.listed()


class _Groups:
    """Groups by number, with the sum of the scores across each two that have any."""

    def __init__(self, count: int, scores: Scores) -> None:
        self._members = {number: [number] for number in range(count)}
        self._group = list(range(count))
        self._across: dict[int, dict[int, float]] = defaultdict(dict)
        for (one, other), likely in scores.items():
            told = likely if likely > 0.0 else float("-inf")
            self._across[one][other] = self._across[other][one] = told

    def join(self, one: int, other: int, *, least: float) -> None:
        """Make the groups of two reports one, if they hang together."""
        kept, gone = self._group[one], self._group[other]
        if kept == gone:
            return
        if len(self._across[kept]) < len(self._across[gone]):
            kept, gone = gone, kept
        pairs = len(self._members[kept]) * len(self._members[gone])
        if self._across[kept][gone] / pairs >= least:
            self._merge(kept, gone)

    def listed(self) -> list[list[int]]:
        """The groups, each in order of its numbers."""
        return [sorted(members) for members in self._members.values()]

    def _merge(self, kept: int, gone: int) -> None:
        for number in self._members[gone]:
            self._group[number] = kept
        self._members[kept] += self._members.pop(gone)
        for other, total in self._across.pop(gone).items():
            del self._across[other][gone]
            if other != kept:
                told = self._across[kept].get(other, 0.0) + total
                self._across[kept][other] = self._across[other][kept] = told
