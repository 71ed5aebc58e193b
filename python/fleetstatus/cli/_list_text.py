"""A list of devices as CSV and JSON: the text that `StatusTable.write` puts into a file."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from fleetstatus._words.text import visible
from fleetstatus.cli._errors import in_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import fleetstatus as fs

_QUOTED = frozenset(',"\r\n')


def write(table: fs.StatusTable, columns: list[str], output_format: str) -> None:
    """Write all columns of a table, or those chosen; visibly on a terminal.

    As `StatusTable.write` does, but errors name options of the command line.
    """
    if not columns and any(error is not None for error in table["error"]):
        columns = list(table.columns)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"devices.{output_format}"
        if columns:
            _write_columns(table, list(dict.fromkeys(columns)), path)
        else:
            table.write(path)
        _print(path)


def _print(path: Path) -> None:
    if sys.stdout.isatty():
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                click.echo(visible(line.removesuffix("\n")))
    else:
        with path.open("rb") as written:
            shutil.copyfileobj(written, sys.stdout.buffer)


def _write_columns(table: fs.StatusTable, columns: list[str], path: Path) -> None:
    """Write some columns, each value as it is among all of them."""
    all_columns = path.with_name("all.ndjson")
    table.write(all_columns)
    form = {"csv": _csv, "json": _json, "ndjson": _ndjson}[path.suffix.removeprefix(".")]
    with (
        all_columns.open(encoding="utf-8", newline="\n") as lines,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = (_in_options(json.loads(line)) for line in lines)
        file.writelines(form(columns, ({name: row[name] for name in columns} for row in rows)))


def _in_options(row: dict[str, Any]) -> dict[str, Any]:
    if row["error"] is not None:
        row["error"] = in_options(row["error"])
    return row


def _ndjson(_: list[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (f"{_json_text(row)}\n" for row in rows)


def _json(_: list[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{_json_text(row)}"
    yield "\n]\n"


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _csv(columns: list[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield ",".join(map(_csv_cell, columns)) + "\r\n"
    for row in rows:
        yield ",".join(map(_csv_cell, row.values())) + "\r\n"


def _csv_cell(value: object) -> str:
    """Write null as nothing and empty text as quotes, as all columns are written."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return _json_text(value)
    if value and not _QUOTED & set(value):
        return value
    quoted = value.replace('"', '""')
    return f'"{quoted}"'
