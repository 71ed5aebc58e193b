"""Tables written as Parquet, by whichever library is there."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetstatus._table.arrow import ArrowExport
    from fleetstatus._table.metadata import Note


def write_parquet(view: ArrowExport, file: IO[bytes]) -> None:
    """Write a table into a file that is open for bytes.

    Raises
    ------
    ImportError
        If neither pyarrow, polars nor DuckDB is installed.
    """
    name, write = _writer()
    write(import_module(name), view, view._note(), file)


def _writer() -> tuple[str, Callable[[Any, Any, Note | None, Any], None]]:
    for name, write in _WRITERS.items():
        try:
            import_module(name)
        except ImportError:
            continue
        return name, write
    message = "write needs pyarrow, polars or duckdb for .parquet: pip install pyarrow"
    raise ImportError(message)


def _by_pyarrow(parquet: Any, view: Any, _: Note | None, file: Any) -> None:
    parquet.write_table(import_module("pyarrow").table(view), file)


def _by_polars(polars: Any, view: Any, note: Note | None, file: Any) -> None:
    polars.DataFrame(view).write_parquet(file, metadata=note and {note[0]: note[1]})


def _by_duckdb(duckdb: Any, view: Any, note: Note | None, file: Any) -> None:
    options = "FORMAT parquet"
    if note:
        options += f", KV_METADATA {{{note[0]}: {_quoted(note[1])}}}"
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "rows.parquet"
        connection.register("rows_of_table", view)
        connection.execute(f"COPY rows_of_table TO {_quoted(str(path))} ({options})")
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


_WRITERS: dict[str, Callable[[Any, Any, Note | None, Any], None]] = {
    "pyarrow.parquet": _by_pyarrow,
    "duckdb": _by_duckdb,
    "polars": _by_polars,  # pyarrow does not read its metadata
}
