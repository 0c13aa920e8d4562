"""Adjudication: what was decided on candidates, written into the labels of their cases.

A decision is written once: what the labels or `adjudication.json` already have is left alone, and
a labelled record is never taken away. A negative goes where a record was found in its sentence.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from summarizer.errors import UsageError
from summarizer.evaluation.adjudication.candidate import Candidate, Found, Queue
from summarizer.evaluation.document import explain
from summarizer.evaluation.labels.case import GOLD, Case, load_case
from summarizer.evaluation.labels.check import check_accept, check_label, check_negative
from summarizer.evaluation.labels.label import Label, Negative, label_type
from summarizer.evaluation.labels.quotation import Page, Problem
from summarizer.evaluation.labels.ruling import (
    RULINGS,
    Option,
    Ruling,
    read_rulings,
    write_json,
    write_rulings,
)
from summarizer.evaluation.scoring.item import Item, read_item
from summarizer.evaluation.scoring.likeness import PHRASE_RIGHT, compare_phrases
from summarizer.records import Record

Records = Mapping[str, type[Record]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one decision."""

    case: str
    item: str
    result: Literal["added", "noted", "unchanged", "refused"]
    message: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.case}: {self.item}: {self.message}"


def apply_queue(
    queue: Queue,
    found: Found,
    cases: Sequence[Case],
    records: Records,
    *,
    by: str,
    today: datetime.date,
) -> list[Outcome]:
    """Write every decision of a queue into its case; `by` decided where an item does not say.

    `found` are the candidates of the run that the queue was made from. Raises ConfigurationError
    where the labels of a case are of another text; nothing of that case is written then.
    """
    known = {case.id: case for case in cases}
    decided = [candidate for candidate in queue.items if candidate.decision is not None]
    for candidate in decided:
        if candidate.case not in known or candidate.item not in found.candidates:
            raise UsageError(f"{candidate.item} of {candidate.case} is not of this run")
    outcomes: list[Outcome] = []
    for id in dict.fromkeys(candidate.case for candidate in decided):
        clerk = Clerk(load_case(known[id].folder, records), records, by=by, today=today)
        for candidate in decided:
            if candidate.case == id:
                outcomes.append(clerk.apply(candidate, found.labelled.get(candidate.item)))
        clerk.write()
    return outcomes


class Clerk:
    """Writes decisions into the labels of one case."""

    def __init__(self, case: Case, records: Records, *, by: str, today: datetime.date) -> None:
        self._case = case
        self._records = records
        self._by = by
        self._today = today
        self._page = Page(case.article)
        self._path = case.folder / GOLD
        self._gold: dict[str, Any] = json.loads(self._path.read_bytes())
        self._labels = {label.id: label for label in case.gold.records}
        self._old_rulings = read_rulings(case.folder / RULINGS)
        self._rulings: list[Ruling] = []
        self._is_changed = False

    def apply(self, candidate: Candidate, label: str | None) -> Outcome:
        """Take in one decision; `label` is the id of the label that the candidate has, if any."""
        earlier = self._find_ruling(candidate.item)
        if earlier is not None and earlier.decision == candidate.decision:
            return self._say(candidate, "unchanged", "ruled on before")
        if earlier is not None and earlier.decision != "unclear":
            message = f"ruled {earlier.decision} before: change {GOLD} by hand"
            return self._say(candidate, "refused", message)
        if candidate.decision in ("record", "optional"):
            return self._apply_record(candidate, label)
        if candidate.decision == "negative":
            return self._apply_negative(candidate, label)
        return self._rule(candidate, label, "noted", "unclear")

    def _find_ruling(self, item: str) -> Ruling | None:
        rulings = [*self._old_rulings, *self._rulings]
        return next((one for one in reversed(rulings) if one.item == item), None)

    def _apply_record(self, candidate: Candidate, label: str | None) -> Outcome:
        is_optional = candidate.decision == "optional"
        if label is not None:
            if is_optional == self._labels[label].optional:
                return self._say(candidate, "unchanged", f"labelled as {label}")
            return self._rule(candidate, label, "noted", f"{label} is doubted; {GOLD} is as it was")
        id = self._number()
        data = {"id": id, **candidate.record, "optional": is_optional}
        data["evidence"] = data.pop("evidence", [])
        made, problems = self._read_label(data)
        if made is None or problems:
            return self._refuse(candidate, problems)
        twin = self._find_twin(data)
        if twin is not None:
            return self._rule(candidate, twin, "unchanged", f"the same as {twin}")
        self._labels[id] = made
        self._gold["records"].append(data)
        self._is_changed = True
        lost = self._drop_negatives(made)
        told = f", {len(lost)} taken out of the negatives" if lost else ""
        return self._rule(candidate, lost or None, "added", f"{id} added{told}")

    def _drop_negatives(self, label: Label) -> list[dict[str, Any]]:
        """Take out what cannot be tempting any more, as it proves the new label."""
        lost = [
            negative
            for negative in self._gold.get("negatives", [])
            if any(q.start < negative["end"] and negative["start"] < q.end for q in label.evidence)
        ]
        if lost:
            kept = [one for one in self._gold["negatives"] if one not in lost]
            self._gold["negatives"] = kept
        return lost

    def _number(self) -> str:
        numbers = [int(m.group(1)) for m in map(re.compile(r"r(\d+)$").match, self._labels) if m]
        return f"r{max(numbers, default=0) + 1}"

    def _read_label(self, data: Mapping[str, Any]) -> tuple[Label | None, list[Problem]]:
        kind = str(data.get("kind") or next(iter(self._records)))
        if kind not in self._records:
            return None, [
                Problem("kind", f"{kind!r} is none of {', '.join(self._records)}", "kind")
            ]
        record = self._records[kind]
        try:
            label = label_type(record).model_validate(data)
        except ValidationError as error:
            return None, [Problem("record", explain(error), "shape")]
        problems = [
            *check_label(label, record, self._page, "record"),
            *check_accept(label, record, tuple(self._records), "record"),
        ]
        return label, [problem for problem in problems if problem.level == "error"]

    def _find_twin(self, data: Mapping[str, Any]) -> str | None:
        """The label of the same kind and evidence that says much the same is done."""
        new = self._read_item(data)
        acts = [f.name for f in self._case.form.fields_of(new.kind) if f.shape == "phrase"][:1]
        for raw in self._gold["records"]:
            old = self._read_item(raw)
            if (old.kind, old.spans) == (new.kind, new.spans) and all(
                compare_phrases(str(old.fields[act]), str(new.fields[act])) >= PHRASE_RIGHT
                for act in acts
            ):
                return old.id
        return None

    def _read_item(self, data: Mapping[str, Any]) -> Item:
        return read_item(data, self._case.form, text=self._case.text, id="")

    def _apply_negative(self, candidate: Candidate, label: str | None) -> Outcome:
        if label is not None:
            return self._rule(candidate, label, "noted", f"{label} is doubted; {GOLD} is as it was")
        if candidate.type is None or not candidate.rationale.strip():
            message = "a negative needs a type and a rationale"
            return self._say(candidate, "refused", message)
        made, problems = self._read_negatives(candidate)
        wrong = [problem for problem in problems if problem.rule != "overlap"]
        if wrong:
            return self._refuse(candidate, wrong)
        known = {(one["start"], one["end"]) for one in self._gold.get("negatives", [])}
        new = [one for one in made if (one.start, one.end) not in known]
        if not new:
            told = "; ".join(problem.message for problem in problems) or "a negative already"
            return self._rule(candidate, None, "noted", f"no sentence added: {told}")
        added = [one.model_dump(mode="json") for one in new]
        self._gold.setdefault("negatives", []).extend(added)
        self._is_changed = True
        return self._rule(candidate, None, "added", f"{len(new)} added to the negatives")

    def _read_negatives(self, candidate: Candidate) -> tuple[list[Negative], list[Problem]]:
        """The sentences that are evidence of no label, and what is wrong with the others."""
        made: list[Negative] = []
        problems: list[Problem] = []
        for quote in candidate.record.get("evidence") or ():
            data = {"type": candidate.type, "why": candidate.rationale.strip()}
            try:
                one = Negative.model_validate({**quote, **data})
            except (ValidationError, TypeError):
                problems.append(Problem("evidence", "not start, end and quote", "shape"))
                continue
            found = check_negative(one, self._labels, self._page, "evidence")
            wrong = [problem for problem in found if problem.level == "error"]
            problems += wrong
            made += [] if wrong else [one]
        return made, problems

    def _refuse(self, candidate: Candidate, problems: Sequence[Problem]) -> Outcome:
        told = "; ".join(f"{problem.place}: {problem.message}" for problem in problems)
        return self._say(candidate, "refused", f"{told}: mend the record in the file")

    def _rule(
        self,
        candidate: Candidate,
        label: Any,
        result: Literal["added", "noted", "unchanged"],
        message: str,
    ) -> Outcome:
        """Keep the decision; `label` is what the labels had: an id, negatives, or nothing."""
        self._rulings.append(
            Ruling(
                item=candidate.item,
                about=self._name_act(candidate.record),
                options=(
                    Option(by="gold", value=label),
                    Option(by="candidate", value=candidate.record),
                ),
                decision=str(candidate.decision),
                rationale=candidate.rationale,
                by=candidate.by or self._by,
                date=self._today,
            )
        )
        return self._say(candidate, result, message)

    def _name_act(self, record: Mapping[str, Any]) -> str:
        """The first phrase of a record, which says what is done."""
        kind = str(record.get("kind") or next(iter(self._records)))
        phrases = [f.name for f in self._case.form.fields_of(kind) if f.shape == "phrase"]
        return str(record.get(phrases[0]) or "") if phrases else ""

    def _say(
        self,
        candidate: Candidate,
        result: Literal["added", "noted", "unchanged", "refused"],
        message: str,
    ) -> Outcome:
        return Outcome(candidate.case, candidate.item, result, message)

    def write(self) -> None:
        """Write what was taken in: the labels first, then the rulings."""
        if self._is_changed:
            write_json(self._path, self._gold)
        if self._rulings:
            path = self._case.folder / RULINGS
            write_rulings(path, [*self._old_rulings, *self._rulings])
