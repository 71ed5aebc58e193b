"""What changed between two snapshots."""

from __future__ import annotations

from typing import Unpack

import click

import fleetstatus as fs
from fleetstatus.cli._change_conditions import Compared, parse_change_conditions
from fleetstatus.cli._change_fleets import labels_of
from fleetstatus.cli._change_options import ChangeOptions, change_options, reading_of
from fleetstatus.cli._change_outcome import matches_of, tell_matches, warn_of_age
from fleetstatus.cli._change_output import print_changes, print_names
from fleetstatus.cli._errors import InputError, input_error
from fleetstatus.cli._options import scheme_option
from fleetstatus.cli._paths import STANDARD_INPUT
from fleetstatus.cli._reading import Devices, read_devices


class DiffOptions(ChangeOptions):
    """Which snapshots to compare."""

    old: str
    new: str
    scheme: str


@click.command()
@click.argument("old")
@click.argument("new")
@change_options
@scheme_option
def diff(**options: Unpack[DiffOptions]) -> int:
    """Print what changed from the snapshot OLD to the snapshot NEW, worst first.

    Each is one FILE: a file, a folder or a quoted pattern of pages, or - for standard input. The
    exit code is 0 even if there are changes; --fail-on says which changes give 1.
    """
    conditions = parse_change_conditions(
        options["fail_on"], options["scheme"], is_complete=not options["incomplete"]
    )
    if options["old"] == options["new"] == STANDARD_INPUT:
        message = "standard input can be read only once"
        raise InputError(message)
    old, new = (_read(options, options[name]) for name in ("old", "new"))
    compared = _compare(old, new, options)
    matches = matches_of(conditions, compared)
    if options["quiet"]:
        print_names(compared.changes, matches if conditions else None)
    else:
        title = f"What changed from {old.name} to {new.name}"
        print_changes(compared.changes, options["output_format"], options["limit"], title)
    return tell_matches(matches)


def _read(options: DiffOptions, file: str) -> Devices:
    devices = read_devices(reading_of(options, (file,), options["scheme"]))
    if not devices.has_statuses:
        message = f"{devices.name}: not one of its devices has a status"
        raise InputError(message)
    warn_of_age(devices.name, devices.whole)
    return devices


def _compare(old: Devices, new: Devices, options: DiffOptions) -> Compared:
    tables = (old.whole, new.whole)
    fleets = labels_of(options["fleet"], tables)
    try:
        changes = fs.diff(*tables, complete=not options["incomplete"], fleets=fleets)
    except fs.SnapshotError as error:
        raise input_error(error, name=f"{old.name} and {new.name}") from error
    return Compared(changes, tables, None if fleets is None else frozenset(fleets))
