"""How a command ends: what it found, in its exit code and for ``--quiet``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fleetstatus._show import display
from fleetstatus._words.text import best_name, in_devices, visible
from fleetstatus.cli._exit_codes import MATCHED, UNUSABLE
from fleetstatus.cli._unjudged import attention_by_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import fleetstatus as fs
    from fleetstatus.cli._fail_on import Condition, Match
    from fleetstatus.cli._reading import Devices


def matches_of(conditions: Iterable[Condition], devices: Devices) -> list[Match]:
    """Find the conditions that are met, and those that cannot be judged."""
    matches = (condition.match(devices) for condition in conditions)
    return [match for match in matches if match is not None]


def print_names(
    devices: Devices,
    conditions: Sequence[Condition],
    matches: Sequence[Match],
    needing: fs.StatusTable,
) -> None:
    """Print the names of the devices to look at, one a line; what must not be missed elsewhere.

    Parameters
    ----------
    devices
        What was read.
    conditions, matches
        Conditions of the command line, and those that are met or cannot be judged.
    needing
        Devices that need attention, which count where there are no conditions.
    """
    warn(devices.table)
    if not conditions:
        tell(attention_by_links(devices.counted))
    chosen = [match.devices for match in matches] if conditions else [needing]
    for name in dict.fromkeys(name for table in chosen for name in _named(table)):
        click.echo(name[-1])


def _named(table: fs.StatusTable) -> list[tuple[object, ...]]:
    """Identity of each device: name, uuid and id, then the best name."""
    columns = (table[name].to_list() for name in ("device_name", "uuid", "id"))
    return [(*names, visible(best_name(*names))) for names in zip(*columns, strict=True)]


def warn(table: fs.StatusTable, *, among: fs.StatusTable | None = None) -> None:
    """Print what must not be missed on standard error.

    Parameters
    ----------
    table
        The rows.
    among
        Rows that these were selected from, whose duplicate uuids are counted.
    """
    others = None if among is None else among._core
    for line in display.warnings(table._core, among=others, in_counts=True):
        tell(visible(line))


def tell(line: str | None) -> None:
    """Print a line on standard error, if there is something to say."""
    if line is not None:
        click.echo(f"fleetstatus: {line}", err=True)


def exit_code(devices: Devices, matches: Sequence[Match]) -> int:
    """Say why the exit code is not 0, if so, and give it."""
    for match in matches:
        click.echo(f"fleetstatus: {match.text}", err=True)
    if not devices.has_statuses:
        message = f"fleetstatus: not one of {in_devices(len(devices.whole))} has a status"
        click.echo(message, err=True)
        return UNUSABLE
    if not all(match.is_judged for match in matches):
        return UNUSABLE
    return MATCHED if matches else 0
