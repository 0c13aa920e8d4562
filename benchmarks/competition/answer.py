"""Answer: what one of the others says, as records that the project's own scorer reads.

Evidence is every sentence that a quotation lies in. Where words are not exactly those of the
article, the sentence most like them is taken, and countries get their codes: nothing that this
program's own checks would refuse is refused here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rapidfuzz import fuzz

from summarizer.article import Article, Sentence
from summarizer.draft import RecordField
from summarizer.evaluation.scoring.item import Form
from summarizer.party import find_countries

ALIKE: Final = 80.0
"""From 0 to 100, from which a sentence is taken for the one that is quoted."""


def read_records(
    said: Sequence[Mapping[str, Any]], article: Article, form: Form
) -> list[dict[str, Any]]:
    """The records of an answer as in a stored summary; those of no known kind are left out.

    Each has a `kind`, the task's fields as plain words, and `quotes` or a `span` of the text.
    """
    return [_read_record(one, article, form) for one in said if one.get("kind") in form.kinds]


def _read_record(said: Mapping[str, Any], article: Article, form: Form) -> dict[str, Any]:
    kind = str(said["kind"])
    fields = {each.name: _read_value(said.get(each.name), each) for each in form.fields_of(kind)}
    cited = sorted(set(_cite(said, article)), key=lambda sentence: sentence.start)
    evidence = [{"start": one.start, "end": one.end, "quote": article.quote(one)} for one in cited]
    return {"kind": kind, **fields, "evidence": evidence}


def _read_value(value: Any, field: RecordField) -> Any:
    if value is None or value in ("", "null", []):
        return [] if field.shape == "parties" else None
    if field.shape == "parties":
        return [_read_party(str(name)) for name in (value if isinstance(value, list) else [value])]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if field.shape == "party":
        return _read_party(text)
    if field.shape == "timeframe":
        return {"text": text, "start": None, "end": None}
    return text


def _read_party(name: str) -> dict[str, str | None]:
    codes = {mention.code for mention in find_countries(name)}
    return {"name": name, "identity": name, "code": codes.pop() if len(codes) == 1 else None}


def _cite(said: Mapping[str, Any], article: Article) -> Iterator[Sentence]:
    """The sentences that a record's quotations or its span lie in."""
    spans = [said["span"]] if said.get("span") else []
    for quote in said.get("quotes") or ():
        start = article.text.find(quote)
        if start >= 0 and quote:
            spans.append((start, start + len(quote)))
        elif (likest := _find_like(str(quote), article)) is not None:
            yield likest
    for start, end in spans:
        yield from (one for one in article.sentences if one.start < end and start < one.end)


def _find_like(quote: str, article: Article) -> Sentence | None:
    likeness = {
        number: fuzz.partial_ratio(quote, article.read(one))
        for number, one in enumerate(article.sentences)
        if quote.strip()
    }
    best = max(likeness, key=likeness.__getitem__, default=None)
    return article.sentences[best] if best is not None and likeness[best] >= ALIKE else None
