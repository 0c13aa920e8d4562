"""Interface: the labelling interface of a Label Studio project, made from a task's record types.

Every control is called by what it belongs to, so that no field of a task can take the name of
another control: `field_…` of a record, `record_…` of every record, `negative_…`, `reading_…`.
"""

from collections.abc import Mapping
from typing import get_args
from xml.etree import ElementTree

from summarizer.draft import MAX_NAMES, RecordField, record_fields
from summarizer.evaluation.labels.label import NegativeType
from summarizer.records import Record

TEXT = "text"
LABEL = "label"
NEGATIVE = "no record"
"""The label of a tempting sentence; no kind of record can have such a name."""
SAME = "same record"

FIELD = "field_"
ID = "record_id"
OPTIONAL = "record_optional"
ACCEPT = "record_accept"
TYPE = "negative_type"
WHY = "negative_why"
ANNOTATOR = "reading_annotator"
GUIDELINES = "reading_guidelines"
NOTES = "reading_notes"
MODEL = "reading_model"

YES = "optional"
"""What is ticked where a record is optional."""

Gathered = dict[str, tuple[list[RecordField], list[str]]]

_HINTS = {"parties": "Norway [NO]", "party": "Norway [NO]", "timeframe": "by June [../2031-06-30]"}


def list_fields(record: type[Record]) -> tuple[RecordField, ...]:
    """The fields of a record that have a control: its kind is a label, its evidence regions."""
    return tuple(f for f in record_fields(record) if f.name != "kind" and f.shape != "evidence")


def make_interface(records: Mapping[str, type[Record]]) -> str:
    """The interface as XML: the text, a label for each kind, and a control for each field."""
    view = ElementTree.Element("View")
    _add_labels(view, tuple(records))
    ElementTree.SubElement(view, "Text", name=TEXT, value="$text", granularity="word")
    relations = ElementTree.SubElement(view, "Relations")
    ElementTree.SubElement(relations, "Relation", value=SAME)
    for name, (fields, kinds) in _gather_fields(records).items():
        _add_field(view, name, fields, kinds)
    _add_common(view, records)
    for name in (ANNOTATOR, GUIDELINES, NOTES, MODEL):
        _add_text(view, name, "", kinds=())
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _gather_fields(records: Mapping[str, type[Record]]) -> Gathered:
    """By name: the field in each kind that has it, and those kinds."""
    found: Gathered = {}
    for kind, record in records.items():
        for field in list_fields(record):
            fields, kinds = found.setdefault(field.name, ([], []))
            fields.append(field)
            kinds.append(kind)
    return found


def _add_labels(view: ElementTree.Element, kinds: tuple[str, ...]) -> None:
    labels = ElementTree.SubElement(view, "Labels", name=LABEL, toName=TEXT)
    for kind in (*kinds, NEGATIVE):
        ElementTree.SubElement(labels, "Label", value=kind)


def _add_field(
    view: ElementTree.Element, name: str, fields: list[RecordField], kinds: list[str]
) -> None:
    field = fields[0]
    ElementTree.SubElement(view, "Header", value=f"{name}: {field.description}", size="6")
    if field.shape == "choice":
        values = dict.fromkeys(value for each in fields for value in each.choices)
        _add_choices(view, FIELD + name, list(values), kinds=kinds)
    else:
        most = MAX_NAMES if field.shape == "parties" else 1
        hint = _HINTS.get(field.shape, "")
        _add_text(view, FIELD + name, hint, kinds=kinds, most=most)


def _add_common(view: ElementTree.Element, records: Mapping[str, type[Record]]) -> None:
    """What every record and every tempting sentence has, whatever the task."""
    kinds = list(records)
    _add_text(view, ID, "", kinds=kinds)
    _add_choices(view, OPTIONAL, [YES], kinds=kinds, single=False)
    _add_choices(view, ACCEPT, _list_acceptable(records), kinds=kinds, single=False)
    types = [value for value in get_args(NegativeType) if isinstance(value, str)]
    _add_choices(view, TYPE, types, kinds=[NEGATIVE])
    _add_text(view, WHY, "why it is no record", kinds=[NEGATIVE])


def _list_acceptable(records: Mapping[str, type[Record]]) -> list[str]:
    """Every value of every choice that a label may accept beside its own, as `field=value`."""
    found = [
        f"{field.name}={value}"
        for record in records.values()
        for field in record_fields(record)
        if field.shape == "choice"
        for value in field.choices
    ]
    return list(dict.fromkeys(found))


def _add_choices(
    view: ElementTree.Element,
    name: str,
    values: list[str],
    *,
    kinds: list[str],
    single: bool = True,
) -> None:
    marks = {"choice": "single" if single else "multiple", "showInline": "true"}
    node = ElementTree.SubElement(view, "Choices", _place(name, kinds) | marks)
    for value in values:
        ElementTree.SubElement(node, "Choice", value=value)


def _add_text(
    view: ElementTree.Element, name: str, hint: str, *, kinds: list[str] | tuple[()], most: int = 1
) -> None:
    marks = {"maxSubmissions": str(most), "editable": "true", "placeholder": hint or name}
    ElementTree.SubElement(view, "TextArea", _place(name, kinds) | marks)


def _place(name: str, kinds: list[str] | tuple[()]) -> dict[str, str]:
    """A control of one region, shown for these labels only; else one of the whole article."""
    place = {"name": name, "toName": TEXT}
    if not kinds:
        return place
    return place | {
        "perRegion": "true",
        "whenTagName": LABEL,
        "whenLabelValue": ",".join(kinds),
    }
