"""The commands of `summarizer eval`, gathered."""

import typer
from typer.core import TyperGroup

from summarizer.cli.evaluation.attack import attack
from summarizer.cli.evaluation.baseline import baseline_app
from summarizer.cli.evaluation.compare import compare, gate
from summarizer.cli.evaluation.exchange import export, import_
from summarizer.cli.evaluation.fit import fit
from summarizer.cli.evaluation.labels import adjudicate, agreement, schema, validate
from summarizer.cli.evaluation.report import report
from summarizer.cli.evaluation.run import run, score
from summarizer.errors import ConfigurationError


class _Group(TyperGroup):
    """Says which extra is missing."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer vendors click
        """Run the command; scoring needs a package that is not installed unless asked for."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "scipy":
                raise
            raise ConfigurationError(
                "`summarizer eval` needs scipy: pip install 'scipy>=1.17', or the extra `evals`"
            ) from error


eval_app = typer.Typer(cls=_Group, no_args_is_help=True)


@eval_app.callback()
def evaluation() -> None:
    """Measure summaries against labelled articles, and compare two ways of making them.

    Example: summarizer eval run smoke
    """


eval_app.command()(run)
eval_app.command()(score)
eval_app.command()(report)
eval_app.command()(compare)
eval_app.command()(gate)
eval_app.add_typer(baseline_app, name="baseline")
eval_app.command()(validate)
eval_app.command()(agreement)
eval_app.command()(adjudicate)
eval_app.command()(schema)
eval_app.command()(export)
eval_app.command("import")(import_)
eval_app.command()(fit)
eval_app.command()(attack)
