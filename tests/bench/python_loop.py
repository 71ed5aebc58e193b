"""The rules as a careful user writes them in Python: a plain loop over records.

Like all peers it answers status, update status duration, uuid and name; the table has 25 columns.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answers import Row
    from fleet_data import Record

_TURN_OFF = ("BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL")


def classify_records(records: Iterable[Record], now: datetime) -> list[Row]:
    """Answer record by record."""
    return [
        (
            _status(record),
            _seconds_since(record["last_update_status_event"], now),
            record["uuid"],
            record["device_name"],
        )
        for record in records
    ]


def _seconds_since(event: str | None, now: datetime) -> int | None:
    if event is None:
        return None
    elapsed = now - datetime.fromisoformat(event)
    return max(elapsed.days * 86_400 + elapsed.seconds, 0)


def _status(record: Record) -> str:  # noqa: PLR0911 - one return for each rule
    if record["is_frozen"]:
        return "Frozen"
    if not record["is_active"]:
        return "Inactive"
    if record["provisioning_state"] == "Post-Provisioning":
        return "Post Provisioning"
    heartbeat = record["api_heartbeat_state"]
    cloudlink = record["is_connected_to_vpn"]
    reports = heartbeat in ("online", "timeout")
    if not cloudlink and not reports:
        never_seen = heartbeat == "unknown" and record["last_connectivity_event"] is None
        return "Configuring" if never_seen else "Disconnected"
    if reports and record["status"] == "Downloading" and record["download_progress"] is not None:
        return "Updating"
    if record["provisioning_progress"] is not None:
        return "Configuring"
    if reports and _downloads_a_service(record["image_install"]):
        return "Updating"
    if heartbeat != "online":
        return "Reduced Functionality"
    return "Operational" if cloudlink or not _is_expected(record) else "Reduced Functionality"


def _downloads_a_service(installs: Iterable[Any]) -> bool:
    for install in installs:  # any() takes twice as long
        if install["status"] == "Downloading" and install["download_progress"] is not None:
            return True
    return False


def _is_expected(record: Record) -> bool:
    """Whether configuration leaves cloudlink on."""
    fleet = record["belongs_to__application"][0]
    for variables in (record["device_config_variable"], fleet["application_config_variable"]):
        if variables:
            values = {variable["name"]: variable["value"] for variable in variables}
            for name in _TURN_OFF:
                if values.get(name) is not None:
                    return bool(values[name] != "false")
    return True
