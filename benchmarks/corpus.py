"""Corpora to measure with: articles of true sentences, drawn from the five samples of seeds/.

The first sentence is always one that the waiting server's answer fits, so that every article ends
with a record; a number in it makes each article another one.
"""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from summarizer.article import make_article

ROOT: Final = Path(__file__).parent.parent
Length = Literal["short", "typical"]
SENTENCES: Final[Mapping[Length, int]] = MappingProxyType({"short": 3, "typical": 20})
PARAGRAPH: Final = 3
SEED: Final = 7


def read_sentences() -> list[str]:
    """Every sentence of the articles in seeds/, on one line each."""
    found = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        article = make_article(path.read_text("utf-8"), id=path.stem, origin=path.name)
        found += [article.read(one) for one in article.content if one.role == "body"]
    return found


def write_articles(length: Length, count: int) -> Iterator[str]:
    """So many articles as lines of JSON; a larger count begins with the same ones."""
    pool, chance = read_sentences(), random.Random(SEED)
    for number in range(count):
        drawn = chance.choices(pool, k=SENTENCES[length] - 1)
        yield json.dumps(
            {
                "id": f"{length}-{number}",
                "date": "2031-05-02",
                "title": f"Catch shared, number {number}",
                "text": _join(
                    f"Norway and Iceland agreed to share their catch of cod {number}.", drawn
                ),
            },
            ensure_ascii=False,
        )


def _join(first: str, rest: list[str]) -> str:
    """The first sentence as a paragraph, the others three to a paragraph."""
    starts = range(0, len(rest), PARAGRAPH)
    return "\n\n".join([first, *(" ".join(rest[at : at + PARAGRAPH]) for at in starts)])


def make_corpus(folder: Path, length: Length, *, count: int) -> Path:
    """A file of so many articles, in the folder; written once."""
    path = folder / f"{length}-{count}.jsonl"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in write_articles(length, count))
        part.replace(path)
    return path
