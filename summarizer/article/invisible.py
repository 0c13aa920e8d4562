"""Invisible characters: what stands in a text and no reader sees.

They hide words from a reader and show them to a model, or hide them from rules. What is read is
read without them; the stored text keeps them, so every offset stays true.
"""

import re
from typing import Final

# Control characters that are no white space; soft hyphens; marks, fillers and joiners without
# width; what turns the order of writing around; variation selectors; tags; lone surrogates.
_NEVER_SEEN: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\U000e0000-\U000e0fff"
)
_JOINERS: Final = "\u200c\u200d"
_SUSPECT: Final = re.compile(f"[{_NEVER_SEEN}{_JOINERS}]")
_INVISIBLE: Final = re.compile(
    f"[{_NEVER_SEEN}]"
    # Joiners spell words in Persian, Hindi and their neighbours; anywhere else they only hide.
    "|(?<![\u0600-\u08ff\u0900-\u0dff\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefe])"
    f"[{_JOINERS}]"
)


def drop_invisible(text: str) -> str:
    """The text as a reader sees it: without a character that has no form of its own."""
    if (text.isascii() and text.isprintable()) or not _SUSPECT.search(text):
        return text
    return _INVISIBLE.sub("", text)
