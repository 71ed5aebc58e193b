"""The answers for a batch of devices."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from fleetstatus import _core
from fleetstatus._catalog import NOW_SOURCES, NowSource, fields_of
from fleetstatus._coerce import duration_ms, from_ms, scheme_code, scheme_of, to_scheme
from fleetstatus._device import DeviceStatus, devices
from fleetstatus._explanation.rows import explain_row
from fleetstatus._show import display
from fleetstatus._table.column import Column
from fleetstatus._table.find import find_row, find_rows
from fleetstatus._table.frames import to_pandas, to_polars
from fleetstatus._table.labels import to_text
from fleetstatus._table.masks import to_flags
from fleetstatus._table.summary import Summary, SummaryOf, summarize
from fleetstatus._table.where import select
from fleetstatus._words.names import near
from fleetstatus._words.text import shortened
from fleetstatus.enums import Capability, StatusScheme

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl

    from fleetstatus._explanation.explanation import Explanation


_DURATIONS = {
    "status_duration_s": "status_duration",
    "update_status_duration_s": "update_status_duration",
}
_FORMATS = {".json": "json", ".ndjson": "ndjson", ".csv": "csv"}
_ROWS_AT_A_TIME = 4096
_THRESHOLDS = {
    name: timedelta(milliseconds=ms) for name, ms in _core.attention_thresholds_ms().items()
}


class StatusTable:
    """Statuses of a batch of devices: row i is record i of the source. It never changes.

    All columns are always there: identity (``id``, ``uuid``, ``device_name``, ``fleet``), the
    status (``status``, ``detail``, ``reason``, ``status_since``, ``status_duration_s``), what runs
    and whether it is what should (``release``, ``on_target``), whether a person is needed
    (``attention``), the links (``heartbeat``, ``cloudlink``, ``cloudlink_expected``,
    ``heartbeat_state``, ``heartbeat_since``, ``cloudlink_since``, ``heartbeat_window_s``), what
    still works (``capabilities``), ``progress`` in percent, the update (``update_status``,
    ``update_status_since``, ``update_status_duration_s``, ``update_status_support``), the API's
    own answer (``api_overall_status``), ``error``, then what was carried. Made by `classify`.

    ``==`` compares scheme, moment, columns and all values; ``device in table`` is true where
    `find` finds one device.

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
        return _unpickled, (_core.version, self._core.__getstate__())

    def __copy__(self) -> StatusTable:
        return self  # it never changes

    def __deepcopy__(self, _: object) -> StatusTable:
        return self

    # What it is

    def __len__(self) -> int:
        return len(self._core)

    def equals(self, other: StatusTable) -> bool:
        """Whether scheme, moment, columns and all values are the same.

        Raises
        ------
        TypeError
            If `other` is no table.
        """
        if not isinstance(other, StatusTable):
            message = f"a table is compared with a table, not with a {type(other).__name__}"
            raise TypeError(message)
        return self._core.equals(other._core)

    def __eq__(self, other: object) -> bool:
        return self.equals(other) if isinstance(other, StatusTable) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.scheme, self._core.now_ms, len(self), len(self._core.columns)))

    @property
    def scheme(self) -> StatusScheme:
        """Vocabulary of the statuses."""
        return scheme_of(self._core.scheme)

    @property
    def now(self) -> datetime:
        """Moment that durations end at."""
        return from_ms(self._core.now_ms)

    @property
    def now_source(self) -> NowSource:
        """Where `now` comes from.

        ``given`` by the caller, ``fetched_at`` of the API responses, when the newest ``file`` was
        written, the ``clock``, or the ``newest`` event.
        """
        return NOW_SOURCES[self._core.now_source]

    @property
    def newest_event(self) -> datetime | None:
        """Latest time in the whole source; its data is no older than that."""
        return from_ms(self._core.newest_event_ms)

    @property
    def fields_missing(self) -> dict[str, str]:
        """Fields that are read and that no record of the source had, and what that hides."""
        return dict(self._core.gaps)

    @property
    def fields_seen(self) -> frozenset[str]:
        """Needed fields that some record of the source had, by their names in the API.

        Where one of several fields is enough, each has its own name; see `check_fields`.
        """
        return fields_of(self._core.fields_seen)

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
                message = (
                    f"no column {shortened(key)!r}{near(key, self.columns)}; "
                    f"there are {', '.join(self.columns)}"
                )
                raise KeyError(message)
            return Column(self._core.column(key), key)
        if isinstance(key, slice):
            rows = range(len(self))[key]
            return StatusTable(self._core.slice(rows.start, len(rows), rows.step))
        index = self._row(key)
        return next(devices(self.columns, self._core.lists(index, index + 1)))

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
        return chain.from_iterable(devices(self.columns, lists) for lists in self._lists())

    def _lists(self) -> Iterator[list[list[Any]]]:
        """Values of some rows at a time, a list for each column."""
        starts = range(0, len(self), _ROWS_AT_A_TIME)
        return (self._core.lists(i, min(i + _ROWS_AT_A_TIME, len(self))) for i in starts)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows as dicts by column; times as aware datetimes, durations in whole seconds."""
        names = self.columns
        return [
            dict(zip(names, row, strict=True))
            for lists in self._lists()
            for row in zip(*lists, strict=True)
        ]

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
        """Give the table to readers of Arrow streams: polars, pyarrow, DuckDB, nanoarrow.

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
        carried: Mapping[str, Any] | None = None,
        /,
        *,
        status: str | Iterable[str] | None = None,
        reason: str | Iterable[str] | None = None,
        update_status: str | Iterable[str] | None = None,
        attention: str | Iterable[str] | None = None,
        fleet: str | Iterable[str] | None = None,
        uuid: str | Iterable[str] | None = None,
        device_name: str | Iterable[str] | None = None,
        detail: str | Iterable[str] | None = None,
        release: str | Iterable[str] | None = None,
        on_target: bool | None = None,
        can: Capability | None = None,
        status_for: timedelta | str | None = None,
        update_status_for: timedelta | str | None = None,
    ) -> StatusTable:
        """Rows that meet all conditions; null meets none.

        Parameters
        ----------
        carried
            One value or several by the name of a carried column, as in ``{"tag:site": "north"}``.
        status, reason, update_status, attention
            One label or several, ignoring case.
        fleet
            One or several, exactly: the slug, or the name of the app where one fleet has it.
        uuid
            One or several, exactly.
        device_name, detail, release
            One text or several, in which ``*`` matches any letters and ``?`` one.
        on_target
            Whether what runs is what should.
        can
            Capabilities that all surely work.
        status_for, update_status_for
            Held for at least so long: a timedelta, or text such as ``"3d"`` or ``"1d12h"``.

        Raises
        ------
        ValueError
            If a label or capability is unknown, or a fleet that no record of the source had (tables
            of `scan` do not know that), or if none of the statuses asked for says since when it is;
            the message lists what there is.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> old = devices.where(status="disconnected", status_for="3d")
        >>> all(device.status_duration >= timedelta(days=3) for device in old)
        True
        """
        values = {
            "status": status,
            "reason": reason,
            "update_status": update_status,
            "attention": attention,
            "fleet": fleet,
            "uuid": uuid,
            "device_name": device_name,
            "detail": detail,
            "release": release,
            "on_target": on_target,
        }
        lasted = {"status": status_for, "update_status": update_status_for}
        return StatusTable(
            select(self._core, values, carried=carried or {}, can=can, lasted=lasted)
        )

    def attention(
        self,
        *,
        disconnected: timedelta | str = _THRESHOLDS["disconnected"],
        downloading: timedelta | str = _THRESHOLDS["downloading"],
        downloaded: timedelta | str = _THRESHOLDS["downloaded"],
        applying: timedelta | str = _THRESHOLDS["applying"],
        reduced: timedelta | str = _THRESHOLDS["reduced"],
        never_connected: timedelta | str = _THRESHOLDS["never_connected"],
    ) -> StatusTable:
        """Devices that need a person, worst first.

        By class (`Attention`); failed and stuck updates and devices that never connected longest
        first, devices with a link down newest first; then by name.

        Parameters
        ----------
        disconnected, reduced
            How long both links, or one of them, may be down.
        downloading, downloaded, applying
            How long an update may stay in each status before it counts as stuck.
        never_connected
            How long after it was registered a device may take to connect.
        """
        thresholds = {
            "disconnected": disconnected,
            "downloading": downloading,
            "downloaded": downloaded,
            "applying": applying,
            "reduced": reduced,
            "never_connected": never_connected,
        }
        in_ms = {f"{name}_ms": duration_ms(one, name=name) for name, one in thresholds.items()}
        return StatusTable(self._core.attention(**in_ms))

    def duplicates(self) -> StatusTable:
        """Rows whose uuid occurs more than once."""
        return StatusTable(self._core.duplicates())

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

        Of several rows of one uuid it is the last.

        Raises
        ------
        LookupError
            If there is none, or several devices; the message lists them, or names that are near.
        """
        return find_row(self._core, to_text(device))

    def __contains__(self, device: object) -> bool:
        """Whether `find` finds one device."""
        if isinstance(device, DeviceStatus):
            name = device.uuid or device.device_name
            return any(device == row for row in self) if name is None else name in self
        text = to_text(device)
        if text in self._core.columns:
            message = f"{text!r} is a column; ask for it in table.columns"
            raise TypeError(message)
        return len(find_rows(self._core, text)) == 1

    def explain(self, device: int | str | DeviceStatus) -> Explanation:
        """Tell why a device has its status, what still works and what to do first.

        Parameters
        ----------
        device
            Row, or what `find` takes.
        """
        if isinstance(device, DeviceStatus):
            name = device.uuid or device.device_name
            if name is None:
                message = "a device without uuid and name is explained by its row"
                raise LookupError(message)
            device = name
        row = self.find(device) if isinstance(device, str) else self._row(device)
        return explain_row(self._core, row, self[row])

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
        return display.table_text(self._core)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": display.table_html(self._core)}


def _unpickled(version: str, state: tuple[Any, ...]) -> StatusTable:
    """Make a table of its pickle, which no other version may have written."""
    if version != _core.version:
        message = (
            f"this table was pickled by fleetstatus {version} and is read by {_core.version}; "
            "classify its source again, or write tables to files that last"
        )
        raise ValueError(message)
    core = _core.StatusTable.__new__(_core.StatusTable)
    core.__setstate__(state)
    return StatusTable(core)
