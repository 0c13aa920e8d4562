"""Small labelled cases in a folder, for the tests of the harness."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

AGREED = "South Korea and Japan agreed to deepen their cooperation on trade"
VOWED = "South Korea vowed to send an envoy to Japan"
HOPED = "Analysts hope for a thaw between Tokyo and Seoul"
MET = "The ministers met on Monday in Seoul"


def quote(text: str, sentence: str) -> dict[str, Any]:
    """Where a sentence of the article stands."""
    start = text.index(sentence)
    return {"start": start, "end": start + len(sentence) + 1, "quote": f"{sentence}."}


def make_agreement(text: str, sentence: str = AGREED, **changes: object) -> dict[str, Any]:
    """A label of an agreement between South Korea and Japan."""
    return {
        "id": "r1",
        "kind": "agreement",
        "parties": [{"name": "South Korea", "code": "KR"}, {"name": "Japan", "code": "JP"}],
        "action": "deepen their cooperation on trade",
        "status": "new",
        "strength": "firm",
        "topic": "economy",
        "condition": None,
        "timeframe": None,
        "occasion": None,
        "attributed_to": None,
        "evidence": [quote(text, sentence)],
        **changes,
    }


def make_pledge(text: str, sentence: str = VOWED) -> dict[str, Any]:
    """A label of a pledge by South Korea to Japan."""
    return make_agreement(
        text,
        sentence,
        kind="pledge",
        parties=[{"name": "South Korea", "code": "KR"}],
        counterparts=[{"name": "Japan", "code": "JP"}],
        action="send an envoy to Japan",
        topic="diplomacy",
    )


def write_case(
    folder: Path,
    id: str,
    *,
    sentences: Sequence[str] = (AGREED, MET),
    is_empty: bool = False,
    tags: Sequence[str] = (),
    make_label: Callable[[str], dict[str, Any]] = make_agreement,
    negatives: Sequence[dict[str, Any]] = (),
) -> Path:
    """A case whose article has a headline of its own and these sentences; its folder."""
    headline = f"Ministers meet for the {id} time"
    text = f"{headline}\n\n" + " ".join(f"{sentence}." for sentence in sentences) + "\n"
    labels = [] if is_empty else [make_label(text)]
    gold = {
        "id": id,
        "source": {"title": headline, "published": "2026-03-10", "publisher": "invented"},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "tags": list(tags),
        "records": labels,
        "negatives": list(negatives),
        "notes": "",
    }
    place = folder / id
    place.mkdir(parents=True)
    (place / "article.txt").write_text(text, "utf-8", newline="\n")
    (place / "gold.json").write_text(json.dumps(gold), "utf-8")
    return place


def write_cases(folder: Path, count: int = 6) -> Path:
    """So many cases, every third with nothing to find; the folder that holds them."""
    for number in range(count):
        is_empty = number % 3 == 2
        write_case(
            folder,
            f"c{number:02d}",
            sentences=(HOPED, MET) if is_empty else (AGREED, MET),
            is_empty=is_empty,
            tags=("quiet",) if is_empty else ("busy",),
        )
    return folder
