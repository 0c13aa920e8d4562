"""The report of a run: one page that opens from disk and needs nothing else.

page.py      the whole page, and its policy on what a browser may load
figure.py    metrics as they are read: value, 95 % interval and n, the lexicon's beside them
plot.py      where the dots and whiskers of the plot stand
confusion.py which value of a choice was given for which
sheet.py     everything the page says of one case
article.py   a text cut where marks begin and end
record.py    records as cards of fields with verdicts
"""

from summarizer.evaluation.report.page import render_report

__all__ = ["render_report"]
