"""Tables as lines of text, whose columns are measured in cells of a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from fleetstatus._words.text import cell_width, padded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_GAP = "  "


def terminal_width() -> int | None:
    """Count the columns of the terminal that texts are for; None where there is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """Write rows of cells as lines, the columns of these numbers aligned on the right."""
    widths = [max(map(cell_width, cells)) for cells in zip(*rows, strict=True)]
    return [
        _GAP.join(
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
    first = sum(widths[:n_fixed]) + len(_GAP) * n_fixed
    blocks: list[list[int]] = [[]]
    used = first
    for column in range(n_fixed, len(widths)):
        if blocks[-1] and used + widths[column] > width:
            blocks.append([])
            used = first
        blocks[-1].append(column)
        used += widths[column] + len(_GAP)
    return [fixed + block for block in blocks]
