"""Entries of collections that go, or change places with the next."""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING

from python_source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_source import Source


def changed_entries(node: ast.AST, source: Source) -> Iterator[Span]:
    """Leave an entry out of a collection, or swap neighbours: where it is no argument or result."""
    match node:
        case ast.Dict(keys=keys, values=[_, _, *_] as values) if None not in keys:
            begins = [source.begin(key) for key in keys if key is not None]
            yield from _without_one(source, begins, list(map(source.end, values)))
            yield from _swapped(source, values)
        case ast.Set(elts=[_, _, *_] as entries):
            yield from _without_one(source, *_places(source, entries))
        case (
            ast.List(elts=[_, _, *_] as entries, ctx=ast.Load())
            | ast.Assign(value=ast.Tuple(elts=[_, _, _, *_] as entries), targets=[ast.Name()])
            | ast.For(iter=ast.Tuple(elts=[_, _, _, *_] as entries))
        ):
            yield from _without_one(source, *_places(source, entries))
            yield from _swapped(source, entries)


def _places(source: Source, entries: list[ast.expr]) -> tuple[list[int], list[int]]:
    return list(map(source.begin, entries)), list(map(source.end, entries))


def _without_one(source: Source, begins: list[int], ends: list[int]) -> Iterator[Span]:
    """Leave an entry out with the comma behind it; of the last, the comma before it."""
    spans = [
        Span(begin, end, _white_space(source.text(begin, end)))
        for begin, end in itertools.pairwise(begins)
    ]
    for span in [*spans, Span(ends[-2], ends[-1], "")]:
        text = source.text(span.begin, span.end)
        if text.count("(") == text.count(")"):  # else parentheses around one would stay
            yield span


def _white_space(text: str) -> str:
    """Keep lines, so that what follows stays on its own, and its indentation."""
    *lines, last = text.split("\n")
    return "\n" * len(lines) + (last[: len(last) - len(last.lstrip())] if lines else "")


def _swapped(source: Source, entries: list[ast.expr]) -> Iterator[Span]:
    for one, other in itertools.pairwise(entries):
        begin, end = source.begin(one), source.end(other)
        first, second = source.end(one), source.begin(other)
        text, next_text = source.text(begin, first), source.text(second, end)
        if text != next_text:
            yield Span(begin, end, next_text + source.text(first, second) + text)
