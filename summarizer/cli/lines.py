"""Lines for people and JSON for machines, in which no label, tag or id can act on a terminal."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel


def print_line(text: str = "", *, err: bool = False) -> None:
    """One line, whatever is in it; `err` is for what is said rather than given."""
    from summarizer.output.characters import make_inert

    stream = sys.stderr if err else sys.stdout
    if stream is not None:  # the program may be started without one
        print(make_inert(text, keep_spaces=True), file=stream, flush=True)


def print_json(content: "BaseModel | object") -> None:
    """A model, or plain data, as JSON."""
    import json

    from pydantic import BaseModel

    from summarizer.output.characters import escape_active

    if isinstance(content, BaseModel):
        text = content.model_dump_json(indent=2)
    else:
        text = json.dumps(content, ensure_ascii=False, indent=2)
    typer.echo(escape_active(text))


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Rows in aligned columns, the first one as a heading; bold only on a terminal."""
    from rich.cells import cell_len, set_cell_size

    from summarizer.output.characters import make_inert

    table = [[make_inert(cell) for cell in row] for row in rows]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*table, strict=True)]
    for number, row in enumerate(table):
        cells = [set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        heading = number == 0 and sys.stdout.isatty()
        typer.echo(typer.style(line, bold=True) if heading else line)
