"""Question: what the others are given, made from the same task, examples and article as ours.

Everything that the task's own prompt says stands in it, but for the sentence numbers, which are
this program's way of evidence: the others quote, as they are made to.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from summarizer.errors import TaskError
from summarizer.evaluation.labels.case import Case
from summarizer.strategy.whole import render_whole
from summarizer.task import Task
from summarizer.task.example import Example

NUMBERED: Final = "The article is given as numbered sentences."
"""How the paragraph begins that the others are not given."""
QUOTED: Final = (
    "Quote the sentences that report a record whole, word for word. Write names, conditions, times "
    "and occasions in the article's own words.\nAnswer in JSON."
)


@dataclass(frozen=True, slots=True)
class Question:
    """One article for one of the others, as it is sent to its process."""

    base_url: str
    api_key: str
    model: str
    instructions: str
    examples: tuple[Mapping[str, Any], ...]
    """`text`, and `answer`: a gist, and records whose `evidence` is quotes."""
    text: str
    published: str
    max_tokens: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def write_instructions(case: Case, task: Task) -> str:
    """The task's system prompt, its paragraph on numbers replaced by one on quotes.

    Raises TaskError where the prompt has no such paragraph.
    """
    system = render_whole(case.article, task)[0].content
    paragraphs = system.split("\n\n")
    kept = [QUOTED if one.startswith(NUMBERED) else one for one in paragraphs]
    if kept == paragraphs:
        raise TaskError(f"no paragraph of whole.md begins {NUMBERED!r} any more")
    return "\n\n".join(kept)


def quote_example(example: Example) -> dict[str, Any]:
    """An example whose records quote its sentences instead of numbering them."""
    records = [
        {**record, "evidence": [example.sentences[number - 1] for number in record["evidence"]]}
        for record in example.records
    ]
    text = "\n\n".join(example.sentences)
    return {"text": text, "answer": {"gist": example.gist, "records": records}}
