"""A list of devices as CSV and JSON."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import fleetstatus as fs
from fleetstatus._text import visible


def write(table: fs.StatusTable, columns: list[str], output_format: str) -> None:
    """Write the exact text that `StatusTable.write` puts into a file, visibly on a terminal."""
    chosen = table[columns] if columns else table
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"devices.{output_format}"
        chosen.write(path)
        if sys.stdout.isatty():
            with path.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    click.echo(visible(line.removesuffix("\n")))
        else:
            with path.open("rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)
