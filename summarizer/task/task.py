"""Task: what to ask of an article, as read from a prompt folder and a schema file."""

from collections.abc import Mapping
from dataclasses import dataclass

from summarizer.records import Record, Summary
from summarizer.task.cues import Cues
from summarizer.task.example import Example
from summarizer.task.probe import Probe
from summarizer.task.rules import Rules
from summarizer.task.settings import Stepwise, Whole
from summarizer.task.template import Templates


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Everything a strategy needs to know of a task; nothing in it depends on an article.

    A task is equal to itself alone, so that what is made of it can be kept for the next article.
    """

    name: str
    title: str
    version: str
    summary: type[Summary]
    records: Mapping[str, type[Record]]
    """The record types by their kind."""
    templates: Templates
    examples: tuple[Example, ...]
    alike: float
    """How alike two acts of the same parties must be to be one, from 0 to 100."""
    whole: Whole
    stepwise: Stepwise | None
    """None where the task has no stepwise settings: it cannot be run with `stepwise` then."""
    cues: Cues
    rules: Rules
    probe: Probe | None
    """None where the task has none: a model is then asked about each sentence."""
    prompt_sha256: str
    schema_sha256: str
    is_guarded: bool = True
    """Whether an article's text is made harmless before a model reads it; False only to measure
    what that is worth."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies that this task can be run with."""
        stepwise = ("stepwise",) if self.stepwise is not None else ()
        lexicon = ("lexicon",) if self.rules.weights and self.cues.patterns else ()
        return ("whole", *stepwise, *lexicon)
