"""What `task.toml` may say."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Whole(_Table):
    """Settings of the strategy `whole`."""

    max_tokens: Annotated[int, Field(ge=16, le=100_000)] = 4000
    """Room for the whole answer, in tokens."""


class Stepwise(_Table):
    """Settings of the strategy `stepwise`."""

    labels: Annotated[dict[str, tuple[str, ...]], Field(min_length=2)]
    """Each answer to the question of `decide.md`, a single token such as `yes` or `A`, with the
    kinds of record it leaves possible; none for "nothing is reported"."""
    max_tokens: Annotated[int, Field(ge=16, le=100_000)] = 400
    """Room for one record, in tokens."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Probability from which a sentence counts as a report."""


class TaskFile(_Table):
    """The whole of `task.toml`."""

    title: str
    version: str
    schema_file: Annotated[str, Field(alias="schema", pattern=r"^[A-Za-z_][A-Za-z0-9_]*\.py$")]
    alike: Annotated[float, Field(gt=0, le=100)] = 60
    """How alike two acts of the same parties must be to be one, from 0 to 100."""
    whole: Whole = Whole()
    stepwise: Stepwise | None = None
