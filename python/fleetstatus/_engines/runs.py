"""Rows of text as runs: lines of one file that are read together, and files each on its own."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from fleetstatus._input.arrow_files import MAGIC_SIZE, format_of
from fleetstatus._input.decode import BOM_SIZE, is_encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Run(NamedTuple):
    """Text of one row, or of several that stand behind each other.

    Attributes
    ----------
    name
        Of the file that it is from; empty where that is not known.
    text
        JSON lines, or the content of a file.
    is_lines
        Whether each row is one line.
    where
        The rows of the partition, in words; empty where its rows are nothing that users know.
    """

    name: str
    text: bytes
    is_lines: bool
    where: str


def runs_of(
    cells: Sequence[bytes | None], names: Sequence[str | None] | None, first_row: int
) -> Iterator[Run]:
    """Put the rows of a batch together.

    Parameters
    ----------
    cells
        Text of each row; None is read as JSON's null, which is a bad record.
    names
        For each row the file that it is from, where that is known.
    first_row
        Rows of the partition before this batch.
    """
    texts = [b"null" if cell is None else cell for cell in cells]
    if names is None:
        names = [""] * len(texts)
    row = first_row
    begin = 0
    for (name, is_lines), rows in groupby(zip(names, map(_is_line, texts), strict=True)):
        n_rows = len(list(rows))
        for first, end in [(0, n_rows)] if is_lines else [(i, i + 1) for i in range(n_rows)]:
            text = b"\n".join(texts[begin + first : begin + end])
            yield Run(name or "", text, is_lines, rows_in_words(row + first, row + end - 1))
        begin += n_rows
        row += n_rows


def _is_line(text: bytes) -> bool:
    return b"\n" not in text and not (
        is_encoded(text[:BOM_SIZE]) or format_of(text[:MAGIC_SIZE]) is not None
    )


def rows_in_words(first: int, last: int) -> str:
    """Name rows of a partition in an error."""
    return f"row {first}" if first == last else f"rows {first} to {last}"
