"""Tables written for Excel and other spreadsheets, by XlsxWriter."""

from __future__ import annotations

import math
import re
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from fleetstatus._words.text import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fleetstatus import _core

_MOST_ROWS = 2**20 - 1  # below the row of headings
_MOST_COLUMNS = 2**14
_MOST_UNITS = 32_767  # of UTF-16, in a cell
_EXACT = 10**15  # digits that a spreadsheet keeps of a number
_FIRST_YEAR = 1901  # the year before has a 29th of February there
_ROWS_AT_A_TIME = 4096
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_TIME_FORMAT = {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}
# XlsxWriter takes the first for XML of its own, and escapes only one of two escapes that overlap.
_MISREAD = re.compile(r"\A<r>.*</r>\Z|_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_", re.DOTALL)
_TIMESTAMP = "timestamp[ms, UTC]"
_TEXTS = ("utf8", "dictionary")
_WIDTHS = {"text": 24, "time": 20, "other": 12}


def write_excel(columns: Sequence[tuple[str, _core.Column]], file: IO[bytes]) -> None:
    """Write one sheet: texts as texts whatever they say, times in UTC without a zone.

    Null is an empty cell. A number that a spreadsheet would round, and a time before 1901, are
    texts.

    Raises
    ------
    ImportError
        If XlsxWriter is not installed.
    ValueError
        If there are more rows, columns or letters in a cell than a sheet can hold.
    """
    xlsxwriter = _library()
    _check_fits(columns)
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        _Sheet(book, columns).write()


def _library() -> Any:
    try:
        return import_module("xlsxwriter")
    except ImportError:
        message = "write needs xlsxwriter for .xlsx: pip install 'fleetstatus[excel]'"
        raise ImportError(message, name="xlsxwriter") from None


def _check_fits(columns: Sequence[tuple[str, _core.Column]]) -> None:
    n_rows = len(columns[0][1])
    if n_rows > _MOST_ROWS or len(columns) > _MOST_COLUMNS:
        message = (
            f"{n_rows:,} rows of {len(columns):,} columns do not fit a sheet of Excel, which has "
            f"{_MOST_ROWS:,} of {_MOST_COLUMNS:,}; write parts of the table, or .csv or .parquet"
        )
        raise ValueError(message)
    for name, column in columns:
        if _n_units(name) > _MOST_UNITS:
            raise _too_long(name, f"the name of a column, {quoted(name)},")
        if _kind(column) != "text":
            continue
        for row, text in enumerate(_values(column)):
            if text is not None and _n_units(text) > _MOST_UNITS:
                raise _too_long(text, f"{quoted(name)} of row {row}")


def _n_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _too_long(text: str, what: str) -> ValueError:
    return ValueError(
        f"{what} has {_n_units(text):,} letters, and a cell of Excel holds {_MOST_UNITS:,}; "
        "leave the row out, or write .csv or .parquet"
    )


def _kind(column: _core.Column) -> str:
    if column.type == _TIMESTAMP:
        return "time"
    is_text = any(word in column.type for word in _TEXTS)
    return "text" if is_text else "other"


def _values(column: _core.Column) -> Any:
    """Give the values of a column, some at a time."""
    for first in range(0, len(column), _ROWS_AT_A_TIME):
        yield from column.list(first, min(first + _ROWS_AT_A_TIME, len(column)))


def _pieces(text: str) -> list[str]:
    """Cut a text into three pieces or more, none of which XlsxWriter misreads."""
    return [text[:1], text[1:2], *filter(None, re.split("(?=_)", text[2:]))]


class _Sheet:
    """A sheet that is being written, row by row, since only one is in memory."""

    def __init__(self, book: Any, columns: Sequence[tuple[str, _core.Column]]) -> None:
        self._sheet = book.add_worksheet()
        self._bold = book.add_format({"bold": True})
        self._time = book.add_format(_TIME_FORMAT)
        self._columns = columns

    def write(self) -> None:
        """Write all rows below the names of the columns."""
        last = len(self._columns) - 1
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, len(self._columns[0][1]), last)
        for place, (name, column) in enumerate(self._columns):
            self._sheet.set_column(place, place, _WIDTHS[_kind(column)])
            self._put_text(0, place, name, self._bold)
        writers = [self._writer(column) for _, column in self._columns]
        rows = zip(*(_values(column) for _, column in self._columns), strict=True)
        for row, values in enumerate(rows, start=1):
            for place, (put, value) in enumerate(zip(writers, values, strict=True)):
                if value is not None:
                    put(row, place, value)

    def _writer(self, column: _core.Column) -> Any:
        if column.type == "bool":
            return self._sheet.write_boolean
        puts = {"text": self._put_text, "time": self._put_time, "other": self._put_number}
        return puts[_kind(column)]

    def _put_text(self, row: int, place: int, text: str, form: Any = None) -> None:
        if _MISREAD.search(text):
            self._sheet.write_rich_string(row, place, *_pieces(text))
        else:
            self._sheet.write_string(row, place, text, form)

    def _put_time(self, row: int, place: int, time: datetime) -> None:
        if time.year < _FIRST_YEAR:
            self._put_text(row, place, time.isoformat().replace("+00:00", "Z"))
        else:
            self._sheet.write_datetime(row, place, time.replace(tzinfo=None), self._time)

    def _put_number(self, row: int, place: int, number: float) -> None:
        is_kept = isinstance(number, float) or abs(number) < _EXACT
        if is_kept and math.isfinite(number):
            self._sheet.write_number(row, place, number)
        else:
            self._put_text(row, place, str(number))
