"""Evaluation: how good summaries are, with what certainty, and what changed between two runs."""
