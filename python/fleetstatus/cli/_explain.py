"""Why one device has its status, what still works, and what to do first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from fleetstatus.cli._console import PlainConsole
from fleetstatus.cli._errors import InputError, in_options, wrong_usage
from fleetstatus.cli._fail_on import parse_conditions
from fleetstatus.cli._options import ReadingOptions, reading_options
from fleetstatus.cli._outcome import exit_code, matches_of, print_names
from fleetstatus.cli._reading import Devices, read_devices
from fleetstatus.cli._text import visible_lines

if TYPE_CHECKING:
    import fleetstatus as fs
    from fleetstatus._explanation.explanation import Explanation


class ExplainOptions(ReadingOptions):
    """Which device to explain, and how."""

    row: int | None
    output_format: str


@click.command()
@click.argument("arguments", nargs=-1, required=True, metavar="DEVICE FILE...")
@click.option(
    "--row",
    type=click.IntRange(min=0),
    metavar="N",
    help="Explain row N of the data, counted from 0 as in messages, instead of a DEVICE.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "md", "json"]),
    default="text",
    show_default=True,
)
@reading_options
def explain(arguments: tuple[str, ...], **options: Unpack[ExplainOptions]) -> int:
    """Explain the status of one device.

    DEVICE is its uuid, the beginning of its uuid, or its name; of several records of one device
    the last counts. The data may lack fields. --fail-on looks at the device alone.
    """
    conditions = parse_conditions(options["fail_on"], options["scheme"])
    device, options["files"] = _device_and_files(arguments, options["row"])
    options["allow_missing"] = ("all",)
    devices = read_devices(options)
    # The row is one of the data, whatever the fleet is.
    chosen = devices.table if device is not None else devices.whole
    row = _row(chosen, device, options["row"])
    table = devices.with_attention(chosen)
    alone = Devices(devices.name, devices.whole, table[row : row + 1], devices.thresholds)
    matches = matches_of(conditions, alone)
    if options["quiet"]:
        print_names(alone, conditions, matches, alone.attention)
    else:
        explanation = table.explain(row)
        if explanation.error is not None:
            explanation = replace(explanation, error=in_options(explanation.error))
        _print(explanation, options["output_format"])
    return exit_code(devices, matches)


def _device_and_files(
    arguments: tuple[str, ...], row: int | None
) -> tuple[str | None, tuple[str, ...]]:
    if row is not None:
        return None, arguments
    device, *files = arguments
    if not files:
        message = "explain takes a DEVICE and a FILE, or --row N and a FILE"
        raise click.UsageError(message)
    return device, tuple(files)


def _row(table: fs.StatusTable, device: str | None, row: int | None) -> int:
    """Find the device, or check the row.

    Raises
    ------
    InputError
        If there is none.
    """
    if device is not None:
        try:
            return table.find(device)
        except (LookupError, ValueError) as error:
            raise InputError(wrong_usage(error).message) from error
    if row is None or row >= len(table):
        message = f"no row {row}; there are {len(table):,}, counted from 0"
        raise InputError(message)
    return row


def _print(explanation: Explanation, output_format: str) -> None:
    if output_format == "json":
        click.echo(json.dumps(explanation.to_dict(), indent=2))
    elif output_format == "md":
        click.echo(explanation.to_markdown(), nl=False)
    else:
        console = PlainConsole()
        width = console.width if console.is_terminal else None
        click.echo(visible_lines(explanation.to_text(width)))
