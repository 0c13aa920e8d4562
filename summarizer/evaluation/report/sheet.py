"""Sheet: everything that the page says of one case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.report.article import Mark, Stretch, cut_text, mark_spans
from summarizer.evaluation.report.record import (
    Card,
    Chip,
    list_false_quotes,
    list_lines,
    list_pair_lines,
    read_predicted,
)
from summarizer.evaluation.runs.prediction import Prediction
from summarizer.evaluation.runs.results import Results
from summarizer.evaluation.scoring.item import Item
from summarizer.evaluation.scoring.score import CaseScore, PairScore
from summarizer.evaluation.scoring.tally import HALF

STATUS: Mapping[str, str] = {
    "ok": "answered",
    "invalid_output": "invalid output",
    "infra_error": "no answer",
    "not_asked": "not asked",
}
BLAME: Mapping[str, str] = {
    "unsupported": "unsupported: the quote is true, but no label has it (a label may be missing)",
    "split": "split: another prediction has this label already",
    "fabricated": "fabricated: the article does not say what it quotes",
}


@dataclass(frozen=True, slots=True)
class Round:
    """What one of several answers to a case got right and wrong."""

    epoch: int
    status: str
    right: int
    spurious: int
    missing: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class Tempting:
    """A tempting sentence, and the predictions without a label that quote it."""

    chip: Chip
    type: str
    why: str
    quote: str
    taken_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case: its article, and each record beside the one it is compared with."""

    key: str
    case: Case
    status: str
    """A key of STATUS."""
    error: str
    epoch: int
    rounds: tuple[Round, ...]
    """Of every epoch; the rest of the sheet is of one."""
    seconds: float | None
    gist: str
    refused: tuple[str, ...]
    text: tuple[Stretch, ...]
    pairs: tuple[Card, ...]
    missed: tuple[Card, ...]
    spurious: tuple[Card, ...]
    rest: tuple[Card, ...]
    """Labels that are not counted: optional ones without a prediction, or all without an answer."""
    tempting: tuple[Tempting, ...]

    @property
    def shown(self) -> Round | None:
        """The counts of the answer that is shown."""
        return next((each for each in self.rounds if each.epoch == self.epoch), None)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with it but for the wording of phrases."""
        return self.shown is not None and self.shown.is_right

    @property
    def status_words(self) -> str:
        """What became of the question, for people."""
        return STATUS[self.status]

    @property
    def taken(self) -> tuple[Tempting, ...]:
        """The tempting sentences that were taken for records."""
        return tuple(each for each in self.tempting if each.taken_by)


def list_sheets(results: Results) -> tuple[Sheet, ...]:
    """A sheet for each case of the suite, of its first epoch that was answered."""
    scores: dict[str, list[CaseScore]] = {}
    for score in results.scores:
        scores.setdefault(score.case, []).append(score)
    answers = {(answer.case, answer.epoch): answer for answer in results.predictions}
    return tuple(
        _lay_out(f"c{number}", case, scores.get(case.id, ()), answers)
        for number, case in enumerate(results.suite.cases, start=1)
    )


def _lay_out(
    key: str,
    case: Case,
    scores: Sequence[CaseScore],
    answers: Mapping[tuple[str, int], Prediction],
) -> Sheet:
    answered = [score for score in scores if score.status != "infra_error"]
    score = next(iter([*answered, *scores]), None)
    answer = answers.get((case.id, score.epoch)) if score else None
    desk = _Desk(key, case, score, answer)
    summary = (answer.summary if answer else None) or {}
    return Sheet(
        key=key,
        case=case,
        status=score.status if score else "not_asked",
        error=(answer.error if answer else None) or "",
        epoch=score.epoch if score else 1,
        rounds=tuple(map(count_round, scores)),
        seconds=answer.seconds if answer and score in answered else None,
        gist=str(summary.get("gist") or ""),
        refused=tuple(
            f"{each.get('reason')}: {each.get('detail')}" for each in summary.get("rejected") or ()
        ),
        text=cut_text(case.text, desk.marks),
        pairs=tuple(map(desk.show_pair, desk.score.pairs)) if score else (),
        missed=tuple(desk.show_label(id, "missed", "wrong") for id in desk.score.missed),
        spurious=tuple(desk.show_spurious(*each) for each in desk.score.spurious.items()),
        rest=tuple(
            desk.show_label(id, "optional, not found" if answered else "not compared", "open")
            for id in desk.list_rest()
        ),
        tempting=desk.list_tempting(),
    )


def count_round(score: CaseScore) -> Round:
    """What one answer got right and wrong, at the level of the headline."""
    counts = score.counts
    return Round(
        epoch=score.epoch,
        status=STATUS[score.status],
        right=round(counts.get("typed.right", 0)),
        spurious=round(counts.get("typed.spurious", 0)),
        missing=round(counts.get("typed.missing", 0)),
        is_right=bool(counts.get("articles.right")),
    )


class _Desk:
    """A case's labels and one answer's records, with their names and marks."""

    def __init__(
        self, key: str, case: Case, score: CaseScore | None, answer: Prediction | None
    ) -> None:
        self._key = key
        self._case = case
        self._answer = answer
        self._labels = {item.id: item for item in case.key.items}
        self._predicted = read_predicted(answer, case)
        self.score = score or CaseScore(
            case=case.id, epoch=1, status="infra_error", cluster="", tags=()
        )
        self._places = {item.id: place for place, item in enumerate(case.key.items)}

    @property
    def marks(self) -> list[Mark]:
        """Every mark in the text: of labels, of predictions and of tempting sentences."""
        length = len(self._case.text)
        found: list[Mark] = []
        for item in self._labels.values():
            chip = self._chip_of_label(item)
            found += mark_spans(
                item.spans, key=chip.key, name=chip.name, role="label", length=length
            )
        for place, item in enumerate(self._predicted):
            chip = self._chip_of_prediction(place)
            found += mark_spans(
                item.spans, key=chip.key, name=chip.name, role="prediction", length=length
            )
        for each, temptation in zip(self.list_tempting(), self._case.key.temptations, strict=True):
            found += mark_spans(
                [temptation.span],
                key=each.chip.key,
                name=each.chip.name,
                role="temptation",
                length=length,
            )
        return found

    def show_pair(self, pair: PairScore) -> Card:
        """A label and the prediction that is aligned with it."""
        gold, predicted = self._labels[pair.gold], self._predicted[pair.predicted]
        verdict, tone = _judge(pair)
        notes = [f"similarity {pair.similarity:.2f}"]
        notes += ["optional label: not counted"] if pair.is_optional else []
        notes += ["the two sides are the wrong way round"] if pair.is_swapped else []
        return Card(
            (self._chip_of_label(gold), self._chip_of_prediction(pair.predicted)),
            verdict,
            tone,
            tuple(notes),
            tuple(list_pair_lines(gold, predicted, pair, self._case.form)),
            list_false_quotes(self._answer, pair.predicted, self._case.text),
        )

    def show_label(self, id: str, verdict: str, tone: str) -> Card:
        """A label that no prediction is aligned with."""
        item = self._labels[id]
        lines = list_lines(item, self._case.form, is_gold=True)
        return Card((self._chip_of_label(item),), verdict, tone, (), tuple(lines))

    def show_spurious(self, place: int, blame: str) -> Card:
        """A prediction that no label is aligned with."""
        return Card(
            (self._chip_of_prediction(place),),
            BLAME.get(blame, blame),
            "wrong",
            (),
            tuple(list_lines(self._predicted[place], self._case.form, is_gold=False)),
            list_false_quotes(self._answer, place, self._case.text),
        )

    def list_rest(self) -> list[str]:
        """The ids of labels that count neither as found nor as missed."""
        told = {*self.score.missed, *(pair.gold for pair in self.score.pairs)}
        return [id for id in self._labels if id not in told]

    def list_tempting(self) -> tuple[Tempting, ...]:
        """Each tempting sentence, and what fell for it."""
        temptations = self._case.key.temptations
        negatives = self._case.gold.negatives
        return tuple(
            Tempting(
                Chip(f"{self._key}-T{number}", f"T{number}", is_marked=True),
                temptation.type,
                negative.why,
                negative.quote,
                self._find_takers(*temptation.span),
            )
            for number, (temptation, negative) in enumerate(
                zip(temptations, negatives, strict=True), start=1
            )
        )

    def _find_takers(self, start: int, end: int) -> tuple[str, ...]:
        """The spurious predictions that cite at least half of a sentence, as scoring counts it."""
        return tuple(
            f"P{place + 1}"
            for place in self.score.spurious
            if any(
                min(end, two) - max(start, one) >= HALF * (end - start)
                for one, two in self._predicted[place].spans
            )
        )

    def _chip_of_label(self, item: Item) -> Chip:
        name = f"L{self._places[item.id] + 1}"
        return Chip(f"{self._key}-{name}", name, bool(item.spans))

    def _chip_of_prediction(self, place: int) -> Chip:
        spans, length = self._predicted[place].spans, len(self._case.text)
        name = f"P{place + 1}"
        is_marked = any(start < length and end > 0 and start < end for start, end in spans)
        return Chip(f"{self._key}-{name}", name, is_marked)


def _judge(pair: PairScore) -> tuple[str, str]:
    if not pair.is_typed:
        return "found, of the wrong kind", "wrong"
    if not pair.is_strict:
        return "found, of the right kind, some fields wrong", "partly"
    if all(verdict in ("matched", "absent") for verdict in pair.fields.values()):
        return "entirely right", "right"
    return "right but for the wording of phrases", "right"
