"""Patterns: the regular expressions that a task's files bring, and texts as these expect them."""

import re
import warnings


def check_pattern(pattern: str) -> None:
    """Raise ValueError, in words for people, where the text is no regular expression.

    What Python only warns of is refused too: it reads such a text otherwise one day.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, FutureWarning, DeprecationWarning) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    except RecursionError as error:
        raise ValueError("not a regular expression: nested too deeply") from error


def straighten(text: str) -> str:
    """The text with one kind of apostrophe, so that a pattern needs to know only that."""
    return text.replace("\u2019", "'")
