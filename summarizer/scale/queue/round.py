"""Round: one run over an order's articles in which nothing is sent."""

from collections.abc import Iterable, Iterator
from contextlib import closing

from summarizer.article import Article, Unreadable
from summarizer.errors import UsageError
from summarizer.model.absent import LEXICON
from summarizer.model.opening import EMBEDDED, describe_model
from summarizer.model.prices import find_price
from summarizer.model.weights import Say, ignore_line
from summarizer.records import ModelInfo
from summarizer.scale.queue.answers import Answers
from summarizer.scale.queue.folder import Folder
from summarizer.scale.queue.outbox import Limits, Outbox, Total
from summarizer.scale.queue.transport import open_queued_model
from summarizer.session import Session, find_strategy, open_journal
from summarizer.settings import Settings
from summarizer.task import Task, load_task


def describe_queued(settings: Settings) -> ModelInfo:
    """The model of the settings; UsageError where no queue can answer for it."""
    described = describe_model(settings)
    if described.info.endpoint == EMBEDDED or described.info.name == LEXICON:
        raise UsageError(
            f"{described.info.name!r} answers on this machine and has no batch queue: "
            "name an endpoint's model, or use `summarizer run`"
        )
    task = load_task(settings.task, home=settings.home)
    if find_strategy(settings, task) != "whole":
        raise UsageError(
            "a queue takes hours for each question, and only 'whole' asks all at once: "
            "leave --strategy out"
        )
    return described.info


def open_outbox(
    settings: Settings, answers: Answers, limits: Limits, *, folder: Folder | None
) -> Outbox:
    """Where the round's new requests go; without a folder they are counted only."""
    info = describe_model(settings).info
    total = Total(price=find_price(info.name, info.endpoint))
    return Outbox(answers, limits, folder, total)


def open_round(
    settings: Settings,
    answers: Answers,
    outbox: Outbox,
    *,
    has_store: bool,
    keeps_text: bool = True,
    refused: tuple[str, ...] = (),
    say: Say = ignore_line,
) -> Session:
    """A session whose questions the queue's answers answer; results are kept as from any other.

    `refused` are parameters that the model does not take.
    """
    task = load_task(settings.task, home=settings.home)
    info = describe_model(settings).info
    journal = open_journal(settings, task, keeps_text=keeps_text) if has_store else None
    return Session(
        settings,
        task=task,
        journal=journal,
        say=say,
        opener=lambda: open_queued_model(info, answers, outbox, refused=refused),
    )


def leave_out_stored(
    articles: Iterable[Article | Unreadable], settings: Settings, task: Task
) -> Iterator[Article | Unreadable]:
    """The articles that the store holds no result of; a store is not made for the question."""
    if not settings.store.exists():
        yield from articles
        return
    with closing(open_journal(settings, task, is_read_only=True)) as journal:
        for item in articles:
            if isinstance(item, Unreadable) or journal.recall(item, position=0) is None:
                yield item
