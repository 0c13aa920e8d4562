"""Form: what the page needs to know of a task to ask for its records, by the types of fields."""

from collections.abc import Mapping
from typing import Any, get_args

from summarizer.draft import record_fields
from summarizer.evaluation.labels.check import GROUPS
from summarizer.evaluation.labels.label import NegativeType
from summarizer.records import Record
from summarizer.task import Task


def describe_form(task: Task) -> dict[str, Any]:
    """Kinds with their fields, types of negatives and codes of countries, as JSON."""
    from summarizer.party.countries import name_countries

    return {
        "task": task.name,
        "title": task.title,
        "kinds": [
            {"kind": kind, "description": _describe(record), "fields": _list_fields(record)}
            for kind, record in task.records.items()
        ],
        "negative_types": list(get_args(NegativeType)),
        "codes": {**{code: code for code in sorted(GROUPS)}, **dict(name_countries())},
    }


def _describe(record: type[Record]) -> str:
    return " ".join((record.__doc__ or "").split())


def _list_fields(record: type[Record]) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "shape": field.shape,
            "nullable": field.nullable,
            "choices": list(field.choices),
            "description": field.description,
        }
        for field in record_fields(record)
        if field.name != "kind" and field.shape != "evidence"
    ]


def tidy_record(data: Mapping[str, Any], records: Mapping[str, type[Record]]) -> dict[str, Any]:
    """A record as a fixture has it: the fields of its kind, blanks as null, evidence in order.

    What is wrong with it stays, for the checks to say.
    """
    kind = str(data.get("kind") or next(iter(records)))
    shapes = {f.name: f.shape for f in record_fields(records[kind])} if kind in records else {}
    fields = {name: _tidy(data.get(name), shape) for name, shape in shapes.items()}
    fields.pop("evidence", None)
    has_kind = "kind" in shapes or len(records) > 1
    return {
        "id": str(data.get("id") or ""),
        **({"kind": kind} if has_kind else {}),
        **fields,
        "optional": bool(data.get("optional")),
        "accept": {name: each for name, each in _items(data.get("accept")) if each},
        "evidence": sort_quotes(data.get("evidence")),
    }


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _tidy(value: Any, shape: str) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if shape == "parties":
        given = value if isinstance(value, list) else []
        rows = [_tidy_party(party) for party in given if isinstance(party, dict)]
        return [row for row in rows if row["name"] or row["code"]]
    if shape == "party" and isinstance(value, dict):
        return _tidy_party(value)
    if shape == "timeframe" and isinstance(value, dict):
        time = {key: value.get(key) or None for key in ("text", "start", "end")}
        return {**time, "text": time["text"] or ""} if any(time.values()) else None
    return value


def _tidy_party(party: Mapping[str, Any]) -> dict[str, Any]:
    code = str(party.get("code") or "").strip().upper()
    return {"name": " ".join(str(party.get("name") or "").split()), "code": code or None}


def sort_quotes(quotes: Any) -> list[Any]:
    """Quotes in the order of the text; what is no quote stays for the checks to say."""
    if not isinstance(quotes, list):
        return []
    return sorted(quotes, key=_start)


def _start(quote: Any) -> int:
    start = quote.get("start") if isinstance(quote, dict) else None
    return start if isinstance(start, int) else -1
