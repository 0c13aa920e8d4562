"""Casebook: the folder of cases that a desk works on, and how an article becomes a case."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from summarizer.article import Article, Unreadable, make_article, read_articles
from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.document import read_text, write_text
from summarizer.evaluation.labels.case import ANNOTATIONS, GOLD, TEXT
from summarizer.evaluation.labels.reading import GOLD_NAME
from summarizer.task import Task

DRAFTS = "drafts"
_NAME = re.compile(r"[\w][\w.-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one case are; there need not be more than its text."""

    id: str
    """The folder's path below the casebook, which the page calls the case by."""
    folder: Path

    @property
    def text(self) -> Path:
        """The article."""
        return self.folder / TEXT

    @property
    def gold(self) -> Path:
        """The labels that summaries are compared with."""
        return self.folder / GOLD

    def reading(self, annotator: str) -> Path:
        """One reader's labels; of the reader called `gold`, the labels that count."""
        return self.gold if annotator == GOLD_NAME else self._find(ANNOTATIONS, annotator)

    def draft(self, annotator: str) -> Path:
        """One reader's unfinished labels, not called as files of labels are, `gold.json` least."""
        return self._find(DRAFTS, f"{annotator}.draft")

    def _find(self, within: str, annotator: str) -> Path:
        return self.folder / within / f"{annotator}.json"

    def list_readers(self) -> tuple[str, ...]:
        """Who has labelled the article and saved it."""
        return tuple(sorted(path.stem for path in (self.folder / ANNOTATIONS).glob("*.json")))

    def read_article(self) -> Article:
        """The article as the program reads it; ConfigurationError or ArticleError if it cannot."""
        return make_article(read_text(self.text), id=self.folder.name, origin=str(self.text))


@dataclass(frozen=True, slots=True)
class Casebook:
    """Every folder with an `article.txt` at or below a root, and the task its labels are for."""

    root: Path
    task: Task

    def list_places(self) -> tuple[Place, ...]:
        """The cases in the order of their paths; none that a link leads out of the root to."""
        root = self.root.resolve()
        found = sorted(path.parent for path in root.rglob(TEXT) if _is_within(path, root))
        return tuple(Place(self._name(folder, root), folder) for folder in found)

    def _name(self, folder: Path, root: Path) -> str:
        return folder.name if folder == root else folder.relative_to(root).as_posix()

    def find(self, id: str) -> Place | None:
        """The case of that name; None where there is none, whatever path the name spells."""
        return next((place for place in self.list_places() if place.id == id), None)

    def add(self, file: Path) -> Place:
        """The case made of an article's file, called after it; the old one if it has that text.

        Raises UsageError where a case of that name has another text, ArticleError for a file that
        cannot be read.
        """
        text = clean_text(_read_one(file).text)
        name = re.sub(r"[^\w.-]+", "-", file.stem).strip("-.") or "case"
        folder = self.root.resolve() / name
        place = Place(name, folder)
        if place.text.exists() and read_text(place.text) != text:
            raise UsageError(f"{place.text} holds another text than {file}: rename the file")
        if not place.text.exists():
            write_text(place.text, text)
        return place


def _is_within(path: Path, root: Path) -> bool:
    """Whether everything that would be read and written there lies below the root."""
    parts = (path, path.parent / GOLD, path.parent / ANNOTATIONS, path.parent / DRAFTS)
    return path.is_file() and all(part.resolve().is_relative_to(root) for part in parts)


def _read_one(file: Path) -> Article:
    if not file.is_file():
        raise UsageError(f"there is no file {file}")
    found = list(read_articles([str(file)]))
    if len(found) != 1:
        raise UsageError(f"{file} holds {len(found)} articles: --from takes a file of one")
    if isinstance(found[0], Unreadable):
        raise found[0].error
    return found[0]


def clean_text(text: str) -> str:
    """The text in the form in which offsets mean the same on every machine."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in plain if unicodedata.category(c) != "Cc" or c in "\n\t")
    return unicodedata.normalize("NFC", "".join(kept))


def open_casebook(root: Path, task: Task, *, files: tuple[Path, ...] = ()) -> Casebook:
    """The casebook of a folder, with a case for each of these files; made where it is missing.

    Raises UsageError where there is neither a case nor a file to make one of.
    """
    casebook = Casebook(root, task)
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is no folder: give a folder of cases")
    for file in files:
        casebook.add(file)
    if not casebook.list_places():
        raise UsageError(f"{root} has no case: make one with --from article.txt")
    return casebook


def check_annotator(name: str) -> str:
    """The name, if a file can be called by it; else ConfigurationError."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"--annotator: {name!r} cannot name a file; use letters, digits, dots and dashes"
        )
    return name
