"""Scoring: what a summary got right and wrong, and what it adds up to."""
