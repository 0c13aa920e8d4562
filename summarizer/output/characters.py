"""Characters that act on a terminal or a page, made inert before people see them."""

import re
from typing import Final

# Controls of the C0 and C1 sets (ESC, BEL, CSI, OSC and the rest) and lone surrogates, which no
# stream can encode; then the characters that turn the order of writing around unseen.
_ACTIVE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MARKS: Final = re.compile("[\u061c\u200e\u200f\ufeff]")


def make_inert(text: str, *, keep_spaces: bool = False) -> str:
    """The text on one line, without anything that a terminal or a bidirectional display obeys.

    White space of every kind becomes single spaces (one for each character where a layout of
    spaces is to be kept), each active character a visible `�`; direction marks, which
    right-to-left articles use in good faith, are left out.
    """
    plain = _MARKS.sub("", text)
    line = re.sub(r"\s", " ", plain) if keep_spaces else " ".join(plain.split())
    return _ACTIVE.sub("\N{REPLACEMENT CHARACTER}", line)


def escape_active(text: str) -> str:
    """The same JSON with each active character as an escape sequence: it says what it said."""
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
