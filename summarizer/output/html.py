"""HTML: what the pages that this program writes have in common.

Articles and answers are untrusted: they reach a page through Jinja's autoescape, or as JSON in a
block that no browser runs, and the page's own policy lets it run no script and load nothing but
what is named by its hash.
"""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import jinja2

BASE: Final = Path(__file__).with_name("base.css")
"""Colours, type and controls of every page."""

# What an HTML page may not hold (controls, lone surrogates), each to become one visible character.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What could end a block of JSON in a page, or begin a comment or an entity in it.
_MARKUP: Final = re.compile("[<>&\u2028\u2029]")


def open_templates(folder: Path) -> "jinja2.Environment":
    """The templates of a folder; whatever they are handed is escaped."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def read_style(path: Path) -> str:
    """The style of every page, then the one page's own, to stand in it as they are."""
    return "\n" + BASE.read_text("utf-8") + path.read_text("utf-8")


def read_script(*paths: Path) -> str:
    """Parts of a script, to stand in a page one after the other as they are."""
    return "\n" + "\n".join(path.read_text("utf-8") for path in paths)


def state_policy(*, style: str, script: str) -> str:
    """The Content Security Policy: this style and this script, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def clean(html: str) -> str:
    """The page with a visible character for each that HTML may not hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", html)


def write_data(content: object) -> str:
    """Plain data as JSON that can stand in a `<script type="application/json">`."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return clean(_MARKUP.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
