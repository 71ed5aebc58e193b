"""Small changes of Python: what a slip of the hand would do to a text, a number or a condition."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from python_entries import changed_entries
from python_left_alone import left_alone
from python_nodes import changed_nodes
from python_source import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# What keeps its meaning in any place without parentheses around it.
_CLOSED = (
    ast.Attribute,
    ast.Call,
    ast.Constant,
    ast.Dict,
    ast.JoinedStr,
    ast.List,
    ast.Name,
    ast.Set,
    ast.Subscript,
    ast.Tuple,
    ast.stmt,
)


def edits(text: str) -> list[Edit]:
    """Give every change of a source, in the order of its lines."""
    source = Source(text)
    found = map(source.edit, _spans(source, source.tree, left_alone(source.tree)))
    different = dict.fromkeys(edit for edit in found if edit.before != edit.after)
    return sorted(different, key=lambda edit: edit.line)


def _spans(source: Source, node: ast.AST, alone: set[ast.AST]) -> Iterator[Span]:
    """Find what can be changed in a node and below it."""
    if node in alone:
        return
    for old, new in changed_nodes(node):
        if old not in alone:
            yield from _replaced(source, old, old, new)
    if isinstance(node, ast.JoinedStr):
        yield from _spans_of_text(source, node, node)
        return
    yield from changed_entries(node, source)
    for child in ast.iter_child_nodes(node):
        yield from _spans(source, child, alone)


def _spans_of_text(source: Source, whole: ast.JoinedStr, node: ast.AST) -> Iterator[Span]:
    """Change an f-string by writing all of it: before Python 3.12 its parts have no places."""
    for child in ast.iter_child_nodes(node):
        for old, new in changed_nodes(child):
            yield from _replaced(source, whole, old, new)
        if not isinstance(node, ast.FormattedValue) or child is node.value:  # formats go whole
            yield from _spans_of_text(source, whole, child)


def _replaced(source: Source, whole: ast.AST, old: ast.AST, new: ast.AST) -> Iterator[Span]:
    changed = copy.deepcopy(whole, {id(old): new})
    try:
        code = ast.unparse(changed)
    except ValueError:  # quotes or backslashes of an f-string collide
        return
    if "\n" not in code:
        code = code if isinstance(changed, _CLOSED) else f"({code})"
        yield Span(source.begin(whole), source.end(whole), code)
