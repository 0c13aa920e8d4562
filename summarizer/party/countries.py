"""Names of countries in running text, and the code and the one name behind each of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from summarizer.party.mention import Kind, Mention, fold, read_aliases
from summarizer.party.places import find_places, split_words
from summarizer.party.stops import is_other

_LATIN = ("fr", "es", "pt", "de", "it", "nl", "pl", "tr", "vi", "id")
_SCRIPTS = {  # locales whose names are looked for when the text has such letters
    "[\uac00-\ud7a3]": ("ko",),
    "[\u3040-\u30ff\u4e00-\u9fff]": ("ja", "zh", "zh_Hant"),
    "[\u0600-\u06ff]": ("ar", "fa"),
    "[\u0400-\u04ff]": ("ru", "uk"),
}
_OTHER_SCRIPT = re.compile("[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_WORD = re.compile(r"\w+")
_NO_SPACES = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_PARTICLE = re.compile(
    "(?:은|는|이|가|을|를|과|와|의|에|에서|에게|에는|도|로|으로|까지|부터|측|측은|만|보다|인|산|정부|정부는|"
    "대통령|대통령은|총리|총리는|외교부|외교부는|국방부|외교장관|정상|정상은|양국|양국은|간|대사|)(?!\\w)"
)
_CYRILLIC_END = re.compile("[аяыиьйеёоуэюії]+$")
_CYRILLIC_REST = re.compile("[\u0400-\u04ff]{0,3}(?!\\w)")
_TERRITORIES_LEFT_OUT = frozenset(
    {"EZ", "UN", "QO", "ZZ", "XA", "XB", "UM", "CQ", "DG", "EA", "IC"}
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling: what it stands for, or nothing for a spelling that is no party."""

    spelling: str
    codes: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Index:
    """Spellings by their first word, and by first character where words are not spaced."""

    words: Mapping[str, tuple[_Entry, ...]]
    characters: Mapping[str, tuple[_Entry, ...]]
    stems: Mapping[str, _Entry]


def find_countries(text: str, *, language: str | None = None) -> list[Mention]:
    """Every country that the text names, in order; the longest spelling wins, capitals matter.

    `language` is an ISO 639-1 code; where it is None, names of all known languages are looked for.
    """
    folded = fold(text)
    index = _build_index(_choose_locales(folded, language))
    found = [mention for mention in _scan(folded, index) if not is_other(folded, mention)]
    return [
        Mention(m.start, m.end, m.code, text[m.start : m.end], m.kind)
        for m in found
        if m.code  # a stop phrase has used up its characters
    ]


@lru_cache(maxsize=1)
def name_countries() -> Mapping[str, str]:
    """The one English name of every country by its code."""
    from babel import Locale

    names = dict(Locale.parse("en").territories)
    table = {code: _shorten(name) for code, name in names.items() if _is_country(code)}
    identities: dict[str, str] = read_aliases()["identities"]
    return table | identities


def identify_country(code: str) -> str:
    """The country's one English name, such as "South Korea"; the code itself where unknown."""
    return name_countries().get(code, code)


def _is_country(code: str) -> bool:
    return len(code) == 2 and code not in _TERRITORIES_LEFT_OUT


def _shorten(name: str) -> str:
    return re.sub(r" \(.*\)$", "", name).replace(" & ", " and ").replace("St. ", "Saint ")


def _choose_locales(text: str, language: str | None) -> tuple[str, ...]:
    chosen = ["en"]
    if language is None:
        chosen.extend(_LATIN)
    elif language in _LATIN:
        chosen.append(language)
    if not text.isascii() and _OTHER_SCRIPT.search(text):
        for letters, locales in _SCRIPTS.items():
            if re.search(letters, text):
                chosen.extend(locales)
    return tuple(chosen)


@lru_cache(maxsize=32)
def _build_index(locales: tuple[str, ...]) -> _Index:
    spellings = dict(_list_foreign(locales))
    spellings.update(_list_english())
    words: dict[str, list[_Entry]] = {}
    characters: dict[str, list[_Entry]] = {}
    stems: dict[str, _Entry] = {}
    for spelling, entry in spellings.items():
        if _NO_SPACES.match(spelling):
            characters.setdefault(spelling[0], []).append(entry)
            continue
        words.setdefault(_WORD.findall(spelling)[0], []).append(entry)
        stem = _CYRILLIC_END.sub("", spelling)
        if stem != spelling and len(stem) > 3 and " " not in stem:
            stems[stem] = entry
    return _Index(_freeze(words), _freeze(characters), stems)


def _freeze(table: dict[str, list[_Entry]]) -> dict[str, tuple[_Entry, ...]]:
    return {
        key: tuple(sorted(entries, key=lambda entry: -len(entry.spelling)))
        for key, entries in table.items()
    }


def _list_foreign(locales: Iterable[str]) -> Iterator[tuple[str, _Entry]]:
    from babel import Locale

    aliases = read_aliases()
    left_out = frozenset(aliases["stops"]["homographs"])
    for locale in locales:
        for code, name in Locale.parse(locale).territories.items():
            spelling = fold(re.sub(r" ?[(（].*[)）]$", "", str(name)))
            if _is_country(code) and len(spelling) > 1 and spelling not in left_out:
                yield spelling, _Entry(spelling, (code,), "name")
    if locales == ("en",):
        return
    for code, names in aliases["foreign"].items():
        for name in names:
            yield fold(name), _Entry(fold(name), (code,), "name")
    for name, codes in aliases["compounds"].items():
        yield name, _Entry(name, tuple(codes), "name")


def _list_english() -> Iterator[tuple[str, _Entry]]:
    aliases = read_aliases()
    for code, groups in aliases["countries"].items():
        for kind, key in _GROUPS:
            for name in groups.get(key, ()):
                yield from _vary(name, code, kind)
    for code, name in name_countries().items():  # last: "Philippines" is no plural of "Philippine"
        yield from _vary(name, code, "name")
    for phrase in aliases["stops"]["phrases"]:
        yield fold(phrase), _Entry(fold(phrase), ("",), "name")


_GROUPS: tuple[tuple[Kind, str], ...] = (
    ("seat", "seats"),
    ("capital", "capitals"),
    ("adjective", "adjectives"),
    ("name", "names"),
)


def _vary(name: str, code: str, kind: Kind) -> Iterator[tuple[str, _Entry]]:
    spelling = fold(name)
    forms = {spelling}
    if kind == "adjective" and not spelling.endswith(("s", "sh", "ch", "ese")):
        forms.add(spelling + "s")
    forms |= {form.upper() for form in forms if len(form) > 3}
    for form in sorted(forms):
        yield form, _Entry(form, (code,), kind)


def _scan(text: str, index: _Index) -> Iterator[Mention]:
    cursor = 0
    for word in _list_openings(text, index):
        if word.start() < cursor:
            continue
        if _NO_SPACES.match(word.group()):
            yield from _scan_unspaced(text, word, index)
            continue
        entry, end = _match_word(text, word, index)
        if entry is not None:
            cursor = end
            yield Mention(word.start(), end, entry.codes[0], entry.spelling, entry.kind)


def _list_openings(text: str, index: _Index) -> Iterable[re.Match[str]]:
    """The words at which a name may begin, in order: few of a text whose words are spaced."""
    if index.stems or not (text.isascii() or _NO_SPACES.search(text) is None):
        return _WORD.finditer(text)
    openings = index.words.keys() & split_words(text)
    places = sorted(place for word in openings for place in find_places(text, word))
    return filter(None, (_WORD.match(text, place) for place in places))


def _match_word(text: str, word: re.Match[str], index: _Index) -> tuple[_Entry | None, int]:
    start = word.start()
    for entry in index.words.get(word.group(), ()):
        end = start + len(entry.spelling)
        if text.startswith(entry.spelling, start) and not text[end : end + 1].isalnum():
            return entry, end
    for size in range(min(len(word.group()), 14), 3, -1) if index.stems else ():
        stem = index.stems.get(word.group()[:size])
        if stem is not None and _CYRILLIC_REST.match(text, start + size):
            return stem, word.end()
    return None, start


def _scan_unspaced(text: str, word: re.Match[str], index: _Index) -> Iterator[Mention]:
    position = word.start()
    while position < word.end():
        entry = _match_characters(text, position, index)
        if entry is None:
            position += 1
            if _HANGUL.match(text, word.start()):
                return  # Korean has spaces: a name stands at the beginning of a word
            continue
        size = len(entry.spelling) // len(entry.codes)
        for number, code in enumerate(entry.codes):
            start = position + number * size
            yield Mention(start, start + size, code, text[start : start + size], entry.kind)
        position += len(entry.spelling)


def _match_characters(text: str, position: int, index: _Index) -> _Entry | None:
    for entry in index.characters.get(text[position], ()):
        end = position + len(entry.spelling)
        if not text.startswith(entry.spelling, position):
            continue
        if not _HANGUL.match(entry.spelling) or _PARTICLE.match(text, end):
            return entry
    return None
