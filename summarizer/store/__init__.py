"""Store: what became of every input of every run, in one SQLite file of plain tables."""

from summarizer.store.redaction import cut_text, restore_text, shorten_words
from summarizer.store.rows import Result, Row, Run, RunStart
from summarizer.store.store import Store

__all__ = [
    "Result",
    "Row",
    "Run",
    "RunStart",
    "Store",
    "cut_text",
    "restore_text",
    "shorten_words",
]
