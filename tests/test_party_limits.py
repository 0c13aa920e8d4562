"""Limits of reading: odd text is read in time, and the same text always in the same way."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_party_cast import write

from summarizer.party import read_cast
from summarizer.party.verbs import acts_next

REPEATED = (
    " jointly",
    " today",
    " yesterday",
    " Monday",
    " early",
    ", and Acme",
    ", the Acme",
    " & Acme",
    " and the Acme & Borax",
    ", farmers and Acme",
    ", regulator",
    ", trade union",
    " and Acme's Borax",
    " both",
    " the two",
    " national",
    " Republic",
    " of the",
)


@pytest.mark.parametrize("words", REPEATED)
def test_words_told_over_and_over_are_read_in_time(words: str) -> None:
    """Every alternative of a repeated group fits a text in one way only."""
    sentence = f"Acme and Japan{words * 60} - agreed with Borax{words * 60} ?! to pay."
    begun = time.perf_counter()
    cast = read_cast(write("Talks end", sentence))
    cast.subjects(2)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("words", REPEATED)
def test_whether_a_name_acts_is_told_in_time(words: str) -> None:
    begun = time.perf_counter()
    acts_next(f"Acme{words * 60} ?!", 4)
    assert time.perf_counter() - begun < 1


READ_NAMES = """
from summarizer.article.document import Article, Found, Sentence
from summarizer.party import read_cast

told = "Acme Oil, Acme Gas and Acme Tin agreed to build a port."
text = told + " Acme will pay for it."
spans = (Sentence(1, 0, len(told), 0, "body"), Sentence(2, len(told) + 1, len(text), 0, "body"))
cast = read_cast(Article("a", "a.txt", text, lambda *_: Found(spans, language="en")))
print([[party.identity for party in cast.subjects(number)] for number in (1, 2)])
"""


def test_names_are_read_the_same_whatever_the_hash_seed() -> None:
    """ "Acme" fits three names of one length: the choice follows the names, not a set's order."""
    root = Path(__file__).parents[1]
    printed = {
        subprocess.run(
            [sys.executable, "-c", READ_NAMES],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(printed) == 1
