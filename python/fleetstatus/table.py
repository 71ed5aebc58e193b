"""The answers for a batch of devices."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, overload

from fleetstatus import _core, _display
from fleetstatus._coerce import (
    duration_ms,
    from_ms,
    is_unicode,
    scheme_code,
    to_scheme,
)
from fleetstatus._frames import to_pandas, to_polars
from fleetstatus._labels import as_values, to_text
from fleetstatus._masks import to_flags
from fleetstatus._text import shortened
from fleetstatus.column import Column
from fleetstatus.device import DeviceStatus, device_status
from fleetstatus.enums import Capability, StatusScheme
from fleetstatus.summary import Summary, SummaryOf, summarize

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    import polars as pl

    from fleetstatus.explain import Explanation

COLUMNS = (
    "id",
    "uuid",
    "device_name",
    "fleet",
    "status",
    "detail",
    "reason",
    "status_since",
    "status_duration_s",
    "attention",
    "heartbeat",
    "cloudlink",
    "cloudlink_expected",
    "heartbeat_state",
    "heartbeat_since",
    "cloudlink_since",
    "heartbeat_window_s",
    "capabilities",
    "progress",
    "update_status",
    "update_status_since",
    "update_status_duration_s",
    "update_status_support",
    "api_overall_status",
    "error",
)
_DURATIONS = {
    "status_duration_s": "status_duration",
    "update_status_duration_s": "update_status_duration",
}
_FORMATS = {".json": "json", ".ndjson": "ndjson", ".csv": "csv"}
_ROWS_AT_A_TIME = 4096
_SHORTEST_PREFIX = 4


class StatusTable:
    """Statuses of a batch of devices: row i is record i of the source. It never changes.

    All columns are always there: identity (``id``, ``uuid``, ``device_name``, ``fleet``), the
    status (``status``, ``detail``, ``reason``, ``status_since``, ``status_duration_s``,
    ``attention``), the links (``heartbeat``, ``cloudlink``, ``cloudlink_expected``,
    ``heartbeat_state``, ``heartbeat_since``, ``cloudlink_since``, ``heartbeat_window_s``), what
    still works (``capabilities``), ``progress`` in percent, the update (``update_status``,
    ``update_status_since``, ``update_status_duration_s``, ``update_status_support``), the API's
    own answer (``api_overall_status``), ``error``, then what was carried. Made by `classify`.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> device = devices[devices.find("bitter-wind")]
    >>> device.update_status, device.update_status_duration
    (<UpdateStatus.DOWNLOADED: 'Downloaded'>, datetime.timedelta(seconds=1034))
    >>> devices.filter(devices["status"] == "Disconnected").attention().columns[:3]
    ('id', 'uuid', 'device_name')
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.StatusTable) -> None:
        self._core = core

    def __reduce__(self) -> tuple[Any, ...]:
        return StatusTable, (self._core,)

    # What it is

    def __len__(self) -> int:
        return len(self._core)

    @property
    def scheme(self) -> StatusScheme:
        """Vocabulary of the statuses."""
        return list(StatusScheme)[self._core.scheme]

    @property
    def now(self) -> datetime:
        """Moment that durations end at."""
        return cast("datetime", from_ms(self._core.now_ms))

    @property
    def newest_event(self) -> datetime | None:
        """Latest time in the whole source; its data is no older than that."""
        return from_ms(self._core.newest_event_ms)

    @property
    def fields_missing(self) -> dict[str, str]:
        """Fields that are read and that no record of the source had, and what that hides."""
        return dict(self._core.gaps)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(self._core.columns)

    @property
    def schema(self) -> dict[str, str]:
        """Kind of each column; see `Column.type`."""
        return {name: self[name].type for name in self.columns}

    # Columns and rows

    @overload
    def __getitem__(self, key: str) -> Column: ...
    @overload
    def __getitem__(self, key: int) -> DeviceStatus: ...
    @overload
    def __getitem__(self, key: slice) -> StatusTable: ...
    def __getitem__(self, key: str | int | slice) -> Column | DeviceStatus | StatusTable:
        """Column of a name, row of a number as a `DeviceStatus`, or rows of a slice as a table."""
        if isinstance(key, str):
            if key not in self._core.columns:
                message = f"no column {key!r}; there are {', '.join(self.columns)}"
                raise KeyError(message)
            return Column(self._core.column(key), key)
        if isinstance(key, slice):
            return StatusTable(self._core.take(range(len(self))[key]))
        index = self._row(key)
        values = {name: self._core.column(name).value_at(index) for name in self.columns}
        return device_status(
            {name: values[name] for name in COLUMNS},
            {name: value for name, value in values.items() if name not in COLUMNS},
        )

    def _row(self, number: int) -> int:
        """Row of a number, which may count from the end."""
        try:
            return range(len(self))[number]
        except TypeError:
            message = f"a table takes a column's name or a row's number, not {number!r}"
            raise TypeError(message) from None
        except IndexError:
            message = f"row {number} of a table of {len(self)} rows"
            raise IndexError(message) from None

    def __iter__(self) -> Iterator[DeviceStatus]:
        return (self[row] for row in range(len(self)))

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows as dicts by column; times as aware datetimes, durations in whole seconds."""
        names = self.columns
        lists = [self._core.column(name).to_list() for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]

    # For other libraries

    def to_pandas(self) -> pd.DataFrame:
        """Make a pandas data frame; pyarrow is not needed and makes no difference.

        Returns
        -------
        shape (n_rows, n_columns)
            Labels are categories, all of them, in their order; whole numbers Int64, Int32 and
            UInt16 and flags boolean, with NA for null; times datetime64[ms, UTC]; text what pandas
            takes it for. ``status_duration`` and ``update_status_duration`` are timedelta64[s] in
            place of the columns that end in ``_s``.

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
        return to_pandas({name: self[name] for name in self.columns}, durations=_DURATIONS)

    def to_polars(self) -> pl.DataFrame:
        """Make a polars data frame, without a copy; ``pl.DataFrame(devices)`` does the same.

        Returns
        -------
        shape (n_rows, n_columns)
            Labels are Enums of all of them, in their order (fleets, whose list is open,
            Categorical); times Datetime in UTC; durations whole seconds.

        Raises
        ------
        ImportError
            If polars is not installed.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> frame = fs.classify(fs.sample_fleet()).to_polars()
        >>> frame["attention"].dtype
        Enum(categories=['unreadable', 'disconnected', ...])
        """
        return to_polars(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the table to whoever reads Arrow streams: polars, pyarrow, DuckDB, nanoarrow.

        As often as it is asked for, without a copy. Columns of labels are dictionaries of all
        their labels, in their order, which polars takes for Enums.

        Parameters
        ----------
        requested_schema
            Ignored, as the interface allows: the table has one schema.

        Returns
        -------
        Capsule ``arrow_array_stream``.
        """
        return _core.arrow_stream(self._named_columns())

    def __arrow_c_schema__(self) -> object:
        """Give the schema of `__arrow_c_stream__`, as a capsule ``arrow_schema``."""
        return _core.arrow_schema(self._named_columns())

    def _named_columns(self) -> list[tuple[str, _core.Column]]:
        return [(name, self._core.column(name)) for name in self.columns]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write all columns to a file: ``.json``, ``.ndjson`` or ``.csv``.

        Times are RFC 3339 in UTC, durations whole seconds, capabilities their bits. In CSV (RFC
        4180) null is nothing and empty text is ``""``.

        Raises
        ------
        ValueError
            If the path ends otherwise.
        """
        target = Path(path)
        form = _FORMATS.get(target.suffix.lower())
        if form is None:
            message = f"{target.name!r} ends in none of {', '.join(_FORMATS)}"
            raise ValueError(message)
        with target.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self._written(form))

    def _written(self, form: str) -> Iterator[str]:
        starts = range(0, max(len(self), 1), _ROWS_AT_A_TIME)
        ends = (min(start + _ROWS_AT_A_TIME, len(self)) for start in starts)
        return (self._core.write(form, start, end) for start, end in zip(starts, ends, strict=True))

    # Selections

    def filter(self, mask: Column | Iterable[bool | None]) -> StatusTable:
        """Rows where a mask is true; null counts as false.

        Parameters
        ----------
        mask : shape (n_rows,)
            Comparison of columns; NumPy, pandas, polars or other Arrow bools, by place; or any
            sequence of bools.

        Raises
        ------
        ValueError
            If it has another length.
        TypeError
            If it holds anything but bools.
        """
        return StatusTable(self._core.filter(to_flags(mask)))

    def where(
        self,
        *,
        status: str | Iterable[str] | None = None,
        reason: str | Iterable[str] | None = None,
        update_status: str | Iterable[str] | None = None,
        attention: str | Iterable[str] | None = None,
        fleet: str | Iterable[str] | None = None,
        uuid: str | Iterable[str] | None = None,
        can: Capability | None = None,
        status_for: timedelta | None = None,
        update_status_for: timedelta | None = None,
    ) -> StatusTable:
        """Rows that meet all conditions; null meets none.

        Parameters
        ----------
        status, reason, update_status, attention
            One label or several, ignoring case.
        fleet, uuid
            One or several, exactly.
        can
            Capabilities that all surely work.
        status_for, update_status_for
            Held for at least so long.

        Raises
        ------
        ValueError
            If a label is unknown; the message lists them.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> old = devices.where(status="disconnected", status_for=timedelta(days=3))
        >>> all(device.status_duration >= timedelta(days=3) for device in old)
        True
        """
        wanted = {
            "status": status,
            "reason": reason,
            "update_status": update_status,
            "attention": attention,
            "fleet": fleet,
            "uuid": uuid,
        }
        masks = [
            self[name].is_in(as_values(values))._core
            for name, values in wanted.items()
            if values is not None
        ]
        if can is not None:
            masks.append(self._core.column("capabilities").has_bits(int(can)))
        for name, least in (("status", status_for), ("update_status", update_status_for)):
            if least is not None:
                since = self._core.column(f"{name}_since")
                least_ms = duration_ms(least, name=f"{name}_for")
                masks.append(since.has_lasted(self._core.now_ms, least_ms))
        selected = self._core
        if masks:
            mask = masks[0]
            for other in masks[1:]:
                mask = mask.both(other)
            selected = selected.filter(mask)
        return StatusTable(selected)

    def attention(
        self,
        *,
        downloading: timedelta = timedelta(hours=2),
        downloaded: timedelta = timedelta(hours=24),
        applying: timedelta = timedelta(minutes=30),
    ) -> StatusTable:
        """Devices that need a person, worst first.

        By class (`Attention`); failed and stuck updates longest first, devices with a link down
        newest first; then by name.

        Parameters
        ----------
        downloading, downloaded, applying
            How long an update may stay in each status before it counts as stuck.
        """
        return StatusTable(
            self._core.attention(
                duration_ms(downloading, name="downloading"),
                duration_ms(downloaded, name="downloaded"),
                duration_ms(applying, name="applying"),
            )
        )

    def duplicates(self) -> StatusTable:
        """Rows whose uuid stands more than once."""
        return StatusTable(self._core.take(self._core.duplicates()))

    def disagreements(self, scheme: StatusScheme | str | None = None) -> StatusTable:
        """Rows whose ``api_overall_status`` is not what the rules of that API answer.

        Parameters
        ----------
        scheme
            What to compare with, and the scheme of the result; None: ``api-v6`` if any row of the
            API's answers says idle or offline, else ``api-v7``.
        """
        chosen = None if scheme is None else to_scheme(scheme)
        if chosen not in {None, StatusScheme.API_V7, StatusScheme.API_V6}:
            message = f"the API answers in api-v7 or api-v6, not in {chosen}"
            raise ValueError(message)
        code = None if chosen is None else scheme_code(chosen)
        return StatusTable(self._core.disagreements(code))

    def find(self, device: str) -> int:
        """Row of a device by its uuid, its exact name, or the first 4 or more letters of its uuid.

        Raises
        ------
        LookupError
            If there is none, or several; the message lists them.
        """
        text = to_text(device)
        rows = self._core.find(text) if is_unicode(text) else []
        if len(rows) == 1:
            return rows[0]
        if not rows:
            message = f"no device has the uuid or the name {shortened(device)!r}"
            if len(text) < _SHORTEST_PREFIX:
                message += f"; the beginning of a uuid takes {_SHORTEST_PREFIX} letters"
            raise LookupError(message)
        titles = ((shortened(_display.device_title(self, row)), row) for row in rows[:10])
        listed = ", ".join(f"{title} (row {row})" for title, row in titles)
        more = f" and {len(rows) - 10:,} more" if len(rows) > 10 else ""
        message = f"{shortened(device)!r} may be any of {len(rows):,}: {listed}{more}"
        raise LookupError(message)

    def explain(self, device: int | str | DeviceStatus) -> Explanation:
        """Tell why a device has its status, what still works and what to do first.

        Parameters
        ----------
        device
            Row, or what `find` takes.
        """
        from fleetstatus.explain import explain_row

        if isinstance(device, DeviceStatus):
            name = device.uuid or device.device_name
            if name is None:
                message = "a device without uuid and name is explained by its row"
                raise LookupError(message)
            device = name
        row = self.find(device) if isinstance(device, str) else self._row(device)
        return explain_row(self, row)

    # Counts

    def summary(self, by: str | Sequence[Any] | None = None, of: SummaryOf = "status") -> Summary:
        """Count the labels of a column, by groups.

        Parameters
        ----------
        by
            Column, or several, that make the groups; or a sequence of n_rows keys of your own.
        of
            Column whose labels are counted. Durations are those of the status, or of the update
            status where that is what is counted or what needs attention.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> summary = fs.classify(fs.sample_fleet()).summary(by="fleet")
        >>> sum(row["devices"] for row in summary) == len(fs.classify(fs.sample_fleet()))
        True
        """
        return summarize(self._core, by, of)

    # For people

    def __repr__(self) -> str:
        return _display.table_text(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": _display.table_html(self)}
