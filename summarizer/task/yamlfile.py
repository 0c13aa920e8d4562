"""YAML that people write: plain values only, and never more than the file itself holds."""

from typing import Final

import yaml

LONGEST: Final = 4_000_000
"""Letters that a file may have."""

LONGEST_NUMBER: Final = 100
"""Letters of a whole number: Python takes ever longer for each, and refuses to show a long one."""


class _Loader(yaml.SafeLoader):
    """Plain values, each written out: a few aliases of aliases would stand for billions of them."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; ComposerError for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not read; write it out", self.get_mark()
            )
        return super().compose_node(parent, index)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """The whole number; ConstructorError for a long one, such as 1:1:1 and so on."""
        if len(node.value) > LONGEST_NUMBER:
            raise yaml.constructor.ConstructorError(
                None, None, f"a number has more than {LONGEST_NUMBER} letters", node.start_mark
            )
        return int(super().construct_yaml_int(node))


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


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
