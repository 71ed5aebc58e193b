"""Parquet and Arrow files, read with the first of pyarrow, polars and DuckDB that is installed."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleetstatus._input.columns import check_fields
from fleetstatus._words.text import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fleetstatus import _core

    # Names of a file's columns, and a function that gives some of them as an Arrow stream.
    Opened = tuple[list[str], Callable[[Sequence[str]], Any]]

PARQUET = "Parquet"
ARROW = "Arrow"
_MAGICS = {b"PAR1": PARQUET, b"ARROW1": ARROW}
MAGIC_SIZE = max(map(len, _MAGICS))


def format_of(head: bytes) -> str | None:
    """Recognise Parquet and Arrow files by their first bytes; None for anything else."""
    return next((name for magic, name in _MAGICS.items() if head.startswith(magic)), None)


def read_arrow_file(reader: _core.Reader, content: Any, form: str, name: str) -> None:
    """Read the columns of a file that are named like fields.

    Parameters
    ----------
    form
        What `format_of` said.

    Raises
    ------
    ValueError
        If the file is broken, or nothing that reads it is installed.
    """
    with contextlib.ExitStack() as stack:
        with told(form, name):
            names, select = _open(content, form, stack)
        check_fields(names, form, name)
        with told(form, name):
            table = select([column for column in names if reader.is_listed(column)])
        reader.read_arrow_stream(table.__arrow_c_stream__())


@contextlib.contextmanager
def told(form: str, name: str) -> Any:
    """Name the file in any error."""
    try:
        yield
    except ImportError:
        message = (
            f"{name or 'the source'}: {form}, and nothing that reads it is installed\n"
            "install pyarrow, polars or duckdb (which reads Parquet alone), or write JSON or CSV"
        )
        raise ValueError(message) from None
    except Exception as error:
        words = visible(shortened(str(error)))
        message = f"{name or 'the source'}: a broken file of {form}: {words}\nwrite it again"
        raise ValueError(message) from error


def _open(content: Any, form: str, stack: contextlib.ExitStack) -> Opened:
    """Open a file with the first library that is installed and reads its format."""
    with contextlib.suppress(ImportError):
        return _open_in_pyarrow(content, form)
    with contextlib.suppress(ImportError):
        return _open_in_polars(content, form)
    if form != PARQUET:
        raise ImportError
    return _open_in_duckdb(content, stack)


def _open_in_pyarrow(content: Any, form: str) -> Opened:
    import pyarrow as pa

    file = pa.BufferReader(pa.py_buffer(content))
    if form == ARROW:
        batches = pa.ipc.open_file(file)

        def select(names: Sequence[str]) -> Any:
            return batches.read_all().select(names)

        return batches.schema.names, select

    import pyarrow.parquet

    parquet = pyarrow.parquet.ParquetFile(file)
    return parquet.schema_arrow.names, lambda names: parquet.read(columns=list(names))


def _open_in_polars(content: Any, form: str) -> Opened:
    import polars as pl

    if form == ARROW:
        names = list(pl.read_ipc_schema(io.BytesIO(content)))
        return names, lambda names: pl.read_ipc(io.BytesIO(content), columns=list(names))
    names = list(pl.read_parquet_schema(io.BytesIO(content)))
    return names, lambda names: pl.read_parquet(io.BytesIO(content), columns=list(names))


def _open_in_duckdb(content: Any, stack: contextlib.ExitStack) -> Opened:
    """Open Parquet, which DuckDB reads from files alone."""
    import tempfile

    import duckdb

    folder = stack.enter_context(tempfile.TemporaryDirectory())
    path = Path(folder, "devices.parquet")
    path.write_bytes(content)
    connection = stack.enter_context(duckdb.connect())
    connection.execute("set enable_progress_bar = false")  # it writes into standard output
    relation = connection.read_parquet(str(path))
    return relation.columns, lambda names: relation.select(*map(duckdb.ColumnExpression, names))
