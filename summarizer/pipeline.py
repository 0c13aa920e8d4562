"""The story on one screen: from an article to a typed summary."""

import datetime
import functools
import hashlib
import time
from collections.abc import Sequence
from importlib.metadata import version

from summarizer.article import Article
from summarizer.errors import UsageError
from summarizer.grounding import check_phrase, ground_draft, prepare_ground
from summarizer.grounding.ground import Ground
from summarizer.model.protocol import Model
from summarizer.party import read_cast
from summarizer.records import ArticleInfo, Provenance, Record, Rejection, Summary, Usage
from summarizer.strategy import STRATEGIES
from summarizer.strategy.gist import write_gist
from summarizer.strategy.likeness import read_likeness
from summarizer.strategy.merge import merge_records
from summarizer.strategy.selection import Chances, hold_actors
from summarizer.strategy.suspicion import find_suspicions, write_warnings
from summarizer.task import Task

_NEEDS = {"lexicon": "that needs weights in its rules.toml and words in its cues.txt"}
"""What a task may lack for a strategy that its settings do not name."""


async def summarize_article(
    article: Article, task: Task, model: Model, *, strategy: str = "whole"
) -> Summary:
    """The typed summary of one article: read, ask, ground, merge.

    Raises UsageError where the task cannot be run with the strategy, ModelError where this article
    got no usable answer, EndpointError where no article would.
    """
    check_strategy(task, strategy)
    began = time.monotonic()
    cast = read_cast(article)
    proposal = await STRATEGIES[strategy](article, task, model, cast=cast)
    ground = prepare_ground(article, task, cast)
    grounded = [ground_draft(draft, _record_of(draft, task), ground) for draft in proposal.drafts]
    found = [item.record for item in grounded if item.record is not None]
    records = _merge(found, article, task, chances=proposal.chances)
    gist, refused = _check_gist(proposal.gist, ground)
    suspicions = find_suspicions(article)
    return task.summary(
        article=_describe_article(article),
        gist=gist or write_gist(records, article, task),
        records=records,
        rejected=(
            *proposal.rejected,
            *(note for item in grounded for note in item.rejected),
            *refused,
        ),
        suspected_injection=bool(suspicions),
        warnings=write_warnings(
            suspicions, [[one.sentence for one in record.evidence] for record in records]
        ),
        provenance=_describe_run(
            task, model, strategy, proposal.usage, seconds=time.monotonic() - began
        ),
    )


def choose_strategy(task: Task, *, demanded: str | None, suited: str) -> str:
    """What was asked for, or what suits the model if the task can do that."""
    return demanded or (suited if suited in task.strategies else task.strategies[0])


def check_strategy(task: Task, strategy: str) -> None:
    """Raise UsageError where the task cannot be run with the strategy."""
    if strategy not in task.strategies:
        *others, last = task.strategies
        can = f"{', '.join(others)} or {last}" if others else last
        needs = f"; {_NEEDS[strategy]}" if strategy in _NEEDS else ""
        raise UsageError(
            f"the task {task.name!r} can be run with {can}, not with {strategy!r}{needs}"
        )


def _record_of(draft: dict[str, object], task: Task) -> type[Record]:
    """The record type that a draft is of; a task with one type needs no `kind`."""
    only = next(iter(task.records.values()))
    return task.records.get(str(draft.get("kind")), only)


def _merge(
    found: Sequence[Record], article: Article, task: Task, *, chances: Chances
) -> tuple[Record, ...]:
    """One record for each commitment, with those who are likely to act in all that tells of it."""
    probe, sides = task.probe, task.rules.sides
    likeness = read_likeness(article, task.rules)
    bond = probe.bond if probe else None
    merged = merge_records(found, likeness, alike=task.alike, bond=bond)
    if probe is None or probe.actors is None or sides is None:
        return merged
    return tuple(hold_actors(one, chances, probe.actors, joint=sides.joint) for one in merged)


def _check_gist(gist: str, ground: Ground) -> tuple[str, tuple[Rejection, ...]]:
    """The gist that the model gave if the article bears it out, else nothing, and why."""
    text = " ".join(gist.split())
    failed = check_phrase(text, ground.wording) if text else None
    if failed is None:
        return text, ()
    reason, detail = failed
    return "", (Rejection(reason=reason, detail=f"gist: {detail}", answer={"gist": gist}),)


def _describe_article(article: Article) -> ArticleInfo:
    return ArticleInfo(
        id=article.id,
        origin=article.origin,
        sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        title=article.title,
        date=article.date,
        source=article.source,
        url=article.url,
        language=article.language,
        sentences=len(article.content),
    )


def _describe_run(
    task: Task, model: Model, strategy: str, usage: Usage, *, seconds: float
) -> Provenance:
    return Provenance(
        summarizer=_read_version(),
        task=task.name,
        task_version=task.version,
        prompt_sha256=task.prompt_sha256,
        schema_sha256=task.schema_sha256,
        strategy=strategy,
        model=model.info,
        usage=usage,
        seconds=round(seconds, 3),
        created=datetime.datetime.now(datetime.UTC),
    )


@functools.cache  # it is read from files, and stays as it is while the program runs
def _read_version() -> str:
    return version("agreements-summarizer")
