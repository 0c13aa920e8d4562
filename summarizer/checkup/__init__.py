"""Checkup: whether everything that a run needs is there and works, found out before the run."""

from summarizer.checkup.check import Check, Verdict
from summarizer.checkup.examination import examine

__all__ = ["Check", "Verdict", "examine"]
