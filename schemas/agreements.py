"""Agreements and pledges: the records of the task `agreements`.

The docstrings below are shown to the model as the description of each field.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from summarizer.records import Party, Phrase, Record, Summary, Timeframe

Status = Literal["new", "reaffirmed", "past"]
Strength = Literal["binding", "firm", "intention", "affirmation"]
Topic = Literal[
    "security",
    "economy",
    "technology",
    "energy_climate",
    "history",
    "people",
    "humanitarian",
    "diplomacy",
    "other",
]


class Commitment(Record):
    """What agreements and pledges have in common."""

    parties: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Who undertakes it: the country for its government, ministers and leaders; an institution
    under its own name."""
    action: Phrase
    """What will be done: a verb phrase of at most 20 words, in the article's words."""
    status: Status
    """new: undertaken now. reaffirmed: an earlier commitment confirmed or continued.
    past: made on an earlier occasion and told as background."""
    strength: Strength
    """binding: a signed treaty or contract. firm: agreed, decided, vowed, will do.
    intention: will seek, aim, make efforts. affirmation: only its importance is confirmed."""
    topic: Topic
    """What it is about. diplomacy: meetings, channels and ties themselves."""
    condition: Phrase | None
    """What it hangs on, in the article's words, such as "in the event of"; else null."""
    timeframe: Timeframe | None
    """The time named for the act, in the article's words; else null."""
    occasion: Phrase | None
    """The meeting, call, report or statement in which it was made, in the article's words; else
    null."""
    attributed_to: Phrase | None
    """Who says so, in the article's words; null where the article says it itself."""


class Agreement(Commitment):
    """Two or more parties jointly undertake, settle or affirm what they will do themselves."""

    kind: Literal["agreement"]

    @model_validator(mode="after")
    def _has_two_sides(self) -> "Agreement":
        """One country alone agrees with nobody; a named group may agree among its members."""
        alone = len(self.parties) == 1 and self.parties[0].code not in (None, "EU")
        if alone:
            raise PydanticCustomError(
                "too_few_parties", "an agreement needs two parties or one named group"
            )
        return self


class Pledge(Commitment):
    """One party, or a group towards outsiders, undertakes what it will do itself."""

    kind: Literal["pledge"]
    counterparts: tuple[Party, ...]
    """To whom it is promised or who gains by it, where the article names one."""


class ArticleSummary(Summary):
    """The agreements and pledges that one article reports."""

    records: tuple[Annotated[Agreement | Pledge, Field(discriminator="kind")], ...]
