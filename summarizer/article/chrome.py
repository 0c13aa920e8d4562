"""Roles: which sentences are the headline, which the body, and which belong to the page."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.article.caption import is_caption, reports
from summarizer.article.document import Role
from summarizer.article.furniture import KINDS, MARK
from summarizer.article.kind import Kind, small_letters
from summarizer.article.paragraphs import LINE_END
from summarizer.article.sentences import Span

LONGEST_HEADLINE = 200
LONGEST_LINK = 140
SHORTEST_PROSE = 6
"""Words of a line that ends like a sentence and is reporting for sure."""
LONG_PROSE = 100
"""Characters of a paragraph that shows the article to go on after an end marker."""

_STOPS = tuple(".!?。！？…")
_CLOSERS = "\"”’'»」』)]）"
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Z]\.){2,}|\b(?:Jr|Sr|Co|Corp|Inc|Ltd|St|No)\.)$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LISTED = re.compile(r"^\W*[-*+•·▲■□○●◆◇]\s|^\(?[\da-z]{1,2}[.)]\s")
_VERB = re.compile(
    r"\b(?:agree|back|call|commit|condemn|confirm|discuss|hold|meet|pledge|promise|reaffirm|reject|say|seek|sign"
    r"|talk|urge|visit|vow|warn)(?:s|ed|d)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One paragraph of the text on one line, as far as its role can be told from it alone."""

    text: str

    @cached_property
    def ended(self) -> bool:
        """Whether it ends like a sentence, and not merely in an abbreviation."""
        stopped = self.text.rstrip(_CLOSERS).endswith(_STOPS)
        return stopped and not (
            self.text.endswith(".") and _ABBREVIATED.search(self.text, len(self.text) - 8)
        )

    @cached_property
    def words(self) -> int:
        """How many words; two characters of a script without spaces count as one."""
        unspaced = 0 if self.text.isascii() else len(_CJK.findall(self.text)) // 2
        return max(len(self.text.split()), unspaced)

    @cached_property
    def kind(self) -> Kind | None:
        """Which furniture it is, None where nothing says so."""
        small = small_letters(self.text)
        return next((kind for kind in KINDS if _matches(kind, self, small)), None)

    @cached_property
    def chrome(self) -> bool:
        """Whether its own words say that it belongs to the page."""
        return (
            self.kind is not None or is_caption(self.text) or not any(map(str.isalnum, self.text))
        )

    @cached_property
    def prose(self) -> bool:
        """Whether it is a paragraph of reporting for sure."""
        enough = self.words >= SHORTEST_PROSE and self.ended
        return not self.chrome and (enough or len(self.text) >= LONGEST_HEADLINE)

    @cached_property
    def plain(self) -> str:
        """Its words alone, in small letters: to compare lines."""
        return _plain(self.text)


def mark_roles(text: str, spans: Sequence[Span], *, title: str | None = None) -> list[Role]:
    """One role for each span of `split_sentences`; `title` is the headline where it is known.

    Furniture of the page is `chrome`; what reads like reporting is `body` unless a strong pattern
    says otherwise. There is a `headline` only where a line stands as one above the body.
    """
    lines = read_lines(text, spans)
    headline = _headline(lines, title)
    roles = _line_roles(lines, headline)
    return [
        _sentence_role(_unwrapped(text[start:end]), roles[number]) for start, end, number in spans
    ]


def read_lines(text: str, spans: Sequence[Span]) -> list[Line]:
    """The paragraphs that the spans number, in order."""
    bounds: dict[int, tuple[int, int]] = {}
    for start, end, number in spans:
        bounds[number] = (bounds.get(number, (start, end))[0], end)
    return [Line(_unwrapped(text[start:end])) for start, end in bounds.values()]


def _matches(kind: Kind, line: Line, small: str) -> bool:
    if len(line.text) > kind.longest or (line.ended and not kind.sentences_too):
        return False
    if not kind.matches(line.text, small):
        return False
    doubtful = not kind.sure and (line.ended or kind.name == "tags")
    return not (doubtful and reports(line.text))


def _unwrapped(words: str) -> str:
    """The words on one line, without the indentation of the lines joined to it."""
    if words.isprintable():  # no line end is
        return words.strip()
    return " ".join(part.strip() for part in LINE_END.split(words))


def _headline(lines: Sequence[Line], title: str | None) -> int | None:
    """The number of the line that is the headline."""
    first_prose = _first_prose(lines)
    above = [n for n, line in enumerate(lines[:first_prose]) if not line.chrome]
    known = [n for n in above if title and lines[n].plain == _plain(title)]
    if known:
        return known[0]
    standing = [n for n in above if _could_be_headline(lines[n])]
    if first_prose is None or not standing:
        return None
    return next((n for n in standing if not _is_name(lines[n])), standing[0])


def _first_prose(lines: Sequence[Line]) -> int | None:
    """Where reporting begins; in an article of very short sentences, with the first of them."""
    prose = [n for n, line in enumerate(lines) if line.prose]
    ended = [n for n, line in enumerate(lines) if line.ended and not line.chrome]
    return next(iter(prose or ended), None)


def _could_be_headline(line: Line) -> bool:
    stopped = line.ended and line.text.rstrip("\"”’'»」』)").endswith((".", "。"))
    return len(line.text) < LONGEST_HEADLINE and not stopped


def _is_name(line: Line) -> bool:
    """A few capitalised words with nothing said of them: an outlet, a section, an author."""
    words = line.text.split()
    named = all(not word[0].islower() for word in words if word[0].isalpha())
    bare = not line.ended and not re.search(r"[,:;\"“”‘'’\d]", line.text)
    return line.words <= 4 and named and bare and not _VERB.search(line.text)


def _line_roles(lines: Sequence[Line], headline: int | None) -> list[Role]:
    first = _first_prose(lines) or 0
    last = max((n for n, line in enumerate(lines) if line.prose), default=len(lines))
    links = _links(lines, last + 1)
    roles: list[Role] = []
    seen: set[str] = set()
    over = False
    for number, line in enumerate(lines):
        repeated = line.plain in seen and line.words >= 3
        seen.add(line.plain)
        over = (over or _ends(line, number, first)) and not _goes_on(line)
        outside = number < first or number > last
        if number == headline:
            roles.append("headline")
        else:
            stray = outside and (_above(number, headline) or _is_name(line))
            after = (over and not line.prose) or number in links
            roles.append("chrome" if line.chrome or repeated or after or stray else "body")
    return roles


def _links(lines: Sequence[Line], start: int) -> set[int]:
    """Two or more headlines in a row below the last prose: they lead to other stories.

    Furniture between them counts for neither; what a colon announces is a list of the article.
    """
    below = [n for n in range(start, len(lines)) if not lines[n].chrome]
    found: set[int] = set()
    announced = start <= len(lines) and start > 0 and lines[start - 1].text.endswith((":", "："))
    for like, group in itertools.groupby(below, key=lambda n: _could_be_link(lines[n])):
        run = list(group)
        if like and len(run) >= 2 and not announced:
            found.update(run)
        announced = lines[run[-1]].text.endswith((":", "："))
    return found


def _could_be_link(line: Line) -> bool:
    opens = next(filter(str.isalnum, line.text), "a")
    told = re.search(r"[:;,：；，、]$|\b(?:said|told)\b", line.text) or _LISTED.match(line.text)
    size = line.words >= 3 and len(line.text) <= LONGEST_LINK
    return size and not line.ended and not told and not opens.islower()


def _ends(line: Line, number: int, first: int) -> bool:
    return number > first and line.kind is not None and line.kind.ends


def _goes_on(line: Line) -> bool:
    return line.prose and len(line.text) >= LONG_PROSE


def _above(number: int, headline: int | None) -> bool:
    return headline is not None and number < headline


def _sentence_role(sentence: str, role: Role) -> Role:
    """A bare “(Yonhap)” or “(END)” after the last sentence of a paragraph is no sentence."""
    return "chrome" if MARK.match(sentence) else role


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
