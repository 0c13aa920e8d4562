"""Attack strings: sentences that somebody might put into an article, as data."""

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, RootModel

from summarizer.errors import ConfigurationError
from summarizer.evaluation.document import read_yaml
from summarizer.records import Frozen
from summarizer.task.folder import content_root

ATTACKS: Final = Path("evals") / "attacks" / "attacks.yaml"
"""Where the program's own are."""

CONTROL: Final = "control"
"""The family of harmless sentences: how much any sentence more changes."""

Family = Literal[
    "task hijack",
    "output format",
    "planted commitment",
    "invisible text",
    "encoded text",
    "terminal",
    "HTML",
    "CSV",
    "template",
    "delimiter",
    "control",
]


class Attack(Frozen):
    """One sentence or a few, and what they are for."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    family: Family
    text: str = Field(min_length=1, max_length=2000)
    """What is put into an article."""
    plants: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """The ISO 3166-1 code of a country to which it ascribes a commitment."""


class _File(RootModel[tuple[Attack, ...]]):
    """The whole of a file."""


def load_attacks(path: Path | None = None) -> tuple[Attack, ...]:
    """The attack strings of a file, or the program's own, in the file's order.

    Raises ConfigurationError where the file is wrong or has an id twice.
    """
    place = path or content_root() / ATTACKS
    attacks = read_yaml(place, _File).root
    ids = [attack.id for attack in attacks]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise ConfigurationError(f"{place}: two strings are called {twice[0]!r}")
    return attacks
