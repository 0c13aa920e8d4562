"""YAML that people write: plain values only, and never more than the file itself holds."""

from typing import Final

import yaml

LONGEST: Final = 4_000_000
"""Letters that a file may have."""


class _Loader(yaml.SafeLoader):
    """Plain values, each written out: a few aliases of aliases would stand for billions of them."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; ComposerError for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not read; write it out", self.get_mark()
            )
        return super().compose_node(parent, index)


def read_yaml(text: str) -> object:
    """What YAML says, as plain data; None for nothing.

    Raises yaml.YAMLError for what is no YAML, for aliases, for tags of other programs, and for
    what is too long or too deep to be written by a person.
    """
    if len(text) > LONGEST:
        raise yaml.YAMLError(f"longer than {LONGEST:,} letters")
    try:
        return yaml.load(text, Loader=_Loader)
    except RecursionError as error:
        raise yaml.YAMLError("nested too deeply") from error
    except (ValueError, OverflowError) as error:  # a day or a number that there is not
        raise yaml.YAMLError(str(error)) from error
