"""Sandbox: Jinja that reaches nothing outside its values, and that comes to an end.

Jinja's own sandbox keeps a template from Python's insides, but not from filling the memory or
running for ever. Here one rendering counts the turns of its loops, its seconds and its letters.
"""

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MOST_TURNS: Final = 200_000
"""Turns of loops and calls of macros that one rendering takes together."""

MOST_LETTERS: Final = 4_000_000
"""Length of what is rendered, and of any value on the way to it, in code points."""

MOST_SECONDS: Final = 10.0
"""Time that one rendering takes."""

_REFUSED: Final = frozenset(
    {"center", "format", "batch", "slice", "wordwrap", "indent", "pprint", "attr", "xmlattr"}
    | {"round"}
)
_GROWING_METHODS: Final = frozenset(
    {"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map", "replace", "join"}
    | {"translate", "encode", "to_bytes"}  # bytes have the same methods once more
)
_GLOBALS: Final = ("range", "dict", "namespace")


class LimitError(ArithmeticError):
    """A template does more than any prompt needs."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one prompt folder's templates; for one thread at a time."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # prompts are not HTML
            finalize=_measure,
        )
        self.filters = {n: _bound(f) for n, f in self.filters.items() if n not in _REFUSED}
        self.filters |= {"replace": _replace, "join": _join, "tojson": _bound(_dump)}
        self.filters |= {"counted turns": self._count, "counted call": self._count_call}
        self.filters |= {"measured": _measure}
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self._turns = 0
        self._end = 0.0

    def make_template(self, source: str) -> jinja2.Template:
        """A template that counts; TemplateSyntaxError where it is none."""
        tree = self.parse(source)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise jinja2.TemplateSyntaxError("a prompt has no recursive loops", loop.lineno)
            loop.iter = _filter(loop.iter, "counted turns")
        for macro in tree.find_all((nodes.Macro, nodes.CallBlock)):
            first = _filter(nodes.Const("", lineno=macro.lineno), "counted call")
            assert isinstance(macro, (nodes.Macro, nodes.CallBlock))
            macro.body.insert(0, nodes.Output([first], lineno=macro.lineno))
        tree = _Measuring().visit(tree)
        return jinja2.Template.from_code(self, self.compile(tree), self.make_globals(None))

    def render(self, template: jinja2.Template, values: Mapping[str, Any]) -> str:
        """What a template makes of the values; LimitError where it does not come to an end."""
        self._turns, self._end = 0, time.monotonic() + MOST_SECONDS
        parts: list[str] = []
        length = 0
        for part in template.generate(values):
            length += len(part)
            if length > MOST_LETTERS:
                raise LimitError(f"it gives more than {MOST_LETTERS:,} letters")
            parts.append(part)
        return "".join(parts)

    def concat(self, parts: Iterable[str]) -> str:
        """What macros, calls and blocks are put together with; LimitError for a text too long."""
        return _join(parts)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As in Jinja, and no method that makes a long text of a short one."""
        is_growing = isinstance(obj, (str, int)) and attr in _GROWING_METHODS
        return not is_growing and super().is_safe_attribute(obj, attr, value)

    def call(self, context: Any, function: Any, *arguments: Any, **named: Any) -> Any:
        """As in Jinja, with nothing too large to look for or to look in."""
        for value in (getattr(function, "__self__", None), *arguments, *named.values()):
            _measure(value)
        return super().call(context, function, *arguments, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The result of an operator that could give something huge: only small numbers may."""
        if operator == "+":
            return _measure(left + right)
        if not (_is_small(left) and _is_small(right)) or (operator == "**" and abs(right) > 16):
            raise LimitError(f"the operator {operator} is for small numbers")
        return super().call_binop(context, operator, left, right)

    @jinja2.pass_context  # so that nothing is counted when a template is compiled
    def _count(self, _context: Any, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self._count_turn()
            yield value

    @jinja2.pass_context
    def _count_call(self, _context: Any, nothing: str) -> str:
        self._count_turn()
        return nothing

    def _count_turn(self) -> None:
        self._turns += 1
        if self._turns > MOST_TURNS:
            raise LimitError(f"its loops take more than {MOST_TURNS:,} turns")
        if time.monotonic() > self._end:
            raise LimitError(f"it takes more than {MOST_SECONDS:.0f} seconds")


class _Measuring(NodeTransformer):
    """Measures what is put together with `~`, and what is compared or looked up: a list of the same
    list twice, a few dozen deep, is small to write down and endless to compare."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """`a ~ b` as a filter over both."""
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "join")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        """`a == b` with both measured."""
        self.generic_visit(node)
        node.expr = _filter(node.expr, "measured")
        for operand in node.ops:
            operand.expr = _filter(operand.expr, "measured")
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        """`a is sameas(b)` with `b` measured, and `a` where there is one."""
        self.generic_visit(node)
        if node.args:  # `is defined` and its like ask about what may not be there
            node.node = _filter(node.node, "measured")
            node.args = [_filter(argument, "measured") for argument in node.args]
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """`a[b]` with `b` measured."""
        self.generic_visit(node)
        if not isinstance(node.arg, (nodes.Const, nodes.Slice)):
            node.arg = _filter(node.arg, "measured")
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:
        """`{a: b}` with `a` measured."""
        self.generic_visit(node)
        node.key = _filter(node.key, "measured")
        return node


def _filter(value: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


def _join(values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        raise LimitError("join has no attribute here; use map(attribute=...) before it")
    texts, length = [], 0
    for value in values:
        texts.append(str(_measure(value)))
        length += len(texts[-1]) + len(between)
        if length > MOST_LETTERS:
            raise LimitError(f"a text of more than {MOST_LETTERS:,} letters is put together")
    return between.join(texts)


def _dump(value: Any) -> str:
    """JSON on one line: an indent of any width, on each line, could fill the memory."""
    return jinja2.utils.htmlsafe_json_dumps(value, sort_keys=True)


def _replace(text: Any, old: str, new: str, count: int = -1) -> str:
    plain = str(_measure(text))
    times = plain.count(old) if old else len(plain) + 1
    if len(plain) + times * len(new) > MOST_LETTERS:
        raise LimitError(f"a text of more than {MOST_LETTERS:,} letters is put together")
    return plain.replace(old, new, count)


def _bound(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's as it is, but for values that are too large."""

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:  # whatever the filter takes
        for argument in arguments:
            _measure(argument)
        return _measure(function(*arguments, **named))

    return call


def _measure(value: Any) -> Any:
    """The value, if it is not too large; the same list in two places counts twice."""
    room, waiting = MOST_LETTERS, [value]
    while waiting:
        one = waiting.pop()
        room -= len(one) if isinstance(one, (str, list, tuple, dict)) else 1
        if room < 0:
            raise LimitError(f"a value of more than {MOST_LETTERS:,} letters is made")
        if isinstance(one, (list, tuple)):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
    return value


def _is_small(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) < 1e9
