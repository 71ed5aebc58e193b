"""msgspec's typed decode and a loop: only what is read gets built, in structs without `gc`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec looks types up
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answers import Row

_TURN_OFF = ("BALENA_SUPERVISOR_VPN_CONTROL", "RESIN_SUPERVISOR_VPN_CONTROL")


class _Variable(msgspec.Struct, gc=False):
    name: str
    value: str | None


class _Fleet(msgspec.Struct, gc=False):
    application_config_variable: list[_Variable]


class _Install(msgspec.Struct, gc=False):
    status: str | None
    download_progress: int | None


class _Device(msgspec.Struct, gc=False):
    uuid: str
    device_name: str | None
    is_active: bool
    is_frozen: bool
    is_connected_to_vpn: bool
    api_heartbeat_state: Literal["online", "timeout", "offline", "unknown"]
    last_connectivity_event: str | None  # only whether there is one
    provisioning_state: str | None
    provisioning_progress: int | None
    download_progress: int | None
    status: str | None
    image_install: list[_Install]
    device_config_variable: list[_Variable]
    belongs_to__application: list[_Fleet]
    last_update_status_event: datetime | None


class _Response(msgspec.Struct, gc=False):
    d: list[_Device]


_decoder = msgspec.json.Decoder(_Response)


def classify_bytes(content: bytes, now: datetime) -> list[Row]:
    """Answer an API response."""
    return [
        (
            _status(device),
            _seconds_since(device.last_update_status_event, now),
            device.uuid,
            device.device_name,
        )
        for device in _decoder.decode(content).d
    ]


def _seconds_since(event: datetime | None, now: datetime) -> int | None:
    if event is None:
        return None
    elapsed = now - event
    return max(elapsed.days * 86_400 + elapsed.seconds, 0)


def _status(device: _Device) -> str:  # noqa: PLR0911 - one return for each rule
    if device.is_frozen:
        return "Frozen"
    if not device.is_active:
        return "Inactive"
    if device.provisioning_state == "Post-Provisioning":
        return "Post Provisioning"
    heartbeat = device.api_heartbeat_state
    cloudlink = device.is_connected_to_vpn
    reports = heartbeat in ("online", "timeout")
    if not cloudlink and not reports:
        never_seen = heartbeat == "unknown" and device.last_connectivity_event is None
        return "Configuring" if never_seen else "Disconnected"
    if reports and device.status == "Downloading" and device.download_progress is not None:
        return "Updating"
    if device.provisioning_progress is not None:
        return "Configuring"
    if reports and _downloads_a_service(device.image_install):
        return "Updating"
    if heartbeat != "online":
        return "Reduced Functionality"
    return "Operational" if cloudlink or not _is_expected(device) else "Reduced Functionality"


def _downloads_a_service(installs: Iterable[_Install]) -> bool:
    for install in installs:  # any() takes twice as long
        if install.status == "Downloading" and install.download_progress is not None:
            return True
    return False


def _is_expected(device: _Device) -> bool:
    """Whether configuration leaves cloudlink on."""
    fleet = device.belongs_to__application[0]
    for variables in (device.device_config_variable, fleet.application_config_variable):
        if variables:
            values = {variable.name: variable.value for variable in variables}
            for name in _TURN_OFF:
                if values.get(name) is not None:
                    return values[name] != "false"
    return True
