"""A small labelled case to be changed in one place, for the tests of labels."""

import hashlib
import json
from pathlib import Path
from typing import Any

TEXT = """Norway and Iceland agree on fish

OSLO, May 6 - Norway and Iceland agreed on Monday to share all data on fish by June 2031.

Norway will give Iceland two research ships, the foreign ministry said after the talks in Oslo.

Observers hope that Denmark will follow the example of the two neighbours soon.
"""
NORWAY = {"name": "Norway", "code": "NO"}
ICELAND = {"name": "Iceland", "code": "IS"}


def quote(words: str, text: str = TEXT) -> dict[str, Any]:
    """The only line of the text that holds these words, as evidence."""
    [line] = [line for line in text.splitlines() if words in line]
    start = text.index(line)
    return {"start": start, "end": start + len(line), "quote": line}


def label(id: str = "r1", **changes: Any) -> dict[str, Any]:
    """An agreement of Norway and Iceland, with some fields changed."""
    return {
        "id": id,
        "kind": "agreement",
        "parties": [NORWAY, ICELAND],
        "action": "share all data on fish",
        "status": "new",
        "strength": "firm",
        "topic": "economy",
        "condition": None,
        "timeframe": {"text": "by June 2031", "start": None, "end": "2031-06-30"},
        "occasion": None,
        "attributed_to": None,
        "evidence": [quote("agreed on Monday")],
        **changes,
    }


def pledge(id: str = "r2", **changes: Any) -> dict[str, Any]:
    """A pledge of Norway to Iceland, with some fields changed."""
    return label(
        id,
        **{
            "kind": "pledge",
            "parties": [NORWAY],
            "counterparts": [ICELAND],
            "action": "give two research ships",
            "timeframe": None,
            "occasion": "the talks in Oslo",
            "attributed_to": "the foreign ministry",
            "evidence": [quote("research ships")],
            **changes,
        },
    )


def negative(**changes: Any) -> dict[str, Any]:
    """The sentence that only hopes, with some fields changed."""
    return {**quote("Observers hope"), "type": "hope", "why": "only a hope", **changes}


def write_case(
    folder: Path,
    *records: dict[str, Any],
    text: str = TEXT,
    negatives: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> Path:
    """A case with these labels and one negative; `changes` are other entries of `gold.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.txt").write_bytes(text.encode())
    gold = {
        "$schema": "../../schema/gold.json",
        "id": folder.name,
        "source": {"title": text.partition("\n")[0], "published": "2030-05-06"},
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "records": list(records),
        "negatives": [negative()] if negatives is None else negatives,
        **changes,
    }
    write_json(folder / "gold.json", gold)
    return folder


def write_reading(folder: Path, name: str, *records: dict[str, Any]) -> None:
    """One reader's labels of a case."""
    (folder / "annotations").mkdir(exist_ok=True)
    data = {"annotator": name, "guidelines": "1", "records": list(records), "negatives": []}
    write_json(folder / "annotations" / f"{name}.json", data)


def write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_json(path: Path) -> Any:
    return json.loads(path.read_bytes())
