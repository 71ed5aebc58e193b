"""Explain one device record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from fleetstatus._classify import classify
from fleetstatus._explanation.explanation import Explanation
from fleetstatus._explanation.rows import explain_row
from fleetstatus.enums import StatusScheme

if TYPE_CHECKING:
    from fleetstatus._types import Record, SchemeName


def explain(
    record: "Record",
    *,
    scheme: "StatusScheme | SchemeName" = StatusScheme.DOCS_2024_11,
    now: datetime | str | None = None,
    default_poll_interval: timedelta | str = timedelta(minutes=15),
    assume_utc: bool = False,
) -> Explanation:
    """Explain the status of one device record.

    Parameters
    ----------
    record
        The record as the API returns it. Needed fields may be missing or unreadable: the
        explanation names them.
    scheme, now, default_poll_interval, assume_utc
        As for `classify`.

    Raises
    ------
    NotDevicesError
        If it is not the record of a device.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> record = {"device_name": "bitter-wind", "is_connected_to_vpn": False,
    ...           "api_heartbeat_state": "online", "last_connectivity_event": "2026-10-30T08:00:00Z"}
    >>> explanation = fs.explain(record, now="2026-11-01T12:00:00Z")
    >>> explanation.status, explanation.attention
    ('Reduced Functionality', <Attention.REDUCED: 'reduced'>)
    >>> explanation.first_step
    'Look for a firewall that blocks VPN traffic.'
    """
    if not isinstance(record, Mapping):
        message = f"a device record is a mapping, not a {type(record).__name__}"
        raise TypeError(message)
    table = classify(
        [record],
        scheme=scheme,
        now=now,
        allow_missing="all",
        on_error="keep",
        default_poll_interval=default_poll_interval,
        assume_utc=assume_utc,
    )
    if len(table) != 1:
        message = (
            f"explain takes the record of one device; this holds {len(table):,}: classify it, "
            "then explain a row"
        )
        raise ValueError(message)
    by_name = cast("Mapping[str, Any]", record)
    return explain_row(table._core, 0, table[0], record=by_name)
