"""Classify device records of files larger than memory."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, Literal

from fleetstatus import _core
from fleetstatus._coerce import check_threads, to_count, to_ms, to_read_options
from fleetstatus._sources import name_file
from fleetstatus._streams import Parts, read_chunks
from fleetstatus.enums import StatusScheme
from fleetstatus.errors import FleetStatusError, MissingFieldsError, RecordError
from fleetstatus.table import COLUMNS, StatusTable

Progress = Callable[[int, int | None], object]


def scan(
    sources: Any,
    *,
    batch_size: int = 65_536,
    progress: Progress | None = None,
    scheme: StatusScheme | str = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    allow_missing: str | Iterable[str] = (),
    on_error: Literal["raise", "keep"] = "raise",
    carry: str | Iterable[str] = (),
    threads: int | None = None,
) -> "Scan":
    """Classify files larger than memory, table by table.

    Memory stays constant, whatever the size of the files: about a megabyte of them is read ahead,
    and no more than one batch is held. The answers are those of `classify`.

    Parameters
    ----------
    sources
        A path, bytes or a binary file object, of JSON as `classify` reads it, also compressed
        with gzip; or a sequence or iterator of these, read one after another as one source.
        Each file is whole in itself.
    batch_size
        Rows of a table; the last one may have fewer.
    progress
        Called after each chunk that was read with the bytes so far and the bytes of all files, as
        they are on the disk, so compressed ones for gzip; None for a total that is not known.
    scheme, allow_missing, on_error, carry, threads
        As in `classify`.
    now
        Moment that durations of all tables end at: an aware datetime or RFC 3339 text with a
        zone. None: the ``fetched_at`` of an API response, if it stands before the end of the
        first batch, else the clock, read once for each pass.

    Returns
    -------
    Scan
        Each iteration over it reads the files anew and yields StatusTables. Row i of table k is
        record ``i + k * batch_size``. It is also a stream of Arrow batches, which DuckDB, polars
        and pyarrow take as it is.

    Raises
    ------
    RecordError, JSONError
        While it is read; the message says in which file, and how far reading came.
    MissingFieldsError
        If no record of the first batch has a field that the rules need; before any table.
    OSError
        If a file cannot be read, or has become shorter while it was.
    ValueError, TypeError
        If an argument is none of the above, at once; if a gzip file is broken; if a file object or
        an iterator that cannot be rewound is scanned a second time.

    Notes
    -----
    Where something breaks in the middle, the rows before it come first, as a last, shorter table;
    then the error is raised. `StatusTable.fields_missing` tells of the records up to the table's
    last.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> scan = fs.scan([fs.sample_fleet(), fs.sample_fleet()], batch_size=250)
    >>> [len(devices) for devices in scan]
    [250, 250, 100]
    >>> sum(len(devices.where(status="Disconnected")) for devices in scan)
    42
    """
    options = to_read_options(scheme, allow_missing, on_error, carry, columns=COLUMNS)
    now_ms = None if now is None else to_ms(now, name="now")
    check_threads(threads)
    if progress is not None and not callable(progress):
        message = f"progress is a {type(progress).__name__}, expected a function of two numbers"
        raise TypeError(message)
    options["batch_size"] = to_count(batch_size, name="batch_size")
    return Scan(Parts(sources), options, now_ms, progress)


class Scan:
    """Tables of a source that is larger than memory; made by `scan`."""

    __slots__ = ("_now_ms", "_options", "_parts", "_progress")

    def __init__(
        self, parts: Parts, options: dict[str, Any], now_ms: int | None, progress: Progress | None
    ) -> None:
        self._parts = parts
        self._options = options
        self._now_ms = now_ms
        self._progress = progress

    def __iter__(self) -> Iterator[StatusTable]:
        """Read the files from their start."""
        reading = _Reading(self._parts, self._options, self._now_ms)
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
        """Give the tables as batches to whoever reads Arrow streams: DuckDB, polars, pyarrow.

        As often as it is asked for; each stream reads the files anew, batch by batch, as it is
        pulled. What breaks in the middle is the stream's error, after the rows before it.

        Parameters
        ----------
        requested_schema
            Ignored, as the interface allows: all batches have one schema, that of a StatusTable.

        Returns
        -------
        Capsule ``arrow_array_stream``.
        """
        return _core.arrow_stream_of(
            self._no_rows()._named_columns(), (table._named_columns() for table in self)
        )

    def __arrow_c_schema__(self) -> object:
        """Give the schema of `__arrow_c_stream__`, as a capsule ``arrow_schema``."""
        return self._no_rows().__arrow_c_schema__()

    def _no_rows(self) -> StatusTable:
        return StatusTable(_core.Scanner(**self._options).cut(now_ms=0))


class _Reading:
    """One pass over the files of a scan."""

    def __init__(self, parts: Parts, options: dict[str, Any], now_ms: int | None) -> None:
        self.n_bytes = 0
        self._parts = iter(parts)
        self._are_many = parts.are_many
        self._scanner = _core.Scanner(**options)
        self._now_ms = now_ms
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
            scanner.begin(part.name)
            with closing(read_chunks(part, self._note_bytes)) as chunks:
                for chunk in chunks:
                    scanner.feed(chunk)
                    while scanner.read():
                        yield True
                    yield False
            scanner.end()
            while scanner.read():
                yield True

    def _note_bytes(self, n_bytes: int) -> None:
        self.n_bytes += n_bytes

    def cut(self) -> StatusTable:
        """Make a table of the rows so far."""
        if self._now_ms is None:
            self._now_ms = self._scanner.fetched_at_ms
        if self._now_ms is None:
            self._now_ms = time.time_ns() // 1_000_000
        return StatusTable(self._scanner.cut(self._now_ms))

    def cut_before(self, error: Exception) -> Iterator[StatusTable]:
        """Make a table of the rows before an error, and tell in the error how far reading came."""
        n_records = error.index if isinstance(error, RecordError) else self._scanner.n_records
        n_rows = self._scanner.n_uncut - (self._scanner.n_records - n_records)
        self._tell_progress(error, n_records)
        if n_rows > 0:
            try:
                table = self.cut()
            except MissingFieldsError:  # too few records to answer; the error stands
                return
            yield table[:n_rows]

    def _tell_progress(self, error: Exception, n_records: int) -> None:
        if isinstance(error, RecordError) and self._are_many:
            name_file(error, self._starts)
        if self.n_bytes == 0:
            return
        progress = f"after {n_records:,} records and {self.n_bytes:,} bytes"
        if isinstance(error, FleetStatusError) or type(error) is ValueError:
            error.args = (f"{error} ({progress})", *error.args[1:])
        else:
            error.add_note(progress)
