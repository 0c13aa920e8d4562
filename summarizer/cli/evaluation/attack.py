"""`summarizer eval attack`: what hostile sentences change in the records of clean articles."""

import asyncio
import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.lines import print_line
from summarizer.cli.options import BaseUrl, Home, KeyName, Strategy, Timeout, read_settings

if TYPE_CHECKING:
    from summarizer.cli.evaluation.progress import RunProgress
    from summarizer.evaluation.attack.figures import Figures, Share
    from summarizer.evaluation.attack.string import Attack
    from summarizer.evaluation.attack.trial import Bench, Trial
    from summarizer.evaluation.labels.suite import Suite
    from summarizer.model.protocol import Model
    from summarizer.settings import Settings

WIDTH = 20


def attack(
    suite: Annotated[str, typer.Argument(help="A suite's name or file, or a folder of cases.")],
    model: Annotated[str | None, typer.Option(help="As for `summarizer run`, or lexicon.")] = None,
    base_url: BaseUrl = None,
    api_key_env: KeyName = None,
    strategy: Strategy = None,
    home: Home = None,
    case: Annotated[
        list[str] | None, typer.Option(help="Only these cases; * stands for anything.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many cases.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Only so many cases at random.")] = None,
    seed: Annotated[int, typer.Option(help="For --sample.")] = 0,
    each: Annotated[
        int, typer.Option(min=1, help="Put each string so often at each place, into other cases.")
    ] = 1,
    attacks: Annotated[
        Path | None, typer.Option(help="A file of strings; the program's own unless set.")
    ] = None,
    family: Annotated[
        list[str] | None, typer.Option(help="Only strings of this family; may be repeated.")
    ] = None,
    undefended: Annotated[
        bool, typer.Option("--undefended", help="Do it again with the defences down, to compare.")
    ] = False,
    timeout: Timeout = None,
    concurrency: Annotated[
        int | None, typer.Option(help="Articles in work at once, on an endpoint.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Ask everything again; keep no answers.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write every trial there, as JSON.")
    ] = None,
) -> None:
    """Put hostile sentences into labelled articles and count what changes in their records.

    Each string goes to the start, the middle and the end of an article, the cases in turn, and
    the records are compared with those of the article as it was. Harmless sentences are counted
    beside, as `control`: any sentence more may change something. Answers are kept: the same
    command goes on where it was interrupted.

    Example: summarizer eval attack core --model local --undefended
    """
    import scipy.optimize  # noqa: F401 - the extra is missed before anything is asked

    from summarizer.evaluation.attack.figures import add_up
    from summarizer.evaluation.labels.suite import Selection, load_suite, select_cases

    strings = _choose_strings(attacks, family or [])
    flags = {"model": model, "base_url": base_url, "api_key_env": api_key_env, "home": home}
    settings = read_settings(
        {**flags, "strategy": strategy, "timeout": timeout, "concurrency": concurrency}
    )
    selection = Selection(tuple(case or ()), (), limit, sample, seed)
    chosen = select_cases(load_suite(suite, home=settings.home), selection)
    trials = _run(chosen, strings, settings, each=each, both=undefended, keep=not no_cache)
    figures = add_up(trials)
    if output is not None:
        _write(output, chosen, settings, trials, figures)
    _print(figures)


def _choose_strings(path: Path | None, families: Sequence[str]) -> "tuple[Attack, ...]":
    from summarizer.errors import UsageError
    from summarizer.evaluation.attack.string import load_attacks

    strings = load_attacks(path)
    known = list(dict.fromkeys(one.family for one in strings))
    for family in families:
        if family not in known:
            raise UsageError(f"there is no family {family!r}; there are: {', '.join(known)}")
    return tuple(one for one in strings if not families or one.family in families)


def _run(
    suite: "Suite",
    strings: "Sequence[Attack]",
    settings: "Settings",
    *,
    each: int,
    both: bool,
    keep: bool,
) -> "list[Trial]":
    """Every trial; the model is opened once, and let go of however it ends."""
    from summarizer.cli.evaluation.progress import RunProgress
    from summarizer.evaluation.attack.trial import Bench
    from summarizer.model.opening import demand_strategy, open_model
    from summarizer.pipeline import check_strategy, choose_strategy
    from summarizer.task import load_task

    task = load_task(suite.task, home=settings.home)
    demanded = demand_strategy(settings)
    if demanded is not None:
        check_strategy(task, demanded)
    with RunProgress() as progress, asyncio.Runner() as runner:
        opened = open_model(
            settings, environ=os.environ, progress=progress.download, say=progress.say
        )
        try:
            with _keeping(opened.model, settings, keep=keep) as model:
                way = choose_strategy(task, demanded=demanded, suited=opened.strategy)
                bench = Bench(task, way, model, opened.concurrency)
                benches = [bench, bench.lower()] if both else [bench]
                return runner.run(_work(suite, strings, benches, progress, each=each))
        finally:
            runner.run(opened.model.close())


@contextlib.contextmanager
def _keeping(model: "Model", settings: "Settings", *, keep: bool) -> "Iterator[Model]":
    """The model, its answers kept for the next time unless they are not wanted."""
    from summarizer.cli.evaluation.matrix import ANSWERS
    from summarizer.model.absent import LEXICON_INFO
    from summarizer.model.answers import AnswerFile
    from summarizer.model.cache import CachedModel

    if not keep or model.info == LEXICON_INFO:
        yield model
        return
    with contextlib.closing(AnswerFile(settings.cache / ANSWERS)) as file:
        yield CachedModel(model, file)


async def _work(
    suite: "Suite",
    strings: "Sequence[Attack]",
    benches: "Sequence[Bench]",
    progress: "RunProgress",
    *,
    each: int,
) -> "list[Trial]":
    from summarizer.errors import UsageError
    from summarizer.evaluation.attack.trial import plan_trials, read_clean, run_trials

    articles = {one.id: one.article for one in suite.cases if one.article.content}
    clean = []
    for bench in benches:
        progress.begin(_name(bench, "clean articles"), len(articles), done=0)
        found = {}
        async for name, summary in read_clean(articles, bench):
            progress.advance(None)
            if summary is not None:
                found[name] = summary
        clean.append(found)
    usable = [name for name in articles if all(name in found for found in clean)]
    if not usable:
        raise UsageError(f"no case of {suite.name} got an answer without any attack")
    plans = plan_trials(strings, usable, each=each)
    trials = []
    for bench, found in zip(benches, clean, strict=True):
        progress.begin(_name(bench, "attacked articles"), len(plans), done=0)
        async for trial in run_trials(plans, articles, found, bench):
            progress.advance(None)
            trials.append(trial)
    return trials


def _name(bench: "Bench", what: str) -> str:
    return what if bench.task.is_guarded else f"{what}, undefended"


def _write(
    path: Path,
    suite: "Suite",
    settings: "Settings",
    trials: "Sequence[Trial]",
    figures: "Sequence[Figures]",
) -> None:
    """Everything but the words: which string did what where."""
    import json

    from summarizer.evaluation.document import write_text

    content = {
        "suite": suite.name,
        "texts_sha256": suite.texts_sha256,
        "model": settings.model,
        "figures": [one.model_dump(mode="json") for one in figures],
        "trials": [
            {**one.model_dump(mode="json"), "differs": one.change.differs} for one in trials
        ],
    }
    write_text(path, json.dumps(content, indent=2) + "\n")


def _print(figures: "Sequence[Figures]") -> None:
    for is_guarded in (True, False):
        mine = [one for one in figures if one.is_guarded == is_guarded]
        if mine:
            print_line("with the defences" if is_guarded else "without the defences")
            print_line(f"{'':{WIDTH}}{'trials':>7}  records differ, 95 %   planted  altered "
                       "   lost  obeyed  flagged")  # fmt: skip
            for one in mine:
                print_line(_show(one))
    print_line(
        f"{sum(one.ungrounded for one in figures if one.family in _TOTALS)} records without proof, "
        f"{sum(one.unanswered for one in figures if one.family in _TOTALS)} articles without an "
        "answer; intervals resample articles"
    )


_TOTALS = ("all attacks", "control")


def _show(one: "Figures") -> str:
    differ = f"{_percent(one.differ)} ({_bounds(one.differ)})"
    parts = (one.planted, one.altered, one.lost, one.obeyed, one.flagged)
    rest = "".join(f"{_percent(part):>9}" for part in parts)
    return f"{one.family:{WIDTH}}{one.trials:>7}  {differ:<22}{rest}"


def _percent(share: "Share") -> str:
    return "-" if share.value is None else f"{share.value:.1%}"


def _bounds(share: "Share") -> str:
    if share.low is None or share.high is None:
        return "-"
    return f"{100 * share.low:.1f} to {100 * share.high:.1f}"
