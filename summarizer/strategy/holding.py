"""holding: acts that a model wrote, held to the grammar of the sentence they are about.

A small model breaks one undertaking into its parts, or takes a circumstance for an act: a further
act is introduced by "to", "and", "will"; an act that the sentence continues with "to" and the next
one is one act with its purpose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.article.caseless import compile_caseless
from summarizer.grounding import list_stems
from summarizer.records import Rejection
from summarizer.strategy.acts import ASIDE, find_acts
from summarizer.strategy.phrasing import LY
from summarizer.task.pattern import straighten
from summarizer.task.rulefile import ActRule

Draft = dict[str, Any]

LEAST_SHARE = 0.6
"""Share of an act's words that its sentence must have."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The drafts that stand, and those that do not, with the reason."""

    drafts: tuple[Draft, ...]
    rejected: tuple[Rejection, ...]


def hold_to_sentence(drafts: Sequence[Draft], sentence: str, rule: ActRule | None) -> Acts:
    """The drafts of one sentence with their acts mended, joined or refused; at least one stays."""
    if rule is None or not drafts or rule.field not in drafts[0]:
        return Acts(tuple(drafts), ())
    plain = straighten(sentence)
    joined = _join([_strip(draft, rule) for draft in drafts], plain, rule)
    acts = [draft for n, draft in enumerate(joined) if _is_act(draft, plain, rule, first=n == 0)]
    refused = [draft for draft in joined if draft not in acts]
    kept = _add_main(acts, joined[0], plain, rule)
    if not kept:
        kept, refused = joined[:1], joined[1:]
    return Acts(tuple(kept), tuple(_reject(draft, rule) for draft in refused))


def _strip(draft: Draft, rule: ActRule) -> Draft:
    answered = " ".join(str(draft[rule.field] or "").split())
    act = re.sub(rule.strip, "", answered, count=1, flags=re.IGNORECASE)
    return {**draft, rule.field: act.strip(" .,;\"“”'")}


def _join(drafts: Sequence[Draft], sentence: str, rule: ActRule) -> list[Draft]:
    """Acts that the sentence links with "to" made one: the second is what the first is for."""
    joined: list[Draft] = []
    for draft in drafts:
        act = str(draft[rule.field])
        before = str(joined[-1][rule.field]) if joined else ""
        if before and f"{straighten(before)} to {straighten(act)}".lower() in sentence.lower():
            joined[-1] = {**joined[-1], rule.field: f"{before} to {act}"}
        else:
            joined.append(draft)
    return joined


def _is_act(draft: Draft, sentence: str, rule: ActRule, *, first: bool) -> bool:
    """Whether an act begins with a verb, is told by this very sentence and, if it is a further
    one, is introduced as one."""
    act = straighten(str(draft[rule.field]))
    if not act or compile_caseless(rule.headless).search(act):
        return False
    stems, known = list_stems(act), set(list_stems(sentence))
    if sum(stem in known for stem in stems) < LEAST_SHARE * len(stems):
        return False
    return first or _is_introduced(act, sentence, rule)


def _is_introduced(act: str, sentence: str, rule: ActRule) -> bool:
    stem = re.escape(_stem(act.split()[0].lower()))
    for match in re.finditer(rf"\b{stem}", sentence, re.IGNORECASE):
        if compile_caseless(rule.introduced).search(sentence[: match.start()]):
            return True
    return False


def _stem(word: str) -> str:
    """The beginning that a verb's forms share: "making" and "make", "deepening" and "deepen"."""
    return re.sub(r"(?:ing|ed|es|e|s)$", "", word) if len(word) > 4 else word


def _add_main(acts: Sequence[Draft], pattern: Draft, sentence: str, rule: ActRule) -> list[Draft]:
    """The acts, with the one that the sentence's main verb names put first where it is missing."""
    main = next((act.text for act in find_acts(sentence, rule) if act.rank < ASIDE), None)
    if main is None or any(_overlap(str(draft[rule.field]), main) for draft in acts):
        return list(acts)
    return [{**pattern, rule.field: main}, *acts]


def _overlap(act: str, main: str) -> bool:
    """Whether an act is the main one in other words: the same verb, or a part of it."""
    return _head(act) == _head(main) or straighten(act).lower() in main.lower()


def _head(act: str) -> str:
    """The stem of an act's verb; adverbs before it are passed over."""
    adverbs = rf"(?:{LY}|further)"
    words = [word for word in act.lower().split() if not re.fullmatch(adverbs, word)]
    return _stem(words[0]) if words else ""


def _reject(draft: Draft, rule: ActRule) -> Rejection:
    detail = f"{rule.field}: {draft[rule.field]!r} is no act of its own in its sentence"
    return Rejection(reason="not_an_act", detail=detail, answer=dict(draft))
