"""Why one device has its status, what still works, and what to do first."""

from typing import Unpack

import click

from fleetstatus._text import visible
from fleetstatus.cli.fail_on import exit_code, parse_conditions
from fleetstatus.cli.options import (
    ReadingOptions,
    fail_on_option,
    files_argument,
    read_table,
    reading_options,
)
from fleetstatus.cli.reading import InputError
from fleetstatus.cli.text import visible_lines


@click.command()
@click.argument("device")
@files_argument
@fail_on_option
@reading_options
def explain(device: str, fail_on: tuple[str, ...], **reading: Unpack[ReadingOptions]) -> int:
    """Explain the status of one device.

    DEVICE is its uuid, the beginning of its uuid, or its name. --fail-on looks at it alone.
    """
    conditions = parse_conditions(fail_on, reading["scheme"])
    table = read_table(reading)
    try:
        place = table.find(device)
    except (LookupError, ValueError) as error:
        message = error.args[0] if error.args else f"{device}: no such device"
        raise InputError(visible(message)) from error
    click.echo(visible_lines(str(table.explain(place))))
    return exit_code(conditions, table.filter([i == place for i in range(len(table))]))
