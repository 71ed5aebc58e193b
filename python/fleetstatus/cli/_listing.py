"""One row for each device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import click

from fleetstatus._carry import to_carried
from fleetstatus._catalog import COLUMNS
from fleetstatus._report.report import last_of_each
from fleetstatus.cli._errors import wrong_usage
from fleetstatus.cli._fail_on import parse_conditions
from fleetstatus.cli._list_table import print_table
from fleetstatus.cli._list_text import write
from fleetstatus.cli._options import (
    ReadingOptions,
    add_options,
    count_or_all,
    files_argument,
    reading_options,
)
from fleetstatus.cli._outcome import exit_code, matches_of, print_names, tell, warn
from fleetstatus.cli._reading import Devices, read_devices
from fleetstatus.cli._text import left_out
from fleetstatus.cli._unjudged import attention_by_links, without_start

if TYPE_CHECKING:
    import fleetstatus as fs

# Headers of the table, for people who write what they see.
_HEADERS = {
    "device": "device_name",
    "for": "status_duration_s",
    "update_for": "update_status_duration_s",
    "api_says": "api_overall_status",
}
_LASTED = {"status": "status_for", "update_status": "update_status_for"}
_FILTERS = ("status", "reason", "update_status", *_LASTED.values())


class ListOptions(ReadingOptions):
    """Which devices to list, and how."""

    attention: bool
    attention_class: tuple[str, ...]
    status: tuple[str, ...]
    reason: tuple[str, ...]
    update_status: tuple[str, ...]
    status_for: str | None
    update_status_for: str | None
    by: tuple[str, ...]
    columns: tuple[str, ...]
    sort: tuple[str, ...]
    limit: int
    output_format: str


_CHOICES = add_options(
    click.option("--attention", is_flag=True, help="Only what needs attention, worst first."),
    click.option(
        "--class",
        "attention_class",
        multiple=True,
        metavar="CLASS",
        help="Only devices of this attention class, as --attention orders them: disconnected, "
        "update-failed, ...",
    ),
    click.option("--status", multiple=True, metavar="LABEL", help="Only with this status."),
    click.option("--reason", multiple=True, metavar="KEY", help="Only with this reason."),
    click.option(
        "--update-status", multiple=True, metavar="LABEL", help="Only with this update status."
    ),
    click.option(
        "--status-for",
        metavar="DURATION",
        help="Only what has had its status for so long: 3d, 2h, 30min, 1d12h.",
    ),
    click.option(
        "--update-status-for",
        metavar="DURATION",
        help="Only what has had its update status for so long.",
    ),
    click.option("--by", multiple=True, metavar="COLUMN", help="Also show this column or field."),
    click.option(
        "--columns",
        multiple=True,
        metavar="COLUMN,...",
        help="Show these columns or further fields, in this order, and no others.",
    ),
    click.option(
        "--sort",
        multiple=True,
        metavar="[-]COLUMN",
        help="Sort by this column; - before it reverses. May be repeated.",
    ),
    click.option(
        "--limit", type=count_or_all, default="all", metavar="N|all", help="List so many at most."
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", "csv", "json", "ndjson"]),
        default="table",
        show_default=True,
    ),
)


@click.command("list")
@files_argument
@_CHOICES
@reading_options
def list_devices(**options: Unpack[ListOptions]) -> int:
    """List devices, one per row, in the order of the data.

    Options that select devices may be repeated to select more.
    """
    conditions = parse_conditions(options["fail_on"], options["scheme"])
    columns = [_column_name(one) for text in options["columns"] for one in text.split(",")]
    orders = [_order(text) for text in options["sort"]]
    _check_names(columns, option="--columns")
    _check_names([name for name, _ in orders], option="--sort")
    carry = (*options["by"], *columns, *(name for name, _ in orders))
    devices = read_devices(options, carry=carry)
    matches = matches_of(conditions, devices)
    chosen = _chosen(devices, options)
    if orders:
        names, reversals = zip(*orders, strict=True)
        chosen = chosen.sort(names, reversals)
    if options["quiet"]:
        needing = devices.attention_in(last_of_each(chosen))
        print_names(devices, conditions, matches, needing)
    else:
        _print(chosen, columns, options)
        warn(chosen, among=devices.table)
        tell(left_out(len(chosen) - options["limit"]))
    _tell_what_is_not_known(devices, options)
    return exit_code(devices, matches)


def _print(chosen: fs.StatusTable, columns: list[str], options: ListOptions) -> None:
    listed = chosen[: options["limit"]]
    if options["output_format"] == "table":
        print_table(listed, columns, list(options["by"]))
    else:
        write(listed, columns, options["output_format"])


def _column_name(text: str) -> str:
    """Take a column by its name, or by its header."""
    name = text.strip()
    spelled = name.lower().replace(" ", "_")
    spelled = _HEADERS.get(spelled, spelled)
    return spelled if spelled in COLUMNS else name


def _check_names(names: list[str], *, option: str) -> None:
    """Refuse what can be no column, in the name of the option that asks for it."""
    try:
        for name in names:
            to_carried([name] if name not in COLUMNS else [])
    except ValueError as error:
        message = wrong_usage(error).message.replace("--by ", f"{option} ", 1)
        raise click.UsageError(message) from error


def _order(text: str) -> tuple[str, bool]:
    """Take a column to sort by, and whether it is reversed."""
    is_reversed = text.startswith("-")
    return _column_name(text.removeprefix("-")), is_reversed


def _chosen(devices: Devices, options: ListOptions) -> fs.StatusTable:
    """Choose rows, and put them in the order of attention if that is what is listed.

    Of one uuid the last row alone can be chosen, as in an audit; without a choice, all are listed.
    """
    given: dict[str, Any] = {**options}
    wanted = {name: given[name] for name in _FILTERS if given[name]}
    is_choice = wanted or _is_by_attention(options)
    table = devices.counted if is_choice else devices.table
    try:
        table = table.where(**wanted) if wanted else table
        if _is_by_attention(options):
            table = devices.attention_in(table)
        else:
            table = devices.with_attention(table)
        if options["attention_class"]:
            table = table.where(attention=options["attention_class"])
    except ValueError as error:
        raise wrong_usage(error) from error
    return table


def _is_by_attention(options: ListOptions) -> bool:
    return options["attention"] or bool(options["attention_class"])


def _tell_what_is_not_known(devices: Devices, options: ListOptions) -> None:
    """Say on standard error why rows may be missing that should be listed."""
    if _is_by_attention(options) and not options["quiet"]:
        tell(attention_by_links(devices.counted))
    others: ListOptions = {**options, "status_for": None, "update_status_for": None}
    for name, option in _LASTED.items():
        if {**options}[option] is None:
            continue
        why = without_start(_chosen(devices, others), of=name)
        tell(why and f"--{option.replace('_', '-')}: {why}")
