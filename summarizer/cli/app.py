"""The program's commands, and the one place where its errors become lines and exit codes."""

import contextlib
import io
import os
import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from summarizer.cli.config import config
from summarizer.cli.doctor import doctor
from summarizer.cli.evaluation import eval_app
from summarizer.cli.label import label
from summarizer.cli.ledger import ledger_app
from summarizer.cli.merge import merge
from summarizer.cli.model import model_app
from summarizer.cli.prompt import prompt_app
from summarizer.cli.queue import batch_app
from summarizer.cli.report import report
from summarizer.cli.run import run
from summarizer.cli.runs import runs_app
from summarizer.cli.schema import schema
from summarizer.cli.show import show
from summarizer.cli.task import task_app
from summarizer.errors import (
    BudgetError,
    ConfigurationError,
    EndpointError,
    SummarizerError,
    UsageError,
)
from summarizer.redaction import redact_logs

INTERRUPTED = 130
UNUSABLE = 3


class _Group(TyperGroup):
    """Turns what goes wrong into one line on stderr and the exit code of its class."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer vendors click
        """Run the command; errors of ours end the program without a traceback."""
        try:
            return super().invoke(ctx)
        except SummarizerError as error:
            _say(str(error))
            raise typer.Exit(exit_code(error)) from error
        except KeyboardInterrupt as error:
            _say("interrupted")
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:  # typer would end with 1; the reader has had enough
            _silence_stdout()
            raise typer.Exit(0) from error


def exit_code(error: SummarizerError) -> int:
    """2 for a wrong call, 3 for settings, weights or the endpoint, 4 for limits, 1 for articles."""
    if isinstance(error, UsageError):
        return 2
    if isinstance(error, BudgetError):
        return 4
    return UNUSABLE if isinstance(error, (ConfigurationError, EndpointError)) else 1


def _say(message: str) -> None:
    from summarizer.output.characters import make_inert
    from summarizer.redaction import list_secrets, redact

    told = redact(message, secrets=list_secrets(os.environ))
    typer.echo(f"summarizer: {make_inert(told)}", err=True)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks would print article text
    rich_markup_mode="markdown",  # the lines of a paragraph flow together
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.add_typer(batch_app, name="batch")
app.command()(merge)
app.add_typer(runs_app, name="runs")
app.command()(show)
app.command()(report)
app.add_typer(ledger_app, name="ledger")
app.add_typer(task_app, name="task")
app.add_typer(prompt_app, name="prompt")
app.command()(schema)
app.add_typer(model_app, name="model")
app.command()(config)
app.command()(doctor)
app.add_typer(eval_app, name="eval")
app.command()(label)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("agreements-summarizer"))
        raise typer.Exit


@app.callback()
def summarizer(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Typed summaries of the agreements and pledges that news articles report.

    Example: summarizer run articles/
    """


def main() -> None:
    """Run the command line and exit; a reader that closes the pipe early is not an error.

    Output that cannot be written, as on a full disk, is one line and exit code 3.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # data is UTF-8, whatever the locale
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    redact_logs(os.environ)
    try:
        app(prog_name="summarizer")
    except BrokenPipeError:
        _silence_stdout()
        sys.exit(0)
    except OSError as error:  # what is read raises errors of ours: this is the output
        with contextlib.suppress(OSError):
            _say(f"cannot write to {error.filename or 'stdout'}: {error.strerror or error}")
        _silence_stdout()
        sys.exit(UNUSABLE)


def _silence_stdout() -> None:
    """What is still to be written goes nowhere, so that the flush at exit says nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
