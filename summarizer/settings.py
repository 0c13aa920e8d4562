"""Settings: what a run uses, and where each value comes from.

Looked for in this order, the first that says something wins:

    flag → environment (SUMMARIZER_MODEL, …) → ./summarizer.toml → the user's config.toml → default

A `summarizer.toml` may have come with a folder of articles that somebody else made. It may say
what a run does (task, strategy, format, limits), but not who answers, with whose key, or which
files and folders are used: `model`, `base_url`, `api_key_env`, `home`, `cache` and `store` are
refused there and are taken from flags, the environment and the user's own configuration folder
only. So a stranger's file can neither send an article or a key elsewhere, nor spend money, nor
choose the code to load.

An API key is never a setting; only the name of the environment variable that holds it is.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

import platformdirs

from summarizer.errors import ConfigurationError

Format = Literal["text", "json", "jsonl", "md", "csv", "html"]
"""How summaries are written."""

FOLDER_FILE: Final = "summarizer.toml"
USER_FILE: Final = "config.toml"
PREFIX: Final = "SUMMARIZER_"

_NOT_FROM_FOLDER: Final = frozenset({"model", "base_url", "api_key_env", "home", "cache", "store"})
_KEY_LIKE: Final = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, its value, and where the value comes from, as a phrase for people."""

    name: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of a run, checked.

    `timeout` is in seconds for one attempt of one call, `deadline` for one article with all its
    calls; at `max_calls`, `max_tokens_total` or `max_cost` (US dollars) a run asks nothing more,
    None is no limit; `store` is the file of finished work; `base_url` None means that the model's
    own endpoint is used, `strategy` None what the catalogue of models says, `format` None text on
    a terminal and jsonl elsewhere; `home` is a folder
    with `prompts/` and `schemas/` of the user's own; `cache` is where weights and results are kept.
    `origins` says for each name where its value comes from.
    """

    model: str = "local"
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    task: str = "agreements"
    strategy: str | None = None
    format: Format | None = None
    timeout: float = 600.0
    deadline: float = 3600.0
    concurrency: int = 4
    max_calls: int | None = None
    max_tokens_total: int | None = None
    max_cost: float | None = None
    temperature: float = 0.0
    seed: int = 7
    home: Path | None = None
    cache: Path = field(default_factory=lambda: platformdirs.user_cache_path("summarizer"))
    store: Path = field(
        default_factory=lambda: platformdirs.user_data_path("summarizer") / "store.sqlite"
    )
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def listed(self) -> tuple[Setting, ...]:
        """Every setting in the order of definition, with its value and origin."""
        return tuple(
            Setting(name, getattr(self, name), self.origins.get(name, "default")) for name in _RULES
        )


def user_config_folder() -> Path:
    """The user's configuration folder for this program, whether it exists or not."""
    return platformdirs.user_config_path("summarizer")


def load_settings(
    flags: Mapping[str, object | None],
    *,
    environ: Mapping[str, str],
    folder: Path,
    user_config: Path,
) -> Settings:
    """Settings from flags, the environment, two files and the defaults, in this order.

    `flags` maps names of settings to values, None where a flag was not given; `folder` is the
    working folder, `user_config` the user's configuration folder. A relative path counts from the
    working folder, in the user's file from the folder of that file. Raises `ConfigurationError`
    for an unknown name, a value of the wrong type or out of range, or a file that is not TOML.
    """
    user_file = user_config / USER_FILE
    sources = (
        _from_flags(flags, folder=folder),
        _from_environment(environ, folder=folder),
        _from_file(folder / FOLDER_FILE, where=f"./{FOLDER_FILE}", refused=_NOT_FROM_FOLDER),
        _from_file(user_file, where=show_path(user_file), refused=frozenset()),
    )
    found: dict[str, Setting] = {}
    for source in sources:
        for setting in source:
            found.setdefault(setting.name, setting)
    values = {name: setting.value for name, setting in found.items()}
    origins = {name: found[name].origin if name in found else "default" for name in _RULES}
    return Settings(**values, origins=origins)  # type: ignore[arg-type]  # checked by _RULES


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Environment variables that look like settings of this program and are none."""
    known = {PREFIX + name.upper() for name in _RULES}
    known.add(environ.get(f"{PREFIX}API_KEY_ENV", ""))
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name not in known))


def show_path(path: Path) -> str:
    """The path for people: with `~` for the home folder."""
    try:
        return (Path("~") / path.relative_to(Path.home())).as_posix()
    except (ValueError, RuntimeError):  # elsewhere, or a user without a home folder
        return str(path)


def _from_flags(flags: Mapping[str, object | None], *, folder: Path) -> Iterator[Setting]:
    for name, raw in flags.items():
        if raw is not None:
            where = "--" + name.replace("_", "-")
            value = _checked(_rule_for(name, where=where), raw, where=where, anchor=folder)
            yield Setting(name, value, where)


def _from_environment(environ: Mapping[str, str], *, folder: Path) -> Iterator[Setting]:
    for name, rule in _RULES.items():
        variable = PREFIX + name.upper()
        text = environ.get(variable, "").strip()
        if text:  # an empty variable counts as not set, as in a shell
            where = f"environment {variable}"
            raw = _number(text) if rule.kind in (int, float) else text
            yield Setting(name, _checked(rule, raw, where=where, anchor=folder), where)


def _from_file(path: Path, *, where: str, refused: frozenset[str]) -> Iterator[Setting]:
    for name, raw in _read_toml(path, where=where).items():
        rule = _rule_for(name, where=where)
        if name in refused:
            raise ConfigurationError(
                f"{where}: {name}: not accepted from the working folder; "
                f"use --{name.replace('_', '-')}, {PREFIX}{name.upper()} or your own {USER_FILE}"
            )
        value = _checked(rule, raw, where=f"{where}: {name}", anchor=path.parent)
        yield Setting(name, value, where)


def _read_toml(path: Path, *, where: str) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError:
        raise ConfigurationError(f"{where}: not UTF-8 text; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{where}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"{where}: cannot be read: {error.strerror}") from None


def _rule_for(name: str, *, where: str) -> "_Rule":
    if name in _RULES:
        return _RULES[name]
    if _KEY_LIKE.search(name):
        raise ConfigurationError(
            f"{where}: {name!r}: an API key is never read from here; put it into an environment "
            "variable and name that variable with api_key_env"
        )
    near = difflib.get_close_matches(name, _RULES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(_RULES)}"
    raise ConfigurationError(f"{where}: {name!r}: unknown setting; {hint}")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which values a setting may have; `expected` says it to people."""

    kind: type[str] | type[int] | type[float] | type[Path]
    expected: str
    accepts: Callable[[str], bool] | None = None
    least: float = -math.inf
    most: float = math.inf


def _checked(rule: _Rule, raw: object, *, where: str, anchor: Path) -> object:
    """The value in its type; the message never repeats it, as it may be a key put in by mistake."""
    if rule.kind is Path and isinstance(raw, str | Path):
        value: object | None = _folder(raw, anchor=anchor)
    elif rule.kind is str and isinstance(raw, str) and raw.strip():
        value = raw.strip() if rule.accepts is None or rule.accepts(raw.strip()) else None
    elif rule.kind in (int, float):
        value = _within(rule, raw)
    else:
        value = None
    if value is None:
        raise ConfigurationError(f"{where}: expected {rule.expected}")
    return value


def _within(rule: _Rule, raw: object) -> float | int | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if rule.kind is int and not isinstance(raw, int):
        return None
    if not (math.isfinite(raw) and rule.least <= raw <= rule.most):
        return None
    return float(raw) if rule.kind is float else raw


def _number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _folder(raw: str | Path, *, anchor: Path) -> Path | None:
    if not str(raw).strip() or "\0" in str(raw):
        return None
    try:
        return anchor / Path(raw).expanduser()
    except RuntimeError:  # `~name` of nobody
        return None


def _is_web_address(text: str) -> bool:
    """True for http(s) with a host and without anything in it that could be a key."""
    try:
        parts = urlsplit(text)
        is_plain = not parts.query and not parts.fragment and "@" not in parts.netloc
        return parts.scheme in ("http", "https") and bool(parts.hostname) and is_plain
    except ValueError:
        return False


def _is_variable_name(text: str) -> bool:
    """True for capitals, digits and underscores; an API key pasted by mistake is hardly ever so."""
    return re.fullmatch(r"[A-Z_][A-Z0-9_]*", text) is not None


_RULES: Final[Mapping[str, _Rule]] = {
    "model": _Rule(str, "the name of a model, such as local"),
    "base_url": _Rule(
        str, "an address http(s)://host/… without a password, ? or # in it", _is_web_address
    ),
    "api_key_env": _Rule(
        str,
        "the NAME of an environment variable in capitals, such as OPENAI_API_KEY",
        _is_variable_name,
    ),
    "task": _Rule(str, "the name of a task, such as agreements"),
    "strategy": _Rule(str, "whole or stepwise", ("whole", "stepwise").__contains__),
    "format": _Rule(str, "one of " + ", ".join(get_args(Format)), get_args(Format).__contains__),
    "timeout": _Rule(float, "seconds from 0.1 to 86400", least=0.1, most=86_400),
    "deadline": _Rule(float, "seconds from 1 to 604800", least=1, most=604_800),
    "max_calls": _Rule(int, "a whole number from 1", least=1),
    "max_tokens_total": _Rule(int, "a whole number from 1", least=1),
    "max_cost": _Rule(float, "US dollars, more than 0", least=0.000001),
    "concurrency": _Rule(int, "a whole number from 1 to 1024", least=1, most=1024),
    "temperature": _Rule(float, "a number from 0 to 2", least=0, most=2),
    "seed": _Rule(int, "a whole number from 0 to 4294967295", least=0, most=2**32 - 1),
    "home": _Rule(Path, "a folder"),
    "cache": _Rule(Path, "a folder"),
    "store": _Rule(Path, "a file"),
}
