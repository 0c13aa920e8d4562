"""Check one summary against its article: python check_summary.py ARTICLE SUMMARY.jsonl."""

import json
import sys
from pathlib import Path

from summarizer.model.catalogue import find_entry

article, written = map(Path, sys.argv[1:])
text = article.read_text("utf-8")
summary = json.loads(written.read_text("utf-8"))
records = summary["records"]
assert records, "no record was found"
for proof in (proof for record in records for proof in record["evidence"]):
    assert proof["quote"] == text[proof["start"] : proof["end"]], proof
model = summary["provenance"]["model"]
assert model["sha256"] == find_entry("local").sha256, model
print(f"{len(records)} records, every quote in its place; {summary['provenance']['seconds']} s")
