"""The installed program as a person runs it, and a model's answers made by rule."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from canary import CANARY
from endpoint import Request
from typer.testing import CliRunner

from summarizer.cli.app import app

COMMAND = [sys.executable, "-m", "summarizer"]
COUNTRIES = {
    "South Korea": "South Korea|Seoul",
    "Japan": "Japan|Tokyo",
    "the United States": "U.S.",
}


def environment(**changes: str) -> dict[str, str]:
    """The test's environment, with every way out of the machine closed."""
    nowhere = "http://127.0.0.1:9"
    closed = {"HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": "127.0.0.1,localhost"}
    return {**os.environ, **closed, **changes}


def run_program(
    *arguments: str, folder: Path, stdin: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    """The finished program; stdout and stderr are pipes."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(**environ),
        timeout=120,
        check=False,
    )
    assert CANARY not in done.stdout + done.stderr
    return done


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run_here(*arguments: str, stdin: str = "") -> Done:
    """The same command line inside this process, in the working folder: a second faster."""
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert CANARY not in result.stdout + result.stderr
    return Done(result.exit_code, result.stdout, result.stderr)


def numbered(request: Request) -> dict[int, str]:
    """The numbered sentences of the article in a request."""
    found = re.findall(r"^\[(\d+)\] (.+)$", request["messages"][-1]["content"], re.MULTILINE)
    return {int(number): text for number, text in found}


def answer_by_rule(request: Request) -> str:
    """An agreement for each sentence in which two countries agree or reaffirm something."""
    records = []
    for number, text in numbered(request).items():
        parties = [name for name, words in COUNTRIES.items() if re.search(words, text)]
        act = re.search(r"\b(?:agreed?|vows?|reaffirm(?:ed)?) (?:to )?([^,.]{10,80})", text)
        if act and len(parties) > 1:
            records.append(_agreement(number, parties, act.group(1)))
    gist = next(iter(numbered(request).values()))
    return json.dumps({"gist": gist[:300], "records": records[:30]})


def _agreement(number: int, parties: list[str], action: str) -> dict[str, object]:
    return {
        "kind": "agreement",
        "evidence": [number],
        "parties": parties,
        "action": action,
        "status": "new",
        "strength": "firm",
        "topic": "security",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
    }


HOSTILE = "\x1b]0;owned\x07\x1b[2Jtag\x9b31m\u202etxt"
"""Renames a terminal's window, clears it, colours it and turns the order of writing around."""


def is_inert(text: str) -> bool:
    """Whether a text holds nothing that a terminal obeys but the ends of lines."""
    return not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def is_one_line(text: str) -> bool:
    """Whether a program said one line for people and showed none of its insides."""
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text
