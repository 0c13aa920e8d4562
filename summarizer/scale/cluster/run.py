"""Run: a corpus worked through on a cluster, from its plan to the report of every shard."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from summarizer.errors import UsageError
from summarizer.identity import hash_code
from summarizer.journal import Policy
from summarizer.model.absent import LEXICON_INFO
from summarizer.model.budget import Budget
from summarizer.model.opening import EMBEDDED, describe_model, make_budget
from summarizer.model.weights import Say
from summarizer.scale.cluster.folder import Folder
from summarizer.scale.cluster.manifest import Manifest, Terms, read_manifest
from summarizer.scale.cluster.plan import Plan, make_plan
from summarizer.scale.cluster.shard import Shard, ShardReport
from summarizer.scale.cluster.source import Source, find_sources
from summarizer.scale.cluster.work import Setup, is_finished
from summarizer.session import find_strategy
from summarizer.settings import Settings
from summarizer.task import load_task

SHARD_SIZE: Final = 1000
"""Articles of one shard: few enough that a worker's death costs little, many enough to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one run on a cluster was asked to do."""

    names: tuple[str, ...]
    folder: Path
    settings: Settings
    policy: Policy = "continue"
    keeps_text: bool = True
    date: datetime.date | None = None
    source: str | None = None
    shard_size: int = SHARD_SIZE
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A run whose plan stands: what is done, what is to be done, and how much at once."""

    setup: Setup
    plan: Plan
    done: tuple[ShardReport, ...]
    waiting: tuple[Shard, ...]
    concurrency: int | None
    """Articles in work on the whole cluster; None for one a worker, where nobody else is asked."""
    budget: Budget


def prepare_run(request: Request, *, say: Say) -> Prepared:
    """Make the plan, or take the folder's own where the corpus is the same, and see what is done.

    To be called while the folder is held. Raises UsageError for a corpus that cannot be read, and
    where the folder holds a run on other terms.
    """
    folder, terms = Folder(request.folder), _describe_terms(request)
    sources = find_sources(request.names, without=request.folder)
    if not sources:
        raise UsageError(f"{' '.join(request.names)} leads to no file outside of -o")
    manifest = read_manifest(request.folder)
    if manifest is not None:
        manifest.check_terms(terms, folder=request.folder)
    if manifest is None or not manifest.plan.is_of(sources):
        manifest = _plan_anew(sources, terms, manifest, say=say)
        folder.write_manifest(manifest)
    reports = {shard.name: folder.read_report(shard) for shard in manifest.plan.shards}
    done = {name for name, one in reports.items() if one and is_finished(one, request.policy)}
    info = describe_model(request.settings).info
    is_here = info.endpoint in (EMBEDDED, LEXICON_INFO.endpoint)
    return Prepared(
        setup=_make_setup(request, manifest),
        plan=manifest.plan,
        done=tuple(one for one in reports.values() if one is not None and one.shard in done),
        waiting=tuple(shard for shard in manifest.plan.shards if shard.name not in done),
        concurrency=None if is_here else request.settings.concurrency,
        budget=make_budget(request.settings, info),
    )


def charge(budget: Budget, report: ShardReport, *, goes_on: bool) -> None:
    """Count what a shard cost; BudgetError where a limit is reached and more would be asked."""
    budget.calls += report.usage.calls
    budget.add(report.usage)
    if goes_on:
        budget.admit()
        budget.calls -= 1  # nothing went out


def _plan_anew(
    sources: Sequence[Source], terms: Terms, before: Manifest | None, *, say: Say
) -> Manifest:
    plan = make_plan(sources, shard_size=terms.shard_size)
    if before is not None:
        known = {shard.name for shard in before.plan.shards}
        new = sum(shard.name not in known for shard in plan.shards)
        say(f"summarizer: the corpus changed: {new} of {len(plan.shards)} shards are new")
    for one in plan.inputs:
        if one.missing:
            say(f"summarizer: {one.origin} has no columns {', '.join(one.missing)}")
    return Manifest.make(terms, plan)


def _describe_terms(request: Request) -> Terms:
    settings = request.settings
    task = load_task(settings.task, home=settings.home)
    info = describe_model(settings).info
    return Terms(
        task=task.name,
        prompt_sha256=task.prompt_sha256,
        schema_sha256=task.schema_sha256,
        strategy=find_strategy(settings, task),
        model=info.name,
        endpoint=info.endpoint,
        weights_sha256=info.sha256,
        parameters=info.parameters,
        date=request.date,
        source=request.source,
        keeps_text=request.keeps_text,
        shard_size=request.shard_size,
        summarizer=version("agreements-summarizer"),
        code=hash_code(),
    )


def _make_setup(request: Request, manifest: Manifest) -> Setup:
    return Setup(
        folder=request.folder,
        manifest=manifest.sha256,
        code=manifest.terms.code,
        settings=request.settings,
        policy=request.policy,
        keeps_text=request.keeps_text,
        date=request.date,
        source=request.source,
        command=request.command,
        named=request.names,
    )
