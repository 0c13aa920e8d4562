"""Check: what one look at the installation or the model found, as plain data."""

from dataclasses import dataclass
from typing import Literal

from summarizer.errors import SummarizerError

Verdict = Literal["ok", "warning", "failed", "skipped"]
"""`warning`: a run would work, but worse than it could; `failed`: it would not, or not honestly."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, the verdict, what was found, and what to do, empty where nothing is."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def check_failure(
    name: str, error: SummarizerError, *, advice: str = "", verdict: Verdict = "failed"
) -> Check:
    """A check that ended with an error; what the error says to do comes before `advice`."""
    found, _, said = str(error).partition("; ")
    return Check(name, verdict, found, said or advice)
