"""A table for other libraries and programs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, cast

from fleetstatus._report.report_page import DASHBOARD, page_of
from fleetstatus._table.arrow import ArrowExport, arrow_view
from fleetstatus._table.facts import TableFacts
from fleetstatus._table.files import ROWS_AT_A_TIME, json_rows, write, written
from fleetstatus._table.frames import to_arrow, to_pandas
from fleetstatus._table.metadata import note_of
from fleetstatus._table.selected_columns import DURATIONS
from fleetstatus._table.web import JsonRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from fleetstatus import _core
    from fleetstatus._report.devices import Devices
    from fleetstatus._table.files import Target
    from fleetstatus._table.metadata import Note


class Exports(TableFacts, ArrowExport, JsonRows):
    """The part of `StatusTable` that hands it on."""

    __slots__ = ()

    def _lists(self) -> Iterator[list[list[Any]]]:
        """Values of some rows at a time, a list for each column."""
        starts = range(0, len(self), ROWS_AT_A_TIME)
        return (self._core.lists(i, min(i + ROWS_AT_A_TIME, len(self))) for i in starts)

    def to_dicts(self, *, json: bool = False) -> list[dict[str, Any]]:
        """Rows as dicts by column; times as aware datetimes, durations in whole seconds.

        Parameters
        ----------
        json
            Whether times are RFC 3339 text in UTC, as in `to_json`, so that ``json.dumps`` and web
            frameworks accept the rows.

        Examples
        --------
        >>> import json
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> rows = devices.to_dicts(json=True)
        >>> rows[0]["status_since"], rows[0]["status_duration_s"]
        ('2026-09-29T18:04:58.973Z', 2829301)
        >>> json.loads(json.dumps(rows)) == rows
        True
        """
        if json:
            return json_rows(self._named_columns())
        names = self.columns
        return [
            dict(zip(names, row, strict=True))
            for lists in self._lists()
            for row in zip(*lists, strict=True)
        ]

    def to_json(self) -> str:
        """Rows as JSON text, an array of objects by column: what `write` puts into ``.json``.

        Times are RFC 3339 in UTC, durations whole seconds, capabilities their bits.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> print(fs.classify(fs.sample_fleet())[:1].to_json()[:45])
        [
        {"id":9204381,"uuid":"d64bca28c53c6171e61df
        """
        return "".join(written(self._named_columns(), "json"))

    def to_pandas(self) -> pd.DataFrame:
        """Make a pandas data frame; pyarrow is not needed and makes no difference.

        Returns
        -------
        shape (n_rows, n_columns)
            Labels are categories with all labels, in order. Whole numbers are Int64, Int32 and
            UInt16, bools are boolean, both with NA for null. Times are datetime64[ms, UTC]. Text
            has the type that pandas gives it. ``status_duration`` and ``update_status_duration``
            are timedelta64[s] in place of the columns that end in ``_s``.

        Raises
        ------
        ImportError
            If pandas is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> frame = fs.classify(fs.sample_fleet()).to_pandas()
        >>> frame["status"].value_counts().index[0]
        'Operational'
        """
        return to_pandas({name: self._column(name) for name in self.columns}, durations=DURATIONS)

    def to_arrow(self, *, flat: bool = False, bits: bool = False) -> Any:
        """Make a pyarrow table, which `from_arrow` reads back.

        Parameters
        ----------
        flat
            True: simpler types, for engines without dictionaries: texts and labels are large
            strings, small numbers int32, times microseconds. False: nothing is copied.
        bits
            Whether to add a column ``rule_bits`` (int64). A table that is read back needs it for
            `explain` and `as_scheme`.

        Returns
        -------
        shape (n_rows, n_columns)
            The metadata of the schema and of its field ``status`` has the key ``fleetstatus``: JSON
            with scheme, moment, options and version.

        Raises
        ------
        ImportError
            If pyarrow is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.to_arrow(flat=True).schema.field("status").type
        DataType(large_string)
        """
        return to_arrow(arrow_view(self, flat=flat, bits=bits))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        """Refuse to become an array, also for ``pd.DataFrame``, which would lose the columns."""
        message = (
            "a table of devices is no array: use table.to_pandas() in place of pd.DataFrame(table), "
            "table.to_polars() for polars, table['status'].to_numpy() for one column"
        )
        raise TypeError(message)

    def _note(self) -> Note:
        return note_of(self._core)

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [(name, self._core.column(name)) for name in self.columns]

    def write(
        self,
        path: Target,
        *,
        format: str | None = None,
        dashboard: str | None = DASHBOARD,
    ) -> None:
        """Write all columns to a file, in the format that its ending names.

        ``.json``, ``.ndjson`` (or ``.jsonl``) and ``.csv``, each also with ``.gz``: times are RFC
        3339 in UTC, durations whole seconds, capabilities their bits. In CSV (RFC 4180) null is
        nothing and empty text is ``""``. Texts are exact, so a spreadsheet reads a name such as
        ``=1+1`` as a formula: write ``.xlsx`` for spreadsheets.

        ``.xlsx`` (``pip install 'fleetstatus[excel]'``): texts stay texts, nothing is a formula or
        a link; times are in UTC, since Excel has no zones.

        ``.parquet`` is written by pyarrow, polars or DuckDB, with a column ``rule_bits``;
        `from_arrow` reads it back.

        ``.html`` is the report of ``fleetstatus audit`` as one page; it does not have all rows.

        Parameters
        ----------
        path
            The path of the file. Another file is written and then renamed, so that nobody reads
            half of it, and after an error the old file is still there. Or an open file: binary, or
            text if the format is text.
        format
            The format, such as ``"csv"`` or ``"csv.gz"``; needed if `path` is an open file or has
            another ending.
        dashboard
            Address of the dashboard in links of the report; the uuid is appended. None: no links.

        Raises
        ------
        ValueError
            If the format is unknown, or missing for an open file; the message lists all formats. If
            there are too many rows for a sheet of Excel, or a text has more than 32,767 letters.
        TypeError
            If `path` is neither a path nor an open file, or is a text file and the format is
            binary.
        ImportError
            If the format needs a library that is not installed.
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import io
        >>> import fleetstatus as fs
        >>> file = io.StringIO()
        >>> fs.classify(fs.sample_fleet())[:1].write(file, format="csv")
        >>> file.getvalue()[:24]
        'id,uuid,device_name,flee'
        """
        page = partial(page_of, cast("Devices", self), dashboard)
        write(self, path, format, parquet=arrow_view(self, bits=True), page=page)
