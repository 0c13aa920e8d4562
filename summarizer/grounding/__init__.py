"""Grounding: from what a model answered to a record that the article proves."""

from summarizer.grounding.ground import Ground, Grounded, ground_draft, prepare_ground
from summarizer.grounding.wording import (
    Wording,
    check_phrase,
    list_numbers,
    list_stems,
    read_wording,
)

__all__ = [
    "Ground",
    "Grounded",
    "Wording",
    "check_phrase",
    "ground_draft",
    "list_numbers",
    "list_stems",
    "prepare_ground",
    "read_wording",
]
