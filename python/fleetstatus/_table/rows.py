"""Tables of other things than devices."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from fleetstatus._show import html
from fleetstatus._show.lines import laid_out, terminal_width
from fleetstatus._table import hints
from fleetstatus._table.arrow import ArrowExport
from fleetstatus._table.column import Column
from fleetstatus._table.files import ROWS_AT_A_TIME, json_rows, write, written
from fleetstatus._table.frames import to_arrow, to_pandas
from fleetstatus._table.keys import first_rows, last_rows
from fleetstatus._table.kinds import Kind, kind_of_column
from fleetstatus._table.masks import to_flags
from fleetstatus._table.web import JsonRows
from fleetstatus._words.names import no_column
from fleetstatus._words.text import and_more, clipped, in_seconds, moment, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from fleetstatus import _core
    from fleetstatus._table.files import Target

SECONDS = ("_s", "seconds")
"""How names of columns end that hold durations as numbers of seconds."""
_CODES = {"id", "capabilities"}  # numbers that count nothing
_IDS = (".id", "_id")
_FIRST_ROWS = 8
_MOST_CELLS = 48


class Rows(ArrowExport, JsonRows):
    """Rows of named columns. They never change.

    ``rows["name"]`` is a `Column`, ``rows[0]`` a dict, ``rows[:5]`` a table; iteration yields
    dicts. `to_polars`, `to_pandas`, `to_dicts`, `to_json` and `write` hand them on, and whatever
    reads Arrow streams takes them as they are.
    """

    __slots__ = ("_columns",)
    _durations: ClassVar[Mapping[str, str]] = {}

    def __init__(self, columns: Sequence[tuple[str, _core.Column]]) -> None:
        self._columns = dict(columns)

    def _like(self, columns: Sequence[tuple[str, _core.Column]]) -> Self:
        """Make a table of the same kind from other rows."""
        return type(self)(columns, *self._further())

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(self._columns)

    @property
    def schema(self) -> dict[str, str]:
        """Arrow type of each column, by name; see `Column.type`."""
        return {name: column.type for name, column in self._columns.items()}

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self), len(self._columns)

    if not TYPE_CHECKING:  # a type checker then knows which names there are

        def __getattr__(self, name):
            raise hints.no_attribute(self, name, hints.of_rows(name))

    def head(self, n: int = 5) -> Self:
        """Give the first `n` rows; below 0, all but the last so many."""
        return self[first_rows(n)]

    def tail(self, n: int = 5) -> Self:
        """Give the last `n` rows; below 0, all but the first so many."""
        return self[last_rows(n)]

    @overload
    def __getitem__(self, key: str) -> Column: ...
    @overload
    def __getitem__(self, key: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: str | int | slice) -> Column | dict[str, Any] | Self:
        """Column of a name, row of a number as a dict, or rows of a slice as a table."""
        if isinstance(key, str):
            if key not in self._columns:
                raise KeyError(no_column(key, self.columns))
            return Column(self._columns[key], key)
        if isinstance(key, slice):
            return self._take(list(range(len(self))[key]))
        try:
            row = range(len(self))[key]
        except TypeError:
            message = (
                f"a {type(self).__name__} takes a column's name, a row's number or a slice, not "
                f"{shortened(repr(key))}; filter(mask) gives rows, to_polars() and to_pandas() more"
            )
            raise TypeError(message) from None
        except IndexError:
            message = f"row {key} of a table of {len(self)} rows"
            raise IndexError(message) from None
        return {name: column.value_at(row) for name, column in self._columns.items()}

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.columns)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for first in range(0, len(self), ROWS_AT_A_TIME):
            end = min(first + ROWS_AT_A_TIME, len(self))
            lists = (column.list(first, end) for column in self._columns.values())
            for row in zip(*lists, strict=True):
                yield dict(zip(self._columns, row, strict=True))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.columns == other.columns and self.to_dicts() == other.to_dicts()

    def __hash__(self) -> int:
        return hash((self.columns, len(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        columns = [
            (name, kind_of_column(column), column.to_list())
            for name, column in self._columns.items()
        ]
        return _unpickled, (type(self), columns, *self._further())

    def _further(self) -> tuple[Any, ...]:
        """Give what a table of this kind is made of beside its columns."""
        return ()

    def filter(self, mask: Column | Iterable[bool | None]) -> Self:
        """Rows where a mask is true; null counts as false. See `StatusTable.filter`."""
        return self._filter(to_flags(mask))

    def _filter(self, flags: _core.Column) -> Self:
        if len(flags) != len(self):
            message = f"a mask of {len(flags)} rows for a table of {len(self)}"
            raise ValueError(message)
        return self._like([(name, column.filter(flags)) for name, column in self._columns.items()])

    def _take(self, rows: list[int]) -> Self:
        return self._like([(name, column.take(rows)) for name, column in self._columns.items()])

    def to_dicts(self, *, json: bool = False) -> list[dict[str, Any]]:
        """Rows as dicts by column; times as aware datetimes, durations in whole seconds.

        Parameters
        ----------
        json
            Whether times are RFC 3339 text in UTC, so that ``json.dumps`` accepts the rows.
        """
        return json_rows(self._named_columns()) if json else list(self)

    def to_pandas(self) -> pd.DataFrame:
        """Make a pandas data frame; see `StatusTable.to_pandas` for the types of its columns.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        columns = {name: Column(core, name) for name, core in self._columns.items()}
        return to_pandas(columns, durations=self._durations)

    def to_arrow(self) -> Any:
        """Make a pyarrow table, without a copy.

        Raises
        ------
        ImportError
            If pyarrow is not installed.
        """
        return to_arrow(self)

    def to_json(self) -> str:
        """Rows as JSON text, an array of objects; times are RFC 3339 in UTC.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> fs.diff(devices, devices).to_json().split()
        ['[', ']']
        """
        return "".join(written(self._named_columns(), "json"))

    def write(self, path: Target, *, format: str | None = None) -> None:
        """Write all columns to a file, in the formats of `StatusTable.write`.

        Raises
        ------
        ValueError, TypeError, ImportError, OSError
            As there.
        """
        write(self, path, format, page=self._page())

    def _page(self) -> Callable[[], str] | None:
        """Give what writes the rows as a page that stands alone, if there is such."""
        return None

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return list(self._columns.items())

    def __repr__(self) -> str:
        rows = [self.columns, *self._first_rows()]
        return "\n".join([laid_out(rows, n_fixed=1, width=terminal_width()), *self._more()])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        parts = [html.table(self.columns, self._first_rows(), is_stacked=True)]
        parts += [html.paragraph(line, kind="note") for line in self._more()]
        return {"text/plain": repr(self), "text/html": html.page(*parts)}

    def _first_rows(self) -> list[list[str]]:
        return [
            [_cell(name, column.value_at(row)) for name, column in self._columns.items()]
            for row in range(min(len(self), _FIRST_ROWS))
        ]

    def _more(self) -> list[str]:
        if len(self) > _FIRST_ROWS:
            return [and_more(len(self) - _FIRST_ROWS, "row")]
        return [] if len(self) else ["no rows"]


def _unpickled(
    of: type[Rows], columns: Sequence[tuple[str, Kind, list[Any]]], *further: Any
) -> Rows:
    """Make a table of its pickle."""
    return of([(name, kind.build(values)) for name, kind, values in columns], *further)


def _cell(name: str, value: Any) -> str:
    """Write a value for people, a duration also in words."""
    if value is None:
        return "-"
    is_code = name in _CODES or name.endswith(_IDS)
    text = clipped(visible(value if is_code else _text_of(value)), _MOST_CELLS)
    is_duration = name.endswith(SECONDS) and isinstance(value, int | float)
    return f"{text} ({in_seconds(value)})" if is_duration else text


def _text_of(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
