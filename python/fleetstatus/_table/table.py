"""The answers for a batch of devices."""

from __future__ import annotations

from itertools import chain
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self, overload

from fleetstatus import _core
from fleetstatus._coerce import from_ms, scheme_code, to_ms, to_scheme
from fleetstatus._device import DeviceStatus, devices
from fleetstatus._explanation.rows import explain_row
from fleetstatus._show import glance
from fleetstatus._table import hints
from fleetstatus._table.exports import Exports
from fleetstatus._table.facts import TableFacts
from fleetstatus._table.find import find_row, find_rows
from fleetstatus._table.keys import is_list, names_in, plain, row_number, rows_in
from fleetstatus._table.labels import to_text
from fleetstatus._table.restore import check_agrees, restored
from fleetstatus._table.selected_columns import Selection
from fleetstatus._table.selections import Selections
from fleetstatus._table.summary import Summary, SummaryOf, summarize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from fleetstatus._explanation.explanation import Explanation
    from fleetstatus._table.column import Column
    from fleetstatus._types import (
        BoolColumn,
        Columns,
        IntColumn,
        SchemeName,
        TextColumn,
        TimeColumn,
    )
    from fleetstatus.enums import StatusScheme


class StatusTable(Selections, Exports):
    """The answers for all devices of a source: row i is record i of the source. It is immutable.

    It always has all columns: identity (``id``, ``uuid``, ``device_name``, ``fleet``), the status
    (``status``, ``detail``, ``reason``, ``status_since``, ``status_duration_s``), the release
    (``release``, ``on_target``), whether it needs a person (``attention``), the links
    (``heartbeat``, ``cloudlink``, ``cloudlink_expected``, ``heartbeat_state``, ``heartbeat_since``,
    ``cloudlink_since``, ``heartbeat_window_s``), what still works (``capabilities``), ``progress``
    in percent, the update (``update_status``, ``update_status_since``,
    ``update_status_duration_s``, ``update_status_support``), the API's own answer
    (``api_overall_status``), ``error``, then carried fields. Made by `classify`.

    ``==`` compares scheme, moment, columns and all values. ``device in table`` is true if `find`
    finds one device.

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

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (_core.version, self._core.__getstate__())

    def __copy__(self) -> StatusTable:
        return self  # it never changes

    def __deepcopy__(self, _: object) -> StatusTable:
        return self

    @classmethod
    def from_arrow(
        cls,
        source: Columns,
        *,
        scheme: StatusScheme | SchemeName | None = None,
        now: datetime | str | None = None,
    ) -> StatusTable:
        """Read back a table from a file, a data frame or an engine.

        Parameters
        ----------
        source
            An Arrow table or data frame (pyarrow, polars, pandas, DuckDB) with all columns of a
            table, in any order, also as `to_arrow` writes them with ``flat=True``. Further columns
            are carried; a column ``fields_seen`` becomes `fields_seen`.
        scheme, now
            Scheme and moment of the table, needed if the metadata of the schema does not have them.
            polars, DuckDB and Spark drop the metadata; Parquet and Delta keep it.

        Raises
        ------
        ValueError
            If `scheme` or `now` is needed, or contradicts the metadata; if columns are missing, or
            have invalid values.
        RecordError
            If a row has an unknown label, or contradicts itself.
        SnapshotError
            If a duration contradicts `now`, as with rows of several snapshots.
        TypeError
            If `source` is not an Arrow table or data frame.

        Notes
        -----
        `explain`, `as_scheme`, `disagreements`, and `attention` with other thresholds need the
        column ``rule_bits``; without it, they raise a ValueError. Parquet files have it, and
        `to_arrow` with ``bits=True``.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> fs.StatusTable.from_arrow(devices.to_arrow(bits=True)) == devices
        True
        """
        if isinstance(source, StatusTable):
            check_agrees("scheme", None if scheme is None else to_scheme(scheme), source.scheme)
            check_agrees(
                "now", None if now is None else from_ms(to_ms(now, name="now")), source.now
            )
            return source
        return cls(restored(source, scheme, now))

    def as_scheme(self, scheme: StatusScheme | SchemeName) -> StatusTable:
        """Give the same records in the words of another scheme, without reading them again.

        Parameters
        ----------
        scheme
            As in `classify`.

        Raises
        ------
        MissingFieldsError
            If no record had a field that only the other scheme needs, and `allow_missing` did not
            name it. Only ``library-2020`` needs other fields than the rest.
        RecordError
            If a record has no value of a link that only the other scheme needs.
        ValueError
            If the table was read back without ``rule_bits``.

        Examples
        --------
        >>> import fleetstatus as fs
        >>> devices = fs.classify(fs.sample_fleet())
        >>> devices.as_scheme("docs-2022")["status"].labels[:2]
        ('Online', 'Online (VPN Only)')
        """
        code = scheme_code(to_scheme(scheme))
        return self if code == self._core.scheme else StatusTable(self._core.as_scheme(code))

    def __init__(self, core: _core.StatusTable) -> None:
        if not isinstance(core, _core.StatusTable):
            message = "a StatusTable is made by classify(source), scan, concat and from_arrow"
            raise TypeError(message)
        super().__init__(core)

    if not TYPE_CHECKING:  # a type checker then knows which names there are

        def __getattr__(self, name):
            columns = () if name.startswith("_") else self.columns
            raise hints.no_attribute(self, name, hints.of_table(name, columns))

        def __setitem__(self, key, value):
            message = (
                "'StatusTable' object does not support item assignment: a table never changes; "
                "columns are added in to_polars() or to_pandas() of the table"
            )
            raise TypeError(message)

    # Compared

    def equals(self, other: StatusTable) -> bool:
        """Return whether scheme, moment, columns and all values are the same.

        Raises
        ------
        TypeError
            If `other` is not a table.
        """
        if not isinstance(other, StatusTable):
            message = f"a table is compared with a table, not with a {type(other).__name__}"
            raise TypeError(message)
        return self._core.equals(other._core)

    def __eq__(self, other: object) -> bool:
        return self.equals(other) if isinstance(other, StatusTable) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.scheme, self._core.now_ms, len(self), len(self._core.columns)))

    # Columns and rows

    @overload
    def __getitem__(self, key: TextColumn) -> Column[str]: ...
    @overload
    def __getitem__(self, key: IntColumn) -> Column[int]: ...
    @overload
    def __getitem__(self, key: BoolColumn) -> Column[bool]: ...
    @overload
    def __getitem__(self, key: TimeColumn) -> Column[datetime]: ...
    @overload
    def __getitem__(self, key: str) -> Column[Any]: ...
    @overload
    def __getitem__(self, key: int) -> DeviceStatus: ...
    @overload
    def __getitem__(self, key: list[str]) -> Selection: ...
    @overload
    def __getitem__(
        self, key: slice | Column[bool] | Iterable[bool | None] | Iterable[int]
    ) -> Self: ...
    def __getitem__(self, key: Any) -> Any:
        """Column of a name, row of a number as a `DeviceStatus`, or some rows or columns.

        Parameters
        ----------
        key
            A name gives a column, a number a row. A slice, a mask (see `filter`) or a list of row
            numbers gives rows as a table, a list of names gives columns.
        """
        if isinstance(key, str):
            return self._named(key)
        if isinstance(key, slice):
            return self._slice(key)
        if is_list(key):
            return self._listed(plain(key))
        index = self._row(key)
        return next(devices(self.columns, self._core.lists(index, index + 1)))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.columns)

    def _listed(self, key: Any) -> StatusTable | Selection:
        names = names_in(key)
        if names is not None:
            return Selection([(name, self._named(name)._core) for name in names])
        rows = rows_in(key, len(self))
        return self.filter(key) if rows is None else StatusTable(self._core.take(rows))

    def _row(self, number: int) -> int:
        """Row of a number, which may count from the end."""
        try:
            return range(len(self))[row_number(number)]
        except IndexError:
            message = f"row {number} of a table of {len(self)} rows"
            raise IndexError(message) from None

    def __iter__(self) -> Iterator[DeviceStatus]:
        return chain.from_iterable(devices(self.columns, lists) for lists in self._lists())

    def find(self, device: str) -> int:
        """Find the row of a device by uuid, exact name, or the first 4 or more letters of its uuid.

        If several rows have the uuid, it is the last one.

        Raises
        ------
        LookupError
            If no device matches, or several do; the message lists them, or similar names.
        """
        return find_row(self._core, to_text(device, name="a uuid or name"))

    def __contains__(self, device: object) -> bool:
        """Whether `find` finds one device."""
        if isinstance(device, DeviceStatus):
            name = device.uuid or device.device_name
            return any(device == row for row in self) if name is None else name in self
        text = to_text(device, name="a uuid or name")
        if text in self._core.columns:
            message = f"{text!r} is a column; ask for it in table.columns"
            raise TypeError(message)
        return len(find_rows(self._core, text)) == 1

    def explain(self, device: int | str | DeviceStatus) -> Explanation:
        """Explain why a device has its status, what still works and what to do first.

        Parameters
        ----------
        device
            A row number, or what `find` takes.
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
            Name of a column, or several; or a sequence of n_rows keys of your own.
        of
            Column whose labels are counted. Durations are those of the status; for
            ``update_status``, and for attention because of an update, those of the update status.

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
        return glance.table_text(self._core)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": glance.table_html(self._core)}


# So that Python's errors of wrong arguments name the class that callers know.
for _part in (TableFacts, Selections, Exports):
    for _method in vars(_part).values():
        if isinstance(_method, FunctionType):
            _method.__qualname__ = f"{StatusTable.__name__}.{_method.__name__}"


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
