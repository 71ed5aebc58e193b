"""Compare two snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetstatus import _core
from fleetstatus._changes.changes import Changes
from fleetstatus._changes.comparison import Comparison
from fleetstatus._changes.sources import in_scheme, to_snapshot
from fleetstatus._coerce import check_flag, to_names
from fleetstatus._table.fleets import fleet_labels
from fleetstatus._table.table import StatusTable
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetstatus._types import Source


def diff(
    old: Source | StatusTable,
    new: Source | StatusTable,
    *,
    complete: bool = True,
    fleets: str | Iterable[str] | None = None,
) -> Changes:
    """Find what changed between two snapshots of the same devices.

    Parameters
    ----------
    old, new
        Tables, or anything that `classify` takes and that has a moment: files, or API responses
        with ``fetched_at``. Devices are matched by uuid; if several rows have one uuid, the last
        counts.
    complete
        Whether the new snapshot should have all devices. If so, a device that is not in it was
        removed.
    fleets
        Compare only these fleets, of which the new snapshot has all devices; rows of other fleets
        are ignored. None: all fleets.

    Returns
    -------
    Changes
        Changes in the order of the new snapshot, then removed devices in the order of the old one.
        Some rows are not compared, but counted: those without a status or a uuid, and those whose
        device has a later row. `Changes.notes` says what the data does not show.

    Raises
    ------
    SnapshotError
        If the new snapshot is older than the old one, or has the same moment with other answers.
    ValueError
        If a source has no moment, or neither snapshot has a fleet of `fleets`. Also the errors of
        `classify`.

    Examples
    --------
    >>> from datetime import datetime, timedelta, UTC
    >>> import fleetstatus as fs
    >>> now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    >>> def device(heartbeat, since):
    ...     return {"uuid": "8f4ac02b", "is_connected_to_vpn": False,
    ...             "api_heartbeat_state": heartbeat,
    ...             "changed_api_heartbeat_state_on__date": since,
    ...             "last_connectivity_event": "2026-10-01T08:00:00Z"}
    >>> old = fs.classify([device("online", "2026-11-01T09:00:00Z")], now=now, allow_missing="all")
    >>> later = now + timedelta(hours=1)
    >>> new = fs.classify([device("offline", "2026-11-01T12:40:00Z")], now=later,
    ...                   allow_missing="all")
    >>> change = fs.diff(old, new)[0]
    >>> change["before"], change["after"], change["cause"], f"{change['at']:%H:%M}"
    ('Reduced Functionality', 'Disconnected', 'heartbeat', '12:40')
    """
    check_flag(complete, name="complete")
    scheme = _scheme_of(old, new)
    old_table = to_snapshot(old, scheme, name="old")
    new_table = to_snapshot(new, scheme, name="new")
    old_core = in_scheme(old_table._core, new_table.scheme)
    wanted = None if fleets is None else _labels_of(fleets, old_core, new_table._core)
    columns, counts, notes = _core.diff(old_core, new_table._core, complete, wanted)
    unreadable, duplicates, without_uuid = counts
    about = Comparison(
        scheme=new_table.scheme,
        old_now=old_table.now,
        now=new_table.now,
        notes=tuple(notes),
        unreadable=unreadable,
        duplicates=duplicates,
        without_uuid=without_uuid,
        fleets=_fleets_of(old_core, new_table._core),
        app_names=_app_names_of(old_core, new_table._core),
    )
    return Changes(columns, about)


def _scheme_of(old: Any, new: Any) -> StatusScheme:
    """Scheme to read sources in: that of the newer table, else of the older one."""
    for source in (new, old):
        if isinstance(source, StatusTable):
            return source.scheme
    return StatusScheme.DOCS_2024_11


def _labels_of(fleets: str | Iterable[str], *cores: _core.StatusTable) -> list[str]:
    labels = {label for core in cores for label in core.fleets}
    return fleet_labels(to_names(fleets, name="fleets"), labels, _app_names_of(*cores))


def _app_names_of(*cores: _core.StatusTable) -> frozenset[tuple[str, str]]:
    return frozenset(pair for core in cores for pair in core.app_names)


def _fleets_of(*cores: _core.StatusTable) -> frozenset[str] | None:
    if not all(core.knows_fleets for core in cores):
        return None
    return frozenset(fleet for core in cores for fleet in core.fleets)
