"""Page: summaries of many articles as one HTML page that opens from disk and asks no network.

Each article is a block of JSON, which a browser does not run; the page's one script shows the
article that was asked for, by setting texts. Without a script a reader sees the records as a list.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from summarizer.output.fields import make_card, show_origin, show_warnings
from summarizer.output.html import (
    clean,
    open_templates,
    read_script,
    read_style,
    state_policy,
    write_data,
)
from summarizer.output.page.form import make_form
from summarizer.output.page.sheet import describe_failure, describe_summary
from summarizer.records import Failure, Record, Summary

if TYPE_CHECKING:
    import jinja2

Item = tuple[Summary | Failure, str | None]
"""A row of a run, and the text of its article where that is at hand."""

FOLDER: Final = Path(__file__).parent
STYLE: Final = FOLDER / "page.css"
SCRIPTS: Final = tuple(
    FOLDER / "script" / f"{name}.js"
    for name in (
        *("element", "data", "filter", "chart", "timeline", "matrix", "overview", "article"),
        "route",
    )
)
"""The parts of the script, each of which knows those before it."""

OPENING: Final = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta name="generator" content="summarizer">'
)
"""How a page of ours begins."""


def write_page(
    items: Iterable[Item], stream: TextIO, *, record_types: Sequence[type[Record]]
) -> None:
    """Write each item as it comes; the page is whole even if the items end in an error.

    Raises `UsageError` for a record that is none of the types; errors of the stream pass through.
    """
    templates = open_templates(FOLDER)
    style, script = read_style(STYLE), f"(() => {{{read_script(*SCRIPTS)}}})();"
    policy = state_policy(style=style, script=script)
    form = make_form(record_types)
    head = templates.get_template("head.html.j2")
    stream.write(clean(head.render(opening=OPENING, form=form, style=style, policy=policy)))
    try:
        for row, text in items:
            stream.write(clean(_render_row(row, text, templates, record_types=record_types)))
            stream.flush()
    finally:
        stream.write(clean(templates.get_template("foot.html.j2").render(script=script)))


def _render_row(
    row: Summary | Failure,
    text: str | None,
    templates: "jinja2.Environment",
    *,
    record_types: Sequence[type[Record]],
) -> str:
    if isinstance(row, Failure):
        data = describe_failure(row)
        return templates.get_template("failure.html.j2").render(data=write_data(data), **data)
    sheet = describe_summary(row, text, record_types=record_types)
    return templates.get_template("summary.html.j2").render(
        data=write_data(sheet),
        sheet=sheet,
        origin=show_origin(row),
        cards=[make_card(record) for record in row.records],
        warnings=show_warnings(row),
    )
