"""Text of a Python module, with the places of the nodes of its syntax tree."""

from __future__ import annotations

import ast
import itertools
from typing import NamedTuple


class Span(NamedTuple):
    """Bytes of a source from `begin` to `end`, and what comes in their place."""

    begin: int
    end: int
    new: str


class Edit(NamedTuple):
    """Lines of a source, which count from 1, and what comes in their place: as many lines."""

    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]


class Source:
    """Text of a module."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self._bytes = text.encode()
        lengths = map(len, self._bytes.splitlines(keepends=True))
        self._starts = list(itertools.accumulate(lengths, initial=0))

    def begin(self, node: ast.AST) -> int:
        """Where a node begins."""
        assert isinstance(node, ast.expr | ast.stmt)
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.AST) -> int:
        """Where a node ends."""
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, begin: int, end: int) -> str:
        """Text between two places."""
        return self._bytes[begin:end].decode()

    def edit(self, span: Span) -> Edit:
        """Put text in the place of other; lines that it leaves over become empty."""
        line = self._line(span.begin)
        first, last = self._starts[line - 1], self._starts[self._line(span.end)]
        before = self.text(first, last).splitlines()
        changed = self.text(first, span.begin) + span.new + self.text(span.end, last)
        after = changed.splitlines()
        after += [""] * (len(before) - len(after))
        return Edit(line, tuple(before), tuple(after))

    def _line(self, place: int) -> int:
        return sum(start <= place for start in self._starts[:-1])
