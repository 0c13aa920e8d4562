"""`summarizer eval`: how good summaries are, and what a change made of them."""

from summarizer.cli.evaluation.app import eval_app

__all__ = ["eval_app"]
