"""Labelled and predicted records made in a line, for the tests of scoring."""

from collections.abc import Sequence

from summarizer import load_task
from summarizer.evaluation.scoring.item import Form, Item, read_form, read_item
from summarizer.evaluation.scoring.key import Key, Temptation
from summarizer.evaluation.scoring.score import CaseScore, score_case

TEXT = "".join(f"This is sentence number {number:02d} of the article. " for number in range(40))
LENGTH = len(TEXT) // 40

FORM: Form = read_form(load_task("agreements").records)


def make_item(
    id: str = "r1",
    *,
    kind: str = "agreement",
    at: Sequence[int] = (0,),
    parties: Sequence[str] = ("KR", "JP"),
    counterparts: Sequence[str] = (),
    action: str = "deepen cooperation",
    status: str = "new",
    strength: str = "firm",
    topic: str = "security",
    condition: str | None = None,
    timeframe: dict[str, str | None] | None = None,
    optional: bool = False,
    accept: dict[str, list[str]] | None = None,
    grounded: bool = True,
) -> Item:
    """A record with evidence in the sentences `at`; parties are country codes."""
    quotes = [{"start": n * LENGTH, "end": (n + 1) * LENGTH - 1} for n in at]
    return read_item(
        {
            "id": id,
            "kind": kind,
            "parties": [{"name": code, "code": code} for code in parties],
            "counterparts": [{"name": code, "code": code} for code in counterparts],
            "action": action,
            "status": status,
            "strength": strength,
            "topic": topic,
            "condition": condition,
            "timeframe": timeframe,
            "occasion": None,
            "attributed_to": None,
            "optional": optional,
            "accept": accept,
            "evidence": [
                {**q, "quote": TEXT[q["start"] : q["end"]] if grounded else "invented"}
                for q in quotes
            ],
        },
        FORM,
        text=TEXT,
        id=id,
    )


def make_key(
    *gold: Item,
    case: str = "c1",
    tempting: Sequence[tuple[int, str]] = (),
    tags: tuple[str, ...] = (),
) -> Key:
    """A case with these labels; `tempting` are sentences with what makes each tempting."""
    temptations = tuple(
        Temptation((n * LENGTH, (n + 1) * LENGTH - 1), type) for n, type in tempting
    )
    return Key(case, tuple(gold), temptations, case, tags)


def score(gold: Sequence[Item], predicted: Sequence[Item] | None, *, case: str = "c1") -> CaseScore:
    """The score of one article's predictions."""
    return score_case(make_key(*gold, case=case), predicted, FORM)
