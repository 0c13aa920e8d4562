"""Comparison: what a change did to the scores, and whether that may be luck."""
