"""Fleets that a command line names, of several snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetstatus._table.fleets import fleet_labels
from fleetstatus.cli._errors import wrong_usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import fleetstatus as fs


def labels_of(fleets: Sequence[str], tables: Iterable[fs.StatusTable]) -> list[str] | None:
    """Labels of the fleets that ``--fleet`` names by slug or app; None if it was not given.

    Raises
    ------
    click.UsageError
        If no table has one of them.
    """
    if not fleets:
        return None
    cores = [table._core for table in tables]
    labels = {label for core in cores for label in core.fleets}
    app_names = [pair for core in cores for pair in core.app_names]
    try:
        return fleet_labels(fleets, labels, app_names)
    except ValueError as error:
        raise wrong_usage(error) from error
