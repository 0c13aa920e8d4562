"""Proposal: what a model makes of an article, in the shape of labels; made only when asked for."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from summarizer.article import Article
from summarizer.records import Summary
from summarizer.session import Session
from summarizer.settings import Settings

Label = dict[str, Any]


class Proposer:
    """Asks one model in a thread of its own, and remembers what it said of each article."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="proposal")
        self._session: Session | None = None
        self._known: dict[str, list[Label]] = {}

    @property
    def model(self) -> str:
        """The name that is recorded in the labels of whoever sees a proposal."""
        return self._settings.model

    def submit(self, article: Article) -> "Future[list[Label]]":
        """The records that the model finds, later; errors are those of `Session.summarize`."""
        return self._thread.submit(self._propose, article)

    def _propose(self, article: Article) -> list[Label]:
        if article.origin not in self._known:
            if self._session is None:
                self._session = Session(self._settings)
            self._known[article.origin] = list_labels(self._session.summarize(article))
        return self._known[article.origin]

    def close(self) -> None:
        """Stop the model; an answer that is being made is waited for."""
        if self._session is not None:
            self._thread.submit(self._session.close).result()
        self._thread.shutdown()


def list_labels(summary: Summary) -> list[Label]:
    """The records of a summary as labels: without identities and numbers of sentences."""
    records = summary.model_dump(mode="json")["records"]
    return [
        {"id": f"p{number}", **{name: _strip(value) for name, value in record.items()}}
        for number, record in enumerate(records, start=1)
    ]


def _strip(value: Any) -> Any:
    if isinstance(value, list):
        return [_strip(each) for each in value]
    if isinstance(value, Mapping):
        return {k: v for k, v in value.items() if k not in ("identity", "sentence")}
    return value
