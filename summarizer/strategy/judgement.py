"""judgement: a probe's verdict on every sentence of an article, from one reading of it."""

from collections.abc import Mapping

from summarizer.article import Article
from summarizer.model.protocol import EMBEDDING_FORMAT, Embeddings, Model
from summarizer.records import ModelInfo, Usage
from summarizer.strategy.prompt import read_text
from summarizer.strategy.ruling import Ruling
from summarizer.task import Task
from summarizer.task.probe import Judgement, Probe


async def judge_sentences(
    article: Article, task: Task, model: Model, ruling: Ruling
) -> tuple[Mapping[int, Judgement], Usage] | None:
    """What the task's probe says of each sentence, by number, and what reading them cost.

    None where the task has no probe for these weights, or the model does not tell its states.
    """
    if task.probe is None or not fits(task.probe, model.info):
        return None
    embeddings = await read_sentences(
        article, model, preface=task.probe.preface, is_guarded=task.is_guarded
    )
    if embeddings is None:
        return None
    judgements = task.probe.settle(
        [
            ruling.insist(sentence, task.probe.judge(vector, ruling.list_signs(sentence)))
            for sentence, vector in zip(article.content, embeddings.vectors, strict=True)
        ]
    )
    numbers = [sentence.number for sentence in article.content]
    return dict(zip(numbers, judgements, strict=True)), embeddings.usage


async def read_sentences(
    article: Article, model: Model, *, preface: str, is_guarded: bool = True
) -> Embeddings | None:
    """The vector of each sentence of the article's content; None where the model tells none."""
    texts = [read_text(article, one, is_guarded=is_guarded) for one in article.content]
    return await model.embed(texts, preface=preface)


def fits(probe: Probe, info: ModelInfo) -> bool:
    """Whether a probe was fitted to vectors that this model gives today."""
    return probe.sha256 == info.sha256 and probe.embedding_format == EMBEDDING_FORMAT
