"""Candidates: records that a run found, to be judged by a person who does not know by which model.

Those that the labels lack are mixed with as many that they have, so that the place in the list
says nothing.
"""

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.label import NegativeType
from summarizer.evaluation.labels.suite import Suite
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import score_predictions
from summarizer.evaluation.scoring.item import Form
from summarizer.records import Frozen

Decision = Literal["record", "optional", "negative", "unclear"]
"""A record; one where careful readers differ; none, though tempting; not to be told."""


class Candidate(Frozen):
    """One record to be judged, and what was decided."""

    item: str
    """The same for the same record of the same article, whatever the run."""
    case: str
    title: str
    sentences: tuple[str, ...]
    record: dict[str, Any]
    """In the shape of a label; whoever judges may mend it."""
    decision: Decision | None = None
    type: NegativeType | None = None
    """What makes it tempting; needed for `negative`."""
    rationale: str = ""
    """Why; needed for `negative`."""
    by: str | None = None


class Queue(Frozen):
    """The file of candidates that is sent round."""

    how: str = (
        "Set decision to record, optional, negative (with type and rationale) or unclear; null "
        "leaves an item for later. Wrong fields of a record may be mended in place."
    )
    items: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of a run by item, and the labels of those that have one."""

    candidates: Mapping[str, Candidate]
    labelled: Mapping[str, str]
    """The id of the label that an item is aligned with."""


def find_candidates(predictions: Sequence[Prediction], suite: Suite) -> Found:
    """The records of a run that the labels of today have, or lack though they quote truly.

    What is aligned with a label in one epoch counts as labelled in all of them.
    """
    cases = {case.id: case for case in suite.cases}
    answers = {(answer.case, answer.epoch): answer for answer in predictions}
    candidates: dict[str, Candidate] = {}
    labelled: dict[str, str] = {}
    for score in score_predictions(predictions, suite):
        answer = answers[score.case, score.epoch]
        gold = {pair.predicted: pair.gold for pair in score.pairs}
        lacking = [place for place, blame in score.spurious.items() if blame == "unsupported"]
        for place in (*gold, *lacking):
            candidate = _make_candidate(answer, place, cases[score.case])
            candidates.setdefault(candidate.item, candidate)
            if place in gold:
                labelled[candidate.item] = gold[place]
    return Found(candidates, labelled)


def _make_candidate(answer: Prediction, place: int, case: Case) -> Candidate:
    assert answer.summary is not None  # else it would have no records
    record = make_label(answer.summary["records"][place], case.form)
    content = json.dumps([case.id, record], sort_keys=True, ensure_ascii=False)
    return Candidate(
        item=hashlib.sha256(content.encode()).hexdigest()[:12],
        case=case.id,
        title=case.gold.source.title,
        sentences=tuple(" ".join(quote["quote"].split()) for quote in record["evidence"]),
        record=record,
    )


def make_label(record: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """A predicted record in the shape of a label, still without id."""
    kind = str(record.get("kind") or next(iter(form.kinds)))
    label: dict[str, Any] = {"kind": kind} if "kind" in record else {}
    for field in form.fields_of(kind):
        value = record.get(field.name)
        if field.shape == "parties":
            label[field.name] = [_keep(party, "name", "code") for party in value or ()]
        elif field.shape == "party" and value:
            label[field.name] = _keep(value, "name", "code")
        elif field.shape == "timeframe" and value:
            label[field.name] = _keep(value, "text", "start", "end")
        else:
            label[field.name] = value
    label["evidence"] = [_keep(quote, "start", "end", "quote") for quote in record["evidence"]]
    return label


def _keep(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data.get(name) for name in names}


def make_queue(found: Found, *, seed: int = 0) -> Queue:
    """The candidates without a label, among as many with one; the same order for the same seed."""
    chance = random.Random(seed)
    lacking = sorted(found.candidates.keys() - found.labelled.keys())
    known = sorted(found.labelled)
    items = lacking + chance.sample(known, min(len(lacking), len(known)))
    chance.shuffle(items)
    return Queue(items=tuple(found.candidates[item] for item in items))


def show_candidate(candidate: Candidate) -> Iterator[str]:
    """A candidate in lines for a person: title, sentences, and every field that says something."""
    yield candidate.title
    yield from (f"  “{sentence}”" for sentence in candidate.sentences)
    for name, value in candidate.record.items():
        if name != "evidence" and value not in (None, []):
            yield f"  {name}: {_show(value)}"


def _show(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_show, value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("text"))
    return str(value)
