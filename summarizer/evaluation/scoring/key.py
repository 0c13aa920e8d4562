"""Key: what a summary of one case is compared with."""

from dataclasses import dataclass

from summarizer.evaluation.scoring.item import Item


@dataclass(frozen=True, slots=True)
class Temptation:
    """A sentence that reports no record, and what makes it tempting."""

    span: tuple[int, int]
    type: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a case's summary is compared with."""

    case: str
    items: tuple[Item, ...]
    temptations: tuple[Temptation, ...]
    cluster: str
    tags: tuple[str, ...]
    """The strata of the case, those that follow from its labels among them."""
    sha256: str = ""
    """Of the case's text and labels: scores by other ones cannot be compared."""
