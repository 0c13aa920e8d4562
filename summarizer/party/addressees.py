"""Addressees: to whom or for whom a sentence tells that something is undertaken."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.article.document import Article
from summarizer.party.cast import Cast
from summarizer.party.countries import find_countries
from summarizer.party.leads import is_listed
from summarizer.party.mention import fold
from summarizer.party.organisations import find_organisations, is_organisation
from summarizer.records import Party

_TELL = "told|tell"
_SAY = "assur|promis|pledg|guarante|inform|notif|consult|answer"
_GIVE = (
    "giv|gave|lend|lent|send|sent|offer|grant|suppl|sell|sold|award|equip|arm|train|(?:re)?pay|(?:re)?paid|gift"
    "|help|assist|aid|support|back|defend|protect|reward|compensat|join|reimburs|shield|rebuild"
    "|exempt|spar|return|provid(?!ed)|donat|host"
)
_END = "(?:e|es|ed|s|d|ing|ying|ies|ied|y|ee|ees|eed|eeing|t|ts|n|en)?"
_VERB = re.compile(rf"(?:{_TELL}|{_SAY}|{_GIVE}){_END}", re.I)
_STAND = re.compile(r"\bst(?:ands?|anding|ood) (?:by|with|behind)$", re.I)
_MOVE = re.compile(rf"(?:send|sent|lend|lent|return|offer|suppl|provid(?!ed)){_END}", re.I)
_MOVED = re.compile(r"(?: and [\w-]+)? (?:to|from|home|back|abroad|overseas)\b")
_TOLD = re.compile(rf"(?:{_TELL}){_END}", re.I)
_TOWARDS = re.compile(r"to|for|with|towards?", re.I)
_OTHER = re.compile(
    r"[^\w\s]|at|on|by|over|after|before|since|against|about|under|between|among|than|via|through"
    r"|into|as|like|during|despite|amid|that|which|who|and|or|but|while|where|when|if|because|will"
    r"|would|said|says|is|are|was|were|has|have|had|according|including|without|within|outside"
    r"|until|per|from",
    re.I,
)
_INFINITIVE = re.compile(r"to \w+ (?:the|a|an|its|his|her|their|all|every|any|out|up|down|\w+ly)\b")
_UNDERTAKING = re.compile(
    r"\b(?:(?:vow|pledg|promis|agree|decid|undert|resolv|plan|aim|intend|continu|want|prepar)\w*"
    r"|ready|willing|due|set|is|are|was|were|had) $",
    re.I,
)
_ACT = re.compile(
    r"\b(?:(?:vow|pledg|promis|commit|undert|agree|assur|guarant|offer|announc|affirm|reaffirm"
    r"|reiterat|provid|giv|send|grant)\w*|will|would|to|is|are|gave)\b",
)
_NOUN = re.compile(r"to (?:the|its|his|her|their|all|every|(?-i:[A-Z]))\b", re.I)
_NEVER = re.compile(
    r"\b(?:according to|(?:visit|trip|travel|return|ambassador|envoy|prior|due|next|close|flight"
    r"|road|highway|dispatch|leading|back|statement)\w* to|except for|for example,?"
    r"|(?:along|together|in line|compared|beginning|starting) with)"
    r" (?:the |its |his |her |their )?$",
    re.I,
)
_RECEIVES = re.compile(
    r"(?: [\w-]+){0,3}? (?:to|will|would|can|are to|is to|are|is) (?:also )?(?:get|getting|receive"
    r"|benefit|be (?:given|paid|trained|compensated|exempt|granted|offered|lent|supplied|spared"
    r"|provided with|allowed|admitted))",
)
_NAME = re.compile(
    r"(?:[Tt]he )?[A-Z][\w'&-]*(?: (?:of (?:the )?|for |and )?[A-Z][\w'&-]*)*"
    r"|the (?:union|group|bloc|alliance|company|firm|agency|fund|bank)\b(?! \w+s\b)"
)
_CLAUSE = re.compile(
    r"; |, (?:while|whereas|but) |,? and (?:the )?(?=[A-Z][\w' ]{1,40} (?:to|will|is|has|\w+ed) )"
)
_HYPHENS = ("-", "–")
_FIGURE = re.compile(r"\d|[$€£¥]$")
_MONEY = re.compile(r"D?(?: ?[$€£¥]| dollars?| \d)")
_PROMISE_TO = re.compile(
    r"\b(?:pledge|promise|guarantee|commitment|assurance|word|undertaking|vow|notice|letter)s? to"
    r" (?:the |its |their |his |her |all |some |about )*$",
    re.I,
)
_PEOPLE = (
    "families|households|people|women|children|students|pupils|teachers|nurses|doctors|workers"
    "|employees|staff|miners|dockers|drivers|farmers|growers|fishermen|fishers|villagers|residents"
    "|tenants|homeowners|passengers|commuters|travellers|customers|consumers|subscribers|patients"
    "|victims|survivors|refugees|migrants|veterans|pensioners|retirees|taxpayers|investors"
    "|shareholders|creditors|exporters|importers|manufacturers|shipbuilders|shippers|producers"
    "|suppliers|unions|elders|communities|clans|tribes|counties|municipalities|charities|companies"
    "|firms|members|countries|nations|governments|neighbou?rs|partners|athletes|players|soldiers"
    "|sailors|parents|mothers|crews|prisoners"
)
_CROWD = re.compile(
    rf"(?<=[a-z] )(?!(?:the|its|their|his|her|our|all|some|{_SAY}|{_GIVE}){_END} )"
    rf"(?:(?!(?:to|of|that|for)\b)[a-z][a-z-]+ ){{0,2}}(?:{_PEOPLE})(?![\w-])"
    r"(?: of (?:this|the) [a-z]+)?"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """Somebody in a sentence: `kind` is that of a country, "other" for a name, or "people"."""

    start: int
    end: int
    name: str
    kind: str


def find_addressees(
    article: Article,
    cast: Cast,
    number: int,
    *,
    actors: Sequence[Party],
    act_start: int | None = None,
) -> tuple[Party, ...]:
    """The parties to whom a pledge told in a sentence is made or who gain by it, in order.

    `actors` are never among them. `act_start` is where in the sentence the act begins, for a
    sentence that tells of several. () where the sentence names nobody.
    """
    sentence = next((each for each in article.content if each.number == number), None)
    if sentence is None:
        return ()
    text = fold(article.read(sentence))
    for mentions in _rank_mentions(text, language=article.language, actors=actors):
        found: dict[str, Party] = {}
        for mention in mentions:
            if act_start is not None and _CLAUSE.search(text, *sorted((mention.end, act_start))):
                continue
            for party in _identify(cast, mention, number):
                if not any(_is_same(party, actor) for actor in actors):
                    found.setdefault(party.identity, party)
        if found:
            return tuple(found.values())
    return ()


def _rank_mentions(
    text: str, *, language: str | None, actors: Sequence[Party]
) -> Iterator[list[_Mention]]:
    """Mentions that may be addressees, the surest first: each list is for where the last failed."""
    if language in (None, "en"):
        yield list(_find_addressed(text, language=language))
        yield _list_owners(text, language=language)
    elif all(actor.code for actor in actors):  # the words around a name are not known
        yield _list_countries(text, language=language)


def _identify(cast: Cast, mention: _Mention, number: int) -> tuple[Party, ...]:
    parties = cast.resolve(mention.name, sentence=number)
    if parties or mention.kind != "people":
        return parties
    return (Party(name=mention.name, code=None, identity=mention.name),)


def _is_same(one: Party, other: Party) -> bool:
    return one.identity == other.identity or (one.code is not None and one.code == other.code)


def _find_addressed(text: str, *, language: str | None) -> Iterator[_Mention]:
    """The names that the words around them make an addressee, with those listed after them."""
    mentions = _list_mentions(text, language=language)
    starts = {mention.start for mention in mentions}
    last: _Mention | None = None
    for mention in mentions:
        gap = text[last.end : mention.start] if last else ""
        in_pair = text[mention.end : mention.end + 1] in _HYPHENS and mention.end + 1 in starts
        if is_listed(gap) or gap in _HYPHENS or in_pair or _is_addressed(text, mention):
            last = mention
            yield mention


def _list_owners(text: str, *, language: str | None) -> list[_Mention]:
    """Whose things an act is about: "train 60 Ukrainian divers"."""
    undertaking = _ACT.search(text)
    start = undertaking.start() if undertaking else len(text)
    return [
        mention
        for mention in _list_countries(text, language=language)
        if mention.kind == "adjective"
        and mention.start > start
        and not _NEVER.search(text[: mention.start])
    ]


def _list_countries(text: str, *, language: str | None) -> list[_Mention]:
    return [
        _Mention(found.start, found.end, text[found.start : found.end], found.kind)
        for found in find_countries(text, language=language)
        if not _MONEY.match(text, found.end)
    ]


def _list_mentions(text: str, *, language: str | None) -> list[_Mention]:
    """Countries first, then other names and people that no country is part of, in order."""
    kept = _list_countries(text, language=language)
    for kind, pattern in (("other", _NAME), ("people", _CROWD)):
        kept += [
            _Mention(found.start(), found.end(), found.group(), kind)
            for found in pattern.finditer(text)
            if not any(each.start < found.end() and found.start() <= each.end + 1 for each in kept)
            and not (kind == "other" and _FIGURE.search(text[found.start() : found.end() + 1]))
        ]
    return sorted(kept, key=lambda mention: mention.start)


def _is_addressed(text: str, mention: _Mention) -> bool:
    """Whether it receives something, or the nearest word that governs it makes it an addressee.

    A country may stand deeper: "to the people of Ukraine", "for clinics in Somalia".
    """
    before = text[: mention.start]
    if _NEVER.search(before):
        return False
    if _RECEIVES.match(text, mention.end) and mention.kind not in ("other", "people"):
        return True
    words = list(re.finditer(r"[\w'-]+|[^\w\s]", before))[::-1]
    for word in words[: 2 if mention.kind in ("other", "people") else 9]:
        verdict = _govern(text, mention, word)
        if verdict is not None:
            return verdict
    return False


def _govern(text: str, mention: _Mention, word: re.Match[str]) -> bool | None:
    """Whether a word before a mention makes it an addressee; None where it does not govern it."""
    if _STAND.search(text[: word.end()]):
        return True
    if mention.kind == "people" and _is_moved(text, mention, word.group()):
        return False
    if _VERB.fullmatch(word.group()):
        return not (_TOLD.fullmatch(word.group()) and mention.kind in ("other", "people"))
    if _TOWARDS.fullmatch(word.group()):
        if word.end() + 1 < mention.start and _is_infinitive(text, word):
            return False
        if mention.kind == "people":
            return bool(_PROMISE_TO.search(text[: mention.start]))
        return mention.kind != "other" or _is_body(mention.name)
    if _OTHER.fullmatch(word.group()):
        return False
    if word.group() == "in" and mention.kind in ("capital", "seat"):
        return False
    return None


def _is_moved(text: str, mention: _Mention, verb: str) -> bool:
    """Whether people are what is sent rather than to whom: "send workers to South Korea"."""
    return bool(_MOVE.fullmatch(verb)) and bool(_MOVED.match(text, mention.end))


def _is_infinitive(text: str, word: re.Match[str]) -> bool:
    """Whether a "to" stands before a verb, as far as its neighbours tell."""
    if _NOUN.match(text, word.start()):
        return False
    return bool(_INFINITIVE.match(text, word.start()) or _UNDERTAKING.search(text[: word.start()]))


def _is_body(name: str) -> bool:
    """Whether a name is of an organisation rather than of a place."""
    return is_organisation(name) or bool(find_organisations(name))
