"""Identity: the key of a result, a hash of everything that shaped it."""

import functools
import hashlib
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from summarizer.article import Article
from summarizer.model.protocol import EMBEDDING_FORMAT, REQUEST_FORMAT
from summarizer.records import ModelInfo
from summarizer.task import Task

_SHAPING: Final = (
    "article",
    "party",
    "timeframe",
    "draft.py",
    "grounding",
    "task",
    "model",
    "strategy",
    "pipeline.py",
    "records.py",
)
"""The parts of this package whose code decides what a summary holds."""

_KINDS: Final = (".py", ".toml")

_READERS: Final = ("py3langid", "sentencex")
"""The libraries that tell an article's language and its sentences; `code` covers the rest."""


def identify(article: Article, task: Task, info: ModelInfo, *, strategy: str, code: str) -> str:
    """The SHA-256, in hexadecimal, of everything that shapes the answer about an article.

    `code` is what `hash_code` gives. Of the article its text counts and what was told of it: all
    else is found in these by that code. Where it came from and its id do not count: the same text
    under another name is the same question.
    """
    return make_identifier(task, info, strategy=strategy, code=code)(article)


def make_identifier(
    task: Task, info: ModelInfo, *, strategy: str, code: str
) -> Callable[[Article], str]:
    """What `identify` is for each article; all that is the same for them is hashed once, here."""
    content = {
        "task": [task.name, task.prompt_sha256, task.schema_sha256, _hash_schema_file(task)],
        "guarded": task.is_guarded,
        "strategy": strategy,
        "model": [info.name, info.endpoint, info.sha256],
        "parameters": sorted(info.parameters.items()),
        "formats": [REQUEST_FORMAT, EMBEDDING_FORMAT],
        "readers": [version(library) for library in _READERS],
        "code": code,
    }
    shared = hashlib.sha256(json.dumps(content).encode())

    def identify_article(article: Article) -> str:
        digest, told = shared.copy(), article.told
        date = told.date.isoformat() if told.date else None
        digest.update(json.dumps([told.title, date, told.source, told.url]).encode())
        digest.update(article.text.encode())
        return digest.hexdigest()

    return identify_article


def hash_code() -> str:
    """The SHA-256, in hexadecimal, over this package's own files that shape results."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(_list_files(root), key=lambda path: path.relative_to(root).as_posix()):
        name = path.relative_to(root).as_posix().encode()
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()


def _list_files(root: Path) -> list[Path]:
    found: list[Path] = []
    for part in _SHAPING:
        path = root / part
        found += path.rglob("*") if path.is_dir() else [path]
    return [path for path in found if path.suffix in _KINDS and path.is_file()]


def _hash_schema_file(task: Task) -> str | None:
    """The file that defines the records: its validators are not in the JSON Schema."""
    file = getattr(sys.modules.get(task.summary.__module__), "__file__", None)
    return _hash_file(file) if file else None


@functools.cache  # once, as it is loaded once: an edit counts from the next start on
def _hash_file(path: str) -> str | None:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:  # gone since it was loaded
        return None
