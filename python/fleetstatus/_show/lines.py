"""Tables as lines of text, whose columns are measured in cells of a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from fleetstatus._words.text import cell_width, padded, wrapped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GAP = "  "
_INDENT = "  "
_SQUARE, _PLAIN_SQUARE = "█", "#"
_LEAST_WIDTH = 20


def terminal_width() -> int | None:
    """Count the columns of the terminal that texts are for; None where there is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def square() -> str:
    """Choose what bars are drawn with: what standard output can write."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        _SQUARE.encode(encoding)
    except UnicodeError:
        return _PLAIN_SQUARE
    return _SQUARE


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """Write rows of cells as lines, the columns of these numbers aligned on the right."""
    widths = [max(map(cell_width, cells)) for cells in zip(*rows, strict=True)]
    return [
        GAP.join(
            padded(cell, width, is_right=column in right)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def in_blocks(widths: Sequence[int], n_fixed: int, width: int) -> list[list[int]]:
    """Share columns out among blocks of at most a width, each after the first, fixed ones.

    Examples
    --------
    >>> in_blocks([10, 5, 5, 5], n_fixed=1, width=24)
    [[0, 1, 2], [0, 3]]
    """
    fixed = list(range(n_fixed))
    first = sum(widths[:n_fixed]) + len(GAP) * n_fixed
    blocks: list[list[int]] = [[]]
    used = first
    for column in range(n_fixed, len(widths)):
        if blocks[-1] and used + widths[column] > width:
            blocks.append([])
            used = first
        blocks[-1].append(column)
        used += widths[column] + len(GAP)
    return [fixed + block for block in blocks]


def hanging(line: str, width: int | None) -> list[str]:
    """Break a line at a width in cells, None for nowhere; its further lines are indented.

    Examples
    --------
    >>> hanging("! 1 device: the API says updating, the rules operational", width=30)
    ['! 1 device: the API says', '  updating, the rules', '  operational']
    """
    if width is None or cell_width(line) <= width:
        return [line]
    first, *others = wrapped(line, max(width - len(_INDENT), _LEAST_WIDTH))
    return [first, *(f"{_INDENT}{other}" for other in others)]


def laid_out(
    rows: Sequence[Sequence[str]],
    *,
    n_fixed: int,
    width: int | None,
    right: Collection[int] = (),
    n_heads: int = 1,
) -> str:
    """Write rows of cells as text, in several blocks where they are wider than a terminal.

    Parameters
    ----------
    rows
        Lines of headings, then rows.
    n_fixed
        Number of first columns that each block has.
    width
        Cells of a line; None: a single block.
    right
        Numbers of the columns to align on the right.
    n_heads
        Number of lines of headings; one without a word in a block is left out there.
    """
    widths = [max(map(cell_width, cells)) for cells in zip(*rows, strict=True)]
    room = sum(widths) + len(GAP) * len(widths) if width is None else width
    blocks = []
    for columns in in_blocks(widths, n_fixed, room):
        cells = [[row[column] for column in columns] for row in rows]
        heads = [line for line in cells[:n_heads] if any(line)]
        of_block = [place for place, column in enumerate(columns) if column in right]
        blocks.append("\n".join(aligned([*heads, *cells[n_heads:]], right=of_block)))
    return "\n\n".join(blocks)
