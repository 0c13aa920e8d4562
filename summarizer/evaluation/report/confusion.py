"""Confusion: which value of a choice was given for which, among aligned records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from summarizer.evaluation.runs.results import Results

ABSENT = "None"


@dataclass(frozen=True, slots=True)
class Confusion:
    """A square table: a row for each labelled value, a column for each predicted one."""

    field: str
    values: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]

    @property
    def right(self) -> float:
        """How many lie on the diagonal."""
        return sum(row[place] for place, row in enumerate(self.counts))

    @property
    def total(self) -> float:
        """How many pairs there are."""
        return sum(map(sum, self.counts))


def list_confusions(results: Results) -> tuple[Confusion, ...]:
    """A table for the kind and for each field that is a choice, where any pair is aligned."""
    form = results.suite.cases[0].form
    choices = {"kind": tuple(form.kinds)} if len(form.kinds) > 1 else {}
    for field in form.fields_of(*form.kinds):
        if field.shape == "choice":
            choices[field.name] = field.choices
    found = results.summary.confusion
    return tuple(
        _tabulate(name, known, found[name]) for name, known in choices.items() if name in found
    )


def _tabulate(name: str, known: Iterable[str], changes: Mapping[str, float]) -> Confusion:
    """The counts of `label>prediction` as a table; values that do not occur are left out."""
    pairs = {tuple(change.split(">", 1)): count for change, count in changes.items()}
    seen = {value for pair in pairs for value in pair}
    ordered = [value for value in known if value in seen]
    ordered += sorted(seen - set(ordered))
    counts = tuple(
        tuple(pairs.get((gold, predicted), 0.0) for predicted in ordered) for gold in ordered
    )
    values = tuple("none" if value == ABSENT else value for value in ordered)
    return Confusion(name.replace("_", " "), values, counts)
