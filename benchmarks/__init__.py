"""Benchmarks: what the program costs beside the model, and how it fares against others."""
