"""Many articles: a bounded number in work at a time, one outcome for each input."""

from summarizer.outcome import Outcome
from summarizer.runner.garbage import collect_seldom
from summarizer.runner.run import AHEAD, GRACE, run_articles
from summarizer.runner.steps import Steps
from summarizer.runner.stopping import Stopping

__all__ = ["AHEAD", "GRACE", "Outcome", "Steps", "Stopping", "collect_seldom", "run_articles"]
