"""Small made-up corpora with known threads, as a store would hold them (tests/threads)."""

import datetime
import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from summarizer.party.countries import identify_country
from summarizer.records import Usage
from summarizer.store import Result, Row, RunStart, Store

FOLDER = Path(__file__).parent / "threads"
UNTOUCHED = ("crossings", "factories", "reactors", "rivers")
"""Corpora on which nothing was scored while words and weights were chosen."""

START = RunStart(
    command="summarizer run articles/",
    task="agreements",
    strategy="lexicon",
    model="lexicon",
    endpoint="none",
    summarizer="0.1.0",
)
PROVENANCE = {
    "summarizer": "0.1.0",
    "task": "agreements",
    "task_version": "1",
    "prompt_sha256": "ab" * 32,
    "schema_sha256": "cd" * 32,
    "strategy": "lexicon",
    "model": {"name": "m", "endpoint": "none", "file": None, "sha256": None, "parameters": {}},
    "usage": {},
    "seconds": 1.0,
    "created": "2026-03-12T00:00:00Z",
}
SILENT = {"condition": None, "timeframe": None, "occasion": None, "attributed_to": None}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Summaries as JSON, and for each record, by article and place, the thread it is of."""

    name: str
    summaries: tuple[dict[str, Any], ...]
    threads: dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Score:
    """How many pairs of records were linked, rightly linked, and should have been."""

    linked: int
    right: int
    known: int

    def __add__(self, other: "Score") -> "Score":
        return Score(self.linked + other.linked, self.right + other.right, self.known + other.known)

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.known if self.known else 1.0


def list_corpora() -> list[Path]:
    return sorted(FOLDER.glob("*.yaml"))


def read_corpus(path: Path) -> Corpus:
    articles = yaml.safe_load(path.read_text("utf-8"))["articles"]
    threads = {
        (article["id"], place): record.get("thread") or f"{article['id']}-{place}"
        for article in articles
        for place, record in enumerate(article["records"], start=1)
    }
    return Corpus(path.stem, tuple(map(make_summary, articles)), threads)


def make_summary(article: dict[str, Any]) -> dict[str, Any]:
    """The summary of one article as JSON; its text is its title and the evidence."""
    info = {
        "id": article["id"],
        "origin": f"{article['id']}.txt",
        "sha256": hashlib.sha256(read_text(article).encode()).hexdigest(),
        "title": article.get("title"),
        "date": str(article["date"]) if article.get("date") else None,
        "source": article.get("source"),
        "url": None,
        "language": "en",
        "sentences": 1 + len(article["records"]),
    }
    records = [make_record(one, n) for n, one in enumerate(article["records"], start=2)]
    return {"article": info, "gist": "", "records": records, "provenance": PROVENANCE}


def read_text(article: dict[str, Any]) -> str:
    return "\n\n".join([article.get("title") or "", *(one["quote"] for one in article["records"])])


def make_record(told: dict[str, Any], sentence: int) -> dict[str, Any]:
    quote = told["quote"]
    record = {**SILENT, **{k: v for k, v in told.items() if k not in ("thread", "quote")}}
    record["parties"] = list(map(make_party, told["parties"]))
    if told["kind"] == "pledge":
        record["counterparts"] = list(map(make_party, told.get("counterparts", ())))
    else:
        record.pop("counterparts", None)
    number = told.get("sentence", sentence)
    record.pop("sentence", None)
    record["evidence"] = [{"sentence": number, "start": 0, "end": len(quote), "quote": quote}]
    return record


def make_party(name: str) -> dict[str, Any]:
    """A party by its code, or by the name of what is no country."""
    is_code = len(name) == 2 and name.isupper()
    identity = identify_country(name) if is_code and name != "EU" else name
    identity = "European Union" if name == "EU" else identity
    return {"name": identity, "code": name if is_code else None, "identity": identity}


def write_store(
    path: Path, summaries: Iterable[dict[str, Any]], *, texts: Sequence[str] = ()
) -> None:
    """A store with one run that made these summaries."""
    store = Store(path)
    run = store.begin(START)
    for position, (summary, text) in enumerate(itertools.zip_longest(summaries, texts)):
        article = summary["article"]
        key = hashlib.sha256(json.dumps(summary, default=str).encode()).hexdigest()
        row = Row(
            position=position,
            key=key,
            origin=article["origin"],
            article_id=article["id"],
            status="ok",
        )
        store.keep(run, row, make_result(key, summary), (), text=text)
    store.end(run, "finished")
    store.close()


def make_result(key: str, summary: dict[str, Any], **given: Any) -> Result:
    article = summary["article"]
    told = {
        "article_id": article["id"],
        "origin": article["origin"],
        "article_sha256": article["sha256"],
        "title": article["title"],
        "published": datetime.date.fromisoformat(article["date"]) if article["date"] else None,
        "source": article["source"],
        "task": "agreements",
        "strategy": "lexicon",
        "model": "lexicon",
        "endpoint": "none",
        "summary": json.dumps(summary, default=str),
        "usage": Usage(),
        "seconds": 1.0,
        "created": datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC),
    }
    return Result(key=key, status="ok", **{**told, **given})


def score_links(corpus: Corpus, found: Iterable[Iterable[tuple[str, int]]]) -> Score:
    """Pairs of records in one thread, found against known."""
    linked = {pair for group in found for pair in itertools.combinations(sorted(group), 2)}
    known = {
        (one, other)
        for one, other in itertools.combinations(sorted(corpus.threads), 2)
        if corpus.threads[one] == corpus.threads[other]
    }
    return Score(len(linked), len(linked & known), len(known))
