"""timing: which words of a sentence name the time of the act that it reports.

A sentence names other times too: the day of the report, that of an earlier event, one of a clause
about something else. The word order tells: a time belongs to the verb before it.
"""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from summarizer.article.caseless import compile_caseless
from summarizer.strategy.clause import is_told_of
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import NOTHING, TimeRule
from summarizer.timeframe import find_phrases, resolve_timeframe
from summarizer.timeframe.phrase import Form, Phrase

_WORTH: Final[dict[Form, int]] = {
    "deadline": 0, "next": 0, "length": 0, "near": 0, "dated": 0, "open": 1, "day": 1,
    "vague": 2, "event": 2, "clause": 3, "rate": 4,
}  # fmt: skip
"""Which of several times is the act's: those that say more before those that say less."""

_FAR: Final = 1000
"""Characters; further than any sentence goes on."""


_WORDLESS: Final = TimeRule(must=NOTHING, never=NOTHING)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is the same for all sentences of an article."""

    published: datetime.date | None
    rule: TimeRule
    language: str | None


@dataclass(frozen=True, slots=True)
class _Time:
    """An expression of time where it stands in a sentence, apostrophes straightened."""

    form: Form
    words: str
    before: str
    after: str
    start: datetime.date | None
    end: datetime.date | None


@dataclass(frozen=True, slots=True)
class _Found:
    words: str
    worth: int
    away: int


def find_act_time(
    sentence_text: str,
    *,
    published: datetime.date | None,
    rule: TimeRule | None,
    act_start: int | None = None,
    starts: Sequence[int] = (),
    language: str | None = None,
) -> str | None:
    """The words of a sentence, known to report a commitment, that name the time of the act.

    `act_start` is where the act's words begin in the sentence, as an offset: of several times the
    nearest after it counts, and none that is told of another act; `starts` are where all the acts
    begin. Without a `rule` for the words of the `language` (ISO 639-1, None for English), only what
    looks ahead by itself counts. None where no time is named.
    """
    setting = _Setting(published, rule or _WORDLESS, language)
    found = _find(sentence_text, setting, act_start, starts)
    return None if found is None else found.words


def _find(
    text: str, setting: _Setting, act_start: int | None, starts: Sequence[int] = ()
) -> _Found | None:
    plain, found = straighten(text), []
    published, language = setting.published, setting.language
    for phrase in find_phrases(plain, published=published, language=language):
        time = _read(plain, phrase, setting)
        if time is not None and _is_of_act(time, setting):
            begin = phrase.start if act_start is None else act_start
            between = plain[slice(*sorted((phrase.start, begin)))]
            is_own = is_told_of(phrase.start, begin, starts)
            if is_own and not compile_caseless(setting.rule.another).search(between):
                found.append(_measure(text, phrase, act_start))
    return min(found, key=lambda time: (time.worth, time.away), default=None)


def _measure(text: str, phrase: Phrase, act_start: int | None) -> _Found:
    away = 0 if act_start is None else phrase.start - act_start
    words = text[phrase.start : phrase.end].rstrip(" .")
    return _Found(words, _WORTH[phrase.form], away if away >= 0 else _FAR - away)


def _read(plain: str, phrase: Phrase, setting: _Setting) -> _Time | None:
    """The expression with its surroundings; None for one in the dateline or of no act."""
    dateline = re.match(setting.rule.dateline, plain)
    begin = dateline.end() if dateline else 0
    if phrase.start < begin or phrase.form == "other":
        return None
    words = plain[phrase.start : phrase.end]
    days = resolve_timeframe(words, published=setting.published, language=setting.language or "en")
    before, after = plain[begin : phrase.start], plain[phrase.end :]
    return _Time(phrase.form, words, before, after, days.start, days.end)


def _is_of_act(time: _Time, setting: _Setting) -> bool:
    over = setting.published is not None and time.end is not None and time.end < setting.published
    return not over and not time.before.endswith(" not ") and _CHECKS[time.form](time, setting)


def _is_ahead(time: _Time, setting: _Setting) -> bool:
    """Whether the last verb before the time, or else the first one after it, looks ahead."""
    rule, is_strict = setting.rule, time.form in ("day", "event")
    ahead, past = _last(rule.ahead, time.before), _last(rule.past, time.before)
    if not is_strict:
        ahead = max(ahead, _last(rule.present, time.before))
    if max(ahead, past) >= 0:
        return ahead >= past and not (is_strict and _first(rule.past, time.after.lstrip()) == 0)
    if is_strict and time.before.strip():
        return False
    return _first(rule.ahead, time.after) < _first(rule.past, time.after)


def _is_near(time: _Time, setting: _Setting) -> bool:
    """Ahead, or at least not right behind a verb of what has happened (`signed this year`)."""
    behind = _last(setting.rule.past, time.before)
    return behind < len(time.before.rstrip()) or _is_ahead(time, setting)


def _is_open(time: _Time, setting: _Setting) -> bool:
    """Ahead, or of a later year by its words."""
    names_later_year = _is_later(time.start, setting) and str(time.start)[:4] in time.words
    return names_later_year or _is_ahead(time, setting)


def _is_no_aside(time: _Time, setting: _Setting) -> bool:
    """Whether it is not in a clause about something else that has no verb looking ahead."""
    aside = compile_caseless(setting.rule.aside).search(time.before)
    return aside is None or _last(setting.rule.ahead, time.before[aside.start() :]) >= 0


def _is_later(day: datetime.date | None, setting: _Setting) -> bool:
    return day is not None and setting.published is not None and day > setting.published


_CHECKS: Final[dict[Form, Callable[[_Time, _Setting], bool]]] = {
    "deadline": _is_no_aside,
    "length": _is_no_aside,
    "next": lambda time, setting: True,
    "clause": _is_ahead,
    "vague": lambda time, setting: bool(time.before) and _is_no_aside(time, setting),
    "dated": lambda time, setting: _is_later(time.end or time.start, setting),
    "near": _is_near,
    "open": _is_open,
    "day": _is_ahead,
    "event": _is_ahead,
    "rate": _is_ahead,
}
"""Whether an expression of each form can be the time of the act."""


def _first(pattern: str, text: str) -> int:
    found = compile_caseless(pattern).search(text)
    return found.start() if found else _FAR


def _last(pattern: str, text: str) -> int:
    """Where the last match ends, -1 for none."""
    ends = [found.end() for found in compile_caseless(pattern).finditer(text)]
    return max(ends, default=-1)
