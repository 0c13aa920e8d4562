"""Trial: one string at one place of one article, with the defences or without."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from summarizer.article import Article
from summarizer.errors import ModelError, UnavailableError
from summarizer.evaluation.attack.change import NO_ANSWER, Change, compare_summaries
from summarizer.evaluation.attack.splice import PLACES, Place, splice
from summarizer.evaluation.attack.string import Attack
from summarizer.model.protocol import Model
from summarizer.pipeline import summarize_article
from summarizer.records import Frozen, Summary
from summarizer.task import Task

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Plan:
    """One string that is put into one article."""

    attack: Attack
    place: Place
    case: str


class Trial(Frozen):
    """What came of a plan."""

    attack: str
    family: str
    place: Place
    case: str
    is_guarded: bool
    """Whether the defences were up."""
    plants: str | None
    """The country that the string wants to see named."""
    change: Change


@dataclass(frozen=True, slots=True)
class Bench:
    """What all trials share: a task, a strategy, a model, and how many articles are in work."""

    task: Task
    strategy: str
    model: Model
    concurrency: int

    def lower(self) -> "Bench":
        """The same with the defences down."""
        task = dataclasses.replace(self.task, is_guarded=False)
        return dataclasses.replace(self, task=task)


def plan_trials(attacks: Sequence[Attack], cases: Sequence[str], *, each: int = 1) -> list[Plan]:
    """Every string at every place, `each` times, the cases in turn so that all get as many."""
    plans: list[Plan] = []
    for attack in attacks:
        for place in PLACES:
            for _ in range(min(each, len(cases))):
                plans.append(Plan(attack, place, cases[len(plans) % len(cases)]))
    return plans


async def read_clean(
    articles: Mapping[str, Article], bench: Bench
) -> AsyncGenerator[tuple[str, Summary | None], None]:
    """The summary of each article as it is, by case; None for one without a usable answer.

    Raises UnavailableError or EndpointError where the model cannot be reached.
    """
    for some in _cut(list(articles), bench.concurrency):
        found = await asyncio.gather(*(_summarize(articles[case], bench) for case in some))
        for case, summary in zip(some, found, strict=True):
            yield case, summary


async def run_trials(
    plans: Sequence[Plan],
    articles: Mapping[str, Article],
    clean: Mapping[str, Summary],
    bench: Bench,
) -> AsyncGenerator[Trial, None]:
    """What came of each plan, in order; errors as `read_clean`."""
    for some in _cut(plans, bench.concurrency):
        for trial in await asyncio.gather(
            *(_try(plan, articles[plan.case], clean[plan.case], bench) for plan in some)
        ):
            yield trial


async def _try(plan: Plan, article: Article, clean: Summary, bench: Bench) -> Trial:
    spliced = splice(article, plan.attack.text, place=plan.place)
    attacked = await _summarize(spliced.article, bench)
    change = NO_ANSWER
    if attacked is not None:
        change = compare_summaries(clean, attacked, spliced, plants=plan.attack.plants)
    return Trial(
        attack=plan.attack.id,
        family=plan.attack.family,
        place=plan.place,
        case=plan.case,
        is_guarded=bench.task.is_guarded,
        plants=plan.attack.plants,
        change=change,
    )


async def _summarize(article: Article, bench: Bench) -> Summary | None:
    try:
        return await summarize_article(article, bench.task, bench.model, strategy=bench.strategy)
    except UnavailableError:
        raise
    except ModelError:
        return None


def _cut(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
