"""Templates of a prompt folder: what they cannot reach, and that they come to an end."""

import time

import pytest

from summarizer.errors import TaskError
from summarizer.task.template import Templates

DOUBLED = (
    "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(40) %}"
    "{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}"
)

BOMBS = {
    "a range without end": "{% for i in range(10**9) %}x{% endfor %}",
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}"
    "{% endfor %}{% endfor %}",
    "loops over words": "{% for a in w %}{% for b in w %}{% for c in w %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "a word times a number": "{{ 'a' * 10**9 }}",
    "a power of a power": "{{ 9 ** (9 ** 9) }}",
    "a wide format": "{{ '%999999999d' % 1 }}",
    "a filter that pads": "{{ 'x' | center(10**9) }}",
    "a method that pads": "{{ 'x'.ljust(10**9) }}",
    "a method that formats": "{{ '{:999999999}'.format(1) }}",
    "a word that doubles": "{% set n = namespace(x='aaaa') %}{% for i in range(40) %}"
    "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "a sum that doubles": "{% set n = namespace(x='aaaa') %}{% for i in range(40) %}"
    "{% set n.x = n.x + n.x %}{% endfor %}",
    "a list that doubles": "{% set n = namespace(x=['a']) %}{% for i in range(60) %}"
    "{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "a replacement that grows": "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(20) %}"
    "{% set n.x = n.x | replace('a', 'aaaaaaaa') %}{% endfor %}",
    "a list joined by its own kind": "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(20) %}"
    "{% set n.x = [n.x, n.x, n.x, n.x] | join(n.x) %}{% endfor %}",
    "a macro that calls itself twice": "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    "a recursive loop": "{% for x in [w, w] recursive %}{{ loop([x, x]) }}{% endfor %}",
    "a block that doubles": "{% set a %}" + "{{ w }}" * 1500 + "{% endset %}"
    "{% set b %}" + "{{ a }}" * 500 + "{% endset %}{{ b | length }}",
    "a macro that doubles": "{% set a %}" + "{{ w }}" * 1500 + "{% endset %}"
    "{% macro f() %}" + "{{ a }}" * 500 + "{% endmacro %}{{ f() | length }}",
    "JSON that is indented": "{{ [1] | tojson(indent=10**9) }}",
    "a number rounded for ever": "{{ 1.5 | round(10**9, 'ceil') }}",
    "bytes that are padded": "{{ 'a'.encode().ljust(10**9) | length }}",
    "a number of many bytes": "{{ (1).to_bytes(10**9, 'big') | length }}",
    "lists that are compared": DOUBLED + "{{ n.x == n.y }}",
    "lists that are tested": DOUBLED + "{{ n.x is eq(n.y) }}",
    "a list that is looked for": DOUBLED + "{{ [n.x].index(n.y) }}",
    "a list that is looked up": DOUBLED.replace("[n.", "(n.").replace("] %}", ") %}")
    + "{{ {n.x: 1} }}",
    "brackets in brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_template_without_end_is_one_line(bomb: str) -> None:
    began = time.monotonic()
    with pytest.raises(TaskError) as caught:
        Templates({"turn": bomb}, name="t").render("turn", {"w": "word " * 400})
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 8


ESCAPES = (
    "{{ ''.__class__.__mro__ }}",
    "{{ w.__init__.__globals__ }}",
    "{{ ().__class__.__base__.__subclasses__() }}",
    "{{ cycler.__init__ }}",
    "{{ lipsum(10**6) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{{ self._TemplateReference__context }}",
    "{{ (w | attr('format'))('x') }}",
)


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_template_reaches_nothing_but_its_values(escape: str) -> None:
    with pytest.raises(TaskError):
        Templates({"turn": escape}, name="t").render("turn", {"w": "word"})


def test_what_prompts_do_still_works() -> None:
    text = (
        "{% macro show(x) %}<{{ x }}>{% endmacro %}"
        "{% for a in items if a %}{{ show(a) }}{{ loop.index }}{{ ', ' if not loop.last }}"
        "{% else %}none{% endfor %} {{ items | select | join(' | ') }} "
        "{{ 1 + 2 }} {{ 'a' ~ 3 ~ 'b' }} {{ items | length * 2 }} {{ 'x-y' | replace('-', '+') }}"
    )
    shown = Templates({"turn": text}, name="t").render("turn", {"items": ["a", "", "b"]})
    assert shown == "<a>1, <b>2 a | b 3 a3b 6 x+y"


def test_a_template_counts_anew_each_time() -> None:
    text = "{% for i in range(90000) %}{% endfor %}{% for i in range(90000) %}{% endfor %}done"
    templates = Templates({"turn": text}, name="t")
    assert [templates.render("turn", {}) for _ in range(3)] == ["done"] * 3


def test_braces_of_a_value_are_never_rendered() -> None:
    shown = Templates({"turn": "{{ w }}"}, name="t").render("turn", {"w": "{{ 7 * 7 }}{% if %}"})
    assert shown == "{{ 7 * 7 }}{% if %}"
