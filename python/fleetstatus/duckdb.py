"""Classify device records in DuckDB: ``pip install duckdb pyarrow``.

Examples
--------
>>> import duckdb
>>> import fleetstatus as fs
>>> con = duckdb.connect()
>>> fs.duckdb.register(con)
>>> question = "select count(*) from fleetstatus(?) where attention = 'disconnected'"
>>> con.execute(question, [str(fs.sample_fleet())]).fetchall()
[(21,)]
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

try:
    import duckdb
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError as _error:
    _MESSAGE = "fleetstatus.duckdb needs duckdb and pyarrow: pip install duckdb pyarrow"
    raise ImportError(_MESSAGE) from _error

from fleetstatus._engines.files import files_matching, table_in_memory, tables_of
from fleetstatus._engines.job import EngineOptions, all_of, job_of
from fleetstatus._table.arrow import arrow_view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from fleetstatus._table.table import StatusTable

__all__ = ["register"]

_TYPES = {
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.string(): "VARCHAR",
    pa.large_string(): "VARCHAR",
    pa.timestamp("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
}
_PREFIX = "_fleetstatus_"
_NUMBERS = count()
_OWN_FUNCTIONS = """
select distinct function_name from duckdb_functions() where starts_with(function_name, ?)
"""
# The rows of a file are made table by table, as the steps of a recursion, so that no more than one
# table is in memory. The moment is that of the query, which DuckDB gives each of its parts.
_MACROS = """
create or replace temp macro fleetstatus(files) as table
with recursive steps as (
    select reading, {next}(reading) as devices from (
        select {begin}(
            case when typeof(files) = 'VARCHAR' then [files::varchar]
                else try_cast(files as varchar[]) end,
            epoch_us(now()) // 1000,
            current_setting('enable_external_access'),
            current_query_id()
        ) as reading
    )
    union all
    select reading, {next}(reading) from steps where devices is not null
)
select device.* from (select unnest(devices) as device from steps);
create or replace temp macro fleetstatus_row(device) as {row}(device, epoch_us(now()) // 1000);
"""


def register(con: duckdb.DuckDBPyConnection, **options: Unpack[EngineOptions]) -> None:
    """Add ``fleetstatus(files)`` and ``fleetstatus_row(row)`` to a connection.

    ``from fleetstatus('exports/*.json')`` is a table: the devices of a file, of all files that
    match a pattern, or of a list of these. A large file is read table by table.
    ``select fleetstatus_row(d) from devices d`` is a struct of the answers for a row that has
    columns named like the fields; ``unnest`` makes columns of it.

    Parameters
    ----------
    con
        A connection. Other connections to the same database, also its cursors, need a call of their
        own.
    **options
        Those of `classify`, with its defaults but ``missing="parts"``: judge the result by
        ``fleetstatus.check_fields(con.sql("select distinct fields_seen from ..."))``. ``now=None``
        is the time of the query, ``now()`` in SQL. A second call replaces the options.

    Raises
    ------
    ValueError, TypeError
        If an option has a wrong value or type.
    duckdb.InvalidInputException
        In queries, with the message of a RecordError, JSONError, NotDevicesError or OSError. The
        message names the file, the device, and the index in the file.

    Notes
    -----
    Nothing is written to the database. If DuckDB may not read files (``enable_external_access``),
    ``fleetstatus`` does not read any.

    Examples
    --------
    >>> import duckdb
    >>> import fleetstatus as fs
    >>> con = duckdb.connect()
    >>> fs.duckdb.register(con, now="2026-11-01T12:00:00Z", allow_missing="all")
    >>> row = {"uuid": "0123456789", "is_connected_to_vpn": True, "api_heartbeat_state": "online"}
    >>> con.execute("select fleetstatus_row(?).status", [row]).fetchall()
    [('Operational',)]
    """
    answers = _Answers(options)
    for (name,) in con.execute(_OWN_FUNCTIONS, [_PREFIX]).fetchall():
        with suppress(duckdb.InvalidInputException):  # that of another connection stays
            con.remove_function(name)
    number = next(_NUMBERS)
    names = {word: f"{_PREFIX}{word}_{number}" for word in ("begin", "next", "row")}
    device = _struct_type(answers.schema)
    how: Any = {"type": "arrow", "null_handling": "special"}
    begin: Any = ["VARCHAR[]", "BIGINT", "BOOLEAN", "UBIGINT"]
    con.create_function(names["begin"], answers.begin, begin, "BIGINT", side_effects=True, **how)
    con.create_function(
        names["next"], answers.next, ["BIGINT"], f"{device}[]", side_effects=True, **how
    )
    con.create_function(names["row"], answers.of_rows, None, device, **how)  # of any struct
    con.execute(_MACROS.format(**names))


def _struct_type(schema: pa.Schema) -> str:
    fields = ('"{}" {}'.format(f.name.replace('"', '""'), _TYPES[f.type]) for f in schema)
    return f"STRUCT({', '.join(fields)})"


class _Reading(NamedTuple):
    """A call of ``fleetstatus(files)`` in a query."""

    query: int
    tables: Iterator[StatusTable]


class _Answers:
    """What DuckDB calls, from several threads."""

    def __init__(self, options: EngineOptions) -> None:
        self._options = all_of(options)
        self._now: datetime | str | None = self._options.pop("now")
        del self._options["threads"]
        if self._now == "clock":
            self._now = None
        job = job_of({**options, "now": "clock"} if self._now == "file" else options)
        self.schema = job.schema()
        self._readings: dict[int, _Reading] = {}
        self._numbers = count()
        self._lock = Lock()

    def begin(self, files: Any, moments: Any, may_read: Any, queries: Any) -> Any:
        """Begin to read files; give the number of the reading."""
        columns = (one.to_pylist() for one in (files, moments, may_read, queries))
        calls = zip(*columns, strict=True)
        return pa.array([self._begin(*call) for call in calls], pa.int64())

    def _begin(self, files: list[str] | None, now_ms: int, may_read: bool, query: int) -> int:
        if not may_read:
            message = "fleetstatus() reads files, and enable_external_access is off"
            raise PermissionError(message)
        if files is None or None in files:
            message = "fleetstatus() takes a path, a pattern or a list of these, and nothing else"
            raise ValueError(message)
        tables = tables_of(list(files_matching(files)), self._options, now=self._moment(now_ms))
        with self._lock:
            # A connection has one query at a time: what another one has left is not read any more.
            for number, reading in list(self._readings.items()):
                if reading.query != query:
                    del self._readings[number]
            number = next(self._numbers)
            self._readings[number] = _Reading(query, tables)
        return number

    def _moment(self, now_ms: int) -> datetime | str:
        return self._now or datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=now_ms)

    def next(self, readings: Any) -> Any:
        """Read on: the next devices of each reading, null at its end."""
        lists = [self._next(number) for number in readings.to_pylist()]
        return pa.concat_arrays(lists)

    def _next(self, number: int) -> Any:
        """List of structs, the only value of an array."""
        table = next(self._readings[number].tables, None)
        kind = pa.list_(pa.struct(self.schema))
        if table is None:
            del self._readings[number]
            return pa.nulls(1, kind)
        devices = _structs(table)
        return pa.ListArray.from_arrays(pa.array([0, len(devices)], pa.int32()), devices, kind)

    def of_rows(self, rows: Any, moments: Any) -> Any:
        """Classify rows; give a struct for each."""
        if not pa.types.is_struct(rows.type):
            message = (
                f"fleetstatus_row() takes a row, not a value of the type {rows.type}\n"
                "name the table: select fleetstatus_row(d) from devices d"
            )
            raise TypeError(message)
        is_row = pc.is_valid(rows)
        given = pa.Table.from_struct_array(rows.filter(is_row))
        now = self._moment(moments[0].as_py())
        structs = _structs(table_in_memory(given, **self._options, now=now))
        if len(structs) == len(rows):
            return structs
        places = pc.if_else(is_row, pc.subtract(pc.cumulative_sum(is_row.cast("int64")), 1), None)
        return structs.take(places)


def _structs(table: StatusTable) -> pa.StructArray:
    """Make a struct of each row, as one array."""
    chunks = (
        pa.table(arrow_view(table, flat=True, fields_seen=True)).combine_chunks().to_struct_array()
    )
    return chunks.combine_chunks() if chunks.num_chunks != 1 else chunks.chunk(0)
