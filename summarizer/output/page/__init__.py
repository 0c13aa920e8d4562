"""The page of summaries: one file that opens from disk, for people who look.

page.py    the whole page, written as rows come
form.py    what records can be filtered and counted by, from the types of their fields
sheet.py   what the page holds of one article, as JSON
script/    what a browser does with it: the parts of one script
"""

from summarizer.output.page.page import OPENING, Item, write_page

__all__ = ["OPENING", "Item", "write_page"]
