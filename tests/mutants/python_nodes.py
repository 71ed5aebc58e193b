"""What a node of a Python program may become by one change."""

from __future__ import annotations

import ast
import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Without these, text is shown as strangers wrote it, or values come in another order.
_DROPPED_FUNCTIONS = {
    "abs",
    "escape",
    "in_words",
    "lasted",
    "markdown",
    "markup",
    "moment",
    "plain",
    "quoted",
    "reversed",
    "round",
    "shortened",
    "shortened_to",
    "shown",
    "sorted",
    "visible",
}
_DROPPED_METHODS = {
    "capitalize",
    "casefold",
    "lower",
    "lstrip",
    "replace",
    "rstrip",
    "strip",
    "title",
    "upper",
}
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = 6  # words; longer ones are changed in both halves
_TEXT = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)

_Value = str | bytes | int | float
Pair = tuple[ast.AST, ast.AST]
"""A node, and what replaces it."""


def changed_nodes(node: ast.AST) -> Iterator[Pair]:
    """Give a node, or one directly below it, with what replaces it."""
    match node:
        case ast.Constant(value=value):
            yield from ((node, ast.Constant(new)) for new in _changed_values(value))
        case ast.Compare():
            yield from ((node, new) for new in _changed_comparisons(node))
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield node, ast.BoolOp(other, values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, operand
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield from _negated(test)
        case ast.comprehension(ifs=tests):
            yield from itertools.chain.from_iterable(map(_negated, tests))
            yield from ((test, ast.Constant(value=True)) for test in tests)
        case ast.BinOp():
            yield from ((node, new) for new in _changed_operations(node))
        case ast.Call():
            yield from ((node, new) for new in _changed_calls(node))
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            if spec is not None or conversion != -1:
                yield node, ast.FormattedValue(value, -1, None)
        case _:
            yield from _changed_statements(node)


def _changed_values(value: object) -> Iterator[_Value]:
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
        case str():
            yield from changed_texts(value)
        case bytes():
            yield from (text.encode("latin-1") for text in changed_texts(value.decode("latin-1")))


def changed_texts(text: str) -> list[str]:
    """Replace the longest word, of a sentence the longest of each half; empty what has none."""
    words = list(_WORD.finditer(text))
    if not words:
        return ["" if text else "XX"]
    half = len(words) // 2 if len(words) >= _SENTENCE else 0
    parts = [words[:half], words[half:]] if half else [words]
    longest = (max(part, key=lambda word: len(word[0])) for part in parts)
    return [f"{text[: word.start()]}XX{text[word.end() :]}" for word in longest]


def _changed_comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for i, op in enumerate(node.ops):
        ops = [*node.ops[:i], _COMPARISONS[type(op)](), *node.ops[i + 1 :]]
        yield ast.Compare(node.left, ops, node.comparators)


def _negated(test: ast.expr) -> Iterator[Pair]:
    """Negate a condition that has no operator, which would be changed instead."""
    has_operator = isinstance(test, ast.Compare | ast.BoolOp | ast.Constant | ast.NamedExpr)
    if not has_operator and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        yield test, ast.UnaryOp(ast.Not(), test)


def _changed_operations(node: ast.BinOp) -> Iterator[ast.AST]:
    is_text = any(
        isinstance(side, _TEXT) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
    other = _OPERATORS.get(type(node.op))
    if other is not None and not is_text:
        yield ast.BinOp(node.left, other(), node.right)


def _changed_calls(node: ast.Call) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]):
            if name in _FUNCTIONS:
                yield ast.Call(ast.Name(_FUNCTIONS[name]), node.args, node.keywords)
            if name in _DROPPED_FUNCTIONS:
                yield first
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)):
            if name in _DROPPED_METHODS:
                yield receiver


def _changed_statements(node: ast.AST) -> Iterator[Pair]:
    """Leave out what is done for its effect alone."""
    match node:
        case ast.Raise():
            yield node, ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield node, ast.Pass()
        case ast.AugAssign(op=ast.Add()):
            yield node, ast.Pass()
        case ast.Continue():
            yield node, ast.Break()
