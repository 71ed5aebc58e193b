"""Rows of changes for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import fleetstatus as fs
from fleetstatus._changes.comparison import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterable

OLD = datetime(2026, 11, 1, 12, tzinfo=UTC)
NEW = datetime(2026, 11, 1, 13, tzinfo=UTC)
HOSTILE = "<b>kiosk</b> | *one* \x1b[2J\u202e"


def row(kind: str, device: int | None = 1, **columns: Any) -> tuple[Any, ...]:
    """Make a row of changes in the order of the columns; None for the device of an outage."""
    values: dict[str, Any] = {
        "uuid": None if device is None else f"{device:032x}",
        "device_name": None if device is None else f"device-{device}",
        "fleet": "acme/kiosk",
        "kind": kind,
        "not_before": OLD,
        "not_after": NEW,
        "in_outage": False,
        **columns,
    }
    return tuple(values.get(name) for name in fs.Changes._of_rows([]).columns)


def lost(device: int = 1, **columns: Any) -> tuple[Any, ...]:
    """Make a row of a device that lost both links at 12:40."""
    states = {"before": "Operational", "after": "Disconnected", "cause": "both-links"}
    reasons = {"reason_before": "both-links", "reason": "no-link"}
    at = OLD + timedelta(minutes=40)
    kind = columns.pop("kind", "status")
    return row(kind, device, **{**states, **reasons, "at": at, **columns})


def back(device: int = 1, **columns: Any) -> tuple[Any, ...]:
    """Make a row of a device that has both links again."""
    states = {"before": "Disconnected", "after": "Operational", "cause": "both-links"}
    reasons = {"reason_before": "no-link", "reason": "both-links"}
    return row("status", device, **{**states, **reasons, **columns})


def changes(rows: Iterable[tuple[Any, ...]], **about: Any) -> fs.Changes:
    """Make changes between two moments, an hour apart."""
    return fs.Changes._of_rows(rows, Comparison(**{"old_now": OLD, "now": NEW, **about}))
