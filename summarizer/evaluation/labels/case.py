"""Case: one labelled article, `<folder>/article.txt` with `<folder>/gold.json`."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarizer.article import Article, make_article
from summarizer.errors import ConfigurationError
from summarizer.evaluation.document import read_json, read_text
from summarizer.evaluation.labels.label import Gold, Quote, gold_type
from summarizer.evaluation.scoring.item import Form, read_form, read_item
from summarizer.evaluation.scoring.key import Key, Temptation
from summarizer.records import Record

TEXT = "article.txt"
GOLD = "gold.json"
ANNOTATIONS = "annotations"

UNTYPED = "unspecified"


@dataclass(frozen=True)
class Case:
    """A labelled article: its text, its labels, and the folder that holds both."""

    folder: Path
    text: str
    gold: Gold
    form: Form

    @property
    def id(self) -> str:
        """The case's name in every result."""
        return self.gold.id

    @cached_property
    def article(self) -> Article:
        """The article as `summarizer run --date … --source …` would read it."""
        source = self.gold.source
        return make_article(
            self.text,
            id=self.id,
            origin=str(self.folder / TEXT),
            date=source.published,
            source=source.publisher,
        )

    @cached_property
    def key(self) -> Key:
        """What summaries of the article are compared with."""
        records = self.gold.model_dump(mode="json")["records"]
        return Key(
            case=self.id,
            items=tuple(
                read_item(record, self.form, text=self.text, id=f"r{number}")
                for number, record in enumerate(records, start=1)
            ),
            temptations=tuple(
                Temptation((negative.start, negative.end), negative.type or UNTYPED)
                for negative in self.gold.negatives
            ),
            cluster=self.gold.cluster or self.id,
            tags=name_strata(self.gold),
            sha256=self.sha256,
        )

    @cached_property
    def sha256(self) -> str:
        """Of the text and everything in the labels that scoring looks at."""
        scored = self.gold.model_dump(
            mode="json", include={"id", "source", "tags", "cluster", "records", "negatives"}
        )
        content = json.dumps([self.text, scored], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


def name_strata(gold: Gold) -> tuple[str, ...]:
    """The tags of a case, and what follows from its labels: its size and its language."""
    required = sum(not record.optional for record in gold.records)
    size = ("empty", "one record")[required] if required < 2 else "several records"
    language = gold.source.language
    return tuple(dict.fromkeys([*gold.tags, size, *([f"language {language}"] if language else [])]))


def load_case(folder: Path, records: Mapping[str, type[Record]]) -> Case:
    """The case in a folder, with labels of these record types.

    Raises ConfigurationError, one line that names the file, where one of the two is missing, is
    not what it should be, or where the labels are of another text.
    """
    (case,) = load_cases([folder], records)
    return case


def load_cases(folders: Iterable[Path], records: Mapping[str, type[Record]]) -> list[Case]:
    """The cases in several folders, as `load_case` gives each; the type of labels is made once."""
    type_, form = gold_type(records), read_form(records)
    return [_load(folder, type_, form) for folder in folders]


def _load(folder: Path, type_: type[Gold], form: Form) -> Case:
    text = read_text(folder / TEXT)
    gold = read_json(folder / GOLD, type_)
    found = hashlib.sha256(text.encode()).hexdigest()
    if gold.text_sha256 != found:
        raise ConfigurationError(
            f"{folder / GOLD}: labels another text than {TEXT}; if the text was changed on "
            f"purpose, check every offset and set text_sha256 to {found}"
        )
    _refuse_false_labels(folder / GOLD, text, gold)
    return Case(folder, text, gold, form)


def _refuse_false_labels(path: Path, text: str, gold: Gold) -> None:
    """Figures made with labels that are not true to the text would mean nothing."""
    ids = [record.id for record in gold.records]
    quotes = [quote for record in gold.records for quote in record.evidence]
    false = [q for q in (*quotes, *gold.negatives) if not _stands(q, text)]
    if false or len(set(ids)) < len(ids):
        what = f"text[{false[0].start}:{false[0].end}] is not its quote" if false else "an id twice"
        raise ConfigurationError(
            f"{path}: {what}; `summarizer eval validate` lists all that is wrong"
        )


def _stands(quote: Quote, text: str) -> bool:
    return 0 <= quote.start < quote.end and text[quote.start : quote.end] == quote.quote
