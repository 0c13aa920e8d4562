"""Kind: one kind of furniture of a page, and whether a line is of it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of furniture: its pattern, the longest line it speaks of, and what it ends."""

    name: str
    pattern: re.Pattern[str]
    """What a line of this kind begins with, or holds where there are `needs`."""
    longest: int
    sentences_too: bool = False
    """Whether a line that ends like a sentence can be of this kind."""
    ends: bool = False
    """Whether the article proper is over after such a line."""
    sure: bool = False
    """Whether it is so even where the line reports what somebody said or undertook."""
    needs: tuple[str, ...] = ()
    """Words of which every match holds one, in small letters: they are quickly looked for."""

    def matches(self, text: str, small: str) -> bool:
        """Whether a line is of this kind by its words; `small` is what `small_letters` gives."""
        if not self.needs:
            return self.pattern.match(text) is not None
        return any(word in small for word in self.needs) and bool(self.pattern.search(text))


def small_letters(text: str) -> str:
    """The text in small letters, those that patterns take for them without regard to case too."""
    small = text.lower()
    if not small.isascii():
        small = small.replace("i\u0307", "i").replace("ı", "i").replace("ſ", "s")
    return small
