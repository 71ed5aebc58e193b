"""Some of the columns of a table of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fleetstatus._table.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

DURATIONS = {
    "status_duration_s": "status_duration",
    "update_status_duration_s": "update_status_duration",
}
"""Columns of seconds that are timedeltas in pandas, and their names there."""


class Selection(Rows):
    """Some columns of a `StatusTable`: what ``table[["uuid", "status"]]`` gives. It never changes.

    It is no table of devices: it has columns, and hands them on. Select rows first, then columns.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> devices = fs.classify(fs.sample_fleet())
    >>> devices[["device_name", "status"]].head(1).to_dicts()
    [{'device_name': 'stormy-surf', 'status': 'Disconnected'}]
    """

    __slots__ = ()
    _durations: ClassVar[Mapping[str, str]] = DURATIONS
