"""`summarizer run --dry-run`: what a run would ask, with nothing started, asked or kept."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from summarizer.cli.lines import print_json, print_line, print_table

if TYPE_CHECKING:
    from summarizer.article import Article, Unreadable
    from summarizer.errors import ArticleError
    from summarizer.journal import Journal, Policy
    from summarizer.records import ModelInfo, Usage
    from summarizer.settings import Settings
    from summarizer.task import Task

CHARACTERS: Final = 4
"""Of a prompt that make one token, about: fewer in other scripts than Latin."""

ANSWER_TOKENS: Final = 400
"""Tokens of an answer about a whole article, about."""

LABEL_TOKENS: Final = 1
"""Tokens of an answer that is a label."""


@dataclass(slots=True)
class Estimate:
    """What a run would come to; `cost` is in US dollars, None where no price is known."""

    model: str
    strategy: str
    articles: int = 0
    unreadable: int = 0
    in_store: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    is_least: bool = False
    """Whether more may be asked: some questions depend on the answers to others."""
    cost: float | None = None
    is_here: bool = False
    """Whether nobody else is asked, so that nobody is paid."""


def estimate_run(
    articles: "Iterable[Article | Unreadable]",
    settings: "Settings",
    *,
    policy: "Policy",
    has_store: bool,
) -> Estimate:
    """Read the articles, look for them in the store, and count what would be asked.

    Raises UsageError or TaskError where the settings name no model or no task, ConfigurationError
    for a store that cannot be read.
    """
    from summarizer.article import Unreadable
    from summarizer.article.intake import describe_blank
    from summarizer.model.absent import LEXICON_INFO
    from summarizer.model.opening import EMBEDDED, describe_model
    from summarizer.model.prices import find_price
    from summarizer.session import find_strategy
    from summarizer.task import load_task

    task = load_task(settings.task, home=settings.home)
    info = describe_model(settings).info
    estimate = Estimate(model=info.name, strategy=find_strategy(settings, task))
    with _open_journal(settings, task, policy=policy, has_store=has_store) as journal:
        for item in articles:
            if isinstance(item, Unreadable):
                _refuse(estimate, item.error)
            elif journal is not None and journal.recall(item, position=0) is not None:
                estimate.articles += 1
                estimate.in_store += 1
            elif item.is_blank:
                _refuse(estimate, describe_blank(item))
            else:
                estimate.articles += 1
                _add(estimate, item, task, info)
    estimate.is_here = info.endpoint in (EMBEDDED, LEXICON_INFO.endpoint)
    price = find_price(info.name, info.endpoint)
    estimate.cost = price.cost(_describe_usage(estimate)) if price is not None else None
    return estimate


def _refuse(estimate: Estimate, error: "ArticleError") -> None:
    estimate.unreadable += 1
    print_line(f"summarizer: {error}", err=True)


def print_estimate(estimate: Estimate, *, as_json: bool) -> None:
    """A table, or JSON."""
    if as_json:
        print_json(asdict(estimate))
        return
    about = "at least " if estimate.is_least else "about "
    cost = "unknown" if estimate.cost is None else f"{about}{estimate.cost:.4f} US dollars"
    if estimate.is_here:
        cost = "none: it runs on this machine"
    print_table(
        [
            ("a run would", ""),
            ("ask", f"{estimate.model} ({estimate.strategy})"),
            ("read", _describe_articles(estimate)),
            ("find in the store", f"{estimate.in_store:,}"),
            ("make calls", f"{about}{estimate.calls:,}"),
            ("send tokens", f"{about}{estimate.prompt_tokens:,}"),
            ("get tokens", f"{about}{estimate.completion_tokens:,}"),
            ("cost", cost),
        ]
    )


def _describe_articles(estimate: Estimate) -> str:
    unreadable = f"; {estimate.unreadable:,} cannot be read" if estimate.unreadable else ""
    articles = "1 article" if estimate.articles == 1 else f"{estimate.articles:,} articles"
    return articles + unreadable


@contextlib.contextmanager
def _open_journal(
    settings: "Settings", task: "Task", *, policy: "Policy", has_store: bool
) -> Iterator["Journal | None"]:
    """The journal over a store that is there already; a store is not made for an estimate."""
    from summarizer.session import open_journal

    if not has_store or not settings.store.exists():
        yield None
        return
    with contextlib.closing(
        open_journal(settings, task, policy=policy, is_read_only=True)
    ) as journal:
        yield journal


def _add(estimate: Estimate, article: "Article", task: "Task", info: "ModelInfo") -> None:
    """Count what asking about one article would come to."""
    if not article.content or estimate.strategy == "lexicon":
        return
    prompts, answer = _render(article, task, info, strategy=estimate.strategy)
    estimate.calls += len(prompts)
    estimate.prompt_tokens += sum(prompts) // CHARACTERS
    estimate.completion_tokens += answer * len(prompts)
    estimate.is_least = estimate.strategy == "stepwise"


def _render(
    article: "Article", task: "Task", info: "ModelInfo", *, strategy: str
) -> tuple[list[int], int]:
    """The characters of each prompt that would be sent at least, and the tokens of an answer."""
    from summarizer.strategy.judgement import fits
    from summarizer.strategy.question import render_about, sift
    from summarizer.strategy.whole import render_whole

    if strategy == "whole":
        messages = render_whole(article, task)
        return [sum(len(message.content) for message in messages)], ANSWER_TOKENS
    if task.probe is not None and fits(task.probe, info):
        read = sum(len(article.read(sentence)) for sentence in article.content)
        return [len(task.probe.preface) + read], 0
    questions = [
        render_about(article, task, number=sentence.number) for sentence in sift(article, task)
    ]
    return [sum(len(one.content) for one in messages) for messages in questions], LABEL_TOKENS


def _describe_usage(estimate: Estimate) -> "Usage":
    from summarizer.records import Usage

    return Usage(
        calls=estimate.calls,
        prompt_tokens=estimate.prompt_tokens,
        completion_tokens=estimate.completion_tokens,
    )
