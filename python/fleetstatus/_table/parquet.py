"""Tables written as Parquet, by whichever library is there."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fleetstatus._table.arrow import ArrowExport
    from fleetstatus._table.metadata import Note


def write_parquet(view: ArrowExport, note: Note, path: Path) -> None:
    """Write a file beside its place, and rename it.

    Raises
    ------
    ImportError
        If neither pyarrow, polars nor DuckDB is installed.
    """
    name, write = _writer()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(import_module(name), view, note, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _writer() -> tuple[str, Callable[[Any, Any, Note, Path], None]]:
    for name, write in _WRITERS.items():
        try:
            import_module(name)
        except ImportError:
            continue
        return name, write
    message = "write needs pyarrow, polars or duckdb for .parquet: pip install pyarrow"
    raise ImportError(message)


def _by_pyarrow(parquet: Any, view: Any, _: Note, path: Path) -> None:
    parquet.write_table(import_module("pyarrow").table(view), path)


def _by_polars(polars: Any, view: Any, note: Note, path: Path) -> None:
    key, text, _ = note
    polars.DataFrame(view).write_parquet(path, metadata={key: text})


def _by_duckdb(duckdb: Any, view: Any, note: Note, path: Path) -> None:
    key, text, _ = note
    quoted = [word.replace("'", "''") for word in (str(path), text)]
    with duckdb.connect() as connection:
        connection.register("devices", view)
        connection.execute(
            f"COPY devices TO '{quoted[0]}' (FORMAT parquet, KV_METADATA {{{key}: '{quoted[1]}'}})"
        )


_WRITERS: dict[str, Callable[[Any, Any, Note, Path], None]] = {
    "pyarrow.parquet": _by_pyarrow,
    "duckdb": _by_duckdb,
    "polars": _by_polars,  # pyarrow does not read its metadata
}
