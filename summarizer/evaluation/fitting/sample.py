"""Sample: one sentence of a labelled article as a probe sees it, and what it should say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.article import Sentence
from summarizer.draft import record_fields
from summarizer.errors import ConfigurationError
from summarizer.evaluation.labels.case import Case
from summarizer.evaluation.labels.label import Label
from summarizer.model.protocol import Model
from summarizer.party import read_cast
from summarizer.strategy.judgement import read_sentences
from summarizer.strategy.ruling import Ruling
from summarizer.task import Task
from summarizer.task.probe import REPORT

NONE = "none"
"""The class of a sentence that reports nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence: its vector, the signs that rules see in it, and the right class of each head.

    A head that has no right class, such as the kind of a sentence that reports nothing, is left
    out; so is `report` where only an optional record is reported.
    """

    case: str
    vector: bytes
    signs: Mapping[str, float]
    classes: Mapping[str, str]


def name_heads(task: Task) -> dict[str, tuple[str, ...]]:
    """The heads of a task's probe with their classes: `report`, and each choice of its records."""
    heads: dict[str, tuple[str, ...]] = {REPORT: (NONE, REPORT)}
    for record in task.records.values():
        for field in record_fields(record):
            if field.shape == "choice":
                known = heads.get(field.name, ())
                heads[field.name] = tuple(dict.fromkeys((*known, *field.choices)))
    return {name: classes for name, classes in heads.items() if len(classes) > 1}


async def read_samples(case: Case, task: Task, model: Model, *, preface: str) -> list[Sample]:
    """The sentences of one case, read by the model.

    Raises ConfigurationError where the model does not tell its states.
    """
    article = case.article
    if not article.content:
        return []
    ruling = Ruling(article, task, read_cast(article))
    embeddings = await read_sentences(article, model, preface=preface)
    if embeddings is None:
        raise ConfigurationError(
            "a probe is fitted to a model that runs here: give --model local, or weights"
        )
    return [
        Sample(
            case=case.id,
            vector=vector,
            signs=ruling.list_signs(sentence),
            classes=label_sentence(sentence, case.gold.records),
        )
        for sentence, vector in zip(article.content, embeddings.vectors, strict=True)
    ]


def label_sentence(sentence: Sentence, labels: Sequence[Label]) -> dict[str, str]:
    """The right class of each head, from the records that the sentence is evidence of."""
    told = list_told(sentence, labels)
    required = [label for label in told if not label.optional]
    if not told:
        return {REPORT: NONE}
    classes = {REPORT: REPORT} if required else {}
    values = [label.model_dump(mode="json") for label in required or told]
    for name, value in values[0].items():
        if isinstance(value, str) and all(other.get(name) == value for other in values):
            classes[name] = value
    return classes


def read_kind(label: Label, task: Task) -> str:
    """The record type of a label; a task with one type needs no `kind`."""
    return str(getattr(label, "kind", next(iter(task.records))))


def list_told(sentence: Sentence, labels: Sequence[Label]) -> list[Label]:
    """The records that a sentence is evidence of."""
    return [label for label in labels if _proves(sentence, label)]


def _proves(sentence: Sentence, label: Label) -> bool:
    return any(
        quote.start < sentence.end and sentence.start < quote.end for quote in label.evidence
    )
