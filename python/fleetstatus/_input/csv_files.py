"""CSV of device records, read with Python's `csv` so that nothing is guessed.

Cells are text. They are converted by the kind of their field; a cell that cannot be converted is
handed over as it is, so that the engine makes a bad record of it.
"""

import contextlib
import csv
import io
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fleetstatus import _core
from fleetstatus._catalog import FIELDS, to_api_name
from fleetstatus._input.columns import check_fields
from fleetstatus._input.decode import UTF8_BOM, begins_like_json
from fleetstatus._words.text import shortened, visible

_DELIMITERS = ",;\t"
LONGEST_LINE = 1 << 20
"""Bytes of the beginning in which the first line ends."""
_BOOLEANS = {"t": True, "f": False, "true": True, "false": False, "True": True, "False": False}
_BOOLEANS |= {"1": True, "0": False}
_WHOLE = re.compile(r"(-?(?:0|[1-9][0-9]{0,18}))(?:\.0+)?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

Cells = list[Any]


def delimiter_of(content: Any, is_field: Callable[[str], bool]) -> str | None:
    """Tell CSV of device records by its first line, which names a field.

    Parameters
    ----------
    content
        The text, or its first bytes.
    is_field
        Whether a name is that of a field that is read.

    Returns
    -------
    The delimiter; None if the content is something else.
    """
    view = memoryview(content).cast("B")
    if begins_like_json(view):  # in most cases
        return None
    head = bytes(view[:LONGEST_LINE]).removeprefix(UTF8_BOM)
    try:
        line = head.splitlines()[0].decode() if head.strip() else ""
    except UnicodeDecodeError:
        return None
    counts = {mark: _n_fields(line, mark, is_field) for mark in _DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] > 0 else None


def _n_fields(line: str, delimiter: str, is_field: Callable[[str], bool]) -> int:
    with _large_cells(len(line)):
        names = next(csv.reader([line], delimiter=delimiter), [])
    return sum(map(is_field, names))


def read_csv(reader: _core.Reader, content: Any, delimiter: str, name: str) -> None:
    """Read all of a CSV file; lines that have too few or too many cells are bad records."""
    text = _decoded(content, name)
    with _large_cells(len(text)):
        lines = _lines(text, delimiter, name)
        header = next(lines)
        check_fields(header, "CSV", name)
        wanted = [place for place, key in enumerate(header) if reader.is_listed(key)]
        rows, bad_rows, are_longer = _rows(lines, len(header), wanted)
    if are_longer:
        raise _no_name_error(len(header), name)
    columns: list[Cells] = list(map(list, zip(*rows, strict=True))) or [[] for _ in wanted]
    converters = converters_of([header[place] for place in wanted], dict(reader.carry))
    named = [
        (header[place], converted(column, convert))
        for place, column, convert in zip(wanted, columns, converters, strict=True)
    ]
    reader.read_columns(named, len(rows), bad_rows, header)


def converters_of(names: Sequence[str], carried: Mapping[str, str]) -> list[Callable[[str], Any]]:
    """Functions that convert the cells of columns with these names.

    Parameters
    ----------
    carried
        Types of the carried fields, by their names.
    """
    kinds: Mapping[str, str] = {name: field["kind"] for name, field in FIELDS.items()}
    # A field that is read and carried, too, is converted for the reading of it.
    of_fields = [kinds.get(to_api_name(name)) for name in names]
    of_carried = [carried.get(name, carried.get(to_api_name(name))) for name in names]
    found = zip(of_fields, of_carried, strict=True)
    return [_CONVERTERS.get(kind or of_type or "", _as_it_is) for kind, of_type in found]


def converted(cells: Sequence[str | None], convert: Callable[[str], Any]) -> Cells:
    """Convert the cells of a column; empty ones are null."""
    return [convert(cell) if cell else None for cell in cells]


def _as_it_is(cell: str) -> Any:
    return cell


def _boolean(cell: str) -> Any:
    return _BOOLEANS.get(cell, cell)


def _number(cell: str) -> Any:
    if (whole := _WHOLE.fullmatch(cell)) is not None:
        return int(whole[1])
    return float(cell) if _NUMBER.fullmatch(cell) else cell


_CONVERTERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "bool": _boolean,
    "integer": _number,
    "integer32": _number,
    "int64": _number,
    "float64": _number,
}


def _lines(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    """Rows of cells; blank lines are none."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from filter(None, lines)
    except csv.Error as error:
        message = (
            f"{name or 'the source'}: broken CSV, line {lines.line_num}: {error}\n"
            "write it again, with quotes around cells that hold quotes, doubled"
        )
        raise ValueError(message) from error


def _rows(
    lines: Iterator[list[str]], n_cells: int, wanted: Sequence[int]
) -> tuple[list[list[str | None]], list[tuple[int, str]], bool]:
    """Cells of the wanted columns, and the rows that have another number of cells.

    Returns
    -------
    Also whether all rows end in a delimiter, so that each has an empty cell too many.
    """
    rows: list[list[str | None]] = []
    bad_rows = []
    n_longer = 0
    nothing: list[str | None] = [None] * len(wanted)
    for row, cells in enumerate(lines):
        if len(cells) == n_cells:
            rows.append([cells[place] for place in wanted])
        else:
            bad_rows.append((row, f"a line of {len(cells)} cells of {n_cells}"))
            rows.append(nothing)
            n_longer += len(cells) == n_cells + 1 and not cells[-1]
    return rows, bad_rows, bool(rows) and n_longer == len(rows)


def _no_name_error(n_names: int, name: str) -> ValueError:
    message = (
        f"{name or 'the source'}: CSV whose first line names {n_names} columns, and whose other "
        f"lines all have {n_names + 1} cells, the last of them empty\n"
        "name the last column in the first line, or delete the delimiter at the end of the others"
    )
    return ValueError(message)


def _decoded(content: Any, name: str) -> str:
    view = memoryview(content)
    try:
        return str(view, "utf-8-sig")
    except UnicodeDecodeError as error:
        quoted = visible(shortened(repr(bytes(view[error.start : error.end]))))
        message = (
            f"{name or 'the source'}: CSV that is not UTF-8: byte {error.start} is {quoted}\n"
            "save it as UTF-8"
        )
        raise ValueError(message) from error


class _LargeCells:
    """Raises the limit that the module `csv` has for all of a process, while it is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_users = 0
        self._usual = 0

    @contextlib.contextmanager
    def __call__(self, size: int) -> Iterator[None]:
        """Let cells be as long as a text of this size."""
        with self._lock:
            if self._n_users == 0:
                self._usual = csv.field_size_limit()
            self._n_users += 1
            csv.field_size_limit(max(size, csv.field_size_limit()))
        try:
            yield
        finally:
            with self._lock:
                self._n_users -= 1
                if self._n_users == 0:
                    csv.field_size_limit(self._usual)


_large_cells = _LargeCells()
