"""Page: a run's results as one HTML page that opens from disk and asks no network for anything.

What holds for every page of ours, such as that nothing in an article can act on it, is in
`output/html.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from summarizer.evaluation.report.confusion import Confusion, list_confusions
from summarizer.evaluation.report.figure import (
    Table,
    list_everything,
    list_fields,
    list_headlines,
    list_kinds,
    list_strata,
    list_temptations,
    list_thresholds,
    show_number,
    warn_of_threshold,
)
from summarizer.evaluation.report.plot import Plot, draw_strata
from summarizer.evaluation.report.sheet import Sheet, list_sheets
from summarizer.evaluation.runs.folder import RunInfo
from summarizer.evaluation.runs.results import Results
from summarizer.evaluation.scoring.summary import Coverage
from summarizer.output.html import clean, open_templates, read_script, read_style, state_policy

FOLDER = Path(__file__).parent
TEMPLATE = "report.html.j2"
STYLE = "report.css"
SCRIPT = "report.js"


@dataclass(frozen=True, slots=True)
class Page:
    """What the template shows, in the order in which it stands there."""

    results: Results
    has_lexicon: bool
    """Whether the lexicon's figures stand beside: not where the run is of the lexicon itself."""
    warning: str | None
    headlines: Table
    facts: Mapping[str, str]
    cost: Mapping[str, str]
    plot: Plot
    strata: Table
    fields: Table
    kinds: Table
    confusions: tuple[Confusion, ...]
    temptations: Table
    thresholds: Table
    threshold_warning: str | None
    everything: Table
    sheets: tuple[Sheet, ...]

    @property
    def tags(self) -> list[str]:
        """The strata that cases can be filtered by."""
        return sorted({tag for sheet in self.sheets for tag in sheet.case.key.tags})

    @property
    def statuses(self) -> list[str]:
        """What became of the questions, each once."""
        return sorted({sheet.status_words for sheet in self.sheets})


def render_report(results: Results) -> str:
    """The page of a run's results, as HTML."""
    style, script = read_style(FOLDER / STYLE), read_script(FOLDER / SCRIPT)
    html = (
        open_templates(FOLDER)
        .get_template(TEMPLATE)
        .render(
            page=make_page(results),
            style=style,
            script=script,
            policy=state_policy(style=style, script=script),
        )
    )
    return clean(html)


def make_page(results: Results) -> Page:
    """What the page of a run's results shows."""
    summary = results.summary
    has_lexicon = bool(results.lexicon) and results.info.strategy != "lexicon"
    return Page(
        results=results,
        has_lexicon=has_lexicon,
        warning=warn_of_gaps(summary.coverage),
        headlines=list_headlines(summary),
        facts=list_facts(results),
        cost=list_cost(results),
        plot=draw_strata(summary, beside=has_lexicon),
        strata=list_strata(summary),
        fields=list_fields(results),
        kinds=list_kinds(results),
        confusions=list_confusions(results),
        temptations=list_temptations(summary),
        thresholds=list_thresholds(summary),
        threshold_warning=warn_of_threshold(summary.metrics),
        everything=list_everything(summary),
        sheets=list_sheets(results),
    )


def warn_of_gaps(coverage: Coverage) -> str | None:
    """What is missing from an incomplete run; None for a complete one."""
    if coverage.is_complete:
        return None
    parts = []
    if coverage.infra_error:
        parts.append(
            f"{coverage.infra_error} without an answer for reasons that are not the model's"
        )
    if coverage.selected > coverage.attempted:
        parts.append(f"{coverage.selected - coverage.attempted} not asked yet")
    return (
        f"Only {coverage.scored} of {coverage.selected} answers are scored"
        + "".join(f"; {part}" for part in parts)
        + ". The figures are of what is scored, and no verdict on the suite."
    )


def list_facts(results: Results) -> dict[str, str]:
    """What was run, by what it is called."""
    info, summary = results.info, results.summary
    packages = ", ".join(f"{name} {version}" for name, version in sorted(info.packages.items()))
    facts = {
        "suite": f"{summary.suite}, {len(results.suite.cases)} cases",
        "epochs": str(info.epochs),
        "labels": _abridge(summary.suite_sha256),
        **_describe_model(info),
        "prompt": f"{info.task}, {_abridge(info.prompt_sha256)}",
        "schema": _abridge(info.schema_sha256),
        "strategy": info.strategy,
        "program": f"summarizer {info.summarizer}, scorer {summary.scorer_version}",
        "packages": packages,
        "begun": f"{info.created:%Y-%m-%d %H:%M %Z}",
    }
    return {name: fact for name, fact in facts.items() if fact}


def _describe_model(info: RunInfo) -> dict[str, str]:
    model = info.model
    parameters = ", ".join(f"{name} {value}" for name, value in sorted(model.parameters.items()))
    weights = [model.file or "", _abridge(model.sha256) if model.sha256 else ""]
    return {
        "model": model.name,
        "endpoint": _without_key(model.endpoint),
        "weights": ", ".join(filter(None, weights)),
        "parameters": parameters,
    }


def _abridge(digest: str) -> str:
    """Enough of a hash to tell two apart; the whole stands in `run.json`."""
    return f"SHA-256 {digest[:12]}…"


def _without_key(endpoint: str) -> str:
    """The address without a name, password or query, as the page is made to be passed on."""
    parts = urlsplit(endpoint)
    if not parts.netloc:
        return endpoint
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()


def list_cost(results: Results) -> dict[str, str]:
    """What the answers took, by what it is called."""
    cost = results.cost
    usage, seconds = cost.usage, cost.seconds
    found = {
        "answers": f"{cost.answers:,} with {usage.calls:,} calls",
        "tokens": f"{usage.prompt_tokens:,} read ({usage.cached_tokens:,} of them cached by the "
        f"server), {usage.completion_tokens:,} written",
    }
    if seconds.value is not None:
        interval = "" if seconds.low is None else f" ({seconds.low:.1f} to {seconds.high:.1f})"
        found["seconds an answer"] = f"{seconds.value:.1f}{interval}, n {seconds.n}"
    if cost.cached:
        found["from the cache"] = f"{cost.cached:,} questions, whose seconds are not counted"
    found["US dollars"] = (
        "no price is known for this model" if cost.dollars is None else f"{cost.dollars:.4f}"
    )
    if results.summary.spread is not None:
        found["spread"] = f"{show_number(results.summary.spread)} from epoch to epoch"
    return found
