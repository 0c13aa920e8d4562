"""Characters that act on a terminal or a page, made inert before people see them."""

import re
from typing import Final

from summarizer.article.invisible import drop_invisible

# Controls of the C0 and C1 sets (ESC, BEL, CSI, OSC and the rest) and lone surrogates, which no
# stream can encode; then the characters that turn the order of writing around unseen.
_ACTIVE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def make_inert(text: str, *, keep_spaces: bool = False) -> str:
    """The text on one line, without anything that a terminal or a bidirectional display obeys.

    White space of every kind becomes single spaces (one for each character where a layout of
    spaces is to be kept), each active character a visible `�`; what nobody sees is left out: the
    direction marks of right-to-left articles, and words hidden from all but the next machine.
    """
    line = _ACTIVE.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"\s", " ", text))
    seen = drop_invisible(line)
    return seen if keep_spaces else " ".join(seen.split())


def escape_active(text: str) -> str:
    """The same JSON with each active character as an escape sequence: it says what it said."""
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
