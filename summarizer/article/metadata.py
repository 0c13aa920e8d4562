"""What an article says of itself: its title, its day of publication and its outlet."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.article.dates import DATE, MONTHS
from summarizer.article.document import Role
from summarizer.article.furniture import AGENCIES
from summarizer.article.sentences import Span

_FIRST_LABELS = re.compile(
    r"\b(?:posted|published|created|registered|issued|released|date)\b|입력|등록|송고|승인|公開|掲載|配信"
    r"|发布|發布",
    re.IGNORECASE,
)
_LATER_LABELS = re.compile(r"updated|modified|수정|更新", re.IGNORECASE)
_DATE = re.compile(DATE, re.IGNORECASE)
_MONTH = re.compile(MONTHS, re.IGNORECASE)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_OPENING = 10  # lines of the body among which a dateline may stand: summaries come before it
_DATELINE = re.compile(
    r"^[(\[]?(?P<place>(?-i:[A-Z])[\w ./’'-]{1,40}(?:,\s*[A-Z][\w .]{1,30})?)"
    rf"(?:,\s*(?P<date>{MONTHS}\s\d{{1,2}}(?:,\s\d{{4}})?|\d{{1,2}}\s{MONTHS}(?:\s\d{{4}})?))?,?"
    r"\s*\((?P<agency>[^()=]{2,40})\)\s*(?:[-–—]+|:)\s"
)
_KOREAN_DATELINE = re.compile(r"^[(\[][가-힣·]{2,12}=(?P<agency>[^()=\s]{2,15})[)\]]")
_AGENCY_LINE = re.compile(rf"^\W*(?:By |Source:\s*)?(?P<agency>{AGENCIES})\W*$")
_SOURCE = re.compile(
    r"^\W*(?:sources?|출처|来源|來源|出典)\s?[:：]\s*(?P<name>[^\s].{1,80}?)\W*$", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"(?:©|ⓒ|\(c\)\s|copyright\b)\s*(?:(?:copyright|©|ⓒ|by"
    r"|\d{4}(?:\s?[-–]\s?\d{4})?)[\s,]*){0,8}(?P<name>[^()|.,;:©ⓒ]{2,60})",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"\s*\b(?:all rights.*|inc|ltd|co|corp|llc|\d{4})\b.*$|\s*(?:무단|無断).*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found in the text; None where the text does not tell."""

    title: str | None
    date: datetime.date | None
    source: str | None


def find_metadata(text: str, spans: Sequence[Span], roles: Sequence[Role]) -> Metadata:
    """Title from the headline; date and outlet from stamp, dateline, source and copyright lines.

    A year is never guessed: a date without one is no date.
    """
    furniture = list(_lines(text, spans, roles, "chrome"))
    body = list(_lines(text, spans, roles, "body"))[:_OPENING]
    title = next(_lines(text, spans, roles, "headline"), None)
    return Metadata(
        " ".join(title.lstrip("# ").split()) if title else None,
        _stamped_date(furniture) or _dateline_date(body),
        _dateline_agency(body) or _named_source(furniture),
    )


def find_date(text: str) -> datetime.date | None:
    """The first full date in the text: year first, or with the month's English name."""
    for match in _DATE.finditer(text):
        if date := _as_date(match.group()):
            return date
    return None


def _lines(text: str, spans: Sequence[Span], roles: Sequence[Role], role: Role) -> Iterator[str]:
    bounds: dict[int, tuple[int, int]] = {}
    for (start, end, number), given in zip(spans, roles, strict=True):
        if given == role:
            bounds[number] = (bounds.get(number, (start, end))[0], end)
    return (text[start:end] for start, end in bounds.values())


def _as_date(words: str) -> datetime.date | None:
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    month = _MONTH.search(words)
    if month and len(numbers) == 2:
        day, year = numbers
        numbers = [year, _MONTH_NAMES.index(month.group()[:3].lower()) + 1, day]
    if len(numbers) != 3 or numbers[0] < 1000:  # 03/04/2025 can be read in two ways
        return None
    try:
        return datetime.date(*numbers)
    except ValueError:
        return None


def _stamped_date(furniture: Sequence[str]) -> datetime.date | None:
    """The date after the first label of publication, else a bare one, else that of a change."""
    stamps = [line for line in furniture if len(line) <= 160 and _DATE.search(line)]
    for label in (_FIRST_LABELS, None, _LATER_LABELS):
        for stamp in stamps:
            if date := _labelled_date(stamp, label):
                return date
    return None


def _labelled_date(stamp: str, label: re.Pattern[str] | None) -> datetime.date | None:
    if label is None:
        before = _DATE.split(stamp, maxsplit=1)[0]
        bare = not _FIRST_LABELS.search(before) and not _LATER_LABELS.search(before)
        clear = _DATE.match(stamp.lstrip("( [|")) or (_CLOCK.search(stamp) and len(stamp) <= 80)
        return find_date(stamp) if bare and clear else None
    found = label.search(stamp)
    after = _DATE.search(stamp, found.end()) if found else None
    if not found or not after or len(stamp[found.end() : after.start()]) > 20:
        return None
    return _as_date(after.group())


def _dateline_date(body: Sequence[str]) -> datetime.date | None:
    datelines = filter(None, map(_DATELINE.match, body))
    return next((find_date(match["date"]) for match in datelines if match["date"]), None)


def _dateline_agency(body: Sequence[str]) -> str | None:
    for pattern in (_DATELINE, _KOREAN_DATELINE):
        for match in filter(None, map(pattern.match, body)):
            if find_date(match["agency"]) is None and re.search(r"[^\W\d]", match["agency"]):
                return match["agency"].strip()
    return None


def _named_source(furniture: Sequence[str]) -> str | None:
    for pattern in (_SOURCE, _AGENCY_LINE):
        for line in furniture:
            if (match := pattern.match(line)) and "://" not in line:
                return match[1].strip()
    for line in furniture:
        if match := _COPYRIGHT.search(line):
            return _RIGHTS.sub("", match["name"]).strip(' -–—"“”') or None
    return None
