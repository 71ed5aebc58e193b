"""One row for each device."""

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Unpack

import click
from rich.cells import cell_len, set_cell_size

import fleetstatus as fs
from fleetstatus._text import in_words, visible
from fleetstatus.cli.durations import duration_option
from fleetstatus.cli.fail_on import exit_code, parse_conditions
from fleetstatus.cli.options import (
    ReadingOptions,
    fail_on_option,
    files_argument,
    read_table,
    reading_options,
)
from fleetstatus.cli.render import PlainConsole
from fleetstatus.cli.report import best_name
from fleetstatus.cli.text import NOTHING, shown

_GAP = "  "


class ListOptions(ReadingOptions):
    """Which devices to list, and how."""

    attention: bool
    status: tuple[str, ...]
    reason: tuple[str, ...]
    fleet: tuple[str, ...]
    status_for: timedelta | None
    by: tuple[str, ...]
    fail_on: tuple[str, ...]
    output_format: str


@click.command("list")
@files_argument
@click.option("--attention", is_flag=True, help="Only devices that need attention, worst first.")
@click.option("--status", multiple=True, metavar="LABEL", help="Only devices with this status.")
@click.option("--reason", multiple=True, metavar="KEY", help="Only devices with this reason.")
@click.option("--fleet", multiple=True, metavar="ORG/FLEET", help="Only devices of this fleet.")
@click.option(
    "--status-for",
    type=duration_option,
    metavar="DURATION",
    help="Only devices that have had their status for so long: 3d, 2h, 30min, 1d12h.",
)
@click.option("--by", multiple=True, metavar="COLUMN", help="Also show this column or field.")
@fail_on_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "csv", "json", "ndjson"]),
    default="table",
    show_default=True,
)
@reading_options
def list_devices(**options: Unpack[ListOptions]) -> int:
    """List devices, one a row, in the order of the data.

    Options that choose may be repeated to choose more. --fail-on counts among the listed devices.
    """
    conditions = parse_conditions(options["fail_on"], options["scheme"])
    listed = _chosen(read_table(options, by=options["by"]), options)
    if options["output_format"] == "table":
        _print_table(listed, options["by"])
    else:
        _write(listed, options["output_format"])
    return exit_code(conditions, listed)


def _chosen(table: fs.StatusTable, options: ListOptions) -> fs.StatusTable:
    wanted: dict[str, Any] = {
        "status": list(options["status"]),
        "reason": list(options["reason"]),
        "fleet": list(options["fleet"]),
        "status_for": options["status_for"],
    }
    wanted = {name: value for name, value in wanted.items() if value not in (None, [])}
    try:
        chosen = table.where(**wanted) if wanted else table
    except ValueError as error:
        raise click.UsageError(visible(error)) from error
    return chosen.attention() if options["attention"] else chosen


def _write(table: fs.StatusTable, output_format: str) -> None:
    """Write the exact text that `StatusTable.write` puts into a file, visibly on a terminal."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"devices.{output_format}"
        table.write(path)
        if sys.stdout.isatty():
            with path.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    click.echo(visible(line.removesuffix("\n")))
        else:
            with path.open("rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)


def _print_table(table: fs.StatusTable, by: tuple[str, ...]) -> None:
    columns = _columns(table, by)
    widths = [
        max(cell_len(header), *map(cell_len, cells)) if cells else cell_len(header)
        for header, cells in columns.items()
    ]
    n_shown = _how_many_fit(widths)
    for row in (tuple(columns), *zip(*columns.values(), strict=True)):
        cells = (set_cell_size(cell, widths[i]) for i, cell in enumerate(row[:n_shown]))
        click.echo(_GAP.join(cells).rstrip())


def _how_many_fit(widths: list[int]) -> int:
    """Count the columns that a terminal has room for; a file has room for all."""
    console = PlainConsole()
    if not console.is_terminal:
        return len(widths)
    used = -len(_GAP)
    for i, width in enumerate(widths):
        used += width + len(_GAP)
        if used > console.width:
            return max(i, 1)
    return len(widths)


def _columns(table: fs.StatusTable, by: tuple[str, ...]) -> dict[str, list[str]]:
    """Give the cells of each column, those first that tell most."""
    columns = {"DEVICE": _names(table)}
    columns |= {visible(name).upper(): _shown(table, name) for name in by}
    columns |= {
        "STATUS": _shown(table, "status"),
        "FOR": _durations(table, "status_duration_s"),
        "FLEET": _shown(table, "fleet"),
        "UPDATE STATUS": _shown(table, "update_status"),
        "UPDATE FOR": _durations(table, "update_status_duration_s"),
        "DETAIL": _shown(table, "detail"),
        "ATTENTION": _shown(table, "attention"),
        "REASON": _shown(table, "reason"),
    }
    return columns


def _names(table: fs.StatusTable) -> list[str]:
    """Name each device by the best name that it has."""
    columns = (table[name].to_list() for name in ("device_name", "uuid", "id"))
    return [visible(best_name(*names)) for names in zip(*columns, strict=True)]


def _shown(table: fs.StatusTable, column: str) -> list[str]:
    return [shown(value) for value in table[column].to_list()]


def _durations(table: fs.StatusTable, column: str) -> list[str]:
    return [
        NOTHING if seconds is None else in_words(timedelta(seconds=seconds))
        for seconds in table[column].to_list()
    ]
