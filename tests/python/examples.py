"""A device record on which all is well, for tests to change."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import fleetstatus as fs

Record = dict[str, Any]

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
UUID = "5a1c0de5a1c0de5a1c0de5a1c0de5a1c"


def device_record(**changes: Any) -> Record:
    """Make a record with both links up, and every needed field."""
    return {
        "id": 1,
        "uuid": UUID,
        "device_name": "quiet-river",
        "is_active": True,
        "is_connected_to_vpn": True,
        "api_heartbeat_state": "online",
        "last_connectivity_event": "2026-10-20T08:00:00Z",
        "changed_api_heartbeat_state_on__date": "2026-10-21T08:00:00Z",
        "provisioning_state": None,
        "provisioning_progress": None,
        "status": "Idle",
        "download_progress": None,
        "image_install": [],
    } | changes


def without(*fields: str) -> Record:
    """Make a record that lacks some fields."""
    return {name: value for name, value in device_record().items() if name not in fields}


def as_json(source: Any) -> bytes:
    """Write JSON; lone surrogates stay escapes."""
    return json.dumps(source).encode()


def table_of(*changes: Record, **options: Any) -> fs.StatusTable:
    """Classify a record for each set of changes."""
    return fs.classify([device_record(**one) for one in changes], **{"now": NOW, **options})
