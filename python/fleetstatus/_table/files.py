"""Tables written to files, as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fleetstatus import _core

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    NamedColumns = Sequence[tuple[str, _core.Column]]

ROWS_AT_A_TIME = 4096
_FORMATS = {".json": "json", ".ndjson": "ndjson", ".csv": "csv"}


def write_columns(columns: NamedColumns, path: str | os.PathLike[str]) -> None:
    """Write columns to a file in the format that its ending names.

    Raises
    ------
    ValueError
        If the path ends in none of ``.json``, ``.ndjson`` and ``.csv``.
    """
    target = Path(path)
    form = _FORMATS.get(target.suffix.lower())
    if form is None:
        message = f"{target.name!r} ends in none of {', '.join(_FORMATS)}"
        raise ValueError(message)
    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(written(columns, form))


def written(columns: NamedColumns, form: str) -> Iterator[str]:
    """Give the text of a file, some rows at a time."""
    n_rows = len(columns[0][1])
    starts = range(0, max(n_rows, 1), ROWS_AT_A_TIME)
    ends = (min(start + ROWS_AT_A_TIME, n_rows) for start in starts)
    return (_core.write(columns, form, start, end) for start, end in zip(starts, ends, strict=True))
