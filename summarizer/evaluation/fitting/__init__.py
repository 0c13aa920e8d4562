"""Fitting a task's probe to labelled articles."""
