"""Classify device records of files and streams larger than memory."""

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleetstatus import _core
from fleetstatus._carry import Carry
from fleetstatus._coerce import check_threads, scheme_of, to_count
from fleetstatus._input.column_batches import ColumnFile, ColumnStream, column_file
from fleetstatus._input.file_bytes import Part
from fleetstatus._input.file_sources import written_ns
from fleetstatus._input.memory import name_file
from fleetstatus._input.moment import Reading, WantedMoment, wanted_moment
from fleetstatus._input.pieces import Pieces
from fleetstatus._input.stream import Parts, pieces_of
from fleetstatus._options import ReadOptions
from fleetstatus._table.metadata import Note, note_of
from fleetstatus._table.table import StatusTable
from fleetstatus.enums import StatusScheme
from fleetstatus.errors import (
    FleetStatusError,
    JSONError,
    MissingFieldsError,
    RecordError,
)

if TYPE_CHECKING:
    from fleetstatus._types import LargeSource, SchemeName

Progress = Callable[[int, int | None], object]


def scan(
    sources: "LargeSource",
    *,
    batch_size: int = 65_536,
    progress: Progress | None = None,
    scheme: "StatusScheme | SchemeName" = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    allow_missing: str | Iterable[str] = (),
    on_error: Literal["raise", "keep"] = "raise",
    carry: Carry = (),
    threads: int | None = None,
    default_poll_interval: timedelta | str = timedelta(minutes=15),
    assume_utc: bool = False,
    missing: Literal["source", "parts"] = "source",
) -> "Scan":
    """Classify files and streams larger than memory, table by table.

    Memory does not grow with the size of the files: about a megabyte is read ahead, and at most one
    batch of rows is kept (for Arrow sources also one batch of the source). The answers are those of
    `classify`.

    Parameters
    ----------
    sources
        A path, bytes or a binary file object, of JSON as `classify` reads it, also compressed with
        gzip or in UTF-16; a path or bytes of Parquet or Arrow IPC, read by pyarrow, polars or
        DuckDB, the first that is installed; anything with an Arrow stream (readers, frames of
        polars, relations of DuckDB), a cursor of ADBC, a dataset of pyarrow or its scanner; or a
        sequence or iterator of these, read one after another as one source. Each file must be
        complete in itself. Columns that no rule reads are not loaded from files and datasets.
    batch_size
        Rows of each table. The last table may have fewer, and a table that ends within a page or a
        fleet may have more.
    progress
        Called after each chunk with two numbers: the bytes read so far, and the bytes of all files
        on the disk (for gzip, compressed bytes). The total is None if it is not known, as for
        streams. For Parquet and Arrow files, bytes are estimated from the rows.
    scheme, allow_missing, on_error, carry, default_poll_interval, assume_utc, missing
        As in `classify`. With ``missing="source"``, the first batch is checked.
    threads
        Number of threads for columns, as in `classify`; text is read by one thread.
    now
        Moment at which the durations of all tables end, as in `classify`. None: the latest
        ``fetched_at`` in the first batch; else, for paths, when the newest file was written (but
        not before the newest event of the first batch); else the time of the clock, read once for
        each pass. ``"newest"`` is a ValueError, because the newest event is known only at the end.

    Returns
    -------
    Scan
        An iterable of StatusTables; each iteration reads the files again. Row i of table k is
        record ``i + k * batch_size``. It is also a stream of Arrow batches, which DuckDB, polars
        and pyarrow can read directly.

    Raises
    ------
    RecordError, JSONError, NotDevicesError
        During iteration; the message names the file and the place in it.
    MissingFieldsError
        If no record of the first batch has a field that the rules need. It is raised before the
        first table.
    OSError
        If a file cannot be read, or becomes shorter while it is read.
    ValueError, TypeError
        If an argument has a wrong value or type (at once); if a gzip, Parquet or Arrow file is
        broken; if a source that can be read only once (a file object, an iterator, a reader, a
        cursor) is scanned a second time; if a file object is at its end already.
    FleetStatusError
        If an Arrow stream fails.

    Notes
    -----
    If an error occurs in the middle, you first get the rows before it, as a shorter table; then the
    error is raised. `StatusTable.fields_missing` is about all records up to the last one of the
    table.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> scan = fs.scan([fs.sample_fleet(), fs.sample_fleet()], batch_size=250)
    >>> [len(devices) for devices in scan]
    [250, 250, 100]
    >>> sum(len(devices.where(status="Disconnected")) for devices in scan)
    42
    """
    options = ReadOptions(
        scheme, allow_missing, on_error, carry, default_poll_interval, assume_utc, missing
    ).for_engine()
    if isinstance(now, str) and now == "newest":
        message = "now='newest' is known at the end of a scan alone; pass a time, or use classify"
        raise ValueError(message)
    wanted = wanted_moment(now, sources)
    if progress is not None and not callable(progress):
        message = f"progress is a {type(progress).__name__}, expected a function of two numbers"
        raise TypeError(message)
    if threads is not None:
        check_threads(threads)
    options["n_threads"] = None if threads is None else min(threads, sys.maxsize)
    options["batch_size"] = to_count(batch_size, name="batch_size")
    return Scan(Parts(sources), options, _Moment(wanted, sources), progress)


class Scan:
    """The tables of a source that may be larger than memory; made by `scan`."""

    __slots__ = ("_moment", "_options", "_parts", "_progress")

    def __init__(
        self,
        parts: Parts,
        options: dict[str, Any],
        moment: "_Moment",
        progress: Progress | None,
    ) -> None:
        self._parts = parts
        self._options = options
        self._moment = moment
        self._progress = progress

    def __iter__(self) -> Iterator[StatusTable]:
        """Read the files from their start."""
        reading = _Reading(self._parts, self._options, self._moment)
        total = None if self._progress is None else self._parts.size()
        failure: Exception | None = None
        with closing(reading.steps()) as steps:
            while True:
                try:
                    has_batch = next(steps, None)
                except Exception as error:  # noqa: BLE001 - raised again, after the rows before it
                    failure = error
                    break
                if has_batch is None:
                    break
                if has_batch:
                    yield reading.cut()
                elif self._progress is not None:
                    self._progress(reading.n_bytes, total)
        if failure is not None:
            yield from reading.cut_before(failure)
            raise failure
        if reading.has_rows:
            yield reading.cut()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the tables as batches to readers of Arrow streams: DuckDB, polars, pyarrow.

        It can be read any number of times; each stream reads the files again, batch by batch. If an
        error occurs in the middle, the stream gives the rows before it first. The metadata of the
        schema has the moment if `now` is a time; otherwise pass it to `from_arrow`.

        Parameters
        ----------
        requested_schema
            Ignored, as the interface allows: all batches have one schema, that of a StatusTable.

        Returns
        -------
        Capsule ``arrow_array_stream``.
        """
        batches = (table._named_columns() for table in self)
        return _core.arrow_stream_of(*self._schema(), batches)

    def __arrow_c_schema__(self) -> object:
        """Give the schema of `__arrow_c_stream__`, as a capsule ``arrow_schema``."""
        return _core.arrow_schema(*self._schema())

    def __repr__(self) -> str:
        scheme = scheme_of(self._options["scheme"])
        rows = f"{self._options['batch_size']:,} rows"
        return f"<Scan of {self._parts.in_words()}, {scheme}: iterate for tables of up to {rows}>"

    def _schema(self) -> tuple[list[tuple[str, _core.Column]], Note]:
        """Make columns without rows, and say what is known of all tables before they are read."""
        now_ms, now_source = self._moment.wanted.given or (0, 0)
        table = StatusTable(_core.Scanner(**self._options).cut(now_ms, now_source))
        has_moment = self._moment.wanted.given is not None
        return table._named_columns(), note_of(table._core, is_part=True, has_moment=has_moment)


class _Moment(NamedTuple):
    """How the moment of a pass over the files is found."""

    wanted: WantedMoment
    sources: Any

    def begin(self) -> Callable[[Reading], tuple[int, int]]:
        """Look at the files before they are read; what is given decides with what was read."""
        return partial(self.wanted.decide, written_ns=written_ns(self.sources))


class _Reading:
    """One pass over the files of a scan."""

    def __init__(self, parts: Parts, options: dict[str, Any], moment: _Moment) -> None:
        self.n_bytes = 0
        self._parts = iter(parts)
        self._are_many = parts.are_many
        self._scanner = _core.Scanner(**options)
        self._decide = moment.begin()
        self._moment: tuple[int, int] | None = None
        self._starts: list[tuple[int, str]] = []

    @property
    def has_rows(self) -> bool:
        """Whether records were read that no table holds yet."""
        return self._scanner.n_uncut > 0

    def steps(self) -> Generator[bool]:
        """Read on: True once a batch is full, False after each chunk."""
        scanner = self._scanner
        for part in self._parts:
            self._starts.append((scanner.n_records, part.name))
            if isinstance(part, ColumnStream):
                yield from self._steps_of_columns(part)
            elif (file := column_file(part.content, part.name)) is not None:
                yield from self._steps_of_columns(file)
            else:
                yield from self._steps_of_text(part)

    def _steps_of_text(self, part: Part) -> Generator[bool]:
        self._scanner.begin(part.name)
        with pieces_of(part, self._note_bytes) as pieces:
            try:
                yield from self._steps_of(pieces)
            except JSONError as error:
                raise pieces.in_words(error, self._scanner.n_records) from None

    def _steps_of_columns(self, columns: ColumnFile | ColumnStream) -> Generator[bool]:
        scanner = self._scanner
        with closing(columns.batches(scanner.is_listed, self._note_bytes)) as streams:
            for stream in streams:
                scanner.begin_arrow(stream.__arrow_c_stream__())
                while scanner.next_batch():
                    while scanner.read_batch():
                        yield True
                    yield False

    def _steps_of(self, pieces: Pieces) -> Generator[bool]:
        scanner = self._scanner
        for piece in pieces:
            scanner.feed(piece)
            while scanner.read():
                yield True
            pieces.forget(scanner.offset)
            yield False
        scanner.end()
        while scanner.read():
            yield True

    def _note_bytes(self, n_bytes: int) -> None:
        self.n_bytes += n_bytes

    def cut(self) -> StatusTable:
        """Make a table of the rows so far."""
        if self._moment is None:
            self._moment = self._decide(self._scanner)
        return StatusTable(self._scanner.cut(*self._moment))

    def cut_before(self, error: Exception) -> Iterator[StatusTable]:
        """Make a table of the rows before an error, and say in the error how far reading came."""
        n_records = error.index if isinstance(error, RecordError) else self._scanner.n_records
        n_rows = self._scanner.n_uncut - (self._scanner.n_records - n_records)
        self._note_progress(error, n_records)
        if n_rows > 0:
            try:
                table = self.cut()
            except MissingFieldsError:  # too few records to answer; the first error counts
                return
            yield table[:n_rows]

    def _note_progress(self, error: Exception, n_records: int) -> None:
        if isinstance(error, RecordError) and self._are_many:
            name_file(error, self._starts)
        if self.n_bytes == n_records == 0:
            return
        progress = f"after {n_records:,} {'record' if n_records == 1 else 'records'}"
        if self.n_bytes > 0:
            progress += f" and {self.n_bytes:,} bytes"
        if isinstance(error, FleetStatusError) or type(error) is ValueError:
            first_line, *more = str(error).split("\n")
            error.args = ("\n".join([f"{first_line} ({progress})", *more]), *error.args[1:])
        else:
            error.add_note(progress)
