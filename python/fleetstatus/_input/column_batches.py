"""Columns that may be larger than memory: Parquet and Arrow files, readers, cursors, datasets."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleetstatus._input.arrow_files import MAGIC_SIZE, PARQUET, format_of, told
from fleetstatus._input.columns import arrow_in, check_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    IsListed = Callable[[str], bool]
    NoteBytes = Callable[[int], object]
    # Names of a file's columns, and a function that gives its batches with some of these, each
    # with the share of the file, from 0 to 1, that was read with it.
    Opened = tuple[Sequence[str], Callable[[list[str]], Iterator[tuple[Any, float]]]]

_ROWS = 16_384
_BUFFER_SIZE = 1 << 20


class ColumnStream:
    """Anything that gives a stream of Arrow batches."""

    def __init__(self, source: Any, name: str) -> None:
        self.name = name
        self._source = source
        self._is_read = False

    def size(self) -> None:
        """Bytes that there are to read: not known."""

    def batches(self, is_listed: IsListed, note_bytes: NoteBytes) -> Generator[Any]:
        """Give the columns, as objects with an Arrow stream each."""
        if self._is_read and not _can_be_read_again(self._source):
            kind = type(self._source).__name__
            message = (
                f"{self.name or 'the source'} is a {kind}, which can be scanned once; "
                "make a new one to scan again"
            )
            raise ValueError(message)
        self._is_read = True
        yield arrow_in(self._source, is_listed)


def _can_be_read_again(source: Any) -> bool:
    """Whether a source holds its rows or finds them anew; a stream that has ended seems empty."""
    return (
        hasattr(type(source), "__len__")
        or hasattr(source, "to_reader")
        or hasattr(source, "scanner")
    )


class ColumnFile:
    """A Parquet or Arrow file, read with the first of pyarrow, polars and DuckDB that there is."""

    def __init__(self, file: Path | memoryview, form: str, name: str) -> None:
        self.name = name
        self._file = file
        self._form = form

    def batches(self, is_listed: IsListed, note_bytes: NoteBytes) -> Generator[Any]:
        """Give the columns that are named like fields, as objects with an Arrow stream each."""
        size = self._file.stat().st_size if isinstance(self._file, Path) else self._file.nbytes
        n_noted = 0
        with contextlib.ExitStack() as stack:
            with told(self._form, self.name):
                names, read = _open(self._file, self._form, stack)
            check_fields(names, self._form, self.name)
            batches = read([name for name in names if is_listed(name)])
            while True:
                with told(self._form, self.name):
                    batch, share = next(batches, (None, 1.0))
                n_bytes = int(size * share)
                note_bytes(n_bytes - n_noted)
                n_noted = n_bytes
                if batch is None:
                    return
                yield batch


def column_file(file: Path | memoryview | None, name: str) -> ColumnFile | None:
    """Recognise a Parquet or Arrow file by its first bytes; None for anything else."""
    if file is None:
        return None
    if isinstance(file, Path):
        if not file.is_file():  # what a pipe holds could be read once only
            return None
        with file.open("rb") as opened:
            form = format_of(opened.read(MAGIC_SIZE))
    else:
        form = format_of(bytes(file[:MAGIC_SIZE]))
    return None if form is None else ColumnFile(file, form, name)


def _open(file: Path | memoryview, form: str, stack: contextlib.ExitStack) -> Opened:
    with contextlib.suppress(ImportError):
        return _open_parquet(file, stack) if form == PARQUET else _open_arrow(file, stack)
    with contextlib.suppress(ImportError):
        return _open_in_polars(file, form)
    if form != PARQUET:
        raise ImportError
    return _open_in_duckdb(file, stack)


def _open_parquet(file: Path | memoryview, stack: contextlib.ExitStack) -> Opened:
    import pyarrow as pa
    import pyarrow.parquet

    source = str(file) if isinstance(file, Path) else pa.BufferReader(pa.py_buffer(file))
    # With a buffer, and without reading ahead, a row group is not in memory as a whole.
    parquet = stack.enter_context(
        pyarrow.parquet.ParquetFile(source, buffer_size=_BUFFER_SIZE, pre_buffer=False)
    )

    def read(names: list[str]) -> Iterator[tuple[Any, float]]:
        n_done, n_rows = 0, parquet.metadata.num_rows
        for batch in parquet.iter_batches(batch_size=_ROWS, columns=names):
            n_done += batch.num_rows
            yield batch, n_done / max(n_rows, 1)
        if n_done != n_rows:  # pyarrow stops where a broken column does
            message = f"it ends after {n_done:,} of {n_rows:,} rows"
            raise ValueError(message)

    return parquet.schema_arrow.names, read


def _open_arrow(file: Path | memoryview, stack: contextlib.ExitStack) -> Opened:
    import pyarrow as pa

    is_path = isinstance(file, Path)
    opened = stack.enter_context(
        pa.OSFile(str(file)) if is_path else pa.BufferReader(pa.py_buffer(file))
    )
    schema = pa.ipc.open_file(opened).schema

    def read(names: list[str]) -> Iterator[tuple[Any, float]]:
        wanted = [number for number, name in enumerate(schema.names) if name in names]
        options = pa.ipc.IpcReadOptions(included_fields=wanted)
        batches = pa.ipc.open_file(opened, options=options)
        n_batches = batches.num_record_batches
        for number in range(n_batches):
            yield batches.get_batch(number), (number + 1) / n_batches

    return schema.names, read


def _open_in_polars(file: Path | memoryview, form: str) -> Opened:
    import polars as pl

    if not hasattr(pl.LazyFrame, "collect_batches"):  # before 1.34
        raise ImportError
    source = file if isinstance(file, Path) else io.BytesIO(file)
    frame = pl.scan_parquet(source) if form == PARQUET else pl.scan_ipc(source)

    def read(names: list[str]) -> Iterator[tuple[Any, float]]:
        n_done, n_rows = 0, max(frame.select(pl.len()).collect().item(), 1)
        chosen = frame.select(names)
        for batch in chosen.collect_batches(chunk_size=_ROWS, maintain_order=True):
            n_done += len(batch)
            yield batch, n_done / n_rows

    return frame.collect_schema().names(), read


def _open_in_duckdb(file: Path | memoryview, stack: contextlib.ExitStack) -> Opened:
    import tempfile

    import duckdb

    if not isinstance(file, Path):  # DuckDB reads files alone
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        path = Path(folder, "devices.parquet")
        path.write_bytes(file)
        file = path
    connection = stack.enter_context(duckdb.connect())
    connection.execute("set enable_progress_bar = false")  # it writes into standard output
    relation = connection.read_parquet(str(file))

    def read(names: list[str]) -> Iterator[tuple[Any, float]]:
        yield relation.select(*map(duckdb.ColumnExpression, names)), 1.0

    return relation.columns, read
