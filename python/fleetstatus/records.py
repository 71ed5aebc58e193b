"""The device record as a type: what the API answers, and what balena-sdk returns.

Only the fields that the rules read are listed; a record may have any others. A timestamp is
RFC 3339 text with a zone, or an aware ``datetime``.
"""

from datetime import datetime
from typing import Literal, TypedDict

Timestamp = str | datetime

# Names that begin with two underscores would be mangled in a class body.
DeferredLink = TypedDict("DeferredLink", {"__id": int})
DeferredLink.__doc__ = "A link that was not expanded: the id of what it points to."


class ReleaseRecord(TypedDict, total=False):
    """An expanded release."""

    id: int
    commit: str | None
    raw_version: str | None


ReleaseLink = list[ReleaseRecord] | ReleaseRecord | DeferredLink | int | None


class VariableRecord(TypedDict, total=False):
    """A configuration variable of a device or a fleet."""

    name: str
    value: str | None


class FleetRecord(TypedDict, total=False):
    """An expanded fleet."""

    id: int
    slug: str | None
    app_name: str | None
    should_be_running__release: ReleaseLink
    application_config_variable: list[VariableRecord] | None


FleetLink = list[FleetRecord] | FleetRecord | DeferredLink | int | None


class InstallRecord(TypedDict, total=False):
    """An image that is installed on a device, or is on its way there."""

    id: int
    status: str | None
    download_progress: int | None
    is_provided_by__release: ReleaseLink
    release_id: int | None
    commit: str | None


class DeviceRecord(TypedDict, total=False):
    """A device record; the rules say field by field what an absent or null field means.

    Older forms are accepted too: ``name`` and ``last_seen_time`` of old APIs, the text ``fleet`` of
    balena-cli, ``current_services`` and ``current_services_by_app`` of the SDKs.

    Examples
    --------
    >>> record: DeviceRecord = {"is_connected_to_vpn": True, "api_heartbeat_state": "online"}
    """

    id: int
    uuid: str
    device_name: str | None
    name: str | None
    is_active: bool | None
    is_frozen: bool | None
    is_connected_to_vpn: bool | None
    is_online: bool | None
    api_heartbeat_state: Literal["online", "timeout", "offline", "unknown"]
    is_web_accessible: bool | None
    created_at: Timestamp | None
    last_connectivity_event: Timestamp | None
    last_seen_time: Timestamp | None
    last_vpn_event: Timestamp | None
    changed_api_heartbeat_state_on__date: Timestamp | None
    provisioning_state: str | None
    provisioning_progress: int | None
    download_progress: int | None
    status: str | None
    image_install: list[InstallRecord] | None
    current_services: dict[str, list[InstallRecord]] | None
    current_services_by_app: dict[str, dict[str, list[InstallRecord]]] | None
    device_config_variable: list[VariableRecord] | None
    belongs_to__application: FleetLink
    application: FleetLink
    fleet: str | None
    is_running__release: ReleaseLink | str
    is_pinned_on__release: ReleaseLink
    should_be_running__release: ReleaseLink
    update_status: (
        Literal["done", "downloading", "downloaded", "applying changes", "rejected", "aborted"]
        | None
    )
    last_update_status_event: Timestamp | None
    supervisor_version: str | None
    overall_status: str | None
