"""Runs: labelled articles put to a model, and what came of it."""
