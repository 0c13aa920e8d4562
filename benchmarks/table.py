"""Table: figures as Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows of as many cells; the first column is words, the others are figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def render(self) -> str:
        """Lines of Markdown, without one at the end; empty where there is no row."""
        if not self.rows:
            return ""
        rule = ["---", *["---:"] * (len(self.head) - 1)]
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.head, rule, *self.rows))
